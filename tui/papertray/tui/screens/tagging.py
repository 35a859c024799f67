"""What `t` does: tags of the paper under the cursor, or of all that are marked."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.clean import clean

if TYPE_CHECKING:
    from papertray.store.writing import Outcome
    from papertray.tui.dispatch import Press
    from papertray.tui.screens.triage import TriageScreen

MOST_SHOWN = 12
"""Tags that are named beside the question."""

MOST_READ = 5000
"""Marked papers of which the tags are looked at."""


def edit_tags(screen: TriageScreen, press: Press) -> None:
    """Ask for the tags of one paper, all in one line, or for what changes on several."""

    def found(ids: array[int]) -> None:
        if not ids:
            screen.say("no paper here")
        elif len(ids) == 1:
            _edit_one(screen, ids)
        else:
            _edit_several(screen, ids)

    screen.marks.gather(press.count, found)


def _edit_one(screen: TriageScreen, ids: array[int]) -> None:
    from papertray.tui.screens.prompt import Prompt

    present = screen.notebook.papers.entry(ids[0]).tags
    shown = ", ".join(present)
    known = _known(screen)

    def answered(answer: str | None) -> None:
        if answer is None:
            return
        wanted = parse_tags(answer)
        # A tag from elsewhere may hold commas or end in blanks: it stays while all of it stays.
        add = [tag for tag in wanted if tag not in parse_tags(shown)]
        remove = [tag for tag in present if not set(parse_tags(tag)) <= set(wanted)]
        _write(screen, ids, add, remove)

    explanation = f"in use: {', '.join(known[:MOST_SHOWN])}" if known else ""
    prompt = Prompt(
        "Tags, with commas between", shown, clean(explanation), complete=partial(complete, known)
    )
    screen.app.push_screen(prompt, answered)


def _edit_several(screen: TriageScreen, ids: array[int]) -> None:
    from papertray.tui.screens.prompt import Prompt

    known = _known(screen)

    def answered(answer: str | None) -> None:
        if answer is not None:
            _write(screen, ids, *parse_changes(answer))

    prompt = Prompt(
        f"Tags of {len(ids):,} papers: +new, -old",
        explanation=clean(_on_them(screen, ids)),
        complete=partial(complete, known),
    )
    screen.app.push_screen(prompt, answered)


def _on_them(screen: TriageScreen, ids: Sequence[int]) -> str:
    """Return which tags some papers have, and how many of them."""
    if len(ids) > MOST_READ:
        return ""
    tags = screen.notebook.papers.tags_of(ids)
    counts = [
        f"{tag} (all)" if number == len(ids) else f"{tag} ({number:,})"
        for tag, number in tags[:MOST_SHOWN]
    ]
    return f"on them: {', '.join(counts)}" if counts else "no tags on them yet"


def _write(
    screen: TriageScreen, ids: Sequence[int], add: Sequence[str], remove: Sequence[str]
) -> None:
    papers = screen.notebook.papers

    def done(outcome: Outcome) -> None:
        screen.changed(list(ids), outcome.label or "tags as they were")

    if not add and not remove:
        screen.say("tags as they were")
        return
    screen.papertray.writer.write(
        lambda: papers.change_tags(ids, add=add, remove=remove), done, screen.refused
    )


def _known(screen: TriageScreen) -> list[str]:
    """Return every tag, the most used first."""
    tags = sorted(screen.notebook.papers.tags(), key=lambda tag: (-tag[1], tag[0]))
    return [tag for tag, _ in tags]


def parse_tags(text: str) -> list[str]:
    """Return the tags of a line, each once: separated by commas, blanks at the ends left out."""
    return list(dict.fromkeys(tag for tag in (part.strip() for part in text.split(",")) if tag))


def parse_changes(text: str) -> tuple[list[str], list[str]]:
    """Return the tags to give and to take: ``+new, -old``; a tag without a sign is given."""
    parts = parse_tags(text)
    add = [part.removeprefix("+").strip() for part in parts if not part.startswith("-")]
    remove = [part[1:].strip() for part in parts if part.startswith("-")]
    return [tag for tag in add if tag], [tag for tag in remove if tag]


def complete(known: Sequence[str], line: str, cursor: int) -> tuple[int, Sequence[str]]:
    """Return what the tag may become that ends at the cursor, for a line of tags."""
    start = line.rfind(",", 0, cursor) + 1
    while start < cursor and line[start] in " +-":
        start += 1
    typed = line[start:cursor].casefold()
    return start, [tag for tag in known if tag.casefold().startswith(typed)]
