"""The conditions of a search that SQLite answers, as parameterised SQL over ``standing s``.

Every leaf is a set of paper ids (`_Set`: a FROM with its WHERE) or a test of the row `s` itself.
A set can be asked two ways: all papers in it (`ids_where`, which starts from its index), or which
of some given papers are in it (`among`, which looks each of them up). No part of a search's text
ever becomes part of the SQL.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import TypeAlias, assert_never

from papertray.core.clock import instant
from papertray.core.identifiers import doi_name
from papertray.core.query import (
    And,
    Condition,
    DateField,
    Dates,
    Everything,
    Not,
    Or,
    Phrase,
    Query,
    Value,
    ValueField,
    Word,
    Years,
)
from papertray.core.query_dates import resolve

Parameter: TypeAlias = str | int

ALIVE = (
    "s.removed IS NULL AND s.paper_id NOT IN (SELECT id FROM paper WHERE merged_into IS NOT NULL)"
)
"""What every search asks of ``standing s``: removed and merged papers are never found."""

_LAST = "\U0010ffff"

# Each tag once, by jumps over the index: LIKE would read the tags of all papers.
KNOWN_TAGS = (
    "WITH RECURSIVE known(tag) AS (SELECT min(tag) FROM tag UNION ALL"
    " SELECT (SELECT min(tag) FROM tag WHERE tag > known.tag) FROM known"
    " WHERE known.tag IS NOT NULL) SELECT tag FROM known WHERE"
)
"""A query for tags by name, to which a condition on `tag` is to be added."""

FEED_TAGS = "json_each(iif(json_valid(f.settings), f.settings, '{}'), '$.tags')"
"""The tags of ``feed f``, each as the `value` of a row."""

_ARXIV = re.compile(
    r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE
)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Days:
    """What day it is, and where days begin: `zone` None is the zone of this machine."""

    today: date
    zone: tzinfo | None = None

    def start(self, day: date) -> str:
        """Return the instant at which the local `day` begins, as the tables hold it."""
        midnight = datetime.combine(day, time())
        if self.zone is None:
            return instant(midnight.astimezone())  # with the offset that held on that day
        return instant(midnight.replace(tzinfo=self.zone).astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with the values of its question marks."""

    text: str
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Set:
    """Paper ids as ``SELECT {column} FROM {source} WHERE {where}``."""

    column: str
    source: str
    where: str
    parameters: tuple[Parameter, ...] = ()


def where(query: Query, days: Days, *, probe: bool) -> Sql:
    """Return the truth of `query`, which holds no words, as an SQL expression over ``standing s``.

    Arguments: `probe` True makes sets look up the paper at hand, False makes them be collected
    first. Raises ValueError for words and phrases.
    """
    match query:
        case Everything():
            return Sql("1")
        case Word() | Phrase():
            raise ValueError(f"{query} is for the index")
        case Not(part):
            inner = where(part, days, probe=probe)
            return Sql(f"NOT {inner.text}", inner.parameters)
        case And(parts):
            return _joined(" AND ", (where(part, days, probe=probe) for part in parts))
        case Or(parts):
            return _joined(" OR ", (where(part, days, probe=probe) for part in parts))
        case _:
            return _leaf(query, days, probe)


def _joined(word: str, pieces: Iterable[Sql]) -> Sql:
    pieces = list(pieces)
    text = word.join(piece.text for piece in pieces)
    return Sql(f"({text})", tuple(value for piece in pieces for value in piece.parameters))


def _leaf(leaf: Condition, days: Days, probe: bool) -> Sql:
    found = _meaning(leaf, days)
    if isinstance(found, Sql):
        return found
    if probe:
        text = (
            f"EXISTS (SELECT 1 FROM {found.source} WHERE {found.column} = s.paper_id"
            f" AND ({found.where}))"
        )
    else:
        text = f"s.paper_id IN (SELECT {found.column} FROM {found.source} WHERE {found.where})"
    return Sql(text, found.parameters)


