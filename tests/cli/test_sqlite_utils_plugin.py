"""papertray as a plugin of sqlite-utils: the real program, its databases, and everybody else's."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from sqlite_utils import Database

from cli.command_line import CommandLine
from papertray.cli.sqlite_utils_plugin import prepare_connection

PROGRAM = Path(sys.executable).with_name("sqlite-utils")

WHAT_IMPORTS = """
import sys
from sqlite_utils import Database
Database(memory=True)
ours = sorted(name for name in sys.modules if name.startswith("papertray"))
print(*ours, *(name for name in ("tantivy", "textual", "platformdirs") if name in sys.modules))
"""


def sqlite_utils(papertray: CommandLine, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program, as it is installed, on the tray of `papertray`."""
    if "papertray" not in entry_points(group="sqlite_utils").names:
        pytest.fail("papertray was installed before it had this plugin: pip install -e '.[test]'")
    environment = papertray.environment
    del environment["PYTHONPATH"]
    return subprocess.run(
        [PROGRAM, *arguments], env=environment, cwd=papertray.folder,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def memory() -> Iterator[Database]:
    """A database in memory as sqlite-utils prepares it."""
    database = Database(memory=True, execute_plugins=False)
    prepare_connection(database.conn)
    yield database
    database.close()


@pytest.fixture
def tray(filled: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database of a tray as sqlite-utils prepares it."""
    for name in ("PAPERTRAY_CACHE", "PAPERTRAY_STATE"):
        monkeypatch.setenv(name, filled.environment[name])
    database = Database(filled.database, execute_plugins=False)
    prepare_connection(database.conn)
    yield database
    database.close()


def value(database: Database, sql: str, *parameters: object) -> object:
    """Return the one value that a statement yields."""
    return database.execute(sql, parameters).fetchone()[0]


# --- the program


def test_the_program_runs_our_commands(filled: CommandLine) -> None:
    listed = sqlite_utils(filled, "papertray", "list", "deep", "--format", "jsonl")
    wrong = sqlite_utils(filled, "papertray", "show", "nobody")
    unknown = sqlite_utils(filled, "papertray", "lits")

    assert json.loads(listed.stdout)["title"] == "Deep Residual Learning"
    assert (listed.returncode, wrong.returncode, unknown.returncode) == (0, 2, 2)
    assert wrong.stderr == filled("show", "nobody").stderr
    assert "did you mean list?" in unknown.stderr


def test_the_program_shows_our_help_and_names_us(papertray: CommandLine) -> None:
    page = sqlite_utils(papertray, "papertray", "--help").stdout
    plugins = json.loads(sqlite_utils(papertray, "plugins").stdout)

    assert page.startswith("Usage: sqlite-utils papertray [OPTIONS] [COMMAND]")
    own = papertray.process("--help").stdout.decode()
    assert page.partition("\n")[2] == own.partition("\n")[2]
    (ours,) = [plugin for plugin in plugins if plugin["name"] == "papertray"]
    assert set(ours["hooks"]) == {"prepare_connection", "register_commands"}


def test_the_program_has_our_functions(filled: CommandLine) -> None:
    key = sqlite_utils(filled, "memory", "select papertray_title_key('Naïve Æ!') as it").stdout
    in_tray = "select papertray_search('deep') as it"
    found = sqlite_utils(filled, str(filled.database), in_tray).stdout
    elsewhere = sqlite_utils(filled, "memory", in_tray)

    assert json.loads(key) == [{"it": "naiveae"}]
    assert json.loads(found) == [{"it": "[3]"}]
    assert (elsewhere.returncode, elsewhere.stdout) == (1, "")
    assert "papertray_search: the main database is not that of a tray" in elsewhere.stderr


def test_a_database_of_others_costs_next_to_nothing(papertray: CommandLine) -> None:
    assert "papertray" in entry_points(group="sqlite_utils").names
    environment = papertray.environment
    del environment["PYTHONPATH"]
    ended = subprocess.run(
        [sys.executable, "-c", WHAT_IMPORTS],
        env=environment, cwd=papertray.folder, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert ended.stdout.split() == [
        "papertray",
        "papertray.cli",
        "papertray.cli.sqlite_utils_plugin",
        "papertray.store",
        "papertray.store.sql_functions",
    ]


# --- the functions


@pytest.mark.parametrize(
    ("title", "key"),
    [("Über naïve Kunst!", "ubernaivekunst"), ("", ""), (None, None), (7, "7"), ("学习", "学习")],
)
def test_title_keys(memory: Database, title: object, key: str | None) -> None:
    assert value(memory, "SELECT papertray_title_key(?)", title) == key


@pytest.mark.parametrize(
    ("authors", "year", "title", "key"),
    [
        ("Ada Lovelace and Alan Turing", 1843, "On the Engine", "lovelaceEngine1843"),
        ('["Lovelace, Ada"]', "1843", "On the Engine", "lovelaceEngine1843"),
        ('[{"family": "Lovelace"}]', None, "On the Engine", "lovelaceEngine"),
        (None, 1843, "On the Engine", "Engine1843"),
        ("Ada Lovelace", "unknown", None, "lovelace"),
        (None, 1843, None, None),
    ],
)
def test_citation_keys(
    memory: Database, authors: object, year: object, title: object, key: str | None
) -> None:
    assert value(memory, "SELECT papertray_citekey(?, ?, ?)", authors, year, title) == key


def test_a_tray_says_of_its_papers_the_keys_it_gives(filled: CommandLine, tray: Database) -> None:
    rows = tray.execute(
        "SELECT c.key, papertray_citekey(p.authors, p.year, p.title)"
        " FROM citekey c JOIN paper p ON p.id = c.paper_id"
    ).fetchall()

    assert rows == [("heDeepResidualLearning2016",) * 2]


def test_search_finds_what_list_finds(filled: CommandLine, tray: Database) -> None:
    sql = "SELECT value FROM json_each(papertray_search(?))"

    for query in ("deep OR attention", "pile:starred", "学习", "nothing at all", ""):
        wanted = [paper["id"] for paper in filled.json("list", query, "--format", "json")]
        assert [id_ for (id_,) in tray.execute(sql, (query,))] == wanted
    assert value(tray, "SELECT papertray_search(NULL)") is None


@pytest.mark.parametrize("query", ["titel:x", '"open'])
def test_a_query_that_is_wrong_is_an_error_of_sql(
    tray: Database, query: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(sqlite3.OperationalError):
        value(tray, "SELECT papertray_search(?)", query)
    assert "papertray_search: " in capsys.readouterr().err


def test_search_leaves_what_is_no_tray_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "papertray.db"
    database = Database(file, execute_plugins=False)
    prepare_connection(database.conn)
    database["other"].insert({"id": 1})  # type: ignore[union-attr]

    with pytest.raises(sqlite3.OperationalError):
        value(database, "SELECT papertray_search('x')")

    assert database.table_names() == ["other"]
    assert "is no tray of this version" in capsys.readouterr().err
    database.close()


def test_search_brings_no_older_tray_up_to_date(tray: Database) -> None:
    tray.execute("DELETE FROM _sqlite_migrations WHERE name <> '0001_first'")

    with pytest.raises(sqlite3.OperationalError):
        value(tray, "SELECT papertray_search('x')")

    assert value(tray, "SELECT count(*) FROM _sqlite_migrations") == 1


# --- programs that know nothing of us


def test_nothing_in_a_tray_needs_our_functions(filled: CommandLine) -> None:
    connection = sqlite3.connect(filled.database)
    objects = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()

    assert not [name for _, name, sql in objects if "papertray_" in (sql or "")]
    # A statement is compiled with the triggers it sets off: one unknown function ends it.
    for kind, name, _ in objects:
        if kind == "view":
            connection.execute(f"SELECT * FROM {name}").fetchall()
        elif kind == "table" and not name.startswith("sqlite_"):
            column = connection.execute(f"SELECT name FROM pragma_table_info('{name}')").fetchone()[
                0
            ]
            connection.execute(f"EXPLAIN INSERT INTO {name}({column}) VALUES (NULL)")
            connection.execute(f"EXPLAIN UPDATE {name} SET {column} = {column}")
            connection.execute(f"EXPLAIN DELETE FROM {name}")
    connection.execute("REINDEX")
    connection.execute("UPDATE paper SET title = 'Written by another program' WHERE id = 1")
    connection.commit()
    connection.close()
    assert filled.json("list", "another program", "--format", "json")[0]["id"] == 1
