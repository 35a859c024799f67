"""Where a feed is, as users type it after ``feeds add NAME``, and as lists of feeds say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

from papertray.core.errors import UsageError
from papertray.core.subscriptions import Kind
from papertray.feeds.fetching.arxiv_categories import category_named, looks_like_category


@dataclass(frozen=True, slots=True)
class Location:
    """What was typed, understood: `kind` and `location` as the subscription holds them.

    `note` is a sentence for the user where it became something else than she typed.
    """

    kind: Kind
    location: str
    note: str = ""


def split_name(words: Sequence[str], folder: Path) -> tuple[str, str]:
    """Return the name and the location of ``[NAME] LOCATION``, whose location may be many words.

    The name is empty where the first word begins a search, or all words are the path of a folder
    that is there. Raises UsageError for an address with its name behind it.
    """
    whole = " ".join(words)
    if len(words) < 2 or _is_there(_path(whole, folder), Path.is_dir):
        return "", whole
    first, second = map(_prefix, words[:2])
    if second or not first:
        return words[0], " ".join(words[1:])
    if first in _SEARCHES:
        return "", whole
    raise UsageError(f"The name comes before the address: `{' '.join(words[1:])} {words[0]}`.")


def _prefix(word: str) -> str:
    """Return what a word begins with if that makes it a location, else empty."""
    prefix, colon, _ = word.partition(":")
    prefix = prefix.lower()
    return prefix if colon and (prefix in _SEARCHES or prefix in ("http", "https")) else ""


def parse_location(text: str, folder: Path) -> Location:
    """Return what `text` names: an address, a folder that is there, or a search.

    Arguments: `text` may come from several words, joined by blanks; `folder` is where relative
    paths begin.

    Raises UsageError, which names what is possible, for all else.
    """
    path = _path(text, folder)
    if text.strip() and _is_there(path, Path.is_dir):
        return Location(Kind.FOLDER, _storable(str(path.resolve())))
    if "/" in text and _is_there(path, Path.is_file):
        raise UsageError(
            f"{_shown(text)} is a file; read it with `papertray add`, or name its folder, which is "
            "watched."
        )
    if text.startswith(("/", "~", "./", "../")):
        raise UsageError(f"There is no folder {_shown(text)}.")
    return parse_listed(text)


def _path(text: str, folder: Path) -> Path:
    with suppress(RuntimeError):  # ~ of somebody who has no home
        return folder / Path(text).expanduser()
    return folder / text


def _is_there(path: Path, kind: Callable[[Path], bool]) -> bool:
    try:
        return kind(path)
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def _storable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        shown = _shown(text.encode(errors="replace").decode())
        raise UsageError(
            f"{shown} holds bytes that are no text, so it cannot be kept; rename the folder, or "
            "type it anew."
        ) from error
    return text


def parse_listed(text: str) -> Location:
    """Return what `text` names without looking at this machine: an address, or a search.

    Raises UsageError as `parse_location` does.
    """
    text = " ".join(_CONTROLS.sub(" ", _storable(text)).split())
    if not text:
        raise UsageError(f"Name an address, a folder or a search; {_POSSIBLE}.")
    prefix, colon, rest = text.partition(":")
    prefix = prefix.lower()
    if prefix in ("http", "https"):
        return _address(text)
    if colon and prefix in _SEARCHES:
        words = rest.strip()
        if not words:
            raise UsageError(f"{prefix}: is not followed by anything; {_POSSIBLE}.")
        return Location(Kind.SEARCH, _SEARCHES[prefix](words))
    raise UsageError(_not_understood(text, prefix if colon else ""))


_LONGEST_SHOWN = 80
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _address(text: str) -> Location:
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is no number, a bracket too many
        has_host = False
    if not has_host or " " in text:
        raise UsageError(f"{_shown(text)} is no address of the web; {_POSSIBLE}.")
    categories = _arxiv_rss(parts.hostname or "", parts.path)
    if not categories:
        return Location(Kind.URL, text)
    return Location(
        Kind.SEARCH,
        f"arxiv:{'+'.join(categories)}",
        f"{text} is read as the search arxiv:{'+'.join(categories)}: arXiv's RSS is empty at "
        "weekends and holds one day only, so that days offline would be lost.",
    )


_RSS_PATH = re.compile(r"/(?:rss|atom)/([^/]+?)/?")


def _arxiv_rss(host: str, path: str) -> list[str]:
    """Return the categories of an address of arXiv's RSS, of whatever age; none if it is none."""
    found = _RSS_PATH.fullmatch(unquote(path))
    if found is None or not (host == "arxiv.org" or host.endswith(".arxiv.org")):
        return []
    named = [category_named(name) for name in re.split(r"[+ ]", found[1])]
    return list(dict.fromkeys(named)) if all(named) else []


