"""The note screen: an editor, and the note as it is read. The keys of the papers are dead here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import TextArea

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.notebook.unsaved import Unsaved
from papertray.tui.dispatch import Dispatcher, Press
from papertray.tui.key_table import Scope
from papertray.tui.keys import footer
from papertray.tui.note_reading import summary, when
from papertray.tui.preview import paragraphs
from papertray.tui.screens.link_completion import LinkCompletion
from papertray.tui.screens.note_reader import NoteReader
from papertray.tui.screens.note_saving import Sitting
from papertray.tui.screens.opened import is_open
from papertray.tui.typing_ahead import was_handed_on
from papertray.tui.widgets.editor import Editor, load_grammar
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.link_offer import LinkOffer
from papertray.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.core.model import Entry
    from papertray.tui.app import PapertrayApp

WIDE = 160
"""Columns from which on the abstract stands beside the note by itself."""

_WHILE_EDITING = frozenset(
    {
        "note.finish", "note.save", "note.external", "note.cancel", "note.quit", "note.revisions",
        "note.abstract",
    }
)  # fmt: skip
"""Actions that are alive while the editor has the keys; the others are letters there."""


class NoteScreen(Screen[None]):
    """Edits the main note of a paper, another note, or a new one.

    Esc ends editing and shows the note; from there `i` edits again, Esc or `q` goes back. The text
    is saved on every pause, on Esc, and when the terminal goes away.
    """

    inherit_bindings = False
    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = None  # coming back to a note that is read must not give the editor the keys
    DEFAULT_CSS = """
    NoteScreen {
        layout: vertical;
        layers: base above;
        & #head { text-style: bold; }
        & #title { display: none; }
        &.titled #title { display: block; }
        & .rule, & #hints { color: $text-muted; }
        & #middle { height: 1fr; layout: vertical; }
        & #middle > * { width: 1fr; height: 1fr; }
        & Editor, & Editor:focus { border: none; padding: 0 1; }
        & #shown { display: none; }
        &.ended Editor { display: none; }
        &.ended #shown { display: block; }
        & #abstract { display: none; }
        &.abstract #abstract { display: block; }
        &.wide #middle { layout: horizontal; }
        &.wide #abstract { border-right: solid $panel; }
    }
    """

    def __init__(
        self,
        app_: PapertrayApp,
        place: Unsaved,
        *,
        name: str = "",
        beginning: str = "",
        closed: Callable[[bool], None] = lambda has_saved: None,
        at_line: int | None = None,
    ) -> None:
        """`place` names the note; `name` is what it goes by, empty: by its paper.

        `beginning` is the text of a note that is new. `closed` is called with whether anything was
        saved, once the screen is gone and that is on disk. `at_line`, from 0, is where the cursor
        is put.
        """
        super().__init__()
        self.papertray = app_
        self._place = place
        self._entry = self._find_entry()
        self._known_as = name
        self._beginning = beginning
        self._when_closed = closed
        self._at_line = at_line
        self._keys = Dispatcher(app_.key_map.chords(Scope.NOTE), with_counts=True)
        self._message = ""
        self._wants_abstract: bool | None = None
        self._actions: dict[str, Callable[[Press], object]] = {
            "note.finish": lambda press: self.finish() if self.is_editing else self.back(),
            "note.edit": lambda press: self._edit(),
            "note.back": lambda press: self.back(),
            "note.save": lambda press: self.save(),
            "note.external": lambda press: self._edit_elsewhere(),
            "note.cancel": lambda press: self.say(self.papertray.cancel()),
            "note.quit": lambda press: self.papertray.leave(),
            "note.revisions": lambda press: self._show_revisions(),
            "note.abstract": lambda press: self._turn_abstract(),
        }

    def _find_entry(self) -> Entry | None:
        """The paper that the note is on."""
        paper_id = self._place.paper_id
        if paper_id is None and self._place.note_id is not None:
            note = self.papertray.notebook.notes.find(self._place.note_id)
            paper_id = note.paper_id if note else None
        return None if paper_id is None else self.papertray.notebook.papers.entry(paper_id)

    def compose(self) -> ComposeResult:
        """Lay out heading, abstract, editor and status."""
        yield Line(id="head")
        yield Line(id="title")
        rule = Line(id="rule", fill="─")
        rule.add_class("rule")
        yield rule
        with Horizontal(id="middle"):
            yield Pane(id="abstract")
            yield Editor(soft_wrap=True, show_line_numbers=False, id="editor")
            yield Pane(id="shown")
        yield Line(id="state")
        yield Line(id="hints")
        yield LinkOffer()

    def on_mount(self) -> None:
        """Show the note as it is and begin to edit at its end."""
        self._editor = self.query_one("#editor", Editor)
        self._offer = self.query_one(LinkOffer)
        self._completion = LinkCompletion(self, self._editor, self._offer)
        self._reader = NoteReader(self, self.query_one("#shown", Pane))
        self._actions |= self._reader.actions()
        self._sitting = Sitting(
            self.papertray, self._place, beginning=self._beginning,
            show=self._show_if_here, take_in=self._take_in,
        )  # fmt: skip
        # Off while the text is put in, on for the user's own changes only.
        with self._editor.prevent(TextArea.Changed):
            self._editor.text = self._sitting.text
        self._sitting.begin(self._editor.text)
        at = self._editor.document.end if self._at_line is None else (self._at_line, 0)
        self._editor.move_cursor(at)
        self._editor.before_key = self._take
        if self._entry is not None:
            entry = replace(self._entry, notes=())
            self.query_one("#abstract", Pane).show(paragraphs(entry))
        self._lay_out()
        self._show_state()
        self._editor.focus()
        self._sitting.refresh()  # it may have been left a moment ago
        _: Worker[None] = self.run_worker(self._load, exit_on_error=False)

    async def _load(self) -> None:
        """Fetch what need not be there at once."""
        if await asyncio.to_thread(load_grammar) and is_open(self):
            self._editor.highlight()
        await self._load_backlinks()

    async def _load_backlinks(self) -> None:
        notes = self.papertray.notebook.notes
        place, note_id = self._place, self._sitting.note_id
        if place.paper_id is not None:
            found = await asyncio.to_thread(notes.backlinks, paper_id=place.paper_id)
        elif note_id is not None:
            found = await asyncio.to_thread(notes.backlinks, note_id=note_id)
        else:
            return
        self._reader.backlinks = found
        self._show_if_here()

    def on_resize(self) -> None:
        """Choose the layout: the abstract beside the note where there is room."""
        self._lay_out()
        self._show_state()

    def on_screen_resume(self) -> None:
        """Show what other screens did to the note."""
        if hasattr(self, "_sitting"):
            self._sitting.refresh()
            self._show_state()

    def _lay_out(self) -> None:
        is_wide = self.size.width >= WIDE
        wanted = is_wide if self._wants_abstract is None else self._wants_abstract
        self.set_class(is_wide, "wide")
        self.set_class(wanted and self._entry is not None, "abstract")
        key = self._entry.citekey if self._entry else ""
        self.set_class(bool(key and self._entry and not self._known_as), "titled")

    def _turn_abstract(self) -> None:
        if self._entry is None:
            self.say("This note is on no paper.")
            return
        self._wants_abstract = not self.has_class("abstract")
        self._lay_out()

    @property
    def is_editing(self) -> bool:
        """False once Esc ended editing."""
        return not self.has_class("ended")

    @property
    def text(self) -> str:
        """The note as it stands in the editor."""
        return self._editor.text

    def change(self, text: str) -> None:
        """Put another text in place of the note's, and save it."""
        self._editor.become(text)
        self._sitting.typed(text)
        self.save()
        self._show_if_here()

    # --- keys

    async def on_key(self, event: events.Key) -> None:
        """Take a key that the editor has not; the keys of the papers are dead here."""
        if not was_handed_on(self, event):
            event.stop()
            event.prevent_default()
            await self._editor.take(event)

    def _take(self, event: events.Key) -> bool:
        """Run a key of the note's own table; False for one that the editor is to get."""
        if was_handed_on(self, event):
            return True
        if self.is_editing and self._completion.takes(event):
            return True
        if self._message:
            self.say("")
        names = [event.key]
        if event.character and not self.is_editing:
            names.append(event.character)
        press = self._keys.feed(*names)
        if self.is_editing and (press is None or press.action not in _WHILE_EDITING):
            return False
        if press is not None:
            self._actions[press.action](press)
        return True

    def say(self, message: str) -> None:
        """Say something short in the status line, until the next key."""
        self._message = clean(message)
        self._show_state()

    def finish(self) -> None:
        """End editing: save, and show the note."""
        self.save()
        self._offer.hide()
        self.add_class("ended")
        self._editor.disabled = True
        self._reader.begin()
        self.set_focus(None)
        self._show_state()

    def _edit(self) -> None:
        self.remove_class("ended")
        self._editor.disabled = False
        self._editor.focus()
        self._show_state()

    def back(self) -> None:
        """Save and go back to where the note was opened."""
        self._sitting.typed(self._editor.text)
        self.dismiss(None)
        self._sitting.finish(self._when_closed)

    # --- saving

    @on(LinkOffer.Chosen)
    def _name_clicked(self) -> None:
        self._completion.take()

    @on(Line.Pressed)
    def _piece_clicked(self, event: Line.Pressed) -> None:
        self._actions[event.press.action](event.press)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if not is_open(self):
            return
        self._message = ""
        self._sitting.typed(self._editor.text)
        self._show_state()
        self._completion.typed()

    def save(self) -> None:
        """Queue the text for saving, if it changed."""
        # The editor's own message may still be on its way.
        self._sitting.typed(self._editor.text)
        self._sitting.save()

    def flush(self) -> None:
        """Save what stands there and wait until it is on disk: the terminal is going away."""
        self._sitting.typed(self._editor.text)
        self._sitting.flush()

    def _take_in(self, text: str, is_mixed: bool) -> None:
        """Show what somebody else wrote, beside what is written here."""
        if is_open(self):
            with self._editor.prevent(TextArea.Changed):
                self._editor.become(text)
            self._show_if_here()
            if is_mixed:
                self.papertray.warn("This note was changed elsewhere; both texts are in it now.")

    def _show_if_here(self) -> None:
        if is_open(self):
            self._show_state()
            if not self.is_editing:
                self._reader.show()

    # --- what is shown

    def _show_state(self) -> None:
        text, sitting = self._editor.text, self._sitting
        today = self.papertray.notebook.papers.today
        heading = self._known_as or (
            self._entry and (self._entry.citekey or self._entry.work.title)
        )
        saved = f"saved {when(sitting.updated, today)}, revision {sitting.revision}"
        if sitting.has_changed:
            saved = "not saved yet"
        elif sitting.is_empty:
            saved = "nothing written yet"
        self.query_one("#head", Line).show(f" Note  {clean(heading or '')}", f"{saved} ")
        if self._entry is not None:
            self.query_one("#title", Line).show(f" {clean(self._entry.work.title)}")
        line = self._editor.cursor_location[0] + 1
        begun = "editing" if self.is_editing else "reading"
        done = [begun, *summary(text, len(self._reader.backlinks))]
        words = counted(len(text.split()), "word")
        self.query_one("#state", Line).show(
            f" {self._message or '   '.join(done)}", f"ln {line}, {words} "
        )
        self._show_hints()

    def _show_hints(self) -> None:
        key_map = self.papertray.key_map
        alive = _WHILE_EDITING if self.is_editing else self._actions.keys() - {"note.save"}
        dead = [action.id for action in key_map.actions if action.id not in alive]
        hints = footer(key_map, self.size.width, without=dead, scope=Scope.NOTE)
        line = "".join(hint for hint, _ in hints)
        link = " [[ link "
        if self.is_editing and len(line) + len(link) <= self.size.width:
            line += link
        pieces = [(hint, Press(action)) for hint, action in hints]
        self.query_one("#hints", Line).show(line, pieces=pieces)

    # --- other texts

    def _show_revisions(self) -> None:
        note_id = self._sitting.note_id
        if note_id is None and not self._sitting.has_changed:
            self.say("nothing was saved yet")
            return
        from papertray.tui.screens.revisions import RevisionsScreen

        def saved(has_saved: bool) -> None:
            if (present := self._sitting.note_id) is not None and self.app.screen is self:
                self.app.push_screen(RevisionsScreen(self.papertray, present, self._put_back))

        self._sitting.finish(saved)

    def _put_back(self, text: str) -> None:
        """Make an earlier text the present one: a revision and a batch of its own."""
        self._sitting.begin_anew()
        self.change(text)

    def _edit_elsewhere(self) -> None:
        """Give the text to $VISUAL or $EDITOR and take back what comes."""
        from papertray.tui.outside import edit_outside

        draft = edit_outside(self.papertray, self._editor.text)
        if draft is None:
            return
        if draft.text != self._editor.text:
            self.change(draft.text)
        draft.discard()
