"""The table of formats: complete, lazy, and helpful when asked for something else."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from papertray.core.errors import UnknownFormat
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.table import FORMATS, Format, Formats

find = Formats().find


def test_the_built_in_formats() -> None:
    assert [(f.name, f.suffix, f.notes, f.is_grouped, f.is_folder) for f in FORMATS.values()] == [
        ("bibtex", ".bib", False, False, False),
        ("biblatex", ".bib", False, False, False),
        ("csl-json", ".json", False, False, False),
        ("ris", ".ris", False, False, False),
        ("markdown", ".md", True, True, False),
        ("obsidian", ".md", True, False, True),
        ("logseq", ".md", True, False, True),
        ("org", ".org", True, True, False),
        ("html", ".html", True, True, False),
        ("csv", ".csv", False, False, False),
        ("jsonl", ".jsonl", True, False, False),
    ]
    assert all(f.description for f in FORMATS.values())


@pytest.mark.parametrize("name", ["bibtex", "markdown"])
def test_formats_load_and_write(name: str) -> None:
    text = "".join(find(name).load()([], ExportOptions(title="None yet")))
    assert ("None yet" in text) is (name == "markdown")


def test_jsonl_is_where_the_table_says() -> None:
    assert FORMATS["jsonl"].target == "papertray.exporters.jsonlines:write"


@pytest.mark.parametrize("name", ["BibTeX", " markdown ", ".bibtex"])
def test_find_is_forgiving(name: str) -> None:
    assert find(name).name in name.lower()


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("bibtx", "bibtex"), ("md", "markdown"), ("json", "csl-json"), ("bib", "bibtex")],
)
def test_unknown_formats_name_the_known(name: str, nearest: str) -> None:
    with pytest.raises(UnknownFormat) as caught:
        find(name)
    message = str(caught.value)
    assert f"Did you mean {nearest}?" in message
    assert f"There are: {', '.join(FORMATS)}." in message


def test_nothing_near_is_not_guessed() -> None:
    with pytest.raises(UnknownFormat, match=r"^(?!.*Did you mean)"):
        find("hologram")


def test_looking_a_format_up_imports_no_exporter() -> None:
    assert find_spec("papertray.exporters.bibtex") is not None
    code = (
        "import sys; from papertray.exporters.table import Formats; Formats().find('bibtex');"
        "print([m for m in sys.modules if m.startswith(('papertray.exporters.', 'markdown_it'))])"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert ran.stdout.strip() == "['papertray.exporters.exporter', 'papertray.exporters.table']"


ROWS = Format("rows", "papertray_rows:write", "One line a paper", ".rows")


def test_other_formats_come_after_the_built_in_ones() -> None:
    formats = Formats(lambda: [ROWS])

    assert formats.all() == (*FORMATS.values(), ROWS)
    assert formats.find("Rows") is ROWS
    assert formats.of_suffix(".ROWS") is ROWS
    with pytest.raises(UnknownFormat, match="Did you mean rows"):
        formats.find("row")


def test_other_formats_are_looked_for_once_and_only_if_no_built_in_one_will_do() -> None:
    asked: list[str] = []

    def more() -> list[Format]:
        asked.append("more")
        return []

    formats = Formats(more)

    assert formats.find("bibtex") is formats.of_suffix(".bib")
    assert asked == []
    assert formats.of_suffix(".doc") is None
    with pytest.raises(UnknownFormat):
        formats.find("zzz")
    assert asked == ["more"]
