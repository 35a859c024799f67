"""Makes the pictures of the README: ``python docs/pictures/make_pictures.py``.

Each picture is the screen on the sample feed, at a fixed size and time, as SVG.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from papertray.feeds.sample import sample_feed
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import throw_away_places
from papertray.tui.app import PapertrayApp
from papertray.tui.keys import KeyMap

HERE = Path(__file__).parent
SIZE = (110, 34)


class MondayMorning:
    """A clock that stands at seven in the morning."""

    def now(self) -> datetime:
        """Return always the same moment."""
        return datetime(2026, 11, 23, 7, 12, tzinfo=UTC)


async def take(folder: Path) -> str:
    """Drive the screen as a user would, and return the picture."""
    with Notebook(throw_away_places(folder), Origin.SCREEN, clock=MondayMorning()) as notebook:
        notebook.feeds.add(["-"], BytesIO(sample_feed().read_bytes()))
        app = PapertrayApp(notebook, KeyMap())
        async with app.run_test(size=SIZE) as pilot:
            for key in ("x", "s", "r", "x", "x", "s", "j", "j"):
                await pilot.press(key)
            while not app.writer.is_idle:
                await pilot.pause()
            await pilot.pause(0.2)
            picture = app.export_screenshot(title="papertray")
        app.writer.close()
        notebook.search.close()
    # Textual names the classes of each picture anew: without that two runs give the same file.
    return re.sub(r"terminal-\d+", "terminal", picture)


def main() -> None:
    """Write all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        picture = asyncio.run(take(Path(folder)))
    (HERE / "triage.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
