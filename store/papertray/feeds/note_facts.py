"""Facts that people and programs write into a note, for want of a field: ``PMID: 123``, one a line.

Zotero's field Extra, and the `note` of CSL-JSON that comes of it, are such notes.
"""

from __future__ import annotations

import re

from papertray.core.citekeys import is_citekey
from papertray.core.identifiers import bare_doi, split_arxiv_id

_LINE = re.compile(r"([A-Za-z][A-Za-z. ]{0,30}):\s*(\S.*)")
_ARXIV = re.compile(r"(?:arxiv:\s*)(\S+)(?:\s+\[[\w.-]+\])?", re.IGNORECASE)
_SCHEMES = {"pmid": "pubmed", "pmcid": "pmc"}


class NoteFacts:
    """What a note says: its facts by name, and the `rest` of its lines, which is text."""

    def __init__(self, text: str) -> None:
        self.doi = self.arxiv_id = self.citekey = ""
        self.arxiv_version: int | None = None
        self.identifiers: list[tuple[str, str]] = []
        rest = [line for line in text.splitlines() if not self._is_fact(line.strip())]
        self.rest = "\n".join(rest).strip()

    def _is_fact(self, line: str) -> bool:
        arxiv = _ARXIV.fullmatch(line)
        if arxiv and (found := split_arxiv_id(arxiv[1])):
            self.arxiv_id, self.arxiv_version = found
            return True
        fact = _LINE.fullmatch(line)
        if not fact:
            return False
        name, value = fact[1].strip().lower(), fact[2].strip()
        if name in _SCHEMES:
            self.identifiers.append((_SCHEMES[name], value))
        elif name == "doi" and (doi := bare_doi(value)):
            self.doi = doi
        elif name == "citation key" and is_citekey(value):
            self.citekey = value
        else:
            return False
        return True
