"""Tables with a header: comma, semicolon or tab between cells, columns known by their names.

What a spreadsheet, a reference manager or a tool for reviews saves as CSV or TSV. The names of
columns are in `papertray.feeds.table_columns`; any table that has titles can be read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from papertray.core.citekeys import is_citekey
from papertray.core.json_fields import local_date
from papertray.core.model import WORK_TYPES, Author, Json, Pile, Record, Unread
from papertray.core.names import names_end_in_initials, parse_authors
from papertray.feeds import table_columns
from papertray.feeds.heads import text_of
from papertray.feeds.table_columns import KNOWN, folded
from papertray.feeds.table_rows import Header, Row, find_header, rows
from papertray.feeds.tagged_lines import KEPT
from papertray.feeds.web_of_science import of_pairs
from papertray.feeds.written_record import written_record

NAME = "csv"
DESCRIPTION = "a table (CSV, TSV) whose header has a title and another column that papers have"
TAKES = (
    "title, abstract, authors, date, type, venue, pages, ids, links, files; tags, notes, labels "
    "of a screening with `--decisions`"
)
LOSES = "lines above the header; columns without a field of ours are kept as they are"
IS_LIBRARY = False
FEED = ""

_TITLES = frozenset(table_columns.NAMES.title)
_WOS_TAGS = frozenset({"PT", "AU", "TI", "SO", "UT", "PY"})


def _score(columns: Sequence[str]) -> int:
    """Return how many columns papers have, if one of them is a title; else 0."""
    names = {folded(column) for column in columns if len(column) < 100}
    if _TITLES.isdisjoint(names):
        return 0
    return 1 + len(names & KNOWN)


def recognise(head: bytes, name: str) -> bool:
    """Tell a table by its header; by a title alone only if the file is called a table."""
    text = text_of(head)
    if text.lstrip()[:1] in ("{", "[", "<", "@", "%"):
        return False
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", 30)
    header = find_header(lines, _score)
    if header is None:
        return False
    is_called_so = name.lower().endswith((".csv", ".tsv", ".tab"))
    return is_called_so or (len(header.columns) > 1 and _score(header.columns) > 2)


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each row; an Unread for each without a title or with a broken quote.

    Of a stream without a header that has titles there is one Unread.
    """
    header: Header | None = None
    for found in rows(stream, _score):
        if isinstance(found, Header):
            header = found
        elif header is not None and found.number == 1 and _is_on_its_side(header, found):
            yield Unread("line 1", "its columns are rows: export it with one row for each paper")
            return
        elif header is not None:
            # As spreadsheets count: the header is row 1.
            place = f"row {found.number + header.line} (line {found.line})"
            yield _item(header, found, place)
    if header is None:
        yield Unread("line 1", 'it is no table of papers: none of its columns is called "title"')


_AUTHORS = frozenset({"author", "authors", "authornames"})


def _is_on_its_side(header: Header, row: Row) -> bool:
    """Tell a table that has a field in each row, as Embase can write it: ``"AUTHORS","Doe J."``."""
    names = [folded(column) for column in header.columns]
    first = row.cells[0] if row.cells else ""
    return names[0] in _TITLES and KNOWN.isdisjoint(names[1:]) and folded(first) in _AUTHORS


def _item(header: Header, row: Row, place: str) -> Record | Unread:
    if row.problem:
        return Unread(place, row.problem, row.text[:KEPT].encode("utf-8", "replace"))
    columns = list(header.columns)
    columns += [f"column {number}" for number in range(len(columns) + 1, len(row.cells) + 1)]
    pairs = list(zip(columns, row.cells, strict=False))
    item = _from_wos(pairs, place) if set(columns) >= _WOS_TAGS else _from_columns(pairs, place)
    if isinstance(item, Unread):
        text = header.delimiter.join(row.cells)[:KEPT]
        return replace(item, data=text.encode("utf-8", "replace"))
    return item


def _from_wos(pairs: list[tuple[str, str]], place: str) -> Record | Unread:
    item = of_pairs(pairs, place)
    if isinstance(item, Record) and "wos" in item.extra:
        return replace(item, extra={"csv": item.extra["wos"]})
    return item


def _from_columns(pairs: list[tuple[str, str]], place: str) -> Record | Unread:
    values = [(folded(column) or column, value) for column, value in pairs]
    is_own = {"uid", "pile"} <= {name for name, _ in values}
    item = _from_own(values, place) if is_own else _from_others(values, place)
    if isinstance(item, Unread):
        return item
    called = {folded(column) or column: column for column, _ in reversed(pairs)}
    kept: dict[str, Json] = {called.get(name, name): value for name, value in _left(item).items()}
    return replace(item, extra={"csv": kept} if kept else {})


def _left(record: Record) -> dict[str, Json]:
    left = record.extra.get("csv")
    return left if isinstance(left, dict) else {}


def _from_others(pairs: list[tuple[str, str]], place: str) -> Record | Unread:
    values = [(name, _joined(value)) for name, value in pairs]
    names = replace(
        table_columns.NAMES,
        authors=_authors_column(values),
        keyword_separator=_keyword_separator(values),
        read_authors=_read_authors,
    )
    return written_record(_with_source(_parted(values)), names, place)


