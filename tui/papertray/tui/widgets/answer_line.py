"""A line to type into, with completion and history: for search, commands, tags and questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from textual import events
from textual.binding import BindingsMap
from textual.message import Message
from textual.widgets import Input
from textual.widgets.input import Selection

from papertray.tui.typing_ahead import was_done
from papertray.tui.widgets.masking import Masking

Completer: TypeAlias = Callable[[str, int], tuple[int, Sequence[str]]]
"""From a line and the place of the cursor to where the word begins that is completed, and what it
may become, likeliest first. Called at a key, so it answers within some milliseconds."""


_OWN = BindingsMap(Input.BINDINGS)


class AnswerLine(Input):
    """Hands Enter and Esc on to its screen, and every key after it, in order, until it is to `ask`.

    What is typed after Enter is so no part of the answer. Tab completes as far as all that is
    possible agrees, then goes through it; Esc takes back the offer first. ^P and ^N go
    through what was typed before (Up and Down, too, where `arrows_are_history`). What is pasted
    becomes one line.
    """

    DEFAULT_CSS = """
    AnswerLine, AnswerLine:focus { height: 1; border: none; padding: 0 1; }
    """

    class Offered(Message):
        """What the word at the cursor may become, for a line beside; `chosen` is the one taken."""

        def __init__(self, words: Sequence[str], chosen: int | None) -> None:
            super().__init__()
            self.words = words
            self.chosen = chosen

    def __init__(
        self,
        value: str = "",
        *,
        complete: Completer | None = None,
        history: Sequence[str] = (),
        arrows_are_history: bool = True,
        is_proposal: bool = False,
        placeholder: str = "",
        picks: Sequence[str] = (),
        id: str | None = None,
    ) -> None:
        """`history` is oldest first. A proposal is replaced by what is typed. In an empty line the
        digits 1 to 9 are the answers `picks`, as Enter is.
        """
        super().__init__(
            value,
            placeholder=placeholder,
            select_on_focus=False,
            highlighter=Masking(),
            id=id,
        )
        self._complete = complete
        self._older, self._newer = ["ctrl+p"], ["ctrl+n"]
        if arrows_are_history:
            self._older.append("up")
            self._newer.append("down")
        # Not on focus, as Textual does it: letters may be there before the focus is.
        if is_proposal:
            self.selection = Selection(0, len(value))
        self._picks = dict(zip("123456789", picks, strict=False))
        self._start = 0
        self._offered: Sequence[str] = ()
        self._taken: int | None = None
        self._offered_for = ("", 0)
        self.ask(history)

    def ask(self, history: Sequence[str]) -> None:
        """Take keys (again). `history` is what was typed before, oldest first."""
        self._past = [line for line in history if line]
        self._back = 0
        self._typed = ""
        self._is_given = False

    def on_key(self, event: events.Key) -> None:
        """Take a key, unless it is meant for the screen."""
        is_end = event.key == "enter" or (event.key == "escape" and not self._offered)
        is_end = is_end or self.picked(event.character) is not None
        self._is_given = self._is_given or is_end
        if not self._is_given and self.take(event):
            event.stop()
        event.prevent_default()

    def take(self, event: events.Key) -> bool:
        """Type, complete, go back; False for a key that means nothing to a line.

        The screen calls it for keys that came before the line had them.
        """
        if event.key in ("tab", "shift+tab") and self._complete is not None:
            self._tab(1 if event.key == "tab" else -1)
        elif event.key in self._older:
            self._go_back(1)
        elif event.key in self._newer:
            self._go_back(-1)
        elif event.key == "escape" and self._offered:
            self._forget_offer()
        else:
            if event.key not in ("tab", "shift+tab"):
                self._forget_offer()
            if not event.is_printable or event.character is None:
                return was_done(self, _OWN, event)
            self.replace(event.character, *sorted(self.selection))
        return True

    def picked(self, character: str | None) -> str | None:
        """Return the answer of a digit, where it has one and nothing is typed yet."""
        return None if self.value or character is None else self._picks.get(character)

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines of what is pasted, as one; the first alone would be half of it."""
        event.prevent_default()
        event.stop()
        self._forget_offer()
        line = " ".join(event.text.rstrip().splitlines())
        self.replace(line, *sorted(self.selection))

    # --- completion

    def _tab(self, step: int) -> None:
        assert self._complete is not None
        if self._offered and self._offered_for == (self.value, self.cursor_position):
            taken = (0 if step > 0 else -1) if self._taken is None else self._taken + step
            self._taken = taken % len(self._offered)
            self._put(self._offered[self._taken])
            self._offer()
            return
        self._start, found = self._complete(self.value, self.cursor_position)
        word = self.value[self._start : self.cursor_position]
        self._offered, self._taken = (), None
        if len(found) == 1:
            self._put(found[0])
        elif found:
            common = _common(found)
            if len(common) > len(word):
                self._put(common)
            self._offered = found
        self._offer()

    def _offer(self) -> None:
        self._offered_for = (self.value, self.cursor_position)
        self.post_message(self.Offered(self._offered, self._taken))

    def _put(self, word: str) -> None:
        after = self.value[self.cursor_position :]
        self.value = self.value[: self._start] + word + after
        self.cursor_position = self._start + len(word)

    def _forget_offer(self) -> None:
        if self._offered:
            self._offered, self._taken = (), None
            self._offer()

    # --- history

    def _go_back(self, step: int) -> None:
        self._forget_offer()
        back = max(0, min(self._back + step, len(self._past)))
        if back == self._back:
            return
        if self._back == 0:
            self._typed = self.value
        self._back = back
        self.value = self._past[-back] if back else self._typed
        self.cursor_position = len(self.value)


def _common(words: Sequence[str]) -> str:
    """Return what all words begin with."""
    first, last = min(words), max(words)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[:same]
