"""`doctor` and `keys`."""

from __future__ import annotations

import sqlite3

import pytest

from cli.command_line import CommandLine
from papertray.tui.keys import key_table_text


def test_a_sound_tray_is_said_to_be_well(papertray: CommandLine) -> None:
    papertray("save", "mine", "tag:x")

    result = papertray("doctor")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "All is well.\n")


def test_the_index_is_told_of_until_it_has_followed(filled: CommandLine) -> None:
    assert filled("doctor").stderr.startswith("There is no search index")
    filled("list", "attention")
    assert filled("doctor").stderr == "All is well.\n"

    filled("note", "1", "text")

    result = filled("doctor")
    assert (result.exit_code, result.stdout) == (0, ""), "it is behind after every write"
    assert "behind" in result.stderr


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DROP TRIGGER note_insert", "trigger note_insert is missing"),
        ("UPDATE pile_count SET papers = 7 WHERE pile = 'inbox'", "inbox says 7 papers"),
        ("UPDATE pile_count SET done = 2 WHERE pile = 'read'", "read says 0 papers, 2 of them"),
        ("INSERT INTO tag VALUES (99, 'x')", "tag points to a row of paper"),
        ("UPDATE note SET paper_id = 99", "belongs to a paper that does not exist"),
        ("UPDATE note SET body = 'other'", "last revision"),
    ],
)
def test_each_damage_is_named(filled: CommandLine, damage: str, words: str) -> None:
    filled("note", "1", "text")
    filled("list", "attention")
    assert filled("doctor").exit_code == 0
    with sqlite3.connect(filled.database) as connection:
        connection.execute("DROP TRIGGER note_update")
        connection.execute(damage)
    connection.close()

    result = filled("doctor")

    assert result.exit_code == 1
    assert words in result.stdout
    assert "trigger note_update is missing" in result.stdout


def test_a_file_that_sqlite_cannot_read_is_named(filled: CommandLine) -> None:
    data = bytearray(filled.database.read_bytes())
    data[: len(data) // 2] = b"\xa5" * (len(data) // 2)
    for file in filled.database.parent.glob("papertray.db-*"):
        file.unlink()
    filled.database.write_bytes(data)

    result = filled("doctor")

    assert result.exit_code == 1
    assert str(filled.database) in result.stdout
    assert filled("list").exit_code == 2


def test_keys_prints_the_table_of_the_screen(papertray: CommandLine) -> None:
    assert papertray("keys").stdout == key_table_text() + "\n"
