"""The statistics screen: the last weeks in bars and numbers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from papertray.core.errors import PapertrayError
from papertray.tui.jobs import QUIET
from papertray.tui.screens.opened import is_open
from papertray.tui.screens.output import OutputScreen
from papertray.tui.statistics_shown import paragraphs
from papertray.tui.text import Paragraph

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.notebook.statistics import Statistics
    from papertray.tui.app import PapertrayApp
    from papertray.tui.screens.triage import TriageScreen


def show_statistics(screen: TriageScreen) -> None:
    """Open the screen."""
    screen.app.push_screen(StatisticsScreen(screen.papertray))


class StatisticsScreen(OutputScreen):
    """Counted anew each time it is opened, in a thread; laid out anew for each width."""

    def __init__(self, app_: PapertrayApp) -> None:
        super().__init__(app_.key_map, "Statistics", app_.notebook.time_of_day, ())
        self._papertray = app_
        self._numbers: Statistics | None = None
        self._is_left = False

    def on_mount(self) -> None:
        """Begin to count."""
        super().on_mount()
        _: Worker[None] = self.run_worker(self._count(), group="count")
        self.set_timer(QUIET, self._say_so)

    def on_unmount(self) -> None:
        """Stop counting."""
        self._is_left = True

    def on_resize(self) -> None:
        """Lay out the page for the new width, once the pane has it."""
        self.call_after_refresh(self._lay_out)

    async def _count(self) -> None:
        notebook = self._papertray.notebook
        try:
            # What was decided just before counts too.
            await asyncio.to_thread(self._papertray.writer.flush)
            numbers = await asyncio.to_thread(notebook.statistics, lambda: self._is_left)
        except PapertrayError as error:
            self._papertray.warn(str(error))
            self.dismiss()
            return
        self._numbers = numbers
        self._lay_out()

    def _say_so(self) -> None:
        if self._numbers is None:
            self._pane.show([Paragraph("Counting …", is_quiet=True)])

    def _lay_out(self) -> None:
        if self._numbers is not None and is_open(self):
            width = self._pane.size.width - 2
            self._pane.show(paragraphs(self._numbers, width), keep_place=True)
