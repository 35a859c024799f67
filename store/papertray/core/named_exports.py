"""Exports that have a name in the settings: files that follow the tray.

```toml
[exports.thesis]
query = "tag:thesis"
to = "biblatex"
file = "~/thesis/refs.bib"
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from papertray.core.grouping import GROUPS, NO_GROUP
from papertray.core.piles import Pile

TABLE = "exports"
"""The table of the settings file that holds a table for each of them."""


@dataclass(frozen=True, slots=True)
class NamedExport:
    """One export of the settings, with the options of `papertray export`.

    `file` is where it goes, perhaps with a ``~``; `query` what it holds, of one `pile` or of all
    (both empty: what is read and starred); `to` the format (empty: the one that the file's suffix
    stands for); `notes` None: as is usual for the format; `update`: the file is the user's own, and
    brought up to date.
    """

    name: str
    file: str
    query: str = ""
    pile: str = ""
    to: str = ""
    notes: bool | None = None
    private: bool = False
    abstracts: bool = True
    group: str = "pile"
    title: str = ""
    bibliography: str = ""
    update: bool = False


ALL_PILES = "all"

PILES = (*(pile.value for pile in Pile), ALL_PILES)
"""What `NamedExport.pile` may be."""

Place: TypeAlias = tuple[str, ...]

_TEXTS = ("file", "query", "pile", "to", "group", "title", "bibliography")
_SWITCHES = ("notes", "private", "abstracts", "update")


def parse_exports(found: Mapping[str, object]) -> Iterator[NamedExport | tuple[Place, str]]:
    """Yield the exports of the table `TABLE`; for each mistake its place and a sentence.

    An export with a mistake is left out: half of what was meant must not be written.
    """
    for name, content in found.items():
        if not isinstance(content, dict):
            yield (name,), f"{TABLE}.{name} must be a table, [{TABLE}.{name}]."
            continue
        problems = list(_problems(name, content))
        if problems:
            yield from problems
        else:
            yield NamedExport(name, **content)


def _problems(name: str, content: Mapping[str, object]) -> Iterator[tuple[Place, str]]:
    what = f"{TABLE}.{name}"
    for option, value in content.items():
        place = (name, option)
        if option in _SWITCHES:
            if not isinstance(value, bool):
                yield place, f"{what}.{option} must be true or false."
        elif option not in _TEXTS:
            there_are = ", ".join((*_TEXTS, *_SWITCHES))
            yield place, f"There is no option {option} of an export; there are {there_are}."
        elif not isinstance(value, str) or not value.isprintable():
            yield place, f"{what}.{option} must be a text of one line in quotation marks."
        elif option == "group" and value not in (*GROUPS, NO_GROUP):
            yield place, f"{what}.group must be one of {', '.join((*GROUPS, NO_GROUP))}."
        elif option == "pile" and value not in PILES:
            yield place, f"{what}.pile must be one of {', '.join(PILES)}."
        elif option == "file" and not value.startswith(("/", "~")):
            yield place, f"{what}.file must be a whole path, with / or ~ at its beginning."
    if "file" not in content:
        yield (name,), f"[{TABLE}.{name}] names no file to write."
