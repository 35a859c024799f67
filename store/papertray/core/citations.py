"""What a manuscript cites: the citation keys in its text, and the files that belong to it. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from papertray.core.errors import UnreadableSource, UsageError

ALL = "*"
"""The key that stands for everything in the bibliography: ``\\nocite{*}``, ``@*``."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A key as it is cited. `line` counts from 1; 0 where what names it has no lines of its own."""

    key: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Another file that a file takes in. One that `is_optional` may be missing."""

    path: str
    line: int = 0
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """What one file cites, takes in and names as bibliographies, in its order."""

    citations: tuple[Citation, ...] = ()
    inclusions: tuple[Inclusion, ...] = ()
    bibliographies: tuple[str, ...] = ()


class Lines:
    """Says on which line of a text a position is."""

    def __init__(self, text: str) -> None:
        self._ends = [place for place, character in enumerate(text) if character == "\n"]

    def of(self, position: int) -> int:
        """Return the line of a position, from 1."""
        return bisect_left(self._ends, position) + 1


def cited_in(text: str, suffix: str) -> Cited:
    """Return what a file cites whose name ends in `suffix`: ``.tex``, ``.aux``, ``.bcf``, ``.md`` …

    Raises `UsageError` for other files, `UnreadableSource` for XML that is none.
    """
    scan = _SCANS.get(suffix.lower())
    if scan is None:
        raise UsageError(
            f"Citations are read from {', '.join(SUFFIXES)} files, not from {suffix or 'others'}."
        )
    return scan(text)


def _tex(text: str) -> Cited:
    from papertray.core.citations_tex import cited_in_tex

    return cited_in_tex(text)


def _aux(text: str) -> Cited:
    from papertray.core.citations_tex import cited_in_aux

    return cited_in_aux(text)


def _markdown(text: str) -> Cited:
    from papertray.core.citations_markup import cited_in_markdown

    return cited_in_markdown(text)


def _org(text: str) -> Cited:
    from papertray.core.citations_markup import cited_in_org

    return cited_in_org(text)


def _bcf(text: str) -> Cited:
    """Read what biblatex tells biber. Its namespace differs from version to version."""
    from lxml import etree  # only these files are XML

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(f"This is no control file of biblatex: {error}.") from error
    keys: list[str] = []
    files: list[str] = []
    for element in root.iter("{*}citekey", "{*}datasource"):
        said = (element.text or "").strip()
        if said:
            (keys if etree.QName(element).localname == "citekey" else files).append(said)
    return Cited(tuple(map(Citation, keys)), bibliographies=tuple(files))


_SCANS: Mapping[str, Callable[[str], Cited]] = MappingProxyType(
    {
        ".tex": _tex, ".ltx": _tex, ".latex": _tex, ".rnw": _tex, ".aux": _aux, ".bcf": _bcf,
        ".md": _markdown, ".markdown": _markdown, ".qmd": _markdown, ".rmd": _markdown,
        ".org": _org,
    }
)  # fmt: skip

SUFFIXES = tuple(_SCANS)
"""How the files are called that citations are read from."""
