"""Writes the pages that come out of the program: ``python docs/make_reference.py``.

keys.md, commands.md, schema.md, formats.md, and the examples at the end of export.md. A test fails
while one of them is not current.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from papertray.cli.reference import markdown as commands_markdown
from papertray.core.model import Author, Entry, Note, Pile, Venue, Work
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.table import FORMATS, Format
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
        "export.md": export_markdown(),
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


EXAMPLES = "## One paper in every format\n"
"""Where the part of export.md begins that comes out of the program."""

# What arXiv and the proceedings say of it; https://arxiv.org/abs/1706.03762, metadata in CC0.
PAPER = Entry(
    id=1,
    uid="5d0c2a7be1a84d1f9c36",
    work=Work(
        title="Attention Is All You Need",
        abstract="The dominant sequence transduction models are based on complex recurrent or "
        "convolutional neural networks in an encoder-decoder configuration. […]",
        authors=tuple(
            Author(family=family, given=given)
            for given, family in (
                ("Ashish", "Vaswani"), ("Noam", "Shazeer"), ("Niki", "Parmar"),
                ("Jakob", "Uszkoreit"), ("Llion", "Jones"), ("Aidan N.", "Gomez"),
                ("Łukasz", "Kaiser"), ("Illia", "Polosukhin"),
            )
        ),
        type="inproceedings",
        year=2017,
        month=6,
        day=12,
        venue=Venue(
            name="Advances in Neural Information Processing Systems", type="conference",
            short="NeurIPS", volume="30",
        ),
        arxiv_id="1706.03762",
        primary_class="cs.CL",
        categories=("cs.CL", "cs.LG"),
    ),
    pile=Pile.STARRED,
    added="2026-11-23T07:12:01.000Z",
    citekey="vaswaniAttentionAllNeed2017",
    older_keys=("vaswani17",),
    decided="2026-11-23T07:13:40.000Z",
    tags=("transformers", "group meeting"),
    notes=(
        Note(
            id=1, uid="9b1f6e20c7d34a5f8e02", paper_id=1, title="", is_main=True,
            body="## Claim\n\nNo recurrence: $O(1)$ steps between any two words.\n\n"
            "## Private\n\nAsk N. about the warm-up.\n",
            created="2026-11-23T07:20:00.000Z", updated="2026-11-23T07:20:00.000Z",
        ),
    ),
)  # fmt: skip


def export_markdown() -> str:
    """Return the page on exporting: what stands there, with the examples made again."""
    written = (HERE / "export.md").read_text(encoding="utf-8").partition(EXAMPLES)[0]
    lines = [
        written + EXAMPLES,
        "The notes are asked for in all of them, and there is a private part in the note.",
    ]
    for row in FORMATS.values():
        text = _example(row)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        lines += ["", f"### {row.name}", "", f"{fence}{_LANGUAGES.get(row.name, 'text')}"]
        lines += [text.rstrip("\n"), fence]
    return "\n".join(lines) + "\n"


def _example(row: Format) -> str:
    options = ExportOptions(notes=True, bibliography="refs.bib")
    text = "".join(row.load()([PAPER], options))
    if row.name == "html":  # its styles and its search are the same for everybody
        text = re.sub(r"(?s)(<(style|script)[^>]*>).*?(</\2>)", r"\1 … \3", text)
    return text


_LANGUAGES = {
    "bibtex": "bibtex", "biblatex": "bibtex", "csl-json": "json", "markdown": "markdown",
    "obsidian": "markdown", "logseq": "markdown", "org": "org", "html": "html", "csv": "csv",
    "jsonl": "json",
}  # fmt: skip


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
