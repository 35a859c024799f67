"""Whether a work has appeared, or only lies on a preprint server. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from papertray.core.model import Work

_SERVERS = re.compile(
    r"\b(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|preprints?|ssrn|research square|"
    r"computing research repository)\b",
    re.IGNORECASE,
)
# arXiv, bioRxiv and medRxiv, Research Square, preprints.org, OSF, ChemRxiv, SSRN.
_SERVER_DOIS = (
    "10.48550/", "10.1101/", "10.21203/", "10.20944/", "10.31234/", "10.31235/", "10.31219/",
    "10.26434/", "10.2139/",
)  # fmt: skip
_PREPRINT_TYPES = frozenset(
    {"misc", "online", "unpublished", "electronic", "preprint", "article", "techreport", "report"}
)
_PLACES = (
    "journal", "journaltitle", "booktitle", "publisher", "school", "institution", "series",
    "howpublished", "organization", "eventtitle",
)  # fmt: skip
_MARKS = ("archiveprefix", "eprinttype", "url", "doi", "note")


def has_appeared(work: Work) -> bool:
    """Tell whether a work is known to have appeared: a venue or a DOI that is no preprint server's.

    What a repository for data or software gives a DOI has not.
    """
    if work.type in ("dataset", "software"):
        return False
    venue = work.venue.name or work.venue.short
    doi = work.doi.casefold()
    return bool(venue and not _SERVERS.search(venue)) or bool(
        doi and not doi.startswith(_SERVER_DOIS)
    )


def is_preprint_entry(type_: str, fields: Mapping[str, str]) -> bool:
    """Tell whether an entry of a .bib file cites a preprint.

    `type_` is that of the entry and `fields` its fields, both with names in lower case.
    """
    places = [fields[name] for name in _PLACES if fields.get(name)]
    if places:
        return all(_SERVERS.search(place) for place in places)
    return type_ in _PREPRINT_TYPES and (
        "eprint" in fields or any(_SERVERS.search(fields.get(name, "")) for name in _MARKS)
    )
