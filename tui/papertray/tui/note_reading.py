"""A note as it is read: its tasks and links can be chosen, its links are numbered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from papertray.core.counting import counted
from papertray.core.tasks import Task, tasks
from papertray.core.wikilinks import wikilinks

CHOSEN = "→ "
"""Stands before the place that Space or Enter is about."""


@dataclass(frozen=True, slots=True)
class Place:
    """A task or a link of a note; `at` is where its mark goes, `end` where it ends in the text.

    `number` is that of a link, from 1; 0 for a task.
    """

    at: int
    end: int
    task: Task | None = None
    link: str = ""
    number: int = 0


def places(text: str) -> list[Place]:
    """Return the tasks and links of a note, in its order."""
    found = [
        # Behind the sign, its bracket and the blank.
        Place(task.place + 3, task.place + 3, task=task)
        for task in tasks(text)
    ]
    found += [
        Place(link.start, link.end, link=link.name, number=number)
        for number, link in enumerate(wikilinks(text), 1)
    ]
    return sorted(found, key=lambda place: place.at)


def marked(text: str, found: Sequence[Place], chosen: Place | None) -> str:
    """Return Markdown with links numbered as ``[1]``, and a mark before the chosen place."""
    pieces = []
    at = 0
    for place in found:
        pieces += [text[at : place.at], CHOSEN if place == chosen else ""]
        pieces.append(text[place.at : place.end])
        if place.number:
            pieces.append(rf"\[{place.number}\]")
        at = place.end
    return "".join([*pieces, text[at:]])


def beside(found: Sequence[Place], chosen: Place | None, step: int) -> Place | None:
    """Return the next place (`step` 1) or the one before (-1), around the ends."""
    if not found:
        return None
    if chosen not in found:
        return found[0 if step > 0 else -1]
    return found[(found.index(chosen) + step) % len(found)]


def to_tick(found: Sequence[Place], chosen: Place | None) -> Place | None:
    """Return the task that Space is about: the chosen one, else the first open one from there."""
    if chosen is not None and chosen.task is not None:
        return chosen
    at = chosen.at if chosen is not None else 0
    still_open = [place for place in found if place.task is not None and not place.task.is_done]
    return next((place for place in still_open if place.at >= at), None)


def summary(text: str, backlinks: int) -> list[str]:
    """Return what the status line says of a note: how many notes link to it, and its tasks."""
    found = tasks(text)
    still_open = sum(not task.is_done for task in found)
    said = [f"linked from {counted(backlinks, 'note')}"] if backlinks else []
    return [*said, f"{counted(len(found), 'task')}, {still_open} open"] if found else said


def when(instant: str, today: str) -> str:
    """Return when something was, as short as can be: the time of today, or the day.

    `instant` is one of a table, `today` the local date.
    """
    if not instant:
        return ""
    moment = datetime.fromisoformat(instant).astimezone()
    is_today = moment.date().isoformat() == today
    return f"{moment:%H:%M}" if is_today else f"{moment.day} {moment:%b %Y}"
