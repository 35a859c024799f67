"""What services' answers and addresses have in common: JSON that may be none, parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from papertray.core.errors import FetchFailed
from papertray.core.model import Json
from papertray.feeds.json_items import object_of, text


def asked(address: str, parameters: Mapping[str, str]) -> str:
    """Return an address with parameters; those without a value are left out."""
    told = {name: value for name, value in parameters.items() if value}
    if not told:
        return address
    # A service may give half a character, which is no text.
    return f"{address}?{urlencode(told, quote_via=quote, errors='replace')}"


def asked_again(address: str, **changed: str) -> str:
    """Return an address with other values for some of its parameters, or more of them."""
    parts = urlsplit(address)
    told = dict(parse_qsl(parts.query, keep_blank_values=True)) | changed
    return asked(parts._replace(query="").geturl(), told)


def parameter(address: str, name: str) -> str:
    """Return the value of a parameter of an address, empty if it has none."""
    return dict(parse_qsl(urlsplit(address).query)).get(name, "")


def parsed(page: bytes, service: str) -> Json:
    """Return the JSON that a `service` answered with. Raises `FetchFailed` for what is none."""
    try:
        answer: Json = json.loads(page)
    except (ValueError, RecursionError) as error:
        raise no_answer(service) from error
    return answer


def list_in(answer: Json, member: str, service: str) -> list[Json]:
    """Return the list that is a member of an answer. Raises `FetchFailed` for an answer without."""
    value = object_of(answer).get(member)
    if not isinstance(value, list):
        raise error_in(answer, service)
    return value


def error_in(answer: Json, service: str) -> FetchFailed:
    """Return the failure that an answer tells in place of papers."""
    return answered(service, text(object_of(answer), "message", "error"))


def answered(service: str, words: str) -> FetchFailed:
    """Return the failure that a `service` told in `words`, if it said some."""
    whole_characters = words.encode("utf-8", "replace").decode()
    said = " ".join(whole_characters.split())[:200].rstrip(".")
    return FetchFailed(f"{service} answered: {said}.") if said else no_answer(service)


def no_answer(service: str) -> FetchFailed:
    """Return the failure of an answer that is something else."""
    return FetchFailed(
        f"What came is no answer of {service}'s; if this network wants a log-in, "
        "log in with a browser and fetch again."
    )


_MOST = 1 << 40


def whole(value: Json, otherwise: int = 0) -> int:
    """Return a whole number that may be written as a text; `otherwise` for one of no sense."""
    try:
        number = int(value) if isinstance(value, int | str) else otherwise
    except ValueError:
        return otherwise
    return number if -_MOST < number < _MOST else otherwise
