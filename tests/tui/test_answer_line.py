"""The line that is typed into: completion, history, pasting, and answers that are refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual import events
from textual.app import App
from textual.keys import _character_to_key

from papertray.tui.screens.prompt import Prompt
from papertray.tui.widgets.answer_line import AnswerLine
from papertray.tui.widgets.line import Line

WORDS = ("masked", "masking", "mast", "model", "models")


def complete(line: str, cursor: int) -> tuple[int, Sequence[str]]:
    """Complete the last word of a line from a few."""
    start = line.rfind(" ", 0, cursor) + 1
    return start, [word for word in WORDS if word.startswith(line[start:cursor])]


class Alone(App[None]):
    """Nothing but what is pushed onto it."""

    ENABLE_COMMAND_PALETTE = False


class Asking:
    """A prompt on a screen of its own, and what is answered."""

    def __init__(self, size: tuple[int, int] = (80, 24), **prompt: object) -> None:
        self.answers: list[str | None] = []
        self._app = Alone()
        self._running = self._app.run_test(size=size)
        self._prompt = Prompt("Which words?", **{"complete": complete, **prompt})  # type: ignore[arg-type]  # as given by each test

    async def __aenter__(self) -> Asking:
        self._pilot = await self._running.__aenter__()
        self._app.push_screen(self._prompt, self.answers.append)
        await self._pilot.pause()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._running.__aexit__(*error)  # type: ignore[arg-type]  # handed on as it came

    @property
    def line(self) -> AnswerLine:
        """The line."""
        return self._prompt.query_one(AnswerLine)

    @property
    def text(self) -> str:
        """The screen as plain text."""
        strips = self._app.screen._compositor.render_strips(self._app.size)
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until the screen shows what came of them."""
        for key in keys:
            await self._send(key, key if len(key) == 1 else None)

    async def type(self, text: str) -> None:
        """Type a text."""
        for letter in text:
            await self._send(_character_to_key(letter), letter)

    async def _send(self, key: str, character: str | None) -> None:
        self._app.post_message(events.Key(key, character))
        while any(
            node.message_queue_size
            for node in (self._app, self._app.screen, *self._app.screen.walk_children())
        ):
            await self._pilot.pause(0)
        await self._pilot.pause(0)

    async def rush(self, *keys: str) -> None:
        """Press keys faster than the screen takes them."""
        for key in keys:
            self._app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self._pilot.pause()

    async def paste(self, text: str) -> None:
        """Paste a text."""
        self.line.post_message(events.Paste(text))
        await self._pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_tab_completes_what_all_have_in_common_then_goes_through_them(
    size: tuple[int, int],
) -> None:
    async with Asking(size) as asking:
        await asking.type("my m")
        await asking.press("tab")
        assert asking.line.value == "my m"
        assert "masked  masking  mast  model  models" in asking.text
        await asking.type("a")
        assert "masked" not in asking.text  # the offer is gone with the next letter
        await asking.press("tab")
        assert asking.line.value == "my mas"
        assert "masked  masking  mast" in asking.text
        for value, shown in (
            ("my masked", "[masked]  masking"),
            ("my masking", "masked  [masking]"),
            ("my mast", "masking  [mast]"),
            ("my masked", "[masked]  masking"),
        ):
            await asking.press("tab")
            assert asking.line.value == value
            assert shown in asking.text
        await asking.press("shift+tab")
        assert asking.line.value == "my mast"


async def test_tab_completes_in_the_middle_of_a_line() -> None:
    async with Asking(answer="mode of it") as asking:
        await asking.press("home", "right", "right", "right", "right", "tab")
        assert asking.line.value == "model of it"
        assert asking.line.cursor_position == 5
        await asking.press("tab", "tab")
        assert asking.line.value == "models of it"
        # Who goes elsewhere begins anew there.
        asking.line.cursor_position = 0
        await asking.press("tab")
        assert asking.line.value == "mmodels of it"


async def test_the_only_completion_is_taken_and_no_completion_changes_nothing() -> None:
    async with Asking() as asking:
        await asking.type("maske")
        await asking.press("tab", "tab")
        assert asking.line.value == "masked"
        await asking.type(" zebra")
        await asking.press("tab", "shift+tab")
        assert asking.line.value == "masked zebra"


async def test_escape_takes_the_offer_back_before_it_gives_up() -> None:
    async with Asking(explanation="one line of words") as asking:
        await asking.press("m", "tab", "escape")
        assert "one line of words" in asking.text
        assert asking.answers == []
        await asking.press("escape")
        assert asking.answers == [None]


@pytest.mark.parametrize(("older", "newer"), [("ctrl+p", "ctrl+n"), ("up", "down")])
async def test_what_was_typed_before_comes_back(older: str, newer: str) -> None:
    async with Asking(history=["first", "second"]) as asking:
        await asking.type("half")
        await asking.press(older)
        assert asking.line.value == "second"
        assert asking.line.cursor_position == len("second")
        await asking.press(older, older)
        assert asking.line.value == "first"
        await asking.press(newer, newer, newer)
        assert asking.line.value == "half"


async def test_what_is_typed_after_enter_is_not_part_of_the_answer() -> None:
    async with Asking() as asking:
        await asking.rush(*"one", "enter", *"two")
        assert asking.answers == ["one"]


@pytest.mark.parametrize(
    ("pasted", "value"),
    [
        ("one\ntwo\r\nthree\n", "one two three"),
        (" and more", " and more"),
        ("\n", ""),
        ("a\x1b[31mb", "a\x1b[31mb"),
    ],
)
async def test_what_is_pasted_becomes_one_line(pasted: str, value: str) -> None:
    async with Asking() as asking:
        await asking.paste(pasted)
        assert asking.line.value == value
        assert "\x1b" not in asking.text


async def test_what_is_pasted_takes_the_place_of_a_proposal() -> None:
    async with Asking(answer="papers.bib", is_proposal=True) as asking:
        await asking.paste("mine.bib")
        assert asking.line.value == "mine.bib"


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_refused_answer_stays_to_be_mended(size: tuple[int, int]) -> None:
    def check(answer: str) -> str:
        return "" if answer.startswith("m") else f"There is no word {answer}; " + "write one. " * 8

    async with Asking(size, check=check, explanation="one word") as asking:
        await asking.type("zebra")
        await asking.press("enter")
        assert asking.answers == []
        assert asking.line.value == "zebra"
        assert "There is no word zebra;" in asking.text
        shown = " ".join(asking.text.split())
        assert shown.count("write one.") == 8  # however narrow it is
        await asking.press("ctrl+u")
        await asking.type("mast")
        await asking.press("enter")
        assert asking.answers == ["mast"]


async def test_a_line_hands_on_enter_and_what_is_typed_after_it() -> None:
    came: list[str] = []

    class Screen(App[None]):
        def compose(self) -> Sequence[AnswerLine | Line]:
            return [AnswerLine(complete=complete)]

        def on_key(self, event: events.Key) -> None:
            came.append(event.key)

    app = Screen()
    async with app.run_test() as pilot:
        line = app.query_one(AnswerLine)
        line.focus()
        for key in ("m", "enter", "x", "tab"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert (line.value, came) == ("m", ["enter", "x", "tab"])
        line.ask(())
        await pilot.press("y")
        assert line.value == "my"
