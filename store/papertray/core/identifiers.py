"""The identifiers of works, as they are written in files and as the tray spells them."""

from __future__ import annotations

import re
from urllib.parse import unquote

_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_DOI_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:(?:https?://)?(?:[a-z]+\.)?arxiv\.org/[a-z]+/|oai:arxiv\.org:|arxiv:\s*)?"
    r"([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})(?:v([0-9]{1,4}))?(?:\.pdf)?/?",
    re.IGNORECASE,
)


_ARXIV_DOI = "10.48550/arxiv."
"""What the DOIs begin with that arXiv gives to its own papers (since 2022, with DataCite)."""


def bare_doi(text: str) -> str:
    """Return the DOI in `text` without resolver or ``doi:``, or an empty string if it is none."""
    text = text.strip()
    resolver = _DOI_RESOLVER.match(text)
    if resolver:
        text = unquote(text[resolver.end() :])
    elif text[:4].lower() == "doi:":
        text = text[4:].lstrip()
    return text if _DOI.fullmatch(text) else ""


def split_arxiv_id(text: str) -> tuple[str, int | None] | None:
    """Return the arXiv id in `text` (bare, ``arXiv:…`` or a URL) and its version, or None.

    The subject class of old ids is left out, as arXiv itself does: ``math.AG/0309136`` and
    ``math/0309136`` are one paper.
    """
    found = _ARXIV.fullmatch(text.strip())
    if not found:
        return None
    archive, slash, number = found[1].rpartition("/")
    identifier = f"{archive.partition('.')[0].lower()}{slash}{number}"
    return identifier, int(found[2]) if found[2] else None


def doi_name(doi: str) -> tuple[str, str]:
    """Return the (scheme, value) by which the tray knows a bare DOI.

    A DOI of arXiv's own is another spelling of the arXiv id, and no second DOI beside a journal's.
    """
    folded = doi.casefold()
    if folded.startswith(_ARXIV_DOI) and (parsed := split_arxiv_id(folded[len(_ARXIV_DOI) :])):
        return "arxiv", parsed[0]
    return "doi", folded


def canonical(scheme: str, value: str) -> tuple[str, str]:
    """Return the identifier `value` of `scheme` as the tray spells it: no resolver, no version.

    For a DOI of arXiv's own that is the arXiv id, so that the scheme can be another one.
    """
    if scheme == "doi":
        bare = bare_doi(value)
        name = doi_name(bare)
        return name if name[0] == "arxiv" else (scheme, bare)
    if scheme == "arxiv" and (parsed := split_arxiv_id(value)):
        return scheme, parsed[0]
    return scheme, value
