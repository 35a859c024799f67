"""The golden files: small sources of every format, with the records that must come of them."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from papertray.core.model import Item, Json
from papertray.feeds.source import open_source

FOLDER = Path(__file__).parent / "golden"
EXPECTED = ".expected.jsonl"


def golden_files() -> list[Path]:
    """Return all golden sources: golden/<format>/<file>; a library that is a folder counts once."""
    return sorted(
        path
        for path in FOLDER.glob("*/*")
        if not path.name.endswith(EXPECTED) and not path.name.startswith(".")
    )


def format_of(path: Path) -> str:
    """Return the name of the format that a golden source is of."""
    return path.parent.name


def items_of(path: Path, format_name: str = "") -> list[Item]:
    """Return all that the reader that recognises a source yields."""
    with open_source(str(path), io.BytesIO(), format_name) as source:
        return list(source.items())


def written(items: list[Item], root: str) -> Iterator[str]:
    """Yield items as lines of JSON, empty fields left out; `root`, a path, becomes ``ROOT``."""
    for item in items:
        told = dataclasses.asdict(item, dict_factory=_without_flags)
        fields = {"item": type(item).__name__, **told}
        yield json.dumps(_filled(fields), ensure_ascii=False, default=str).replace(root, "ROOT")


def _without_flags(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Leave out what a data class says is not so."""
    return {name: value for name, value in fields if value is not False}


def _filled(value: Json) -> Json:
    if isinstance(value, dict):
        filled = {name: _filled(part) for name, part in value.items()}
        return {name: part for name, part in filled.items() if part not in (None, "", [], {}, ())}
    if isinstance(value, list | tuple):
        return [_filled(part) for part in value]
    if isinstance(value, bytes):
        return value[:60].decode("utf-8", "replace")
    return value
