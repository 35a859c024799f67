"""What an update may change in one entry of somebody's .bib file, field by field.

Three texts of each field decide: what papertray wrote last time, what the file holds now, and what
papertray would write today. What the user changed or took out since stays hers; `force` says that
papertray is right. Nothing here knows files or a tray.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from papertray.core.bibediting import bare

TYPE = ""
"""The name under which the type of an entry is merged, like a field."""

_LONGEST = 120


class Kept(NamedTuple):
    """A hand edit that stays: what the file holds, and what papertray would write."""

    field: str
    present: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of one entry.

    `replaced` and `added` map names to new values, `removed` are names. `overruled` are the hand
    edits that `force` writes over. `remembered` is what papertray wrote of it after this, as
    `trace` puts it.
    """

    replaced: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    overruled: tuple[Kept, ...] = ()
    remembered: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """How many fields get another text."""
        return len(self.replaced) + len(self.added) + len(self.removed)


def trace(value: str) -> str:
    """Return what is remembered of a written value: what it says, of long ones a digest."""
    text = bare(value)
    if len(text) <= _LONGEST:
        return text
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def merge(
    present: Mapping[str, str],
    wanted: Mapping[str, str],
    last: Mapping[str, str],
    *,
    spoken: Mapping[str, str] | None = None,
    unasked: Container[str] = (),
    force: bool = False,
) -> Merged:
    """Decide about the fields of one entry; `TYPE` stands for its type.

    Arguments: `present` and `wanted` are the texts of values, with their delimiters, in the file
    and as papertray writes them; `last` the traces of what it wrote last time. `spoken` is what
    `present` says with macros expanded. `unasked` are fields that this export leaves out because
    the user did not ask for them (abstracts, notes): such are not taken out of the file.
    """
    replaced: dict[str, str] = {}
    added: dict[str, str] = {}
    removed: list[str] = []
    kept: list[Kept] = []
    overruled: list[Kept] = []
    remembered: dict[str, str] = {}
    for name, value in wanted.items():
        if name not in present:
            if name in last and not force:  # the user took it out
                remembered[name] = last[name]
            else:
                added[name] = value
                remembered[name] = trace(value)
            continue
        old = present[name]
        if bare(old) == bare(value) or bare((spoken or present).get(name, old)) == bare(value):
            remembered[name] = trace(value)
        elif force or last.get(name) == trace(old):
            replaced[name] = value
            remembered[name] = trace(value)
            if last.get(name) != trace(old):
                overruled.append(Kept(name, old, value))
        else:
            kept.append(Kept(name, old, value))
            if name in last:
                remembered[name] = last[name]
    for name in last.keys() - wanted.keys():
        is_ours = name in present and last[name] == trace(present[name])
        if is_ours and name not in unasked:
            removed.append(name)
        elif name in unasked:
            remembered[name] = last[name]
    return Merged(
        replaced, added, tuple(sorted(removed)), tuple(kept), tuple(overruled), remembered
    )
