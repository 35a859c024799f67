"""Writes the pages that come out of the program: ``python docs/make_reference.py``.

keys.md, commands.md, schema.md and formats.md. A test fails while one of them is not current.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from papertray.cli.reference import markdown as commands_markdown
from papertray.exporters.table import FORMATS
from papertray.feeds.table import BUILT_IN, READERS
from papertray.tui.keys import key_table_markdown

HERE = Path(__file__).parent


def pages() -> dict[str, str]:
    """Return what each page should hold, by file name."""
    return {
        "keys.md": key_table_markdown(),
        "commands.md": commands_markdown(),
        "schema.md": schema_markdown(),
        "formats.md": formats_markdown(),
    }


def formats_markdown() -> str:
    """Return the tables of what is read and what is written."""
    lines = [
        "# Formats",
        "",
        "## Read by `papertray add`",
        "",
        "| format | recognised by | what is taken | what is lost, and why | papers go to |",
        "|---|---|---|---|---|",
    ]
    for name in BUILT_IN:
        reader = READERS.find(name)
        pile = "read, done" if reader.IS_LIBRARY else "inbox"
        cells = (f"`{name}`", reader.DESCRIPTION, reader.TAKES, reader.LOSES, pile)
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "## Written by `papertray export`",
        "",
        "| format | for | suffix | notes |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{row.name}` | {row.description} | `{row.suffix}` "
        f"| {'unless `--no-notes`' if row.notes else 'with `--notes`'} |"
        for row in FORMATS.values()
    ]
    return "\n".join(lines) + "\n"


def schema_markdown() -> str:
    """Return the tables and views of a tray, with the comments of the schema."""
    folder = files("papertray.store")
    script = (folder / "schema.sql").read_text(encoding="utf-8")
    later = (folder / "fetching.sql").read_text(encoding="utf-8")
    for remark, table, column in re.findall(r"(--.*)\nALTER TABLE (\w+) ADD COLUMN (.*);", later):
        end = script.index("\n) STRICT", script.index(f"CREATE TABLE {table} ("))
        script = f"{script[:end]}\n  {column}, {remark}{script[end:]}"
    script += later
    lines = [
        "# The tray's tables",
        "",
        "A tray is one SQLite file, `papertray.db`. Any tool may read it. Instants are text in UTC",
        "(`2026-11-23T07:12:01.123Z`), dates that are local say so. Decisions are made through",
        "papertray: it writes the journal with them.",
    ]
    comment: list[str] = []
    block: list[str] = []
    for line in script.splitlines():
        if block:
            block.append(line)
        elif line.startswith("-- "):
            comment.append(line[3:])
        elif re.match(r"CREATE (TABLE|VIEW)", line):
            block = [line]
        else:
            comment = []
        if block and block[-1].endswith(";"):
            lines += _described(block, comment)
            block, comment = [], []
    return "\n".join(lines) + "\n"


def _described(block: list[str], comment: list[str]) -> Iterator[str]:
    kind, name = re.match(r"CREATE (TABLE|VIEW) (\w+)", block[0]).groups()  # type: ignore[union-attr]
    yield from ("", f"## {name}" + (" (view)" if kind == "VIEW" else ""), "")
    if comment:
        yield from (" ".join(comment), "")
    if kind == "VIEW":
        yield from ("```sql", *block, "```")
        return
    yield from ("| column | type | |", "|---|---|---|")
    for line in re.sub(r"\n    +", " ", "\n".join(block[1:-1])).split("\n"):
        column = re.match(r"  ([a-z_]+) (INTEGER|TEXT|BLOB)(.*)", line)
        if column is not None:
            rule, _, remark = column[3].partition("--")
            rule = rule.strip().rstrip(",")
            said = " ".join(part for part in (f"`{rule}`" if rule else "", remark.strip()) if part)
            yield f"| {column[1]} | {column[2].lower()} | {said.replace('|', chr(92) + '|')} |"


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
