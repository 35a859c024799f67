"""All feeds: when each was fetched, what it brought, and why it failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from papertray.core.clean import clean
from papertray.core.clock import ago
from papertray.tui.text import fit
from papertray.tui.widgets.line import Line

if TYPE_CHECKING:
    from datetime import datetime

    from papertray.core.subscriptions import FeedState, Subscription
    from papertray.store.subscriptions import FeedCounts

    Known = tuple[Subscription, FeedState, FeedCounts]


class FeedsScreen(Screen[str | None]):
    """A list of feeds. Dismissed with what was chosen: `SHOW` or `REMOVE` and the feed's name,
    or `ADD`; None goes back."""

    SHOW, REMOVE, ADD, FETCH = "show ", "remove ", "add", "fetch"

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    FeedsScreen { layout: vertical; }
    FeedsScreen OptionList, FeedsScreen OptionList:focus {
        height: 1fr; border: none; padding: 0 1;
    }
    FeedsScreen #heading { text-style: bold; }
    """

    def __init__(self, feeds: Callable[[], Sequence[Known]], now: datetime) -> None:
        """`feeds` reads them anew; `now` is what times are told from."""
        super().__init__()
        self._feeds = feeds
        self._now = now
        self._shown: Sequence[Known] = ()

    def compose(self) -> ComposeResult:
        """Lay out heading, list and hints."""
        yield Line(id="heading")
        yield OptionList(markup=False)  # a feed may be called [ML]
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Show the words and take the keys."""
        self._shown = self._feeds()
        self.query_one("#heading", Line).show(f" Feeds {len(self._shown):,}")
        hints = " Enter its papers   a add   D remove   R fetch all   q back"
        self.query_one("#foot", Line).show(hints)
        options = self.query_one(OptionList)
        options.add_options(Option(_line(known, self._now)) for known in self._shown)
        options.highlighted = 0
        options.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self._leave(self.SHOW)

    def _leave(self, what: str) -> None:
        index = self.query_one(OptionList).highlighted
        if index is not None and index < len(self._shown):
            self.dismiss(what + self._shown[index][0].name)

    def on_key(self, event: events.Key) -> None:
        """j and k move, letters choose, q and Esc go back."""
        if self.app.screen is not self:
            return
        options = self.query_one(OptionList)
        letter = event.character or ""
        if event.key in ("q", "escape"):
            self.dismiss(None)
        elif event.key == "j":
            options.action_cursor_down()
        elif event.key == "k":
            options.action_cursor_up()
        elif letter in ("a", "R"):
            self.dismiss(self.ADD if letter == "a" else self.FETCH)
        elif letter == "D":
            self._leave(self.REMOVE)
        elif event.key in ("tab", "shift+tab"):
            event.prevent_default()
        else:
            return
        event.stop()


def _line(known: Known, now: datetime) -> str:
    """Return what the list shows of a feed: name, what waits, when it was fetched, what failed."""
    one, state, counts = known
    waiting = f"{counts.inbox:,} in inbox" if counts.inbox else ""
    told = f"failed {ago(state.failed, now)}: {state.failure}" if state.failure else one.location
    fetched = "watched" if one.kind == "folder" else ago(state.fetched, now)
    return f"{fit(clean(one.name), 20)}  {waiting:>14}  {fetched:<11}  {clean(told)}"
