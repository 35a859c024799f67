"""A note while it is read: its tasks are ticked in place, its links are followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.tasks import ticked
from papertray.tui.dispatch import Press
from papertray.tui.note_reading import Place, beside, marked, places, to_tick

if TYPE_CHECKING:
    from papertray.store.note_lists import NoteLine
    from papertray.tui.screens.note import NoteScreen
    from papertray.tui.widgets.pane import Pane


class NoteReader:
    """The reading view of a note screen: `pane` shows it, below it the notes that link here."""

    def __init__(self, screen: NoteScreen, pane: Pane) -> None:
        self._screen = screen
        self._pane = pane
        self._chosen: Place | None = None
        self.backlinks: Sequence[NoteLine] = ()

    def actions(self) -> dict[str, Callable[[Press], object]]:
        """Return what the keys of the reading view do, by action of the key table."""
        scroll = self._pane.scroll
        return {
            "note.toggle": lambda press: self._tick(),
            "note.next": lambda press: self._choose(press.times),
            "note.previous": lambda press: self._choose(-press.times),
            "note.follow": self._follow,
            "note.down": lambda press: scroll(press.times),
            "note.up": lambda press: scroll(-press.times),
            "note.page-down": lambda press: scroll(self._page * press.times),
            "note.page-up": lambda press: scroll(-self._page * press.times),
        }

    @property
    def _page(self) -> int:
        return max(1, self._pane.size.height - 2)

    def begin(self) -> None:
        """Show the note from its beginning, with nothing chosen."""
        self._chosen = None
        self._pane.top = 0
        self.show()

    def show(self) -> None:
        """Show the note as it is now."""
        from papertray.tui.markdown_shown import shown_markdown
        from papertray.tui.text import Paragraph

        text = self._screen.text
        found = shown_markdown(marked(text, places(text), self._chosen))
        if self.backlinks:
            first = len(self._links()) - len(self.backlinks) + 1
            found = [*found, Paragraph(""), Paragraph("Linked from", is_quiet=True)]
            found += [
                Paragraph(clean(f"[{number}] {line.name}"), indent=1)
                for number, line in enumerate(self.backlinks, first)
            ]
        self._pane.show(found, keep_place=True)

    # --- tasks

    def _choose(self, step: int) -> None:
        self._chosen = beside(places(self._screen.text), self._chosen, step)
        if self._chosen is None:
            self._screen.say("no task and no link here")
        self.show()

    def _tick(self) -> None:
        text = self._screen.text
        place = to_tick(places(text), self._chosen)
        if place is None or place.task is None:
            self._screen.say("no open task here")
            return
        self._screen.change(ticked(text, place.task))
        self._chosen = next((p for p in places(self._screen.text) if p.at == place.at), None)
        self.show()

    # --- links

    def _links(self) -> Sequence[str | NoteLine]:
        """Return what links lead to by their numbers: names, then the notes that link here."""
        own = [place.link for place in places(self._screen.text) if place.number]
        return [*own, *self.backlinks]

    def _follow(self, press: Press) -> None:
        """Open what a link leads to: the one of a number, the chosen one, the only one."""
        found = self._links()
        number = press.count
        if number is None and self._chosen is not None and self._chosen.number:
            number = self._chosen.number
        if number is None and len(found) == 1:
            number = 1
        if number is None or not 1 <= number <= len(found):
            how = "Tab chooses a link, or type its number, then Enter"
            self._screen.say(how if found else "no link here")
            return
        from papertray.tui.screens.noting import follow_link, open_line

        wanted = found[number - 1]
        if isinstance(wanted, str):
            follow_link(self._screen, wanted)
        else:
            open_line(self._screen.papertray, wanted)
