"""Which addresses the PDF of a work may have, best first. Pure: nothing is asked here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from papertray.core.identifiers import split_arxiv_id
from papertray.core.model import Work

# Those before 2020 are a letter, a year and a number: P19-1001. Those since begin with the year.
_ACL_NAME = r"[A-Za-z][0-9]{2}-[0-9]{4}|[0-9]{4}\.[a-z0-9_]+-[a-z0-9_]+\.[0-9]+"
_ACL = re.compile(_ACL_NAME, re.IGNORECASE)
_ACL_DOI = re.compile(rf"10\.(?:18653|3115)/v1/({_ACL_NAME})", re.IGNORECASE)
_ACL_PAGE = re.compile(
    rf"https?://(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)(?:/papers)?/({_ACL_NAME})"
    r"(?:v[0-9]+)?(?:\.pdf)?/?",
    re.IGNORECASE,
)
_OPENREVIEW = re.compile(r"[\w-]{5,40}", re.ASCII)
_OPENREVIEW_PAGE = re.compile(
    r"https?://(?:www\.)?openreview\.net/(?:forum|pdf)\?(?:[^#]*&)?id=([\w-]+)(?:[&#].*)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class PdfServices:
    """Where the services that give PDFs are asked, without a slash at the end."""

    arxiv: str
    acl: str
    openreview: str


def pdf_addresses(
    work: Work, identifiers: Iterable[tuple[str, str]], services: PdfServices
) -> tuple[str, ...]:
    """Return the addresses at which the PDF of `work` may be, in the order of asking.

    Arguments: `identifiers` are (scheme, value) pairs beside the DOI and arXiv id of the work.

    arXiv comes first, in its newest version, then the ACL Anthology, OpenReview, and last the
    address that a record gave: that one is untrusted, and many lead to a page for signing in. An
    address of one of the services is asked of that service, so also of a mirror.
    """
    named = dict(identifiers)
    places = (work.url, work.pdf_url)
    found = []
    arxiv = next(filter(None, map(split_arxiv_id, (work.arxiv_id, *places))), None)
    if arxiv:
        found.append(f"{services.arxiv}/pdf/{arxiv[0]}")
    if acl := _acl(named.get("acl", ""), work.doi, places):
        found.append(f"{services.acl}/{acl}.pdf")
    if forum := _openreview(named.get("openreview", ""), places):
        found.append(f"{services.openreview}/pdf?id={quote(forum)}")
    if work.pdf_url.startswith(("http://", "https://")) and not _is_of_service(work.pdf_url):
        found.append(work.pdf_url)
    return tuple(dict.fromkeys(found))


def _acl(name: str, doi: str, places: Iterable[str]) -> str:
    """Return a work's name in the ACL Anthology, empty where it has none."""
    if not _ACL.fullmatch(name):
        known = [_ACL_DOI.fullmatch(doi), *map(_ACL_PAGE.fullmatch, places)]
        name = next((match[1] for match in known if match), "")
    # A DOI may have come in lower case; the anthology's own letter is a capital.
    return name.upper() if name[:1].isalpha() else name.lower()


def _openreview(name: str, places: Iterable[str]) -> str:
    if not _OPENREVIEW.fullmatch(name):
        name = next((match[1] for match in map(_OPENREVIEW_PAGE.fullmatch, places) if match), "")
    return name


def _is_of_service(address: str) -> bool:
    return bool(
        split_arxiv_id(address)
        or _ACL_PAGE.fullmatch(address)
        or _OPENREVIEW_PAGE.fullmatch(address)
    )
