"""Makes the pictures of the README: ``python docs/pictures/make_pictures.py``.

`triage.svg` is one picture of the screen; `morning.svg` is a recording, whose frames follow one
another. All show the sample feed, at a fixed size and time, so that two runs give the same files.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path

from textual.pilot import Pilot

from papertray.feeds.sample import sample_feed
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import throw_away_places
from papertray.tui.app import PapertrayApp
from papertray.tui.keys import KeyMap

HERE = Path(__file__).parent
SIZE = (110, 34)
WAIT = 0.2
"""Seconds after which the preview has followed the cursor."""


@dataclass(frozen=True)
class Scene:
    """Keys that are pressed, what is said of them, and how many seconds the result is shown."""

    keys: str
    words: str
    seconds: float = 2.0


MORNING = (
    Scene("", "seven in the morning: forty new papers", 3.0),
    Scene("x", "x  skip", 1.0),
    Scene("s", "s  star", 1.0),
    Scene("r", "r  worth reading", 1.0),
    Scene("x", "x  skip", 1.0),
    Scene("3 x", "3x  skip three", 1.6),
    Scene("u", "u  all three are back", 2.0),
    Scene("v j v", "v  mark two", 1.6),
    Scene("s", "s  star both", 1.6),
    Scene("enter", "Enter  the whole abstract", 2.4),
    Scene("enter e # space I d e a enter - space [ space ] space t r y", "e  take a note", 2.4),
    Scene("escape escape / l a n g u a g e", "/  find it again as you type", 2.6),
    Scene("enter escape escape g t", "gt  how it goes", 2.6),
    Scene("q E", "E  a bibliography that compiles", 3.0),
)


class MondayMorning:
    """A clock that goes on by a second at each look, from seven in the morning."""

    def __init__(self) -> None:
        self._looks = count()

    def now(self) -> datetime:
        """Return the next moment."""
        return datetime(2026, 11, 23, 7, 12, tzinfo=UTC) + timedelta(seconds=next(self._looks) % 50)


async def _rest(app: PapertrayApp, pilot: Pilot[None]) -> None:
    """Wait until all that was asked for is on the screen."""
    for _ in range(3):
        await pilot.pause(WAIT)
        while not (app.writer.is_idle and all(one.is_finished for one in app.workers)):
            await pilot.pause()


async def record(folder: Path, scenes: tuple[Scene, ...]) -> list[str]:
    """Drive the screen as a user would, and return a picture after each scene."""
    pictures = []
    with Notebook(throw_away_places(folder), Origin.SCREEN, clock=MondayMorning()) as notebook:
        notebook.feeds.add(["-"], BytesIO(sample_feed().read_bytes()))
        notebook.search.follow()
        app = PapertrayApp(notebook, KeyMap(), seconds=lambda: 0.0)
        async with app.run_test(size=SIZE) as pilot:
            for scene in scenes:
                for key in scene.keys.split():
                    await pilot.press(_NAMES.get(key, key))
                await _rest(app, pilot)
                pictures.append(app.export_screenshot(title="papertray"))
        app.close()
    return pictures


_NAMES = {"/": "slash", "#": "number_sign", "-": "minus", "[": "left_square_bracket",
          "]": "right_square_bracket"}  # fmt: skip


def steady(picture: str, name: str) -> str:
    """Return a picture with the class names of `name`: Textual names them anew in each run."""
    return re.sub(r"terminal-\d+", name, picture)


def recording(pictures: list[str], scenes: tuple[Scene, ...]) -> str:
    """Return pictures as the frames of one SVG, each shown as long as its scene says."""
    total = sum(scene.seconds for scene in scenes)
    frames, rules, began = [], [], 0.0
    for number, (picture, scene) in enumerate(zip(pictures, scenes, strict=True)):
        body = steady(picture, f"f{number}")
        view_box = re.search(r'viewBox="([^"]+)"', body)
        assert view_box is not None
        box = view_box[1]
        inner = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
        start, end = 100 * began / total, 100 * (began + scene.seconds) / total
        rules.append(
            f"@keyframes k{number} {{ 0%, {start:.2f}% {{ visibility: hidden; }}"
            f" {start + 0.01:.2f}%, {end:.2f}% {{ visibility: visible; }}"
            f" {end + 0.01:.2f}%, 100% {{ visibility: hidden; }} }}\n"
            f"#s{number} {{ visibility: hidden;"
            f" animation: k{number} {total:g}s step-end infinite; }}"
        )
        width, height = box.split()[2:]
        words = (
            f'<text x="24" y="{float(height) + 24:g}" font-family="monospace" font-size="20"'
            f' fill="#777">{scene.words}</text>'
        )
        frames.append(f'<g id="s{number}">{inner}{words}</g>')
        began += scene.seconds
    style = "\n".join(rules)
    return (
        f'<svg viewBox="0 0 {width} {float(height) + 40:g}" xmlns="http://www.w3.org/2000/svg">\n'
        f"<style>\n{style}\n</style>\n" + "\n".join(frames) + "\n</svg>\n"
    )


def main() -> None:
    """Write all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = asyncio.run(record(Path(folder), MORNING))
    (HERE / "triage.svg").write_text(steady(pictures[8], "terminal"), encoding="utf-8")
    (HERE / "morning.svg").write_text(recording(pictures, MORNING), encoding="utf-8")


if __name__ == "__main__":
    main()
