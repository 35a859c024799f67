"""Decisions that want an answer first: until when to snooze, and why to skip."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.piles import Pile
from papertray.core.snooze_dates import EXAMPLES, snooze_date
from papertray.store.papers import View
from papertray.tui.dispatch import Press
from papertray.tui.screens.prompt import Prompt

if TYPE_CHECKING:
    from papertray.tui.screens.deciding import Deciding
    from papertray.tui.screens.triage import TriageScreen

NOW = "now"
"""The answer that takes a snooze away."""


def skip_because(screen: TriageScreen, deciding: Deciding, press: Press) -> None:
    """Skip papers for a reason: one of the user's, by one key, or any that is typed."""
    reasons = screen.notebook.settings.texts("triage.reasons")

    def ask(papers: array[int]) -> None:
        def answered(answer: str | None) -> None:
            if answer is not None:
                verb = deciding.moving(press, Pile.SKIP, " ".join(answer.split()))
                deciding.decide(verb, papers, press.count)

        offer = [f"{number} {reason}" for number, reason in enumerate(reasons[:9], 1)]
        prompt = Prompt(
            f"skip {_named(screen, papers)} because",
            explanation=clean(f"{'  '.join(offer)}, or type a reason".removeprefix(", ")),
            complete=partial(_beginning, reasons),
            picks=reasons[:9],
        )
        screen.app.push_screen(prompt, answered)

    _about(screen, press, ask)


def snooze(screen: TriageScreen, deciding: Deciding, press: Press) -> None:
    """Hide papers of the inbox until a day; what is snoozed already gets another, or none."""
    papers_of = screen.notebook.papers
    today = date.fromisoformat(papers_of.today)

    def until(answer: str) -> str | None:
        return None if answer.strip().lower() == NOW else snooze_date(answer, today).isoformat()

    def wrong(answer: str) -> str:
        try:
            until(answer)
        except ValueError as error:
            return str(error)
        return ""

    def ask(papers: array[int]) -> None:
        proposal = ""
        if len(papers) == 1:
            entry = papers_of.entry(papers[0])
            proposal = entry.snoozed
            if entry.pile is not Pile.INBOX:
                key = screen.papertray.key_map.key_of("decide.inbox")
                screen.say(f"only what lies in the inbox is snoozed; {key} brings it back there")
                return

        def answered(answer: str | None) -> None:
            if answer is None:
                return
            day = until(answer)
            verb = deciding.verb(
                press,
                f"snooze until {day}:" if day else "no longer snooze",
                partial(papers_of.snooze, until=day),
                leaves=[View.INBOX] if day else [],
                nothing="nothing here that lies in the inbox" if day else "nothing was snoozed",
                said=f"snoozed until {day}" if day else "",
            )
            deciding.decide(verb, papers, press.count)

        prompt = Prompt(
            f"snooze {_named(screen, papers)} until",
            proposal,
            f"{', '.join(EXAMPLES)}, 2026-12-24 …; {NOW}: no longer",
            is_proposal=True,
            complete=partial(_beginning, (*EXAMPLES, NOW)),
            check=wrong,
        )
        screen.app.push_screen(prompt, answered)

    _about(screen, press, ask)


def _about(screen: TriageScreen, press: Press, ask: Callable[[array[int]], None]) -> None:
    """Ask about the papers that a key is about: they stay these, whatever comes meanwhile."""

    def found(papers: array[int]) -> None:
        if papers:
            ask(papers)
        else:
            screen.say("no paper here")

    screen.marks.gather(press.count, found)


def _named(screen: TriageScreen, papers: Sequence[int]) -> str:
    """Return what the question calls the papers: a title, or how many in which list."""
    if len(papers) > 1:
        return clean(f"{len(papers):,} papers in {screen.viewing.title}")
    row = screen.notebook.papers.rows(papers).get(papers[0])
    return clean(f"“{row.title}”" if row else "it")


def _beginning(words: Sequence[str], line: str, cursor: int) -> tuple[int, Sequence[str]]:
    """Return the words that the line up to the cursor may become, for its completion."""
    typed = line[:cursor].lower()
    return 0, [word for word in words if word.lower().startswith(typed)]
