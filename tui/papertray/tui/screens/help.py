"""The help: every key of the table, as the user has bound them, to be found in and run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.tui.dispatch import Press
from papertray.tui.key_table import Group, Scope
from papertray.tui.keys import shown
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.widgets.lines import ListLine

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen

WIDE = 100
"""Columns from which the ids of the actions stand beside them, as settings name them."""

KEYS_WIDTH = 18
"""Cells for the keys of an action."""


def show_help(screen: TriageScreen) -> None:
    """Show every key."""
    screen.app.push_screen(HelpScreen(screen.papertray))


class HelpScreen(ListScreen):
    """One line an action, below the heading of its group; Enter does it."""

    def heading(self) -> str:
        """Say where keys are changed."""
        return "Keys; rebind them in settings.toml, by the names that papertray keys prints"

    def lines(self) -> Sequence[ListLine]:
        """The table with the user's changes and own commands."""
        is_wide = self.app.size.width >= WIDE
        found = []
        for group in Group:
            actions = [one for one in self.papertray.key_map.actions if one.group is group]
            if actions:
                found.append(ListLine(str(group), is_strong=True))
            for action in actions:
                keys = clean(" ".join(map(shown, action.chords))) or "(no key)"
                text = f"{keys:<{KEYS_WIDTH}} {clean(action.text)}"
                found.append(ListLine(text, clean(action.id) if is_wide else "", action.id))
        return found

    def verbs(self) -> Verbs:
        """Return what can be done with an action."""
        return {"list.open": ("do it", self._run)}

    def on_resize(self) -> None:
        """Show the ids where there is room for them."""
        self.show_lines()

    def _run(self, chosen: str) -> None:
        actions = self.papertray.key_map.actions
        action = next((one for one in actions if one.id == chosen), None)
        if action is None:
            return
        scope = action.group.scope
        if scope is Scope.PAPERS:
            self.papertray.run_on_papers(Press(action.id))
        else:
            self.say(f"this key works {'in a note' if scope is Scope.NOTE else 'in other lists'}")
