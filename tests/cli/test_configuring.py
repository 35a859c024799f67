"""`papertray config`: where the settings are, what they change, and what is wrong with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.command_line import CommandLine
from papertray.core.settings import parse_settings
from papertray.tui.keys import KeyMap
from papertray.tui.settings import key_map_of


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of the command line, not there yet."""
    return tmp_path / "config" / "settings.toml"


def test_without_a_file_it_says_where_it_would_be(papertray: CommandLine, file: Path) -> None:
    result = papertray("config")

    assert (result.exit_code, result.stdout) == (0, f"{file}\n")
    assert "papertray config --write" in result.stderr
    assert not file.exists()
    assert not papertray.database.exists()


def test_the_written_file_shows_every_key_as_it_is(papertray: CommandLine, file: Path) -> None:
    assert papertray("config", "--write").exit_code == 0

    assert os.listdir(file.parent) == ["settings.toml"]
    assert papertray.lines("config") == [str(file)]
    text = file.read_text()
    keys = text[text.index("[keys]") : text.index("[commands]")]
    lines = [line.removeprefix("# ") for line in keys.splitlines()]
    settings = parse_settings("\n".join(line for line in lines if line[:1] in ("[", '"')))
    assert len(settings.keys) == len(KeyMap().actions)
    assert key_map_of(settings) == (KeyMap(), [])


def test_a_file_that_is_there_is_never_replaced(papertray: CommandLine, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("[backups]\ndaily = 3\n")

    result = papertray("config", "--write")

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file} is there already" in result.stderr
    assert file.read_text() == "[backups]\ndaily = 3\n"


def test_a_folder_that_cannot_be_written_is_one_sentence(
    papertray: CommandLine, file: Path
) -> None:
    file.parent.write_text("in the way")

    result = papertray("config", "--write")

    assert result.exit_code == 2
    assert f"{file} cannot be written: " in result.stderr


def test_what_differs_is_printed_as_toml(papertray: CommandLine, file: Path) -> None:
    file.parent.mkdir()
    file.write_text(
        '[backups]\ndaily = 3\n[keys]\n"decide.skip" = "D"\n"move.top" = ["g g", "T"]\n'
    )

    assert papertray.lines("config") == [
        str(file),
        "backups.daily = 3  # usually 7",
        'keys."move.top" = ["g g", "T"]  # usually ["g g", "Home"]',
        'keys."decide.skip" = "D"  # usually ["x", "d"]',
    ]


def test_mistakes_are_named_in_the_order_of_the_file(papertray: CommandLine, file: Path) -> None:
    file.parent.mkdir()
    file.write_text(
        '[keys]\n"decide.star" = "r"\n"decide.skp" = "D"\n\n[backups]\nweakly = 4\ndaily = 3\n'
    )

    result = papertray("config")

    assert (result.exit_code, result.stdout) == (1, f"{file}\nbackups.daily = 3  # usually 7\n")
    assert result.stderr.splitlines() == [
        f"{file}, line 2: r is given to both decide.read and decide.star; "
        "decide.star keeps its usual keys.",
        f"{file}, line 3: There is no action decide.skp; did you mean decide.skip?",
        f"{file}, line 6: There is no setting weakly; did you mean weekly?",
    ]


@pytest.mark.parametrize(
    "content", [b"[keys\n", b"\xff\xfe\x00", None], ids=["TOML", "text", "file"]
)
def test_a_file_that_cannot_be_read_ends_with_two(
    papertray: CommandLine, file: Path, content: bytes | None
) -> None:
    file.parent.mkdir()
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)

    result = papertray("config")

    assert (result.exit_code, result.stdout) == (2, f"{file}\n")
    assert result.stderr.startswith(f"{file}: This ")
    assert len(result.stderr.splitlines()) == 1


def test_a_file_of_another_editor_may_begin_with_a_mark(papertray: CommandLine, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbf[backups]\r\ndaily = 3\r\n")

    assert papertray.lines("config")[1:] == ["backups.daily = 3  # usually 7"]


def test_a_list_of_texts_is_shown_as_toml(papertray: CommandLine, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('[triage]\nreasons = ["too old", "naïve"]\n', encoding="utf-8")

    (line,) = papertray.lines("config")[1:]
    assert line.startswith('triage.reasons = ["too old", "naïve"]  # usually ["off-topic", ')
