"""Looking up works by their names: which service is asked how, and whether it answered that.

===========  ======================================================================================
arXiv        up to 100 ids a request: https://info.arxiv.org/help/api/user-manual.html#311
DOI          Crossref's ``/works/DOI`` (https://api.crossref.org/swagger-ui/index.html), else the
             registration agency by content negotiation (https://citation.doi.org/docs.html)
OpenReview   ``/notes?id=``, of version 2 of its interface, else of version 1:
             https://docs.openreview.net/reference/api-v2
ACL          ``/ID.bib`` of the Anthology: https://aclanthology.org/faq/api/
PubMed       up to 100 ids a request, E-utilities' ``efetch``:
             https://www.ncbi.nlm.nih.gov/books/NBK25499/#chapter4.EFetch
===========  ======================================================================================
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from papertray.core.errors import FetchFailed, Interrupted, NoNetwork, UnreadableSource
from papertray.core.identifiers import doi_name
from papertray.core.model import Decisions, Record, Unread
from papertray.core.pasted import Named
from papertray.feeds.fetching.transport import Request, Transport
from papertray.feeds.looks import looks_like
from papertray.feeds.source import open_source

MOST_IDS = 100
"""Works that one request asks for, where a service answers for several."""

_CSL = "application/vnd.citationstyles.csl+json"


@dataclass(frozen=True, slots=True)
class Found:
    """The record of a work that was asked for by the name `named`; it has that name."""

    named: Named
    record: Record


@dataclass(frozen=True, slots=True)
class Missed:
    """A work of which nothing came, and why in a sentence.

    `is_answer` says that its service answered, and does not have it: a slip, or not there yet.
    Otherwise it may well be there the next time.
    """

    named: Named
    reason: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """One request for some works, and the format of its answer."""

    named: tuple[Named, ...]
    request: Request
    format_name: str


def look_up(
    transport: Transport, addresses: Mapping[str, str], wanted: Iterable[Named], folder: Path
) -> Iterator[Found | Missed]:
    """Yield for each work what its service says, in the order in which the services answer.

    Arguments: `addresses` are those of the services, by their names in the settings; answers are
    kept in `folder` while they are read. Raises `NoNetwork` at the end if none of the services can
    be reached, and `Interrupted`; what was yielded before stands.
    """
    body = folder / "answer"
    unreachable: dict[str, NoNetwork] = {}
    has_answered = False
    left: list[Named] = []
    for question in questions(addresses, wanted):
        scheme = question.named[0].scheme
        if scheme in unreachable:  # asked once for all its works
            left += question.named
            continue
        try:
            answers = _ask(transport, question, body)
        except NoNetwork as error:
            unreachable[scheme] = error
            left += question.named
            continue
        has_answered = True
        if scheme in _SECOND and isinstance(answers[0], Missed):
            answers = _ask_second(transport, _SECOND[scheme](addresses, question.named[0]), body)
        yield from answers
    if unreachable and not has_answered:
        raise next(iter(unreachable.values()))
    for named in left:
        yield Missed(named, str(unreachable[named.scheme]), is_answer=False)


def questions(addresses: Mapping[str, str], wanted: Iterable[Named]) -> list[_Question]:
    """Return what to ask the services for some works; each is asked for once."""
    by_scheme: dict[str, list[Named]] = {}
    for named in dict.fromkeys(wanted):
        by_scheme.setdefault(named.scheme, []).append(named)
    asked = []
    for scheme, works in by_scheme.items():
        address, format_name, most = _SERVICES[scheme]
        for start in range(0, len(works), most):
            some = works[start : start + most]
            ids = ",".join(quote(one.value, safe="/") for one in some)
            url = address(addresses, ids)
            asked.append(_Question(tuple(some), Request(url), format_name))
    return asked


_Address = Callable[[Mapping[str, str], str], str]

_SERVICES: Mapping[str, tuple[_Address, str, int]] = {
    "arxiv": (
        lambda at, ids: f"{at['arxiv-api']}?id_list={ids}&max_results={MOST_IDS}",
        "arxiv-atom", MOST_IDS,
    ),
    "doi": (lambda at, doi: f"{at['crossref']}/works/{doi}", "crossref", 1),
    "openreview": (lambda at, id_: f"{at['openreview-api']}/notes?id={id_}", "openreview", 1),
    "acl": (lambda at, id_: f"{at['acl']}/{id_}.bib", "bibtex", 1),
    "pubmed": (
        lambda at, ids: f"{at['pubmed']}/efetch.fcgi?db=pubmed&retmode=xml&id={ids}",
        "pubmed", MOST_IDS,
    ),
}  # fmt: skip
"""How the service of each scheme is asked, what format it answers in, for how many at once."""


def _of_resolver(addresses: Mapping[str, str], named: Named) -> _Question:
    url = f"{addresses['doi']}/{quote(named.value, safe='/')}"
    return _Question((named,), Request(url, accept=_CSL), "csl-json")


def _of_old_interface(addresses: Mapping[str, str], named: Named) -> _Question:
    url = f"{addresses['openreview-old']}/notes?id={quote(named.value)}"
    return _Question((named,), Request(url), "openreview")


_SECOND: Mapping[str, Callable[[Mapping[str, str], Named], _Question]] = {
    # Others than Crossref give DOIs too, and the resolver knows whom to ask.
    "doi": _of_resolver,
    # Conferences of before 2023 are only there.
    "openreview": _of_old_interface,
}
"""Who is asked for a single work that the first one did not tell of."""


def _ask(transport: Transport, question: _Question, body: Path) -> list[Found | Missed]:
    body.unlink(missing_ok=True)
    try:
        transport.get(question.request, body)
    except (NoNetwork, Interrupted):
        raise
    except FetchFailed as error:
        # Of several works one may have been too much for the service: no word on the others.
        is_answer = error.is_lasting and len(question.named) == 1
        return [Missed(one, str(error), is_answer) for one in question.named]
    if _is_no_answer(body):
        host = urlsplit(question.request.url).hostname
        reason = f"{host} answered with no data: this network may want a login first."
        return [Missed(one, reason, is_answer=False) for one in question.named]
    return _matched(question, *_records(body, question.format_name))


def _ask_second(transport: Transport, question: _Question, body: Path) -> list[Found | Missed]:
    """Ask a service that may know what another one did not tell of; it may be out of reach."""
    try:
        return _ask(transport, question, body)
    except NoNetwork as error:
        return [Missed(one, str(error), is_answer=False) for one in question.named]


def _is_no_answer(body: Path) -> bool:
    """Tell the page of a network that lets nobody through yet from what a service answers."""
    with open(body, "rb") as file:
        head = file.read(4096)
    return not head.strip() or looks_like(head, "") == "an HTML page"


def _records(body: Path, format_name: str) -> tuple[list[Record], str]:
    """Return the records of an answer, and the first thing that is wrong with it, if any."""
    found: list[Record] = []
    trouble = ""
    try:
        with open_source(str(body), io.BytesIO(), format_name) as source:
            for item in source.items():
                if isinstance(item, Record):
                    found.append(item)
                elif isinstance(item, Unread):
                    trouble = trouble or item.reason
    except UnreadableSource:
        trouble = trouble or "its answer cannot be read"
    return found, trouble


def _matched(question: _Question, records: Sequence[Record], trouble: str) -> list[Found | Missed]:
    """Say for each work which record is its own: what came for another name is left out."""
    by_name = {pair: record for record in records for pair in _own_names(record)}
    answers: list[Found | Missed] = []
    for named in question.named:
        record = by_name.get(named.pair)
        if record is not None:
            answers.append(Found(named, _with_name(record, named)))
        elif records and len(question.named) == 1:
            reason = f"{named.site} answered with another work than {named.title}."
            answers.append(Missed(named, reason, is_answer=True))
        else:
            reason = f"{named.site} has no {named.title}" + (f" ({trouble})" if trouble else "")
            answers.append(Missed(named, f"{reason}.", is_answer=True))
    return answers


def _own_names(record: Record) -> Iterator[tuple[str, str]]:
    """Yield the names of a record's own work, not those of what it became or was before."""
    if record.work.doi:
        yield doi_name(record.work.doi)
    if record.work.arxiv_id:
        yield "arxiv", record.work.arxiv_id
    yield from (pair for pair in record.identifiers if pair[0] not in ("doi", "arxiv"))


def _with_name(record: Record, named: Named) -> Record:
    """Return a record as that of the work that was named.

    What its source made of it is no decision of the tray's owner: keywords, keys, files.
    """
    return replace(
        record, decisions=Decisions(), citekey="", attachments=(),
        sightings=(), place=named.title,
        identifiers=tuple(dict.fromkeys([*record.identifiers, named.pair])),
    )  # fmt: skip
