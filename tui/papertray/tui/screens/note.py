"""The note editor. While it is open the keys of the papers are dead."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from papertray.core.clean import clean, clean_text
from papertray.core.errors import PapertrayError
from papertray.store.writing import Outcome
from papertray.tui.dispatch import Dispatcher
from papertray.tui.keys import footer
from papertray.tui.widgets.editor import Editor
from papertray.tui.widgets.line import Line

if TYPE_CHECKING:
    from rich.markdown import Markdown

    from papertray.tui.app import PapertrayApp

SAVE_AFTER = 1.0
"""Seconds after the last letter before the text is saved by itself."""

SAVE_AT_LEAST_EVERY = 3.0
"""Seconds after which it is saved also while the typing goes on."""


class NoteScreen(Screen[bool]):
    """Edits the main note of a paper, or another note. Dismissed with whether anything was saved.

    Esc ends editing and shows the note; from there `i` edits again, Esc or `q` goes back. The text
    is saved on every pause, on Esc, and when the terminal goes away. All that is saved in one
    sitting is one batch, so one undo takes it back.
    """

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    NoteScreen {
        layout: vertical;
        & #title { text-style: bold; }
        & TextArea, & TextArea:focus { height: 1fr; border: none; padding: 0 1; }
        & #shown { height: 1fr; display: none; padding: 0 1; }
        &.ended TextArea { display: none; }
        &.ended #shown { display: block; }
    }
    """

    def __init__(
        self, app_: PapertrayApp, *, title: str, paper_id: int | None, note_id: int | None = None
    ) -> None:
        """Edit the note `note_id`, or, when that is None, the main note of the paper."""
        super().__init__()
        self.papertray = app_
        self._heading = clean(title)
        self._paper_id = paper_id
        self._note_id = note_id
        self._keys = Dispatcher(app_.key_map.chords(in_note=True))
        self._batch: int | None = None
        self._unsaved_since: float | None = None
        self._saved_text = ""  # what was given to the writer
        self._base = ""  # what is on disk as far as the writer's thread knows
        self._text_on_disk = ""  # what the writer acknowledged
        self._has_saved = False

    def compose(self) -> ComposeResult:
        """Lay out title, editor and status."""
        yield Line(id="title")
        yield Editor(soft_wrap=True, show_line_numbers=False, id="editor")
        with VerticalScroll(id="shown"):
            yield Static(id="text", markup=False)
        yield Line(id="state")
        yield Line(id="hints")

    def on_mount(self) -> None:
        """Show the note as it is and begin to edit at its end."""
        self._editor = self.query_one("#editor", TextArea)
        # Off while the text is put in, on for the user's own changes only.
        with self._editor.prevent(TextArea.Changed):
            self._base = self._saved_text = self._text_on_disk = self._stored()
            self._editor.text = self._saved_text
        self._editor.move_cursor(self._editor.document.end)
        self._timer: Timer | None = None
        self.query_one("#title", Line).show(f" Note  {self._heading}")
        self._show_state()
        self._editor.focus()

    def _stored(self) -> str:
        notes = self.papertray.notebook.notes
        if self._note_id is not None:
            note = notes.find(self._note_id)
        else:
            note = notes.main(self._paper_id) if self._paper_id is not None else None
        return note.body if note else ""

    @property
    def is_editing(self) -> bool:
        """False once Esc ended editing."""
        return not self.has_class("ended")

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Run a key of the note's own table; all other keys of the papers are dead here."""
        if self.app.screen is not self:
            return
        names = [event.key] + ([event.character] if event.character else [])
        if self.is_editing:
            # What types a letter or moves the cursor never gets here: the editor has it.
            action = self._keys.feed(event.key)
            if event.is_printable and event.character:
                # Typed before the editor had the keys: after that it takes letters itself.
                self._editor.insert(event.character)
            if action in ("note.edit", "note.back"):
                return
        else:
            action = self._keys.feed(*names)
        event.stop()
        event.prevent_default()
        if action == "note.finish":
            self.finish() if self.is_editing else self.back()
        elif action == "note.edit":
            self._edit()
        elif action == "note.back":
            self.back()
        elif action == "note.save":
            self.save()
        elif action == "note.external":
            self._edit_elsewhere()
        elif action == "note.quit":
            self.flush()
            self.papertray.leave()

    def finish(self) -> None:
        """End editing: save, and show the note."""
        self.save()
        self.add_class("ended")
        self.query_one("#text", Static).update(rendered(self._editor.text))
        self.query_one("#shown", VerticalScroll).focus()
        self._show_state()

    def _edit(self) -> None:
        self.remove_class("ended")
        self._editor.focus()
        self._show_state()

    def back(self) -> None:
        """Save and go back to the papers."""
        self.save()
        self.dismiss(self._has_saved)

    # --- saving

    @on(TextArea.Changed)
    def _typed(self) -> None:
        now = monotonic()
        if self._unsaved_since is None:
            self._unsaved_since = now
        self._stop_timer()
        if now - self._unsaved_since > SAVE_AT_LEAST_EVERY:
            self.save()  # who types without a pause wants it kept as well
        else:
            self._timer = self.set_timer(SAVE_AFTER, self.save)
        self._show_state()

    def save(self) -> None:
        """Queue the text for saving, if it changed."""
        self._stop_timer()
        self._unsaved_since = None
        text = self._editor.text
        if text.rstrip("\n") == self._saved_text.rstrip("\n"):
            return
        self._saved_text = text
        self.papertray.writer.write(
            lambda: self._write(text), lambda outcome: self._was_saved(outcome, text), self._refused
        )

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def flush(self) -> None:
        """Save what stands there and wait until it is on disk: the terminal is going away."""
        self.save()
        self.papertray.writer.flush()

    def _write(self, text: str) -> Outcome:
        """Save, in the writer's thread."""
        notes = self.papertray.notebook.notes
        base, continues = self._base, self._batch
        if self._note_id is not None:
            outcome = notes.save(self._note_id, text, continues=continues, base=base)
        else:
            assert self._paper_id is not None
            outcome = notes.save_main(self._paper_id, text, continues=continues, base=base)
        self._batch = outcome.batch or self._batch
        self._base = self._stored()
        return outcome

    def _was_saved(self, outcome: Outcome, text: str) -> None:
        self._text_on_disk = text
        self._has_saved = self._has_saved or bool(outcome.changed)
        kept, written = self._base.rstrip(), text.rstrip()
        if len(kept) > len(written) and kept.startswith(written) and self.is_attached:
            # Somebody else wrote meanwhile: both texts are on disk, so show both.
            self._editor.insert(kept[len(written) :], self._editor.document.end)
            self.papertray.warn("This note was changed elsewhere; both texts are in it now.")
        self.papertray.follow_index()
        if self.is_attached:
            self._show_state()

    def _refused(self, error: PapertrayError) -> None:
        self._saved_text = self._text_on_disk  # the next pause tries again
        self.papertray.warn(f"The note is not saved: {error}")

    def _show_state(self) -> None:
        words = len(self._editor.text.split())
        row, column = self._editor.cursor_location
        # Acknowledged means on disk, not on its way there.
        state = "saved" if self._editor.text == self._text_on_disk else "editing"
        if not self._editor.text and not self._text_on_disk:
            state = "nothing written yet"
        self.query_one("#state", Line).show(
            f" {state}", f"line {row + 1}, column {column + 1}, {words} words "
        )
        dead = ("note.edit", "note.back") if self.is_editing else ("note.save", "note.external")
        line = footer(self.papertray.key_map, self.size.width, without=dead, in_note=True)
        self.query_one("#hints", Line).show(line)

    # --- another editor

    def _edit_elsewhere(self) -> None:
        """Give the text to $VISUAL or $EDITOR and take back what comes."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self.papertray.warn("Set $EDITOR to the editor you want to use here.")
            return
        with tempfile.TemporaryDirectory(prefix="papertray-") as folder:
            file = Path(folder) / "note.md"
            file.write_text(self._editor.text, encoding="utf-8")
            problem = ""
            try:
                with self.app.suspend():
                    # Caught in here: an exception would leave the terminal suspended.
                    try:
                        subprocess.run([*shlex.split(editor), str(file)], check=False)
                    except (OSError, ValueError) as error:
                        problem = f"The editor {editor} could not be started: {error}"
            except SuspendNotSupported:
                problem = "This terminal cannot be handed to another editor."
            if problem:
                self.papertray.warn(problem)
                return
            text = file.read_text(encoding="utf-8", errors="replace")
        if text != self._editor.text:
            self._editor.text = text
            self.save()


def rendered(text: str) -> Markdown:
    """Return a note as something to draw: Markdown without HTML and without live links."""
    from markdown_it import MarkdownIt
    from rich.markdown import Markdown

    markdown = Markdown("", hyperlinks=False)
    # Rich reads raw HTML and drops it; a note may well hold a <SEG>.
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.parsed = parser.parse(clean_text(text))
    return markdown
