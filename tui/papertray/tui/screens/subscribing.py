"""What the keys about feeds do beside the list of feeds: subscribing, changing, fetching."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.errors import PapertrayError
from papertray.tui.feed_lines import FEED_OPTIONS, WantedFeed, line_for, wanted_feed

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from papertray.core.subscriptions import Subscription
    from papertray.notebook.subscriptions import Change, Changed
    from papertray.tui.app import PapertrayApp
    from papertray.tui.screens.triage import TriageScreen

    Done = Callable[[Changed], None]
    Failed = Callable[[PapertrayError], None]

EXAMPLES = """\
arxiv:cs.CL                 a category of arXiv, or a query: arxiv:au:bengio
hf:daily                    the daily papers of Hugging Face
openalex:WORDS   s2:WORDS   a search of OpenAlex, of Semantic Scholar
biorxiv:neuroscience        a category of bioRxiv; medrxiv:… too
issn:1234-5679              a journal, by Crossref
https://… or ~/folder       any RSS or Atom feed; files that lie in a folder"""


def show_feeds(screen: TriageScreen) -> None:
    """List the feeds; where there are none yet, ask for the first."""
    from papertray.tui.screens.feeds import FeedsScreen

    screen.app.push_screen(FeedsScreen(screen))


def fetch(screen: TriageScreen) -> None:
    """Fetch all feeds now, in the background. An empty tray may first get those of newsboat."""
    if not screen.moving_in.accept_feeds():
        screen.say(screen.papertray.background.fetch())


def ask_for_feed(app: PapertrayApp, done: Done, failed: Failed) -> None:
    """Ask for what to subscribe to, and subscribe."""
    from papertray.tui.screens.prompt import Prompt

    def answered(answer: str | None) -> None:
        if answer is None or not answer.strip():
            return
        here, subscriptions = Path.cwd(), app.notebook.subscriptions

        def add() -> Changed:
            wanted = wanted_feed(answer, here)
            return subscriptions.add(
                wanted.location, wanted.name, folder=here, expire=wanted.expire, tags=wanted.tags
            )

        app.writer.write(add, done, failed)

    app.push_screen(
        Prompt("Subscribe to; a name may come before it", explanation=EXAMPLES), answered
    )


def ask_for_change(app: PapertrayApp, one: Subscription, done: Done, failed: Failed) -> None:
    """Ask for what is to become of a subscription, and change it."""
    from papertray.tui.screens.prompt import Prompt

    def answered(answer: str | None) -> None:
        if answer is None or not answer.strip():
            return
        here, subscriptions = Path.cwd(), app.notebook.subscriptions

        def change() -> Changed:
            return subscriptions.change(
                one.name, changes(one, wanted_feed(answer, here)), folder=here
            )

        app.writer.write(change, done, failed)

    app.push_screen(Prompt("Name and location", line_for(one), FEED_OPTIONS), answered)


def changes(one: Subscription, wanted: WantedFeed) -> Change:
    """Return what differs between a subscription and what is wanted of it."""
    from papertray.notebook.subscriptions import Change

    return Change(
        name=wanted.name or None,
        location=None if wanted.location == one.location else wanted.location,
        expire=wanted.expire,
        tags=wanted.tags,
        untags=[tag for tag in one.tags if tag not in wanted.tags],
    )
