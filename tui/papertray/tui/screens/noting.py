"""Opening notes: of the paper under the cursor, of today, of what a link leads to; and lists."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.notebook.unsaved import Unsaved, left_behind

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from collections.abc import Callable
    from pathlib import Path

    from textual.worker import Worker

    from papertray.notebook.editor import Draft
    from papertray.store.note_lists import NoteLine
    from papertray.store.writing import Outcome
    from papertray.tui.app import PapertrayApp
    from papertray.tui.screens.note import NoteScreen
    from papertray.tui.screens.triage import TriageScreen


def edit_note(screen: TriageScreen) -> None:
    """Open the note of the paper under the cursor, here or in the user's own editor."""
    paper_id = screen.paper_id
    if paper_id is None:
        screen.say("no paper here")
        return

    def closed(has_saved: bool) -> None:
        if has_saved:
            screen.changed([paper_id], "note saved")

    place = Unsaved("", "", paper_id=paper_id)
    if screen.notebook.settings.text("notes.editor") == "external":
        _edit_outside(screen, place, closed)
    else:
        open_note(screen.papertray, place, closed=closed)


def open_note(
    app: PapertrayApp,
    place: Unsaved,
    *,
    name: str = "",
    closed: Callable[[bool], None] = lambda has_saved: None,
    at_line: int | None = None,
) -> None:
    """Open a note in a screen on top; the arguments are those of `NoteScreen`."""
    # The editor costs some 60 ms to import: not before somebody writes.
    from papertray.tui.screens.note import NoteScreen

    beginning = _beginning(app, place)
    screen = NoteScreen(app, place, name=name, beginning=beginning, closed=closed, at_line=at_line)
    app.push_screen(screen)


def _beginning(app: PapertrayApp, place: Unsaved) -> str:
    """Return what a new note begins with, by the user's template; empty without one."""
    from papertray.notebook.templates import Templates

    templates = Templates(app.notebook.places.config)
    try:
        if place.paper_id is not None and app.notebook.notes.main(place.paper_id) is None:
            entry = app.notebook.papers.entry(place.paper_id)
            return templates.of_note(entry, app.notebook.papers.today)
        if place.uid:
            return templates.of_day(place.title)
    except PapertrayError as error:
        app.warn(str(error))
    return ""


def open_line(
    app: PapertrayApp,
    line: NoteLine,
    closed: Callable[[bool], None] = lambda has_saved: None,
    at_line: int | None = None,
) -> None:
    """Open the note of a line of a list."""
    place = Unsaved("", "", note_id=line.id)
    open_note(app, place, name=line.title, closed=closed, at_line=at_line)


def open_today(screen: TriageScreen) -> None:
    """Open the note of today, which is made once something is written into it."""
    from papertray.notebook.notes import daily_uid

    day = screen.notebook.papers.today
    note = screen.notebook.notes.daily(day)
    place = Unsaved("", "", title=day, uid=daily_uid(day))
    if note is not None:
        place = Unsaved("", "", note_id=note.id)
    open_note(
        screen.papertray, place, name=day,
        closed=lambda has_saved: screen.say("note saved") if has_saved else None,
    )  # fmt: skip


def show_notes(screen: TriageScreen) -> None:
    """List the notes, those of the search if there is one."""
    from papertray.tui.screens.notes import NotesScreen

    screen.app.push_screen(NotesScreen(screen.papertray, screen.found_notes()))


def show_tasks(screen: TriageScreen) -> None:
    """List the open tasks of all notes."""
    from papertray.tui.screens.tasks import TasksScreen

    screen.app.push_screen(TasksScreen(screen.papertray))


# --- links


def follow_link(screen: NoteScreen, name: str) -> None:
    """Open the note of the paper, or the note, that a link names; offer to make one."""
    app = screen.papertray

    async def follow() -> None:
        try:
            paper_id, note_id = await asyncio.to_thread(app.notebook.notes.find_link, name)
        except PapertrayError as error:
            app.warn(str(error))
            return
        if app.screen is not screen:
            return
        if paper_id is not None:
            open_note(app, Unsaved("", "", paper_id=paper_id))
        elif note_id is not None:
            open_note(app, Unsaved("", "", note_id=note_id), name=name)
        else:
            ask_for_title(app, name)

    _: Worker[None] = screen.run_worker(follow, exclusive=True, group="link", exit_on_error=False)


def ask_for_title(
    app: PapertrayApp, title: str = "", closed: Callable[[bool], None] = lambda has_saved: None
) -> None:
    """Ask what a new note is to be called, and open it."""
    from papertray.tui.screens.prompt import Prompt

    def answered(answer: str | None) -> None:
        if answer is not None and answer.strip():
            chosen = " ".join(answer.split())
            open_note(app, Unsaved("", "", title=chosen), name=chosen, closed=closed)

    explanation = f"No paper and no note is called “{title}”." if title else ""
    app.push_screen(Prompt("Title of the new note", title, clean(explanation)), answered)


# --- outside


def _edit_outside(screen: TriageScreen, place: Unsaved, closed: Callable[[bool], None]) -> None:
    """Have the user's own editor write the note; what cannot be saved stays in its file."""
    from papertray.tui.outside import edit_outside
    from papertray.tui.screens.note_saving import stored_note

    app = screen.papertray
    note = stored_note(app, place)
    before = note.body if note else ""
    text = before or _beginning(app, place)
    draft = edit_outside(app, text)
    if draft is None:
        return
    if draft.text == text:
        draft.discard()
        return
    unsaved = Unsaved(draft.text, before, place.paper_id, place.note_id)
    app.writer.write(
        lambda: unsaved.save(app.notebook.notes)[1],
        partial(_was_saved, app, draft, closed),
        lambda error: app.warn(f"{error} What you wrote is in {draft.path}"),
    )


def _was_saved(
    app: PapertrayApp, draft: Draft, closed: Callable[[bool], None], outcome: Outcome
) -> None:
    draft.discard()
    app.follow_index()
    closed(bool(outcome.changed))


def recover_notes(app: PapertrayApp) -> None:
    """Save what a papertray that was killed left unsaved."""
    for file, unsaved in left_behind(app.notebook.places):
        app.writer.write(
            partial(unsaved.save, app.notebook.notes),
            partial(_was_recovered, app, file),
            partial(_was_not_recovered, app),
        )


def _was_recovered(app: PapertrayApp, file: Path, saved: tuple[int | None, Outcome]) -> None:
    file.unlink(missing_ok=True)
    outcome = saved[1]
    if outcome.changed:
        app.follow_index()
        app.warn(f"What you had typed when papertray ended is saved: {outcome.label}.")


def _was_not_recovered(app: PapertrayApp, error: PapertrayError) -> None:
    app.warn(f"What you had typed when papertray ended is not saved yet: {error}")
