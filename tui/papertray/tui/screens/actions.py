"""What each action of the key table does on the main screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from papertray.core.piles import Pile
from papertray.store.papers import View
from papertray.tui.dispatch import Doing, Press
from papertray.tui.screens.deciding import Deciding
from papertray.tui.screens.hits import next_hit
from papertray.tui.screens.sorting import ask_order

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen


def actions_of(screen: TriageScreen) -> dict[str, Doing]:
    """Return what to call for each action of `tui/key_table.py`, by its id."""
    plain = _plain(screen)
    for action, line in screen.papertray.key_map.own.items():
        plain[action] = partial(_run_own, screen, line)
    return {
        **_moves(screen),
        **_decisions(screen),
        **_counted(screen),
        **{action: _without_press(function) for action, function in plain.items()},
    }


def _moves(screen: TriageScreen) -> dict[str, Doing]:
    """Return what moves the cursor."""
    papers = screen.paper_list
    half = papers.half_page
    return {
        "move.down": lambda press: papers.move_by(press.times),
        "move.up": lambda press: papers.move_by(-press.times),
        "move.top": lambda press: papers.move_to(press.times - 1),
        "move.bottom": lambda press: papers.move_to((press.count or len(screen.rows)) - 1),
        "move.half-down": lambda press: papers.move_by(press.times * half()),
        "move.half-up": lambda press: papers.move_by(-press.times * half()),
        "move.page-down": lambda press: papers.move_by(press.times * papers.page),
        "move.page-up": lambda press: papers.move_by(-press.times * papers.page),
    }


def _decisions(screen: TriageScreen) -> dict[str, Doing]:
    """Return what decides about papers, marks them, and takes back."""
    deciding = Deciding(screen)
    return {
        "decide.read": lambda press: deciding.move(press, Pile.READ),
        "decide.star": lambda press: deciding.move(press, Pile.STARRED),
        "decide.skip": lambda press: deciding.move(press, Pile.SKIP),
        "decide.skip-because": lambda press: _skip_because(screen, deciding, press),
        "decide.inbox": lambda press: deciding.move(press, Pile.INBOX),
        "decide.done": deciding.mark_done,
        "decide.snooze": lambda press: _snooze(screen, deciding, press),
        "decide.undo": deciding.take_back,
        "decide.redo": lambda press: deciding.take_back(press, redo=True),
        "decide.repeat": deciding.repeat,
        "mark.one": lambda press: screen.marks.toggle(press.times),
    }


def _counted(screen: TriageScreen) -> dict[str, Doing]:
    """Return what else a count or the key itself matters for."""
    return {
        "view.saved": screen.viewing.show_saved,
        "view.next-hit": lambda press: next_hit(screen, press.times),
        "view.previous-hit": lambda press: next_hit(screen, -press.times),
        "work.tags": _later(screen, "tagging", "edit_tags"),
        "work.copy-key": _later(screen, "copying", "copy_keys"),
        "work.copy": _later(screen, "copying", "ask_what"),
        "work.open": _later(screen, "links", "open_link"),
    }


def _plain(screen: TriageScreen) -> dict[str, Callable[[], object]]:
    """Return what is the same with any count."""
    return {
        **{f"view.{view}": partial(screen.viewing.show, view) for view in View},
        "view.next": lambda: screen.viewing.turn(1),
        "view.previous": lambda: screen.viewing.turn(-1),
        "view.sort": lambda: ask_order(screen),
        "view.notes": _later(screen, "noting", "show_notes"),
        "view.tasks": _later(screen, "noting", "show_tasks"),
        "view.today": _later(screen, "noting", "open_today"),
        "view.feeds": _later(screen, "subscribing", "show_feeds"),
        "view.history": _later(screen, "history", "show_history"),
        "view.statistics": _later(screen, "statistics", "show_statistics"),
        "view.duplicates": _later(screen, "duplicates", "show_duplicates"),
        "mark.range": screen.marks.mark_range,
        "mark.all": screen.marks.mark_all,
        "rest.never-all": lambda: _never_all(screen),
        "work.card": lambda: _turn_card(screen),
        "work.page": screen.reading.page,
        "work.note": _later(screen, "noting", "edit_note"),
        "work.pdf": _later(screen, "pdf", "open_pdf"),
        "rest.search": screen.finding.open,
        "rest.narrow": screen.finding.narrow,
        "rest.save-search": screen.finding.save,
        "rest.clear": lambda: _step_back(screen),
        "work.pipe": _later(screen, "piping", "pipe"),
        "rest.add": _later(screen, "adding", "add"),
        "rest.fetch": _later(screen, "subscribing", "fetch"),
        "rest.export": _later(screen, "exporting", "export"),
        "rest.help": _later(screen, "help", "show_help"),
        "rest.command": lambda: screen.commanding.open(),
        "rest.palette": _later(screen, "palette", "show_palette"),
        "view.messages": screen.papertray.show_warnings,
        "rest.cancel": lambda: screen.say(screen.papertray.cancel()),
        "rest.theme": lambda: screen.say(screen.papertray.turn_theme()),
        "rest.redraw": screen.app.refresh,
        "rest.suspend": screen.app.action_suspend_process,
        "rest.quit": lambda: _back_or_quit(screen),
    }


def _skip_because(screen: TriageScreen, deciding: Deciding, press: Press) -> None:
    from papertray.tui.screens.asking import skip_because

    skip_because(screen, deciding, press)


def _snooze(screen: TriageScreen, deciding: Deciding, press: Press) -> None:
    from papertray.tui.screens.asking import snooze

    snooze(screen, deciding, press)


def _never_all(screen: TriageScreen) -> None:
    """Elsewhere such keys mark everything read, and months of work are gone."""
    key = screen.papertray.key_map.key_of("mark.all")
    screen.say(f"no key decides about all at once: {key} marks the view, then decide", alone=True)


def _run_own(screen: TriageScreen, line: str) -> None:
    from papertray.tui.screens.piping import run_own

    run_own(screen, line)


def _later(screen: TriageScreen, module: str, function: str) -> Callable[..., object]:
    """Return what runs a function of one of `screens`, imported when it is first asked for."""

    def do(*press: Press) -> object:
        found = import_module(f"papertray.tui.screens.{module}")
        return getattr(found, function)(screen, *press)

    return do


def _without_press(function: Callable[[], object]) -> Doing:
    """Return an action for which neither count nor key matters."""

    def do(press: Press) -> object:
        return function()

    return do


def _turn_card(screen: TriageScreen) -> None:
    if not screen.moving_in.accept():
        screen.reading.set_card(not screen.reading.is_card)


def _step_back(screen: TriageScreen) -> None:
    """One step back: out of the search box, the search, the card."""
    if screen.marks.clear() or screen.finding.clear():
        return
    if screen.reading.is_card:
        screen.reading.set_card(False)
    elif screen.commanding.cancel():
        screen.say("stopping …")


def _back_or_quit(screen: TriageScreen) -> None:
    if screen.reading.is_card:
        screen.reading.set_card(False)
    elif screen.finding.text:
        screen.finding.clear()
    else:
        screen.papertray.leave()