def _arxiv(words: str) -> str:
    """Take categories, joined by ``+``, commas or blanks, for such, and all else for a query."""
    names = re.split(r" ?[+,] ?| ", words)
    found = [category_named(name) for name in names]
    # Without a dot they may be meant as words: math physics.
    if all(found) and (len(found) == 1 or " " not in words or all("." in name for name in names)):
        return f"arxiv:{'+'.join(dict.fromkeys(found))}"
    if "" in found and all(looks_like_category(name) for name in names):
        wrong = names[found.index("")]
        raise UsageError(f"arXiv has no category {wrong}; its names are like cs.CL and hep-th.")
    return f"arxiv:{words}"


def _hugging_face(words: str) -> str:
    if words.lower() != "daily":
        raise UsageError(
            f"hf:{_shown(words)} is nothing that Hugging Face lists; there is hf:daily."
        )
    return "hf:daily"


def _rxiv(server: str) -> Callable[[str], str]:
    def parse(words: str) -> str:
        category = " ".join(words.lower().replace("_", " ").split())
        if not re.fullmatch(r"[a-z][a-z /&,()-]*", category):
            raise UsageError(
                f"{_shown(words)} is no category of {server}; its names are like neuroscience and "
                f"cell biology, {server}:all is everything."
            )
        return f"{server}:{category}"

    return parse


def _issn(words: str) -> str:
    """Check the last digit, which the others give: https://www.issn.org/understanding-the-issn/."""
    found = re.fullmatch(r"(\d{4})[- ]?(\d{3})([\dXx])", words, re.ASCII)
    if found is None:
        raise UsageError(f"{_shown(words)} is no ISSN; one is like 2041-1723.")
    digits, last = found[1] + found[2], found[3].upper()
    rest = -sum(int(digit) * (8 - place) for place, digit in enumerate(digits)) % 11
    if last != ("X" if rest == 10 else str(rest)):
        raise UsageError(f"{words} is no ISSN: a digit of it is wrong, its last one does not fit.")
    return f"issn:{found[1]}-{found[2]}{last}"


_SEARCHES: dict[str, Callable[[str], str]] = {
    "arxiv": _arxiv,
    "hf": _hugging_face,
    "s2": lambda words: f"s2:{words}",
    "openalex": lambda words: f"openalex:{words}",
    "biorxiv": _rxiv("biorxiv"),
    "medrxiv": _rxiv("medrxiv"),
    "issn": _issn,
}
"""What searches begin with, and what makes the location of the words behind it."""

_POSSIBLE = (
    "there are https://… for a feed, the path of a folder, and the searches arxiv:cs.CL, "
    "arxiv:au:smith AND cat:cs.LG, hf:daily, s2:WORDS, openalex:WORDS, biorxiv:CATEGORY, "
    "medrxiv:CATEGORY and issn:1234-5679"
)

_NOT_TAKEN = {
    "exec": "papertray runs no programs; have one write its feed into a folder and name that",
    "filter": "papertray runs no programs; name the address of the feed itself",
    "query": "it asks about what another program holds; keep a search with `papertray save`",
    "file": "name the folder instead, which is watched, or read the file with `papertray add`",
    "feed": "name the address that follows it",
    "ftp": "papertray fetches from the web only",
}
_OTHER_NAMES = {
    "huggingface": "hf", "hugging-face": "hf", "semanticscholar": "s2", "semantic-scholar": "s2",
    "crossref": "issn", "arxiv.org": "arxiv", "alex": "openalex",
}  # fmt: skip


def _not_understood(text: str, prefix: str) -> str:
    if prefix in _NOT_TAKEN:
        return f"{_shown(text)} cannot be a feed: {_NOT_TAKEN[prefix]}."
    hint = _hint(text, prefix)
    problem = f"{_shown(text)} is no address, no folder that is there, and no search"
    return f"{problem}; did you mean {_shown(hint)}?" if hint else f"{problem}; {_POSSIBLE}."


def _shown(text: str) -> str:
    """Return a text as messages show it: a line of a list of feeds may be of any length."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _hint(text: str, prefix: str) -> str:
    if prefix:
        known: Iterable[str] = [*_SEARCHES, *_OTHER_NAMES]
        near = get_close_matches(prefix, known, 1, 0.6)
        if near:
            return f"{_OTHER_NAMES.get(near[0], near[0])}:{text[len(prefix) + 1 :]}"
    if category_named(text) and "." in text:
        return f"arxiv:{category_named(text)}"
    if re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", text):
        return f"https://{text}"
    return ""
