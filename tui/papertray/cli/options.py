"""Arguments and options that several commands share, and what they mean: KEYs and QUERYs."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from papertray.cli import output
from papertray.core.errors import UnknownPaper, UsageError
from papertray.core.model import Pile

if TYPE_CHECKING:
    from papertray.core.query import Query
    from papertray.notebook.notebook import Notebook
    from papertray.store.search import Hits, Search

ALL_PILES = "all"
PILES = tuple(pile.value for pile in Pile)

MOST_FOLLOWED = 30_000
"""Changes that a command has the index follow before it answers: some three seconds."""

# A word, a number or a field with its value, but no path and no option with two dashes.
_UNWANTED_WORD = re.compile(r"-[^\W_][^/.=]*", re.DOTALL)

_Command = TypeVar("_Command", bound=Callable[..., Any])


class QueryCommand(click.Command):
    """A command with a QUERY: an unknown option may be a word that the user does not want."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse `args`; the error for an unknown option says how to exclude a word."""
        before_dashes = args[: args.index("--")] if "--" in args else args
        for word in before_dashes:
            # Also -overfitting is no `-o verfitting`: that would write a file of this name.
            if _UNWANTED_WORD.fullmatch(word) and word not in self._short_options():
                raise click.UsageError(
                    f"There is no option {word}; to leave out what holds {word[1:]}, write "
                    f"not:{word[1:]}, or put {word} after --.",
                    ctx,
                )
        return super().parse_args(ctx, args)

    def _short_options(self) -> set[str]:
        return {"-h", *(option for parameter in self.params for option in parameter.opts)}


def query_argument(command: _Command) -> _Command:
    """Add ``[QUERY]…`` with the options that always come with it: ``--pile`` and ``--tag``."""
    command = click.argument("query", nargs=-1)(command)
    command = click.option("--tag", "tags", multiple=True, metavar="T", help="Only with this tag.")(
        command
    )
    return click.option(
        "--pile", type=click.Choice([*PILES, ALL_PILES]), help="Only in this pile, or in all."
    )(command)


def format_option(command: _Command) -> _Command:
    """Add ``--format`` to a command that lists something: a table or JSON."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(["table", "json"]),
        default="table",
        help="How to print them.",
    )(command)


def parse_query(
    words: Sequence[str],
    pile: str | None,
    tags: Iterable[str],
    default: Sequence[Pile] = (),
) -> Query:
    """Return the query that the user means. Raises `QueryError`.

    `default` are the piles that count where neither the options nor the words name one.
    """
    from papertray.core.query import Value, ValueField, all_of, within
    from papertray.core.query_parser import parse

    query = parse(" ".join(words), typing=False)
    parts = [query, *(Value(ValueField.TAG, presentable(tag)) for tag in tags)]
    if pile is not None and pile != ALL_PILES:
        parts.append(Value(ValueField.PILE, pile))
    wanted = all_of(parts)
    return within(wanted, default) if pile is None and default else wanted


def find(
    notebook: Notebook, query: Query, *, limit: int | None = None, sort: str | None = None
) -> Hits:
    """Find papers and notes; the index follows first where the query needs it and that is soon.

    What the user should know about the answer goes to stderr. Raises `QueryError`, `TrayError`.
    """
    from papertray.core.query import is_condition
    from papertray.store.search_order import parse_sort

    order = None if sort is None else parse_sort(sort)
    query = notebook.search.resolved(query)
    is_current = is_condition(query) or _follow_index(notebook.search, wants_all=limit is None)
    hits = notebook.search.find(query, limit=limit, sort=order)
    if hits.notice:
        hint = "" if is_current else " `papertray reindex` builds it; so does the open screen."
        output.say(hits.notice + hint)
    return hits


def _follow_index(search: Search, *, wants_all: bool) -> bool:
    """Bring the index up to date, unless the answer is there sooner without; then return False.

    The database answers in less time than building takes. But an index that is far behind misses
    hits, and who wants all of them has to wait for it.
    """
    if search.behind() > MOST_FOLLOWED and not (wants_all and search.is_ready):
        return False
    with output.Progress("Building the search index:", "papers and notes") as progress:
        search.follow(progress)
    if search.problem:
        output.say(search.problem)
    return True


def keys_argument(command: _Command) -> _Command:
    """Add ``KEY…``; `-` reads KEYs from standard input."""
    return click.argument("keys", nargs=-1, required=True, metavar="KEY...")(command)


@dataclass(frozen=True, slots=True)
class Named:
    """The papers that KEYs name, each once, and how many KEYs named none."""

    ids: tuple[int, ...]
    unknown: int

    @property
    def exit_code(self) -> int:
        """The exit code as far as KEYs decide it: 2 when not one of them named a paper."""
        if not self.unknown:
            return 0
        return 1 if self.ids else 2


def find_paper(notebook: Notebook, key: str) -> int:
    """Return the id of the paper that one KEY names. Raises `UnknownPaper`."""
    return notebook.papers.find(presentable(key))


def find_papers(notebook: Notebook, keys: Iterable[str]) -> Named:
    """Find the papers that KEYs name; each that names none is told on stderr."""
    found: dict[int, None] = {}
    unknown = 0
    for key in _expanded(keys):
        try:
            found[notebook.papers.find(key)] = None
        except UnknownPaper as error:
            unknown += 1
            output.say(str(error))
    return Named(tuple(found), unknown)


def _expanded(keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        if key == "-":
            for line in sys.stdin:
                yield from line.split()
        else:
            yield presentable(key)


def presentable(text: str) -> str:
    """Return an argument as text that can be stored: bytes that were no UTF-8 become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def checked_tag(text: str) -> str:
    """Return a tag as the user typed it. Raises `UsageError` for one that is none."""
    tag = presentable(text).strip()
    if not tag or not tag.isprintable():
        raise UsageError("A tag is a text of one line that is not empty.")
    return tag
