"""CSL-JSON, RIS and CSV, by those who read them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
import rispy

from .cases import CASES, entries_of, written
from .programs import needs, run
from .reading import Person, Read, by_pandoc, differences, folded

KEYS = sorted(case.entry.citekey for case in CASES)


@pytest.mark.clients
@needs("pandoc")
def test_pandoc_understands_csl_json(tmp_path: Path) -> None:
    found = by_pandoc(written("csl-json", entries_of(CASES)), "csljson", tmp_path)
    assert differences(CASES, found, "pandoc") == []


@pytest.mark.clients
@needs("jq")
def test_jq_finds_every_key(tmp_path: Path) -> None:
    source = written("csl-json", entries_of(CASES))
    ran = run("jq", "-r", '.[] | .id, .["citation-key"]', folder=tmp_path, stdin=source)
    assert sorted(ran.out.split("\n")[:-1]) == sorted([*KEYS, *KEYS]), ran.said


def test_csl_json_is_json() -> None:
    items = json.loads(written("csl-json", entries_of(CASES)))
    titles = {item["id"]: folded(item["title"]) for item in items}
    assert titles == {case.entry.citekey: folded(case.title) for case in CASES}


def by_rispy(source: str) -> dict[str, Read]:
    found = {}
    for item in rispy.loads(source):
        names = item.get("authors", item.get("first_authors", []))
        people = []
        for name in names:
            family, _, rest = name.partition(", ")
            given, _, suffix = rest.partition(", ")
            people.append(Person(family.strip().rstrip(","), given, suffix=suffix))
        title = item.get("title", item.get("primary_title", ""))
        found[item["id"]] = Read(title, tuple(people), item.get("year", "")[:4])
    return found


def test_rispy_understands_ris() -> None:
    source = written("ris", entries_of(CASES), notes=True)
    found = by_rispy(source)
    assert sorted(found) == KEYS
    assert differences(CASES, found, "rispy", names=False) == []


def test_csv_is_read_as_it_was_written() -> None:
    source = written("csv", entries_of(CASES))
    rows = list(csv.DictReader(io.StringIO(source, newline=""), strict=True))
    assert [row["citekey"] for row in rows] == sorted(KEYS, key=str.casefold)
    titles = {row["citekey"]: _APOSTROPHE.sub("", row["title"]) for row in rows}
    assert titles == {case.entry.citekey: case.title for case in CASES}


_APOSTROPHE = re.compile(r"(?:^|(?<=; ))'(?='*[=+@-])")
"""What stands before a formula, so that it is none."""


def formulas(source: str) -> list[str]:
    """Return the cells of a CSV file that a spreadsheet would calculate, cut at ``;`` or not."""
    rows = csv.reader(io.StringIO(source, newline=""), strict=True)
    cells = [piece.lstrip() for row in rows for cell in row for piece in (cell, *cell.split(";"))]
    return [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_no_cell_is_a_formula() -> None:
    assert formulas(written("csv", entries_of(CASES), notes=True)) == []
