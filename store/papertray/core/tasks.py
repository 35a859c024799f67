"""Tasks in notes: list items that begin with ``[ ]`` or ``[x]``. Pure text.

The syntax is that of GitHub's task lists (GitHub Flavored Markdown 0.29, 5.3), also in a quotation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from papertray.core.wikilinks import prose_lines

_TASK = re.compile(r"[ \t]*(?:>[ \t]*)*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\][ \t]+(\S.*)")


@dataclass(frozen=True, slots=True)
class Task:
    """A task: `place` is where its sign stands in the text, `line` the number of its line from 0.

    `text` is what is to be done, as it was written.
    """

    place: int
    line: int
    text: str
    is_done: bool


def tasks(text: str) -> list[Task]:
    """Return the tasks of a note, in its order; none of what stands in fenced code."""
    if "[" not in text:
        return []
    found = []
    line, counted = 0, 0
    for start, words in prose_lines(text):
        match = _TASK.match(words)
        if match:
            line += text.count("\n", counted, start)
            counted = start
            done = match[1] != " "
            found.append(Task(start + match.start(1), line, match[2].rstrip(), done))
    return found


def ticked(text: str, task: Task) -> str:
    """Return a note with one task of it ticked, or the tick taken away: one character differs."""
    sign = " " if task.is_done else "x"
    return text[: task.place] + sign + text[task.place + 1 :]


def again(text: str, task: Task) -> Task | None:
    """Return a task of an earlier text in a later one, None where it is not there any more.

    The one with the same words that stands nearest to where it stood, rather below than above:
    lines are put in more often than taken out.
    """
    same = [each for each in tasks(text) if each.text == task.text]
    return min(
        same,
        key=lambda each: (abs(each.line - task.line), each.line < task.line),
        default=None,
    )
