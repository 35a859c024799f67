"""What each action of the key table does on the main screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.model import Pile
from papertray.store.papers import View
from papertray.tui.screens import pdf, subscribing, work
from papertray.tui.screens.deciding import Deciding

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen


def actions_of(screen: TriageScreen) -> dict[str, Callable[[], object]]:
    """Return what to call for each action of `tui/keys.py`, by its id."""
    deciding = Deciding(screen)
    papers = screen.paper_list
    moves = {
        "move.down": lambda: papers.move_to(papers.index + 1),
        "move.up": lambda: papers.move_to(papers.index - 1),
        "move.top": lambda: papers.move_to(0),
        "move.bottom": lambda: papers.move_to(len(screen.rows) - 1),
        "move.half-down": lambda: papers.move_to(papers.index + papers.page // 2),
        "move.half-up": lambda: papers.move_to(papers.index - papers.page // 2),
        "move.page-down": lambda: papers.move_to(papers.index + papers.page),
        "move.page-up": lambda: papers.move_to(papers.index - papers.page),
    }
    return {
        **moves,
        **{f"view.{view}": partial(screen.show_view, view) for view in View},
        "view.next": lambda: _turn_view(screen, 1),
        "view.previous": lambda: _turn_view(screen, -1),
        "view.notes": lambda: work.show_notes(screen),
        "view.feeds": lambda: subscribing.show_feeds(screen),
        "decide.read": lambda: deciding.move(Pile.READ),
        "decide.star": lambda: deciding.move(Pile.STARRED),
        "decide.skip": lambda: deciding.move(Pile.SKIP),
        "decide.inbox": lambda: deciding.move(Pile.INBOX),
        "decide.done": deciding.mark_done,
        "decide.undo": lambda: deciding.take_back(redo=False),
        "decide.redo": lambda: deciding.take_back(redo=True),
        "decide.repeat": deciding.repeat,
        "work.card": lambda: _turn_card(screen),
        "work.page": screen.page_on,
        "work.note": lambda: work.edit_note(screen),
        "work.tags": lambda: work.edit_tags(screen),
        "work.copy-key": lambda: work.copy_key(screen),
        "work.open": lambda: work.open_link(screen),
        "work.pdf": lambda: pdf.open_pdf(screen),
        "rest.search": lambda: screen.finding.open(None),
        "rest.narrow": lambda: screen.finding.open(screen.view),
        "rest.clear": lambda: _step_back(screen),
        "rest.add": lambda: work.add_file(screen),
        "rest.fetch": lambda: subscribing.fetch(screen),
        "rest.export": lambda: work.export(screen),
        "rest.help": lambda: work.show_help(screen),
        "rest.palette": lambda: work.show_palette(screen),
        "rest.redraw": screen.app.refresh,
        "rest.suspend": screen.app.action_suspend_process,
        "rest.quit": lambda: _back_or_quit(screen),
    }


def _turn_view(screen: TriageScreen, step: int) -> None:
    views = list(View)
    screen.show_view(views[(views.index(screen.view) + step) % len(views)])


def _turn_card(screen: TriageScreen) -> None:
    if not screen.moving_in.accept():
        screen.set_card(not screen.is_card)


def _step_back(screen: TriageScreen) -> None:
    """One step back: out of the search box, the search, the card."""
    if not screen.finding.clear() and screen.is_card:
        screen.set_card(False)


def _back_or_quit(screen: TriageScreen) -> None:
    if screen.is_card:
        screen.set_card(False)
    elif screen.finding.text:
        screen.finding.clear()
    else:
        screen.papertray.leave()
