"""The readers there are. A module is imported when its format is tried or asked for."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from papertray.core.errors import UnknownFormat
from papertray.feeds.reader import PathReader, Reader, reads_paths

if TYPE_CHECKING:  # hooks are what plugins need; reading with a built-in reader does not
    from papertray.core.hooks import RegisterReader

BUILT_IN = {
    "zotero": "papertray.feeds.zotero",
    "papis": "papertray.feeds.papis",
    "trending-page": "papertray.feeds.trending_page",
    "arxiv-atom": "papertray.feeds.arxiv_atom",
    "arxiv-rss": "papertray.feeds.arxiv_rss",
    "arxiv-oai": "papertray.feeds.arxiv_oai",
    "arxiv-metadata": "papertray.feeds.arxiv_metadata",
    "hf-daily-papers": "papertray.feeds.hf_daily_papers",
    "pubmed": "papertray.feeds.pubmed",
    "dblp": "papertray.feeds.dblp",
    "acl-anthology": "papertray.feeds.acl_anthology",
    "crossref-xml": "papertray.feeds.crossref_xml",
    "endnote-xml": "papertray.feeds.endnote_xml",
    "zotero-rdf": "papertray.feeds.zotero_rdf",
    "papers-with-code": "papertray.feeds.papers_with_code",
    "biorxiv": "papertray.feeds.biorxiv",
    "openreview": "papertray.feeds.openreview",
    "semantic-scholar": "papertray.feeds.semantic_scholar",
    "openalex": "papertray.feeds.openalex",
    "crossref": "papertray.feeds.crossref",
    "datacite": "papertray.feeds.datacite",
    "csl-json": "papertray.feeds.csl_json",
    "nbib": "papertray.feeds.nbib",
    "ris": "papertray.feeds.ris",
    "ovid": "papertray.feeds.ovid",
    "web-of-science": "papertray.feeds.web_of_science",
    "refworks": "papertray.feeds.refworks",
    "endnote": "papertray.feeds.endnote_tagged",
    "bibtex": "papertray.feeds.bibtex",
    "names": "papertray.feeds.names",
    "feed": "papertray.feeds.journal_feed",
    "jsonl": "papertray.feeds.jsonlines",
    "csv": "papertray.feeds.csv_table",
}
"""Format name → module, in the order in which they are tried."""

OF_PATHS = frozenset({"zotero", "papis"})
"""Those that read a folder or a database as a whole: each is a `PathReader`, all others a `Reader`.

They are told apart here because none is imported before its turn comes.
"""


def register_readers(register: RegisterReader) -> None:
    """Register the built-in readers, as a plugin registers its own."""
    for name, module in BUILT_IN.items():
        register(name, module)


class Readers:
    """The built-in readers, and those of plugins once none of the built-in ones will do."""

    def __init__(self, more: Callable[[], Iterable[Reader | PathReader]] = tuple) -> None:
        """`more` finds the readers of plugins; it is called at most once."""
        self._find_more = more

    @cached_property
    def _more(self) -> dict[str, Reader | PathReader]:
        return {reader.NAME: reader for reader in self._find_more()}

    def names(self) -> tuple[str, ...]:
        """Return the names of all formats that can be read."""
        return (*BUILT_IN, *self._more)

    def find(self, name: str) -> Reader | PathReader:
        """Return the reader of the format `name`. Raises UnknownFormat, which names the nearest."""
        if name in BUILT_IN:
            return cast("Reader | PathReader", importlib.import_module(BUILT_IN[name]))
        if name in self._more:
            return self._more[name]
        near = difflib.get_close_matches(name.lower(), self.names(), n=1, cutoff=0.4)
        hint = f'did you mean "{near[0]}"?' if near else "`papertray add --help` names them."
        raise UnknownFormat(f'No reader is called "{name}": {hint}')

    def recognise(self, head: bytes, name: str) -> Reader | None:
        """Return the first reader that recognises a source by its `head` and file `name`, or None.

        The built-in ones are asked first.
        """
        for built_in in BUILT_IN:
            if built_in not in OF_PATHS:
                reader = cast(Reader, self.find(built_in))
                if reader.recognise(head, name):
                    return reader
        others = (one for one in self._more.values() if not reads_paths(one))
        return next((one for one in others if one.recognise(head, name)), None)

    def recognise_path(self, path: Path) -> PathReader | None:
        """Return the first reader that recognises the folder or database `path`, or None."""
        for built_in in BUILT_IN:
            if built_in in OF_PATHS:
                reader = cast(PathReader, self.find(built_in))
                if reader.recognise_path(path):
                    return reader
        return next(
            (one for one in self._more.values() if reads_paths(one) and one.recognise_path(path)),
            None,
        )


READERS = Readers()
"""The built-in readers alone."""
