"""What the dialogue of `triage --plain` tells of one paper, and does with it."""

from __future__ import annotations

from papertray.cli import output
from papertray.cli.talk import Talk
from papertray.core.clean import clean
from papertray.core.model import Entry
from papertray.notebook.notebook import Notebook


def tell_all(entry: Entry) -> None:
    """Tell what there is of a paper beside its title and authors."""
    work = entry.work
    output.write_text(work.abstract or "It has no abstract.")
    for what, text in (
        ("Venue", work.venue.name or work.venue.short),
        ("Comment", work.comment),
        ("Tags", ", ".join(entry.tags)),
    ):
        if text:
            output.write(f"{what}: {text}")
    for note in entry.notes:
        output.write_text(f"Note: {note.body.strip()}")


def add_note(notebook: Notebook, talk: Talk, entry: Entry) -> None:
    """Ask for a line and add it to the paper's note."""
    text = talk.ask("Note, one line: ")
    if text and text.strip():
        outcome = notebook.notes.append(entry.id, text.strip())
        output.write(f"saved: {outcome.label}")


def change_tags(notebook: Notebook, talk: Talk, entry: Entry) -> None:
    """Ask which tags the paper is to have besides, and which no longer."""
    has = f" It has {', '.join(entry.tags)}." if entry.tags else ""
    text = talk.ask(f"Tags, with commas between; -tag takes one away.{clean(has)} ")
    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    if not words:
        return
    remove = [word[1:] for word in words if word.startswith("-")]
    add = [word for word in words if not word.startswith("-") and word not in entry.tags]
    outcome = notebook.papers.change_tags([entry.id], add=add, remove=remove)
    output.write(outcome.label or "The tags are as they were.")


def print_key(notebook: Notebook, entry: Entry) -> None:
    """Print the citation key, which from now on never changes."""
    output.write(notebook.papers.use_citekey(entry.id))


def open_link(entry: Entry) -> None:
    """Print the paper's link, and open it where there is a desktop."""
    from papertray.cli.commands.opening import link_of
    from papertray.notebook.desktop import start_opening

    address = link_of(entry.work)
    output.write(address or "This paper has no link.")
    if address:
        start_opening(address)
