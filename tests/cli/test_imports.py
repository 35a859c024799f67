"""What a command must not load: the start of the process is most of what it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.command_line import CommandLine

SCREEN = {"textual", "rich", "papertray.tui"}
INDEX = {"tantivy", "papertray.store.index"}
SEARCH = {"papertray.store.search", "papertray.core.query", "papertray.core.query_parser"}
EXPORT = {"papertray.exporters", "papertray.notebook.exports", "markdown_it"}
ADD = {"papertray.feeds", "papertray.notebook.feeds", "papertray.store.ingest"}
JOURNAL = {"papertray.notebook.journal", "papertray.store.undo"}
NOTES = {"papertray.notebook.notes"}
HEAVY = {"sqlite_utils", "subprocess", "tomllib", "webbrowser", "csv", "importlib.metadata"}

SCRIPT = """
import sys
from papertray.cli.main import papertray
papertray.main(sys.argv[1:], standalone_mode=False)
print("\\n".join(sys.modules), file=sys.stderr)
"""


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
        (("add", "missing"), SCREEN | INDEX | EXPORT | JOURNAL | NOTES | HEAVY),
        (("export", "--to", "jsonl"), SCREEN | INDEX | ADD | JOURNAL | NOTES | HEAVY),
        (("keys",), {"textual", "rich", "papertray.store.tray", "sqlite3"} | HEAVY),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_loads_only_what_it_needs(
    filled: CommandLine, arguments: tuple[str, ...], unwanted: set[str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        env=filled.environment, cwd=filled.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    loaded = set(ended.stderr.splitlines())

    assert "papertray.cli.main" in loaded, ended.stderr
    prefixes = tuple(f"{name}." for name in unwanted)
    assert not [name for name in loaded if name in unwanted or name.startswith(prefixes)]


def test_what_waits_until_the_screen_is_painted() -> None:
    script = "import papertray.cli.main, papertray.tui.app, sys; print('\\n'.join(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    unwanted = SEARCH | INDEX | EXPORT | ADD | HEAVY - {"subprocess"} | {"papertray.store.backups"}
    prefixes = tuple(f"{name}." for name in unwanted)
    loaded = ended.stdout.splitlines()
    assert "papertray.tui.screens.triage" in loaded
    assert not [name for name in loaded if name in unwanted or name.startswith(prefixes)]