def ids_where(query: Query, days: Days) -> Sql:
    """Return a statement that selects the ids of all papers that `query`, without words, finds."""
    condition = where(query, days, probe=False)
    text = f"SELECT s.paper_id FROM standing s WHERE {ALIVE} AND {condition.text}"
    return Sql(text, condition.parameters)


def among(query: Query, days: Days) -> Sql:
    """Return a statement that selects (id, pile) of those of some papers that `query` finds.

    Its first parameter, which the caller puts before the others, is a JSON list of ids.
    """
    condition = where(query, days, probe=True)
    text = (
        "SELECT s.paper_id, s.pile FROM json_each(?) given CROSS JOIN standing s"
        f" ON s.paper_id = given.value WHERE {ALIVE} AND {condition.text}"
    )
    return Sql(text, condition.parameters)


def notes_among(query: Query, days: Days) -> Sql:
    """Return a statement that selects those of some notes whose paper `query` finds.

    Its first parameter is a JSON list of note ids. Deleted notes and those of removed papers are
    left out; free-standing ones count as found unless `query` asks something of a paper.
    """
    condition = where(query, days, probe=True)
    is_free = "n.paper_id IS NULL" if isinstance(query, Everything) else "0"
    text = (
        "SELECT n.id FROM json_each(?) given CROSS JOIN note n ON n.id = given.value"
        f" WHERE n.revision IS NOT NULL AND ({is_free} OR EXISTS (SELECT 1 FROM standing s"
        f" WHERE s.paper_id = n.paper_id AND {ALIVE} AND {condition.text}))"
    )
    return Sql(text, condition.parameters)


def notes_where(query: Query, days: Days) -> Sql:
    """Return a statement that selects the ids of all live notes on papers that `query` finds."""
    condition = where(query, days, probe=True)
    text = (
        "SELECT n.id FROM note n CROSS JOIN standing s ON s.paper_id = n.paper_id"
        f" WHERE n.revision IS NOT NULL AND {ALIVE} AND {condition.text}"
    )
    return Sql(text, condition.parameters)


def json_list(ids: Collection[int]) -> str:
    """Return ids as the JSON that ``json_each(?)`` reads: lists of any length in one parameter."""
    return f"[{','.join(map(str, ids))}]"


def _meaning(leaf: Condition, days: Days) -> Sql | _Set:
    match leaf:
        case Years(first, last):
            bounds = _between("p.year", first, last)
            return _Set(
                "p.id", "paper p", f"p.year IS NOT NULL AND {bounds.text}", bounds.parameters
            )
        case Dates(field, expression):
            return _dates(field, expression, days)
        case Value(ValueField.TAG, value, is_prefix):
            names = _named("tag", value, is_prefix)
            below = Sql(r"tag LIKE ? ESCAPE '\'", (f"{literal(value)}/%",))
            either = _joined(" OR ", (names, below))  # tag:ml finds ml/vision too
            return _Set(
                "t.paper_id", "tag t", f"t.tag IN ({KNOWN_TAGS} {either.text})", either.parameters
            )
        case Value(ValueField.FEED, value, is_prefix):
            name, tag = (_named(column, value, is_prefix) for column in ("f.name", "t.value"))
            source = "listing l JOIN feed f ON f.id = l.feed_id"
            # Unlikely: from few feeds to their listings. SQLite would rather read every listing.
            text = f"unlikely({name.text} OR EXISTS (SELECT 1 FROM {FEED_TAGS} t WHERE {tag.text}))"
            return _Set("l.paper_id", source, text, name.parameters + tag.parameters)
        case Value(ValueField.PILE, value):
            return Sql("s.pile = ?", (value,))
        case Value(ValueField.KEY, value):
            key = value.casefold()
            return _Set("c.paper_id", "citekey c", "c.folded BETWEEN ? AND ?", (key, key + _LAST))
        case Value(ValueField.ID, value):
            return _identified(value)
        case Value(ValueField.REASON, value):
            source = "op o JOIN batch b ON b.id = o.batch"
            text = r"o.kind = 'paper' AND b.reason LIKE ? ESCAPE '\'"
            return _Set("o.ref", source, text, (f"%{literal(value)}%",))
        case Value(ValueField.HAS, value):
            return _has(value)
        case Value(ValueField.IS, value):
            return _is(value, days)
        case Value():
            raise ValueError(str(leaf))
    assert_never(leaf)


