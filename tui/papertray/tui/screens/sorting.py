"""`S`: one line that asks how the list should stand, answered by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertray.store.search_order import Sort, parse_sort
from papertray.tui.arranging import CHOICES, question

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen


def ask_order(screen: TriageScreen) -> None:
    """Ask for an order or a grouping, and show the list so; any other key leaves it as it is."""
    if screen.finding.text:
        screen.say("hits stand by relevance: Esc goes back to a list that can be sorted")
        return
    screen.choose(question(screen.size.width - 2), lambda key: _answered(screen, key))


def _answered(screen: TriageScreen, key: str) -> None:
    choice = next((each for each in CHOICES if each.key == key), None)
    if choice is None:
        screen.say("the order stays" if key == "escape" else "none of these keys: the order stays")
        return
    if choice.sort:
        sort = parse_sort(choice.sort)
        if sort.name == "random":
            # The moment is the seed: as good as any, and remembered with the order.
            sort = Sort("random", str(int(screen.notebook.papers.now.timestamp())))
        screen.viewing.arrange(sort=sort)
        screen.say(f"sorted by {choice.name}")
    else:
        screen.viewing.arrange(grouping=choice.grouping)
        screen.say(f"grouped by {choice.name}" if choice.key != "N" else "not grouped")
