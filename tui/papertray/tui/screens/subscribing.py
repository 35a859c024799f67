"""What the keys about feeds do: the list of feeds, adding one, removing one, fetching."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.clean import clean

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from papertray.notebook.subscriptions import Changed
    from papertray.store.writing import Outcome
    from papertray.tui.screens.triage import TriageScreen

EXAMPLES = """\
arxiv:cs.CL                 a category of arXiv, or a query: arxiv:au:bengio
hf:daily                    the daily papers of Hugging Face
openalex:WORDS   s2:WORDS   a search of OpenAlex, of Semantic Scholar
biorxiv:neuroscience        a category of bioRxiv; medrxiv:… too
issn:1234-5679              a journal, by Crossref
https://… or ~/folder       any RSS or Atom feed; files that lie in a folder"""


def show_feeds(screen: TriageScreen) -> None:
    """List the feeds, and do what is chosen there."""
    from papertray.tui.screens.feeds import FeedsScreen

    subscriptions = screen.notebook.subscriptions
    if not subscriptions.all():
        add_feed(screen)
        return

    def chosen(choice: str | None) -> None:
        if choice is None:
            return
        if choice == FeedsScreen.ADD:
            add_feed(screen)
        elif choice == FeedsScreen.FETCH:
            fetch(screen)
        elif choice.startswith(FeedsScreen.REMOVE):
            _remove(screen, choice.removeprefix(FeedsScreen.REMOVE))
        else:
            screen.finding.show(f'feed:"{choice.removeprefix(FeedsScreen.SHOW)}"')

    screen.app.push_screen(FeedsScreen(subscriptions.all, subscriptions.now), chosen)


def fetch(screen: TriageScreen) -> None:
    """Fetch all feeds now, in the background. An empty tray may first get those of newsboat."""
    if not screen.moving_in.accept_feeds():
        screen.say(screen.papertray.background.fetch())


def add_feed(screen: TriageScreen) -> None:
    """Ask for what to subscribe to, and fetch it."""
    from papertray.tui.screens.prompt import Prompt

    def answered(answer: str | None) -> None:
        if answer is None or not answer.strip():
            return
        subscriptions, words = screen.notebook.subscriptions, answer.split()

        def add() -> Changed:
            from papertray.feeds.fetching.locations import split_name

            here = Path.cwd()
            name, location = split_name(words, here)
            return subscriptions.add(location, name, folder=here)

        screen.papertray.writer.write(add, done, screen.refused)

    def done(changed: Changed) -> None:
        said = screen.papertray.background.fetch(again=True)
        screen.say(clean(f"added the feed {changed.subscription.name}; {said}"))
        if changed.note:
            screen.papertray.warn(changed.note)

    screen.app.push_screen(
        Prompt("Subscribe to; a name may come before it", explanation=EXAMPLES), answered
    )


def _remove(screen: TriageScreen, name: str) -> None:
    def done(outcome: Outcome) -> None:
        screen.say(clean(f"removed the feed {name}; its papers stay"))

    subscriptions = screen.notebook.subscriptions
    screen.papertray.writer.write(lambda: subscriptions.remove([name]), done, screen.refused)
