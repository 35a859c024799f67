"""Completing a link while it is typed: names to choose from, beside the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from papertray.core.errors import PapertrayError
from papertray.core.wikilinks import begun_name
from papertray.tui.screens.opened import is_open

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.store.note_lists import LinkName
    from papertray.tui.screens.note import NoteScreen
    from papertray.tui.widgets.editor import Editor
    from papertray.tui.widgets.link_offer import LinkOffer


class LinkCompletion:
    """Looks names up in a thread as somebody types behind ``[[``."""

    def __init__(self, screen: NoteScreen, editor: Editor, offer: LinkOffer) -> None:
        self._screen, self._editor, self._offer = screen, editor, offer

    def typed(self) -> None:
        """Offer names for the link that the cursor stands in, or stop offering."""
        name = self._begun()
        if name is None:
            self._offer.hide()
        else:
            _: Worker[None] = self._screen.run_worker(
                partial(self._find, name), exclusive=True, group="names", exit_on_error=False
            )

    def _begun(self) -> str | None:
        row, column = self._editor.cursor_location
        return begun_name(self._editor.document.get_line(row)[:column])

    async def _find(self, name: str) -> None:
        found: Sequence[LinkName] = ()
        try:
            found = await asyncio.to_thread(self._screen.papertray.notebook.notes.link_names, name)
        except PapertrayError as error:
            self._screen.say(str(error))
        # Something else may have been typed meanwhile.
        if is_open(self._screen) and self._screen.is_editing and self._begun() == name:
            self._offer.show_names(found, self._editor.cursor_screen_offset, self._screen.size)

    def takes(self, event: events.Key) -> bool:
        """Use a key for the names that are offered; False where it is the editor's."""
        if not self._offer.display:
            return False
        if event.key in ("down", "up"):
            self._offer.move_by(1 if event.key == "down" else -1)
        elif event.key in ("enter", "tab"):
            self.take()
        elif event.key == "escape":
            self._offer.hide()
        else:
            return False
        return True

    def take(self) -> None:
        """Put the chosen name into the link, and end that."""
        self._offer.hide()
        row, column = self._editor.cursor_location
        line = self._editor.document.get_line(row)
        start = line.rfind("[[", 0, column) + 2
        closed = 2 if line.startswith("]]", column) else 0
        self._editor.replace(
            f"{self._offer.chosen_name}]]", (row, start), (row, column + closed),
            maintain_selection_offset=False,
        )  # fmt: skip
        self._editor.focus()
