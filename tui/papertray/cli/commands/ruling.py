"""Rules for what arrives: `feeds rule add`, `list`, `remove` and `try`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.formats import json_text
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import (
    PILES,
    QueryCommand,
    checked_tag,
    find,
    format_option,
    parse_query,
    presentable,
)
from papertray.core.model import Json, Pile

if TYPE_CHECKING:
    from papertray.notebook.notebook import Notebook
    from papertray.notebook.rules import Action, Rule, Use


@click.group()
def rule() -> None:
    """Rules: queries that mute, tag or move what arrives in the inbox."""


@rule.command("add", cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option("--tag", metavar="T", help="Give this tag.")
@click.option("--pile", type=click.Choice([p for p in PILES if p != "inbox"]), help="Move to it.")
@click.option("--mute", is_flag=True, help="Move to skip.")
@click.option("--waiting", is_flag=True, help="Also apply it to what waits in the inbox now.")
@click.option("--dry-run", is_flag=True, help="Count only; keep nothing.")
@pass_invocation
def add_rule(
    invocation: Invocation,
    query: tuple[str, ...],
    tag: str | None,
    pile: str | None,
    mute: bool,
    waiting: bool,
    dry_run: bool,
) -> None:
    """Make a rule for what a QUERY finds.

    For example: papertray feeds rule add 'title:survey -tag:mine' --tag survey

    It looks at papers that arrive in the inbox from then on. Prints how many waiting papers (in the
    inbox, not snoozed) and past ones (all others) it would touch. A paper that you decided about is
    never moved.
    """
    notebook, text = invocation.notebook, presentable(" ".join(query).strip())
    action = _action(tag, pile, mute=mute)
    touched = _touched(notebook, text)
    output.write(touched.line)
    if touched.is_all:
        output.say(f"That is every paper in the tray: is {text} what you mean?")
    if dry_run:
        output.say("Nothing was kept: this was a dry run.")
        return
    made = notebook.rules.add(text, action)
    if made is None:
        output.say("Nothing was changed: there is this rule already.")
        made = next(r for r in notebook.rules.all() if (r.query, r.action) == (text, action))
    else:
        output.say(f"Rule {made.id}: {_said(made)}, from now on. Undo: papertray undo")
    if waiting:
        _apply(notebook, made, touched.waiting)


@rule.command("list")
@format_option
@pass_invocation
def list_rules(invocation: Invocation, format_name: str) -> None:
    """List the rules in the order in which they are applied.

    The first column is the number that `remove` and `try` take; then what it does, its query, how
    many papers it touched how often, and on which day last.
    """
    rules = invocation.notebook.rules
    found, uses = rules.all(), rules.uses()
    if format_name == "json":
        click.echo(json_text([_as_json(one, uses.get(one.id)) for one in found]))
        return
    for one in found:
        output.write_row((f"{one.id:>3}", one.action.name, one.query, _used(uses.get(one.id))))
    if not found:
        output.say("There is no rule; `papertray feeds rule add QUERY --mute` makes one.")


@rule.command("remove")
@click.argument("number", type=int)
@pass_invocation
def remove_rule(invocation: Invocation, number: int) -> None:
    """Remove a rule. What it did stays; `history` names the batches that did it."""
    rules = invocation.notebook.rules
    removed = rules.find(number)
    rules.remove(number)
    output.say(f"Removed rule {number}: {_said(removed)}. Undo: papertray undo")


@rule.command("try")
@click.argument("number", type=int)
@click.option("--waiting", is_flag=True, help="Apply it to what waits in the inbox now.")
@pass_invocation
def try_rule(invocation: Invocation, number: int, waiting: bool) -> None:
    """Say how many waiting and past papers a rule would touch."""
    notebook = invocation.notebook
    tried = notebook.rules.find(number)
    touched = _touched(notebook, tried.query)
    output.write(touched.line)
    if waiting:
        _apply(notebook, tried, touched.waiting)


def _action(tag: str | None, pile: str | None, *, mute: bool) -> Action:
    from papertray.notebook.rules import Action

    if (tag is not None) + (pile is not None) + mute != 1:
        raise click.UsageError("Say what the rule does: one of --tag, --pile and --mute.")
    if tag is not None:
        return Action(tag=checked_tag(tag))
    return Action(pile=Pile(pile) if pile else Pile.SKIP)


@dataclass(frozen=True, slots=True)
class _Touched:
    """What a rule would touch: papers that wait in the inbox, and how many others."""

    waiting: list[int]
    past: int
    is_all: bool

    @property
    def line(self) -> str:
        return f"{len(self.waiting):,} waiting, {self.past:,} past"


def _touched(notebook: Notebook, text: str) -> _Touched:
    """Return what a query finds that is to be a rule's. Raises `QueryError`.

    One for everything is refused, as the slip that it is: `add --tag` and `--pile` decide about all
    that an add brings, and who means it can write a query such as ``year:..9999``.
    """
    from papertray.core.query import Everything, all_of, negation
    from papertray.core.query_parser import parse

    query = parse_query([text], None, ())
    if isinstance(query, Everything):
        raise click.UsageError("The query is empty; the rule would be for every paper.")
    found = find(notebook, query)
    # Snoozing is a decision too: what is to come back is not moved away meanwhile.
    waits = all_of([parse("pile:inbox", typing=False), negation(parse("is:snoozed", typing=False))])
    waiting = list(find(notebook, all_of([query, waits])).ids)
    others = len(find(notebook, negation(query), limit=1).ids)
    return _Touched(waiting, len(found.ids) - len(waiting), bool(found.ids) and not others)


def _apply(notebook: Notebook, applied: Rule, waiting: list[int]) -> None:
    outcome = notebook.rules.apply_to(applied, waiting)
    if outcome.batch is None:
        output.say("Nothing that waits was changed.")
    else:
        output.say(f"{outcome.label}. Undo: papertray undo --batch {outcome.batch}")


def _said(one: Rule) -> str:
    return one.action.done_to(f"what {one.query} finds")


def _used(use: Use | None) -> str:
    if use is None:
        return "not used yet"
    times = "once" if use.times == 1 else f"{use.times:,} times"
    return f"{output.counted(use.papers, 'paper')}, {times}, last {use.last}"


def _as_json(one: Rule, use: Use | None) -> Json:
    pile = one.action.pile
    return {
        "number": one.id,
        "query": one.query,
        "pile": None if pile is None else pile.value,
        "tag": one.action.tag or None,
        "times": use.times if use else 0,
        "papers": use.papers if use else 0,
        "last": use.last if use else None,
    }
