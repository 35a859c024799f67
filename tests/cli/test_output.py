"""What keeps the terminal whole: widths, cutting, and no character that steers it."""

from __future__ import annotations

import io
import json
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.command_line import STEERING
from papertray.cli import output
from papertray.cli.formats import json_text
from papertray.core.clean import clean

texts = st.text(st.sampled_from("aé学김🤗\u0301\u200d—…"), max_size=30)


def width_of(text: str) -> int:
    """Return the cells that a text takes."""
    return sum(map(output.cells, text))


@given(texts, st.integers(0, 40))
def test_a_fitted_text_takes_exactly_its_room(text: str, room: int) -> None:
    fitted = output.fit(text, room)

    assert width_of(fitted) == room
    if width_of(text) <= room:
        assert fitted.rstrip(" ") == text


@pytest.mark.parametrize(
    ("text", "room", "fitted"),
    [
        ("title", 8, "title   "),
        ("title", 5, "title"),
        ("title", 4, "tit…"),
        ("学习学习", 8, "学习学习"),
        ("学习学习", 7, "学习学…"),
        ("学习学习", 6, "学习… "),
        ("e\u0301e\u0301", 2, "e\u0301e\u0301"),
        ("title", 0, ""),
    ],
)
def test_fitting(text: str, room: int, fitted: str) -> None:
    assert output.fit(text, room) == fitted


@given(st.lists(st.tuples(texts, texts, texts), min_size=1), st.integers(10, 100))
def test_no_line_of_a_table_is_wider_than_the_terminal(
    rows: list[tuple[str, str, str]], room: int
) -> None:
    for line in output.layout(rows, (12, 8), room):
        assert width_of(line) <= room


def test_a_narrow_table_keeps_key_and_title() -> None:
    rows = [("smith2020", "starred", "2020", "Smith", "On Narrowness")]

    assert output.layout(rows, (24, 7, 4, 18), 24) == ["smith2020  On Narrowness"]
    assert output.layout(rows, (24, 7, 4, 18), 80)[0].split() == [
        "smith2020", "starred", "2020", "Smith", "On", "Narrowness",
    ]  # fmt: skip


def test_json_escapes_every_character_that_a_terminal_obeys() -> None:
    for code in range(0x110000):
        character = chr(code)
        if clean(character) == character:
            continue
        text = json_text(character)
        assert character not in text
        if not 0xD800 <= code < 0xE000:
            assert json.loads(text) == character


@pytest.mark.parametrize("character", STEERING)
def test_no_line_holds_a_steering_character(
    character: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.write(f"a{character}b")
    output.write_text(f"a{character}b")
    output.write_row([f"a{character}b", "c"])
    output.say(f"a{character}b")
    output.say_text(f"a{character}b")

    captured = capsys.readouterr()
    assert character not in captured.out + captured.err


def test_progress_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    progress = output.Progress("Reading:", "papers")
    progress(1, 2)
    progress.end()

    assert capsys.readouterr().err == ""


def test_progress_shows_itself_only_when_it_takes_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    progress = output.Progress("Reading:", "papers")

    now += output.PATIENCE - 0.1
    progress(1, 2000)
    assert capsys.readouterr().err == ""

    now += 0.2
    progress(1000, 2000)
    progress(1001, 2000)
    progress.end()
    assert capsys.readouterr().err == (
        "\r\x1b[KReading: [##########----------] 50 %, 1,000 of 2,000 papers, 1,667 a second"
        "\r\x1b[K"
    )


def test_progress_without_a_total_shows_what_share_is_done_and_fits_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(output, "width", lambda: 40)
    monkeypatch.setattr(output, "PATIENCE", -1)
    monkeypatch.setattr(output, "_PAUSE", -1)
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    progress = output.Progress("Adding:", "papers")
    now += 2
    progress(10)
    progress(1000, share=0.07)

    first, second = capsys.readouterr().err.split("\r\x1b[K")[1:]
    assert first == "Adding: 10 papers, 5 a second"
    assert second == "Adding: [#-------------------] 7 %, 1,…"


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_is_used_where_it_is_wanted(
    environment: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert ("\x1b" in output.dimmed("text")) is is_coloured


def test_no_colour_in_a_pipe() -> None:
    assert output.dimmed("text") == "text"


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and when it was first written to."""

    def __init__(self) -> None:
        super().__init__()
        self.told = threading.Event()

    def isatty(self) -> bool:
        """Say that somebody is looking."""
        return True

    def write(self, text: str) -> int:
        """Keep the text."""
        written = super().write(text)
        self.told.set()
        return written


def test_what_takes_long_is_told_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    with output.telling("Undoing…", patience=0):
        assert terminal.told.wait(30)
        assert terminal.getvalue() == "Undoing…"
    assert terminal.getvalue() == "Undoing…\r\x1b[K"


def test_nothing_is_told_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with output.telling("Undoing…", patience=0):
        pass
    assert capsys.readouterr().err == ""
