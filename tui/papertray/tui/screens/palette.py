"""The palette: every action, found by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from papertray.tui.keys import Action, Group, KeyMap, shown

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen


def palette(screen: TriageScreen, key_map: KeyMap) -> CommandPalette:
    """Return a palette of the actions of the key table."""

    class Actions(Provider):
        """The actions that make sense while the papers are shown."""

        async def discover(self) -> Hits:
            """Yield all actions."""
            for action in _offered(key_map):
                yield DiscoveryHit(_label(action), partial(screen.run, action.id))

        async def search(self, query: str) -> Hits:
            """Yield the actions whose text or id is like the query, best first."""
            matcher = self.matcher(query)
            for action in _offered(key_map):
                score = max(matcher.match(action.text), matcher.match(action.id))
                if score > 0:
                    # As Content: the palette would read markup in a text.
                    yield Hit(score, _label(action), partial(screen.run, action.id))

    return CommandPalette(providers=[Actions], placeholder="What do you want to do?")


def _offered(key_map: KeyMap) -> list[Action]:
    return [
        action
        for action in key_map.actions
        if action.group is not Group.NOTE and action.id != "rest.palette"
    ]


def _label(action: Action) -> Content:
    keys = " ".join(map(shown, action.chords))
    return Content(f"{action.text[:1].upper()}{action.text[1:]}  ({keys or action.id})")
