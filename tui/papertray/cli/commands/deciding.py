"""Deciding about papers: `move`, `done`, `tag`, `tags`, `remove`. One batch each."""

from __future__ import annotations

from collections.abc import Sequence

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import (
    PILES,
    Named,
    checked_tag,
    find,
    find_papers,
    keys_argument,
    parse_query,
    presentable,
)
from papertray.core.errors import UsageError
from papertray.core.model import Pile


@click.command()
@click.argument("pile", type=click.Choice(PILES))
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--query", metavar="Q", help="Move what this finds.")
@click.option("--because", default="", metavar="TEXT", help="The reason, kept in the history.")
@pass_invocation
def move(
    invocation: Invocation, pile: str, keys: tuple[str, ...], query: str | None, because: str
) -> int:
    """Move papers to a pile.

    Either those that KEYs name, or all that a query finds.
    """
    if bool(keys) == (query is not None):
        raise click.UsageError("Name the papers either by KEYs or by --query.")
    notebook = invocation.notebook
    if query is None:
        named = find_papers(notebook, keys)
    else:
        if not query.strip():
            raise click.UsageError("The query is empty; that would move every paper.")
        hits = find(notebook, parse_query([presentable(query)], None, ()))
        named = Named(tuple(hits.ids), 0)
    changed = 0
    if named.ids:
        reason = presentable(because)
        changed = notebook.papers.move(named.ids, Pile(pile), reason=reason).changed
    return _report(named, changed, f"moved to {pile}")


@click.command()
@keys_argument
@click.option("--clear", is_flag=True, help="Not done after all.")
@pass_invocation
def done(invocation: Invocation, keys: tuple[str, ...], clear: bool) -> int:
    """Mark papers as done today. A paper in the inbox moves to the pile read."""
    papers = invocation.notebook.papers
    named = find_papers(invocation.notebook, keys)
    changed = papers.set_done(named.ids, done=not clear).changed if named.ids else 0
    return _report(named, changed, "not done any more" if clear else "done")


@click.command()
@keys_argument
@click.option("--add", "added", multiple=True, metavar="T", help="Give this tag.")
@click.option("--remove", "removed", multiple=True, metavar="T", help="Take this tag away.")
@pass_invocation
def tag(
    invocation: Invocation, keys: tuple[str, ...], added: tuple[str, ...], removed: tuple[str, ...]
) -> int:
    """Give papers tags and take tags from them."""
    if not (added or removed):
        raise click.UsageError("Say which tag to --add or to --remove.")
    add, remove = list(map(checked_tag, added)), list(map(presentable, removed))
    named = find_papers(invocation.notebook, keys)
    changed = 0
    if named.ids:
        papers = invocation.notebook.papers
        changed = papers.change_tags(named.ids, add=add, remove=remove).changed
    return _report(named, changed, "changed")


@click.group(invoke_without_command=True)
@click.pass_context
def tags(ctx: click.Context) -> None:
    """List all tags with their numbers of papers."""
    if ctx.invoked_subcommand is not None:
        return
    invocation = ctx.find_object(Invocation)
    assert invocation is not None
    for name, number in invocation.notebook.papers.tags():
        output.write_row([f"{number:>6}", name])


@tags.command()
@click.argument("old")
@click.argument("new")
@pass_invocation
def rename(invocation: Invocation, old: str, new: str) -> None:
    """Call a tag by another name, on every paper that has it."""
    papers = invocation.notebook.papers
    old, new = presentable(old), checked_tag(new)
    if old not in dict(papers.tags()):
        raise UsageError(f"There is no tag {old}; `papertray tags` lists them.")
    changed = 0 if old == new else papers.rename_tag(old, new).changed
    output.write(f"{output.counted(changed, 'paper')} changed")


@click.command()
@keys_argument
@pass_invocation
def remove(invocation: Invocation, keys: tuple[str, ...]) -> int:
    """Take papers out of the tray. Nothing is erased; undo brings them back."""
    named = find_papers(invocation.notebook, keys)
    changed = invocation.notebook.papers.remove(named.ids).changed if named.ids else 0
    return _report(named, changed, "removed")


def _report(named: Named, changed: int, did: str) -> int:
    """Say how many papers changed, and return the exit code."""
    if named.ids or not named.unknown:
        output.write(f"{output.counted(changed, 'paper')} {did}")
    same = _same(named.ids, changed)
    if same:
        output.say(same)
    return named.exit_code


def _same(ids: Sequence[int], changed: int) -> str:
    rest = len(ids) - changed
    return f"{output.counted(rest, 'paper')} unchanged." if rest > 0 else ""
