"""What changes while one looks: other processes decide and add, and a new day begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen


class Elsewhere:
    """Has a screen show what it did not do itself."""

    def __init__(self, screen: TriageScreen) -> None:
        self._screen = screen
        self._seen_batch = screen.notebook.journal.newest()

    def look(self) -> None:
        """Show what other processes decided or added since the last look, and the new day."""
        screen, journal = self._screen, self._screen.notebook.journal
        if not screen.papertray.writer.is_idle:
            return
        if screen.notebook.papers.today != screen.paper_list.today:
            self._begin_day()
        newest = journal.newest()
        if newest == self._seen_batch:
            return
        foreign = journal.changed_by_others(self._seen_batch)
        self._seen_batch = newest
        if foreign:
            screen.rows.forget_all()
            screen.paper_list.rows_changed()
            screen.viewing.load_counts()
            screen.viewing.counting.look()
            if not screen.finding.text:
                screen.viewing.reload()
            screen.reading.show()

    def _begin_day(self) -> None:
        """Show what was snoozed until today, and how old everything is by now."""
        screen = self._screen
        screen.paper_list.today = screen.notebook.papers.today
        screen.paper_list.rows_changed()
        screen.viewing.load_counts()
        screen.viewing.counting.look()
        screen.viewing.reload()
