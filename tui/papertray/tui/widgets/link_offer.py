"""The names that a link which is being typed may lead to, beside the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.geometry import Offset, Size

from papertray.core.clean import clean
from papertray.tui.widgets.lines import Lines, ListLine

if TYPE_CHECKING:
    from papertray.store.note_lists import LinkName

WIDTH = 60


class LinkOffer(Lines, can_focus=False):
    """A small list over the text; the editor keeps the keys and hands some on."""

    DEFAULT_CSS = """
    LinkOffer { layer: above; display: none; border: round $panel; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__(id="offer")
        self._names: Sequence[str] = ()

    def show_names(self, names: Sequence[LinkName], cursor: Offset, room: Size) -> None:
        """Show names below the cursor, or above it where there is no room; none: hide."""
        if not names:
            self.hide()
            return
        self._names = [each.name for each in names]
        self.show(
            [
                ListLine(clean(f"{each.name}  {each.about}"), id=str(number))
                for number, each in enumerate(names)
            ],
            chosen="0",
        )
        width, height = min(WIDTH, room.width), len(names) + 2
        below = cursor.y + 1
        y = below if below + height <= room.height else max(0, cursor.y - height)
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (max(0, min(cursor.x, room.width - width)), y)
        self.display = True

    def hide(self) -> None:
        """Offer nothing."""
        self.display = False

    @property
    def chosen_name(self) -> str:
        """The name under the cursor."""
        return self._names[int(self.chosen or 0)]
