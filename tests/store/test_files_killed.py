"""Fetching PDFs, killed at every step: no half file counts, and no whole one is fetched twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_server import Reply

from .pdf_desk import PdfDesk, pdf, pdf_desk

ROOTS = [str(Path(__file__).parents[2] / root) for root in ("store", "exporters", "tui", "tests")]


def start(folder: Path, number: int = 0) -> subprocess.Popen[str]:
    """Start a process that fetches, and is killed before its change `number` to a file."""
    script = Path(__file__).with_name("pdf_fetcher.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(folder), str(number)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)},
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> str:
    """Wait for the end of a process; return what it said."""
    said, _ = process.communicate(timeout=60)
    assert process.returncode in (0, -signal.SIGKILL)
    return said.strip()


def check(desk: PdfDesk, papers: list[int]) -> None:
    """Look whether each paper has its whole PDF, and nothing else lies about."""
    for paper in papers:
        (file,) = desk.files.of(paper)
        assert Path(file.path).read_bytes() == pdf(f"2401.{paper - 1:05d}").body
    assert len(desk.names()) == len(papers)
    assert [one.sentence for one in desk.notebook.health.findings()] == []


def one_round(folder: Path, number: int) -> str:
    """Fetch a PDF, killed at one step; then without. Return what the step was."""
    with pdf_desk(folder) as desk:
        papers = desk.star_from_arxiv()
        said = ended(start(folder, number))
        named = [file.path for paper in papers for file in desk.files.of(paper)]
        assert all(Path(path).read_bytes() == pdf("2401.00000").body for path in named)
        was_whole = bool(named) or any(name.endswith(".whole") for name in desk.on_the_way())
        assert said == "done" or ended(start(folder)) == "done"
        check(desk, papers)
        assert len(desk.asked()) <= (1 if was_whole else 2)
        if not named:  # else there was nothing left to do; what is on its way goes after a day
            assert not any(name.endswith(".whole") for name in desk.on_the_way())
    return said


def test_killed_once_it_has_come(tmp_path: Path) -> None:
    assert one_round(tmp_path, 6) != "done"


@pytest.mark.long
def test_killed_at_every_step(tmp_path: Path) -> None:
    seen: list[str] = []
    while "done" not in seen:
        seen.append(one_round(tmp_path / str(len(seen)), len(seen) + 1))
    assert {"os.link", "os.rename", "os.remove", "open"} <= set(seen)


@pytest.mark.long
def test_killed_again_and_again(tmp_path: Path) -> None:
    chance = random.Random(4)
    with pdf_desk(tmp_path) as desk:
        papers = desk.star_from_arxiv(60)
        for paper in papers:
            name = f"2401.{paper - 1:05d}"
            desk.server.answers(f"/pdf/{name}", Reply(pdf(name).body, latency=0.02))
        kills = 0
        while desk.files.has_work():
            process, wanted = start(tmp_path), len(desk.asked()) + chance.randrange(1, 8)
            while len(desk.asked()) < wanted and process.poll() is None:
                time.sleep(0.001)
            process.kill()
            ended(process)
            kills += 1
        check(desk, papers)
        assert kills > 5
        assert len(desk.asked()) <= len(papers) + kills
