"""The programs under tests/benchmarks run; what they measure is for people to read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "benchmarks"
ROOTS = os.pathsep.join(
    str(Path(__file__).parents[1] / root) for root in ("store", "exporters", "tui")
)


def run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / program), *arguments],
        env={**os.environ, "PYTHONPATH": ROOTS, "PAPERTRAY_TEST_DATA": ""},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_a_library_is_built_once_and_measured(tmp_path: Path) -> None:
    library, found = tmp_path / "library", tmp_path / "found.json"
    page = tmp_path / "page.md"
    page.write_text("# Speed\n<!-- measured -->\n<!-- end of what was measured -->\nEnd.\n")

    built = run("build.py", "--papers", "2000", str(library))
    again = run("build.py", "--papers", "2000", str(library))
    subjects = ("searching", "deciding", "commands", "exporting", "reading", "safety")
    options = ("--rounds", "1", "--json", str(found), "--markdown", str(page))
    run("run.py", str(library), *options, "--only", *subjects)

    assert "index" in built
    assert "index" not in again
    results = json.loads(found.read_text())["results"]
    assert [result["subject"] for result in results] == list(subjects)
    assert all(one["ours"] > 0 for result in results for one in result["measurements"])
    assert page.read_text().startswith("# Speed\n<!-- measured -->\n")
    assert "| list --limit 20" in page.read_text()
    assert page.read_text().endswith("<!-- end of what was measured -->\nEnd.\n")


@pytest.mark.long
def test_fetching_is_measured_without_a_library() -> None:
    said = run("fetching.py", "--feeds", "48", "--rounds", "1")

    assert "requests for a feed with nothing new: 1.000" in said
    assert "shortest pause of a host: 0." in said


def test_readers_are_measured_without_a_library() -> None:
    said = run("reading.py", "--papers", "20", "--rounds", "1")

    assert "arxiv-atom" in said
    assert "records/s" in said
