"""The texts that a note had, what changed from one to the next, and putting one back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import unified_diff
from itertools import pairwise
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.store.note_lists import Revision
from papertray.tui.dispatch import Press
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.opened import is_open
from papertray.tui.text import wrap
from papertray.tui.widgets.lines import ListLine

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.tui.app import PapertrayApp


class _OverNote(ListScreen):
    """A list over an open note: keys that lead elsewhere say that the note comes first."""

    def run(self, press: Press) -> None:
        """Do what a key asks for here."""
        if press.action.startswith(("list.", "move.")):
            super().run(press)
        else:
            self.say(f"{self.papertray.key_map.key_of('list.back')} goes back to the note")


class RevisionsScreen(_OverNote):
    """The saved texts of a note, newest first; read in a thread.

    Those that were only a pause in a sitting of writing are quiet.
    """

    def __init__(self, app_: PapertrayApp, note_id: int, put_back: Callable[[str], None]) -> None:
        """`put_back` is called with the text that is to be the present one again."""
        super().__init__(app_)
        self._note_id = note_id
        self._put_back = put_back
        self._revisions: Sequence[Revision] = ()
        self._changes: Sequence[str] = ()

    def heading(self) -> str:
        """Say what is listed."""
        return f"{counted(len(self._revisions), 'saved text')} of this note"

    def lines(self) -> Sequence[ListLine]:
        """One line a text: when, how long, and the first line that is another than before."""
        found = []
        after = None
        for revision, change in zip(self._revisions, self._changes, strict=True):
            words = counted(len(revision.body.split()), "word")
            mark = "now" if revision.is_present else ""
            left = f"{revision.number:>4}  {_moment(revision.at)}  {mark:<3}  {change}"
            is_pause = after is not None and after.batch == revision.batch
            found.append(ListLine(clean(left), words, revision.uid, is_quiet=is_pause))
            after = revision
        return found

    def verbs(self) -> Verbs:
        """Return what can be done with a text."""
        return {
            "list.open": ("what changed", self._open),
            "list.restore": ("put back", self._restore),
        }

    def on_mount(self) -> None:
        """Show an empty list, and read the texts."""
        super().on_mount()
        _: Worker[None] = self.run_worker(self._read, exit_on_error=False)

    async def _read(self) -> None:
        self._revisions, self._changes = await asyncio.to_thread(self._fetch)
        if is_open(self):
            self.show_lines()

    def _fetch(self) -> tuple[Sequence[Revision], Sequence[str]]:
        found = self.notebook.notes.revisions(self._note_id)
        changes = [first_change(older.body, newer.body) for newer, older in pairwise(found)]
        return found, [*changes, *(first_change("", one.body) for one in found[-1:])]

    def _find(self, uid: str) -> int | None:
        return next((i for i, one in enumerate(self._revisions) if one.uid == uid), None)

    def _open(self, chosen: str) -> None:
        if (at := self._find(chosen)) is not None:
            older = self._revisions[at + 1] if at + 1 < len(self._revisions) else None
            self.app.push_screen(RevisionScreen(
                self.papertray, self._revisions[at], older, self._revisions[0], self._restored
            ))  # fmt: skip

    def _restore(self, chosen: str) -> None:
        if (at := self._find(chosen)) is not None:
            self._restored(self._revisions[at].body)

    def _restored(self, text: str) -> None:
        self.dismiss()
        self._put_back(text)


class RevisionScreen(_OverNote):
    """What changed in one saved text of a note: since the one before, or from then until now."""

    def __init__(
        self,
        app_: PapertrayApp,
        revision: Revision,
        older: Revision | None,
        newest: Revision,
        put_back: Callable[[str], None],
    ) -> None:
        super().__init__(app_)
        self._revision, self._older, self._newest = revision, older, newest
        self._put_back = put_back
        self._until_now = False

    def heading(self) -> str:
        """Say which texts are compared."""
        number = self._revision.number
        if self._until_now:
            return (
                f"Text {number} of {_moment(self._revision.at)}: what changed from then until now"
            )
        since = f"since text {self._older.number}" if self._older else "the first one"
        return f"Text {number} of {_moment(self._revision.at)}: {since}"

    def lines(self) -> Sequence[ListLine]:
        """The lines that differ, with some around them."""
        if self._until_now:
            before, after = self._revision.body, self._newest.body
        else:
            before, after = self._older.body if self._older else "", self._revision.body
        found = list(difference(before, after, self.size.width - 3))
        return [
            ListLine(line, id=str(number), is_quiet=line.startswith(" "))
            for number, line in enumerate(found)
        ] or [ListLine("Nothing.")]

    def verbs(self) -> Verbs:
        """Return what can be done here."""
        return {
            "list.toggle": ("the other comparison", lambda chosen: self._turn()),
            "list.restore": ("put this text back", lambda chosen: self._restore()),
        }

    def on_resize(self) -> None:
        """Break the lines for another width."""
        self.show_lines()

    def _turn(self) -> None:
        self._until_now = not self._until_now
        self.show_lines()

    def _restore(self) -> None:
        self.dismiss()
        self._put_back(self._revision.body)


def first_change(before: str, after: str) -> str:
    """Return the first line of a text that was not in the one before, or that it took out."""
    changed = [line for line in _differing(before, after, around=0) if line[2:].strip()]
    added = next((line for line in changed if line.startswith("+")), "")
    return added or next(iter(changed), "")


def difference(before: str, after: str, width: int) -> list[str]:
    """Return the lines that differ, clean and broken to a width: ``+`` came, ``-`` went."""
    return [
        f"{line[0]} {part}"
        for line in _differing(before, after, around=2)
        for part in wrap(clean(line[2:]), max(1, width - 2))
    ]


def _differing(before: str, after: str, around: int) -> list[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), n=around, lineterm="")
    return [
        "  …" if line.startswith("@@") else f"{line[0]} {line[1:]}"
        for number, line in enumerate(lines)
        if number > 1  # the names of two files
    ]


def _moment(instant: str) -> str:
    moment = datetime.fromisoformat(instant).astimezone()
    return f"{moment:%Y-%m-%d %H:%M}"