def literal(text: str) -> str:
    """Return `text` with a backslash before what LIKE would take for a wildcard."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _named(column: str, value: str, is_prefix: bool) -> Sql:
    """Compare names regardless of case in ASCII, which is all that SQLite folds by itself."""
    return Sql(rf"{column} LIKE ? ESCAPE '\'", (literal(value) + "%" * is_prefix,))


def _between(column: str, first: Parameter | None, last: Parameter | None) -> Sql:
    parts = []
    if first is not None:
        parts.append(Sql(f"{column} >= ?", (first,)))
    if last is not None:
        parts.append(Sql(f"{column} <= ?", (last,)))
    return _joined(" AND ", parts)


def _dates(field: DateField, expression: str, days: Days) -> Sql:
    first, after = resolve(expression, days.today)
    column = "s.added" if field is DateField.ADDED else "s.decided"
    text, parameters = f"{column} IS NOT NULL", list[Parameter]()
    if first is not None:
        text += f" AND {column} >= ?"
        parameters.append(days.start(first))
    if after is not None:
        text += f" AND {column} < ?"
        parameters.append(days.start(after))
    if field is DateField.SKIPPED:
        text += " AND s.pile = 'skip'"
    elif field is DateField.STARRED:
        text += " AND s.pile = 'starred'"
    return Sql(f"({text})", tuple(parameters))


def _has(value: str) -> _Set:
    match value:
        case "note":
            live = "n.paper_id IS NOT NULL AND n.revision IS NOT NULL AND trim(n.body) <> ''"
            return _Set("n.paper_id", "note n", live)
        case "code":
            return _Set("p.id", "paper p", "p.code_urls <> '[]'")
        case "pdf":
            either = (
                "SELECT id AS paper_id FROM paper WHERE pdf_url <> '' UNION ALL "
                "SELECT paper_id FROM attachment"
                " WHERE media_type = 'application/pdf' OR path LIKE '%.pdf'"
            )
            return _Set("e.paper_id", f"({either}) e", "1")
    raise ValueError(value)


def _is(value: str, days: Days) -> Sql | _Set:
    match value:
        case "done":
            return Sql("s.done IS NOT NULL")
        case "todo":
            return Sql("(s.pile = 'read' AND s.done IS NULL)")
        case "snoozed":
            text = "(s.pile = 'inbox' AND s.snoozed IS NOT NULL AND s.snoozed > ?)"
            return Sql(text, (days.today.isoformat(),))
        case "expired":
            # Still where an expiry put it: the moment of the decision that holds is that one's.
            source = (
                "batch b JOIN op o ON o.batch = b.id AND o.kind = 'paper' AND o.field = 'pile'"
                " JOIN standing e ON e.paper_id = o.ref AND e.pile = o.value AND e.decided = b.at"
            )
            return _Set("o.ref", source, "b.origin = 'expire'")
    raise ValueError(value)


def _identified(value: str) -> _Set:
    """The paper that KEY names: by citekey, DOI, arXiv id, any other identifier or row id.

    A merged paper's names lead to the paper it was merged into.
    """
    names = ["SELECT paper_id AS id FROM citekey WHERE folded = ?"]
    parameters: list[Parameter] = [value.casefold()]
    by_identifier = "SELECT paper_id FROM identifier WHERE scheme = '{}' AND value = ?"
    if found := _ARXIV.fullmatch(value):
        names.append(by_identifier.format("arxiv"))
        parameters.append(found[1])
    if found := _DOI.fullmatch(value):
        scheme, name = doi_name(found[1])
        names.append(by_identifier.format(scheme))
        parameters.append(name)
    if value.isascii() and value.isdigit() and len(value) < 19:
        names.append("SELECT ?")
        parameters.append(int(value))
    source = f"({' UNION '.join(names)}) named JOIN paper p ON p.id = named.id"
    return _Set("coalesce(p.merged_into, p.id)", source, "1", tuple(parameters))