def _from_own(pairs: list[tuple[str, str]], place: str) -> Record | Unread:
    """Read a row of papertray's own tables: they also say where a paper lay, and since when."""
    values = [(name, _WAS_FORMULA.sub(r"\1", value)) for name, value in pairs]
    item = written_record(values, _OWN_NAMES, place)
    if isinstance(item, Unread):
        return item
    found = {name: value.strip() for name, value in values}
    pile, type_ = found["pile"].lower(), found.get("type", "")
    done = local_date(found.get("done", "")) or ""
    key = found.get("citekey", "")
    gone = {"uid", "pile", "id", "type", "citekey", *(["done"] if done else [])}
    return replace(
        item,
        work=replace(item.work, type=type_) if type_ in WORK_TYPES else item.work,
        uid=found["uid"],
        citekey=key if is_citekey(key) else "",
        decisions=replace(
            item.decisions, pile=Pile(pile) if pile in set(Pile) else None, done=done
        ),
        extra={"csv": {name: value for name, value in _left(item).items() if name not in gone}},
    )


# The apostrophe that `papertray.exporters.csv_table` puts before what would be a formula.
_WAS_FORMULA = re.compile(r"(?:^|(?<=[;\t\n]))([^\S\t\n]*)'(?='*[=+\-@＝＋－＠])")

_OWN_NAMES = replace(
    table_columns.NAMES,
    authors=("authors",),
    keywords=("tags",),
    keyword_separator=";",
    read_authors=lambda values: parse_authors("; ".join(values).split(";")),
    is_plain=True,
)


def _joined(cell: str) -> str:
    """Return a cell; a list in Python's notation, as ASReview writes it, as items a line each."""
    text = cell.strip()
    if not (text.startswith(("['", '["')) and text.endswith("]")) or len(text) > 1 << 16:
        return cell
    try:
        items = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return cell
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return cell
    return "\n".join(" ".join(item.split()) for item in items)


# Springer: "Jane DoeIan McCoy"
_NEXT_NAME = re.compile(r"(?<=[^\W\d_A-Z])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLe)(?=[A-Z])")


def _parted(values: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return `values` with the authors parted that Springer's tables write without a space."""
    if not {"itemtitle", "contenttype"} <= {name for name, _ in values}:
        return values
    return [(n, _NEXT_NAME.sub(";", v) if n == "authors" else v) for n, v in values]


def _authors_column(values: list[tuple[str, str]]) -> tuple[str, ...]:
    """Return the one column to read authors from: full names are tried first."""
    filled = {name for name, value in values if value.strip()}
    full = ("authorfullnames", "authorsfullname", *table_columns.NAMES.authors)
    return tuple(name for name in full if name in filled)[:1]


def _keyword_separator(values: list[tuple[str, str]]) -> str:
    """Return what parts keywords: semicolons, lines or bars where there are some, else commas."""
    words = [value for name, value in values if name in table_columns.NAMES.keywords]
    return r"[;\n|]" if any(re.search(r"[;\n|]", value) for value in words) else r",(?![^()]*\))"


# Scopus: "Lovelace, Ada (57193578900); Turing, Alan (6602390000)"
# Both look only where blanks begin, or a run of them would take for ever.
_NUMBER = re.compile(r"(?<!\s)\s*+\([0-9]{6,12}\)")


def _read_authors(values: list[str]) -> tuple[Author, ...]:
    text = _CUT_OFF.sub(", et al.", _NUMBER.sub("", "\n".join(values)))
    if "|" in text and ";" not in text:  # OpenAlex
        return parse_authors(text.split("|"))
    pieces = re.split(r"[;\n]", text)
    names = [name for piece in pieces for name in _pubmed_names(piece)]
    if len(names) > len(pieces):
        return parse_authors((name.removesuffix(".") for name in names), surname_first=True)
    return parse_authors(text, surname_first=names_end_in_initials(text))


# Google Scholar: "A Vaswani, N Shazeer, N Parmar..."
_CUT_OFF = re.compile(r"(?<!\s)\s*+(?:\.\.\.|…)\s*+\Z")
_SURNAME_FIRST = re.compile(r"[^\W\d_][^,;.]{0,60} [A-Z]{1,4}(?: (?:Jr|Sr|2nd|3rd|[0-9]th))?")


def _pubmed_names(piece: str) -> list[str]:
    """Cut ``Zhu N, Zhang D.`` at its commas; PubMed has semicolons before the names of bodies."""
    names = [name.strip() for name in piece.strip().removesuffix(".").split(",")]
    are_persons = len(names) > 1 and all(_SURNAME_FIRST.fullmatch(name) for name in names)
    return names if are_persons else [piece.strip()]


# Embase: "Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014"
_SOURCE = re.compile(
    r"(?P<journal>.{2,300}?) \((?P<year>[12][0-9]{3})\) (?P<volume>[\w ]{1,12}?)?"
    r"(?::(?P<issue>[^\s():]{1,20}))?(?: (?:Article Number: \S+|\((?P<pages>[^()]{1,40})\)))?"
    r"(?:\. .*)?",
    re.DOTALL,
)


def _with_source(values: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return `values` and what Embase's one column for all of it tells."""
    names = {name for name, value in values if value.strip()}
    source = next((value.strip() for name, value in values if name == "source"), "")
    found = _SOURCE.fullmatch(source) if len(source) < 1000 else None
    if found is None or "sourcetitle" in names:
        return values
    told = [(name, value) for name, value in found.groupdict().items() if value]
    return values + [(name, value) for name, value in told if name not in names]
