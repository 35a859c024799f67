"""What was typed into a note and is not in the tray yet, in a file: for when the program is killed.

One small file for each open note, in the user's state folder; it goes away with the save.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.store.places import Places, hash_of
from papertray.store.writing import Outcome

if TYPE_CHECKING:
    from papertray.notebook.notes import Notes


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A text on its way into a note.

    `paper_id` names a paper whose own note it is, `note_id` another note; without both it is a new
    one with a `title` (and `uid`, if it is to have a certain one). `base` is the text on disk that
    the writing began from.
    """

    text: str
    base: str
    paper_id: int | None = None
    note_id: int | None = None
    title: str = ""
    uid: str = ""

    def save(self, notes: Notes, *, continues: int | None = None) -> tuple[int | None, Outcome]:
        """Write it into the tray; return the note's id where it is not a paper's own note.

        What somebody else wrote there since `base` is kept. Raises what saving a note raises.
        """
        if self.note_id is not None:
            outcome = notes.save(self.note_id, self.text, continues=continues, base=self.base)
            return self.note_id, outcome
        if self.paper_id is not None:
            outcome = notes.save_main(self.paper_id, self.text, continues=continues, base=self.base)
            return None, outcome
        if not self.text.strip():
            return None, Outcome(None, 0, "")
        return notes.new(None, self.title, self.text, uid=self.uid)


class UnsavedFile:
    """Where the unsaved text of one open note is kept. Any thread may call it."""

    def __init__(self, places: Places, number: int) -> None:
        """`number` tells this note from others that are open in this process."""
        self._file = places.state / f"{_prefix(places)}{os.getpid()}-{number}.json"
        self._lock = threading.Lock()
        self._newest = 0

    def put(self, unsaved: Unsaved | None, turn: int) -> None:
        """Keep a text, beside and renamed; None: there is none to keep. Not kept if it cannot be.

        What has a smaller `turn` than was put already comes too late and is left out.
        """
        with self._lock, suppress(OSError):
            if turn < self._newest:
                return
            self._newest = turn
            if unsaved is None:
                self._file.unlink(missing_ok=True)
                return
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._file.with_suffix(".part")
            # Plain ASCII: half a surrogate pair passes, too.
            beside.write_text(json.dumps(asdict(unsaved)), encoding="ascii")
            os.replace(beside, self._file)


def left_behind(places: Places) -> Iterator[tuple[Path, Unsaved]]:
    """Yield what processes that are gone left unsaved in this tray, oldest first, and its file."""
    try:
        files = sorted(places.state.glob(f"{_prefix(places)}*.json"), key=_modified)
    except OSError:
        return
    for file in files:
        process = file.name.removeprefix(_prefix(places)).partition("-")[0]
        if process.isdigit() and not _is_alive(int(process)):
            with suppress(OSError, ValueError, TypeError):
                yield file, Unsaved(**json.loads(file.read_text(encoding="ascii")))


def _prefix(places: Places) -> str:
    return f"unsaved-{hash_of(places.tray)}-"


def _modified(file: Path) -> float:
    return file.stat().st_mtime


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return process != os.getpid()
