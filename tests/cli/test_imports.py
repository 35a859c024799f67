"""What a command must not load: the start of the process is most of what it costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection

import pytest

from cli.command_line import CommandLine

SCREEN = {"textual", "rich", "papertray.tui"}
INDEX = {"tantivy", "papertray.store.index"}
SEARCH = {"papertray.store.search", "papertray.core.query", "papertray.core.query_parser"}
EXPORT = {"papertray.exporters", "papertray.notebook.exports", "markdown_it"}
ADD = {"papertray.feeds", "papertray.notebook.feeds", "papertray.store.ingest"}
JOURNAL = {"papertray.notebook.journal", "papertray.store.undo"}
NOTES = {"papertray.notebook.notes"}
NAMED = {"papertray.notebook.naming", "papertray.notebook.completing"}
FETCH = {"httpx", "papertray.feeds.fetching", "papertray.notebook.fetching"}
WATCH = {"watchdog", "papertray.sync", "papertray.notebook.watcher"}
HEAVY = {"sqlite_utils", "subprocess", "tomllib", "webbrowser", "csv", "importlib.metadata"}

SCRIPT = """
import sys
from papertray.cli.main import papertray
papertray.main(sys.argv[1:], standalone_mode=False)
print("\\n".join(sys.modules), file=sys.stderr)
"""


def modules(papertray: CommandLine, script: str, *arguments: str) -> list[str]:
    """Return what is loaded by a script that names it on stderr."""
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=papertray.environment, cwd=papertray.folder, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    return ended.stderr.splitlines()


def loaded(papertray: CommandLine, *arguments: str) -> list[str]:
    """Return what a command loads."""
    found = modules(papertray, SCRIPT, *arguments)
    assert "papertray.cli.main" in found, found
    return found


def among(found: Collection[str], unwanted: Collection[str]) -> list[str]:
    """Return the modules that are unwanted, or in a package that is."""
    prefixes = tuple(f"{name}." for name in unwanted)
    return [name for name in found if name in unwanted or name.startswith(prefixes)]


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (
            ("--help",),
            SCREEN | INDEX | EXPORT - {"papertray.exporters"} | ADD | HEAVY - {"subprocess"},
        ),
        (
            ("list", "--limit", "20"),
            SCREEN | SEARCH | INDEX | EXPORT | ADD | JOURNAL | NOTES | HEAVY,
        ),
        (("list", "--format", "json"), SCREEN | INDEX | EXPORT | ADD | JOURNAL | NOTES | HEAVY),
        (("list", "attention"), SCREEN | EXPORT | ADD | JOURNAL | NOTES | HEAVY),
        (("show", "1"), SCREEN | INDEX | EXPORT | ADD | JOURNAL | NOTES | HEAVY),
        (("move", "read", "1"), SCREEN | INDEX | EXPORT | ADD | JOURNAL | NOTES | HEAVY),
        (("note", "1", "text"), SCREEN | INDEX | EXPORT | ADD | JOURNAL | HEAVY - {"subprocess"}),
        (
            ("duplicates",),
            SCREEN | SEARCH | INDEX | EXPORT | ADD | JOURNAL | NOTES | HEAVY - {"subprocess"},
        ),
        (("merge", "1", "2"), SCREEN | INDEX | EXPORT | ADD | JOURNAL | NOTES | {"rapidfuzz"}),
        (("undo",), SCREEN | INDEX | EXPORT | ADD | NOTES | HEAVY),
        (
            ("feeds", "fetch"),
            SCREEN | SEARCH | INDEX | EXPORT - {"papertray.exporters"} | JOURNAL | {"httpx"},
        ),
        (
            ("feeds", "list"),
            SCREEN | SEARCH | INDEX | EXPORT | JOURNAL | NOTES | HEAVY | {"httpx", "lxml"},
        ),
        (("watch", "--once"), SCREEN | INDEX | EXPORT | JOURNAL | NOTES | {"watchdog", "httpx"}),
        (
            ("feeds", "add", "CL", "arxiv:cs.CL"),
            SCREEN | SEARCH | INDEX | EXPORT | JOURNAL | NOTES | WATCH | {"httpx", "lxml"},
        ),
        (("add", "missing"), SCREEN | INDEX | EXPORT | JOURNAL | NOTES | HEAVY | NAMED | {"httpx"}),
        (("export", "--to", "jsonl"), SCREEN | INDEX | ADD | JOURNAL | NOTES | HEAVY),
        (
            ("triage", "--plain"),
            {"textual", "rich"} | SEARCH | INDEX | EXPORT | ADD | HEAVY - {"tomllib"},
        ),
        (("pick", "--format", "x"), SCREEN | INDEX | EXPORT | ADD | JOURNAL | NOTES | HEAVY),
        (("keys",), {"textual", "rich", "papertray.store.tray", "sqlite3"} | HEAVY),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_loads_only_what_it_needs(
    filled: CommandLine, arguments: tuple[str, ...], unwanted: set[str]
) -> None:
    assert not among(loaded(filled, *arguments), unwanted)


def test_feeds_and_rules_are_listed_without_what_fetches(filled: CommandLine) -> None:
    filled("feeds", "add", "CL", "arxiv:cs.CL")
    filled("feeds", "rule", "add", "survey", "--tag", "survey")
    unwanted = SCREEN | INDEX | EXPORT | NOTES | WATCH | {"httpx", "lxml", "papertray.feeds.source"}
    assert not among(loaded(filled, "feeds", "list"), unwanted)
    assert not among(loaded(filled, "feeds", "rule", "list"), unwanted | SEARCH | ADD)


PAINTED = """
import os, sys
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import find_places
from papertray.tui import app
from papertray.tui.keys import KeyMap

def painted():
    os.write(2, "\\n".join(sys.modules).encode())
    os._exit(0)

app.spare_collector = painted
opened = lambda: Notebook(find_places(None, os.environ), Origin.SCREEN)
with opened() as notebook:
    app.PapertrayApp(notebook, KeyMap(), elsewhere=opened).run(headless=True, size=(80, 24))
"""


def test_what_waits_until_the_screen_is_painted(filled: CommandLine) -> None:
    found = modules(filled, PAINTED)
    unwanted = SEARCH | INDEX | EXPORT | ADD | FETCH | WATCH | {"lxml", "papertray.store.backups"}
    assert "papertray.tui.screens.triage" in found
    assert not among(found, unwanted | HEAVY - {"subprocess"})
