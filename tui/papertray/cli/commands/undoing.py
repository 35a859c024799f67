"""Taking back: `undo`, `redo`, `history`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import find_paper

if TYPE_CHECKING:
    from papertray.notebook.journal import Journal, TakenBack
    from papertray.store.journal import BatchLine, OpLine


@click.command()
@click.option("-n", "times", type=click.IntRange(min=1), default=1, metavar="N", help="How many.")
@click.option("--batch", type=int, metavar="ID", help="This one, whatever came after it.")
@pass_invocation
def undo(invocation: Invocation, times: int, batch: int | None) -> None:
    """Take back the last decision.

    The last one of the screen or the command line, or any one of the history.
    """
    journal = invocation.notebook.journal
    if batch is not None:
        if times != 1:
            raise click.UsageError("-n counts from the last decision; it does not go with --batch.")
        with output.telling("Undoing…"):
            taken_back = journal.undo_batch(batch)
        _say(taken_back, "Taken back")
        return
    for _ in range(times):
        with output.telling("Undoing…"):
            undone = journal.undo()
        if undone is None:
            output.say(f"Nothing is left to undo.{_hint_at_add(journal)}")
            return
        _say(undone, "Taken back")


@click.command()
@click.option("-n", "times", type=click.IntRange(min=1), default=1, metavar="N", help="How many.")
@pass_invocation
def redo(invocation: Invocation, times: int) -> None:
    """Do again what was last taken back."""
    journal = invocation.notebook.journal
    for number in range(times):
        with output.telling("Doing it again…"):
            done_again = journal.redo()
        if done_again is None:
            output.say("Nothing is left to redo." if number else "There is nothing to redo.")
            return
        _say(done_again, "Done again")


def _hint_at_add(journal: Journal) -> str:
    """Name the add that came last: `undo` takes back decisions, and adding is none."""
    last = next(
        (
            line
            for line in journal.history(20)
            if line.is_live and line.undoes is None and line.origin not in ("rule", "expire")
        ),
        None,
    )
    if last is None or last.origin != "add":
        return ""
    return f" The last add is taken back by `papertray undo --batch {last.id}`."


def _say(result: TakenBack, did: str) -> None:
    output.write(f"{did}: {result.label}")
    if result.left:
        were = "1 value was" if result.left == 1 else f"{result.left:,} values were"
        output.say(f"{were} changed since and left alone.")


@click.command()
@click.argument("key", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=50, metavar="N", help="At most N.")
@pass_invocation
def history(invocation: Invocation, key: str | None, limit: int) -> None:
    """List what was done, newest first.

    With a KEY, every decision about that paper. The first column is the number that `undo --batch`
    takes.
    """
    notebook = invocation.notebook
    if key is None:
        rows = [_batch_row(line) for line in notebook.journal.history(limit)]
    else:
        ops = notebook.journal.of_paper(find_paper(notebook, key))
        rows = [_op_row(line) for line in ops[:limit]]
    for row in rows:
        output.write_row(row)
    if not rows:
        output.say("Nothing was decided yet.")


def _batch_row(line: BatchLine) -> tuple[str, ...]:
    taken_back = "" if line.is_live else " (taken back)"
    because = f" because {line.reason}" if line.reason else ""
    text = f"{line.label}{because}{taken_back}"
    return f"{line.id:>5}", _local(line.at, line.utc_offset), f"{line.origin.value:<7}", text


def _op_row(line: OpLine) -> tuple[str, ...]:
    from papertray.notebook.journal_words import in_words

    because = f" because {line.reason}" if line.reason else ""
    taken_back = "" if line.is_live else " (taken back)"
    by = "undo" if line.is_undo else line.origin.value
    kind = "note" if line.field == "note" else "paper"
    change = in_words(kind, line.field, line.value, line.before)
    text = f"{change}{because}{taken_back}"
    return f"{line.batch:>5}", _local(line.at, line.utc_offset), f"{by:<7}", text


def _local(at: str, utc_offset: int) -> str:
    """Return an instant as the clock on the wall showed it when it was written."""
    moment = datetime.fromisoformat(at) + timedelta(minutes=utc_offset)
    return moment.strftime("%Y-%m-%d %H:%M")
