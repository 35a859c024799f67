"""What the screen remembers of its last time: of one tray, on this machine.

Only what can be lost: a file that is missing, damaged or of a newer program is as if it were not.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from papertray.store.places import Places, hash_of

MOST_LINES = 100
"""Searches and commands that are remembered."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """How the screen was left.

    `view` is a pile, or the name of a saved search where `is_saved`. `search` is what the box held,
    `is_narrowed` whether it searched the view only. `paper_id` is the paper under the cursor.
    `searches`, `commands` and `pipes` are what was typed, oldest first. `hints` are the ids of the
    hints that were shown, once for each time.
    """

    view: str = ""
    is_saved: bool = False
    search: str = ""
    is_narrowed: bool = False
    paper_id: int = 0
    is_card: bool = False
    sort: str = ""
    group: str = ""
    left: str = ""
    theme: str = ""
    export_format: str = ""
    export_path: str = ""
    searches: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    pipes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


class Memory:
    """Reads and writes what is remembered. `now` is changed at once, `save` writes it."""

    def __init__(self, file: Path | None) -> None:
        """`file` None: nothing is remembered (the tour, most tests)."""
        self._file = file
        self.now = _read(file) if file is not None else Remembered()

    def change(self, **values: Any) -> None:
        """Remember other values of some fields of `Remembered`."""
        self.now = replace(self.now, **values)

    def typed(self, field: str, line: str) -> None:
        """Remember a line that was typed (`field`: searches, commands or pipes) as the newest."""
        lines = [known for known in getattr(self.now, field) if known != line]
        self.change(**{field: (*lines, line)[-MOST_LINES:]})

    def save(self) -> None:
        """Write it down, beside and renamed; what cannot be written is not remembered."""
        if self._file is None:
            return
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(self.now), ensure_ascii=False), encoding="utf-8")
            os.replace(beside, self._file)


def memory_file(places: Places) -> Path:
    """Return where a tray's memory lies: in the user's state folder, by the tray's path."""
    return places.state / f"screen-{hash_of(places.tray)}.json"


def _read(file: Path) -> Remembered:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Remembered()
    usual = Remembered()
    values: dict[str, Any] = {}
    for field in fields(Remembered):
        value, known = (
            found.get(field.name) if isinstance(found, dict) else None,
            getattr(usual, field.name),
        )
        if isinstance(known, tuple):
            if isinstance(value, list) and all(isinstance(one, str) for one in value):
                values[field.name] = tuple(value)
        elif type(value) is type(known):
            values[field.name] = value
    return Remembered(**values)
