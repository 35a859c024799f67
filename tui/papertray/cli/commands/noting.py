"""Notes: `note` and `notes`."""

from __future__ import annotations

import sys

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import (
    QueryCommand,
    find,
    find_paper,
    parse_query,
    presentable,
    query_argument,
)
from papertray.core.errors import PapertrayError, UsageError
from papertray.core.model import Note
from papertray.notebook.editor import edit_text
from papertray.notebook.notes import Notes
from papertray.store.writing import Outcome


@click.command()
@click.argument("key")
@click.argument("text", required=False)
@click.option("--replace", is_flag=True, help="The text replaces the note.")
@click.option("--edit", "in_editor", is_flag=True, help="Write in $VISUAL or $EDITOR.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Take the text from standard input.")
@click.option("--new", "title", metavar="TITLE", help="Make another note on the paper.")
@pass_invocation
def note(
    invocation: Invocation,
    key: str,
    text: str | None,
    replace: bool,
    in_editor: bool,
    from_stdin: bool,
    title: str | None,
) -> None:
    """Add a paragraph to the note on a paper.

    Without TEXT, write it in the editor. Notes are Markdown. Every revision is kept, and undo goes
    back to the one before.
    """
    if (text is not None) + from_stdin + in_editor > 1:
        raise click.UsageError("The text comes from TEXT, from --stdin or from --edit.")
    if replace and title is not None:
        raise click.UsageError("--new makes another note; there is nothing to --replace.")
    notes = invocation.notebook.notes
    paper_id = find_paper(invocation.notebook, key)
    if text is None and not from_stdin:
        _edit(invocation, notes, paper_id, title)
        return
    body = presentable(sys.stdin.read() if text is None else text)
    if not body.strip() and not (replace and title is None):
        raise UsageError("The text is empty; nothing was written.")
    _say(_save(notes, paper_id, title, body, replace=replace))


def _save(notes: Notes, paper_id: int, title: str | None, body: str, *, replace: bool) -> Outcome:
    if title is not None:
        return notes.new(paper_id, presentable(title), body)[1]
    return notes.save_main(paper_id, body) if replace else notes.append(paper_id, body)


def _edit(invocation: Invocation, notes: Notes, paper_id: int, title: str | None) -> None:
    present = notes.main(paper_id) if title is None else None
    before = present.body if present else ""
    draft = edit_text(before, ".md", invocation.environment)
    if draft.text == before or not (draft.text.strip() or before):
        output.say("Nothing was changed.")
    else:
        try:
            if title is None:
                outcome = notes.save_main(paper_id, draft.text, base=before)
            else:
                outcome = notes.new(paper_id, presentable(title), draft.text)[1]
        except PapertrayError as error:
            raise UsageError(f"{error} What you wrote is in {draft.path}") from error
        _say(outcome)
    draft.discard()


def _say(outcome: Outcome) -> None:
    output.say(f"Saved: {outcome.label}." if outcome.batch else "Nothing was changed.")


@click.command(cls=QueryCommand)
@query_argument
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N notes.")
@pass_invocation
def notes(
    invocation: Invocation,
    query: tuple[str, ...],
    pile: str | None,
    tags: tuple[str, ...],
    limit: int | None,
) -> None:
    """List notes, or those that a QUERY finds.

    The last changed come first, or the most relevant.
    """
    notebook = invocation.notebook
    wanted = parse_query(query, pile, tags) if query or pile or tags else None
    if wanted is not None:
        wanted = notebook.search.resolved(wanted)
        found = notebook.notes.by_id(find(notebook, wanted).notes[:limit])
    else:
        found = notebook.notes.recent(limit)
    for one in found:
        output.write_row(_row(invocation, one))
        if wanted is not None and output.is_terminal():
            from papertray.cli.matches import beneath_note

            if line := beneath_note(one, wanted):
                sys.stdout.write(line + "\n")
    if not found:
        output.say("No notes found.")


def _row(invocation: Invocation, note: Note) -> tuple[str, str, str]:
    name = ""
    if note.paper_id is not None:
        name = invocation.notebook.papers.entry(note.paper_id).citekey or str(note.paper_id)
    text = f"{note.title}: {note.body}" if note.title else note.body
    return note.updated[:10], name, text
