"""Other programs with the same papers: newsboat, notmuch, papis, and what others export with.

Each only where it is installed. They get 10,000 papers, papis and exporters 1,000: more would take
them long.
docs/performance.md says how to install them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape

import corpus
import exporting
import timing
from build import build_tray
from first_paint import first_title
from library import PAPERTRAY, Library
from measurement import Bench, Better, Measurement
from papertray.core.model import Work
from papertray.exporters import bibtex
from papertray.exporters.exporter import ExportOptions
from timed_terminal import start

PAPERS = 10_000
PAPIS_PAPERS = 1_000
"""For papis, which takes most of a minute to read as many for the first time."""

EXPORTED_PAPERS = 1_000
PEER_EXPORTERS = ("papis", "cobib", "pybtex", "bibtexparser")
_PEER_EXPORTS = Path(__file__).with_name("peer_exports.py")

WORD = "learning"

Paper: TypeAlias = dict[str, object]


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield each peer's time as the floor of ours; a peer that is missing is left out, by name."""
    folder = bench.library.folder / "peers"
    ours = build_tray(folder / "papertray", PAPERS, source=corpus.find_corpus())
    for name, measure_one in (
        ("newsboat", _newsboat),
        ("notmuch", _notmuch),
        ("papis", _papis),
    ):
        program = shutil.which(name, path=f"{folder / 'papis-venv' / 'bin'}:{os.environ['PATH']}")
        if program is None:
            print(f"{name} is not installed: left out", file=sys.stderr)
        else:
            yield from measure_one(program, folder / name, ours, bench.rounds)
    yield from _exporters(folder, bench)


def _newsboat(program: str, folder: Path, ours: Library, rounds: int) -> Iterator[Measurement]:
    """Start to the first frame, with all papers in one feed that was read before."""
    command = [program, f"--url-file={folder / 'urls'}", f"--cache-file={folder / 'cache.db'}"]
    command.append(f"--config-file={folder / 'config'}")
    environment = {**os.environ, "HOME": str(folder)}
    if not (folder / "cache.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "feed.xml").write_text("".join(_rss(ours)), encoding="utf-8")
        (folder / "urls").write_text(f"file://{folder / 'feed.xml'}\n", encoding="utf-8")
        (folder / "config").write_text("max-items 0\nauto-reload no\n", encoding="utf-8")
        timing.run_process([*command, "-x", "reload"], environment)
    marker = first_title(ours)
    theirs, screen = timing.in_turn(
        (
            partial(_screen_search, command, environment, b"All the papers", None),
            partial(_screen_search, PAPERTRAY, ours.environment, marker, None),
        ),
        rounds,
    )
    yield _beside("start to the list", "newsboat", screen, theirs)
    theirs, screen = timing.in_turn(
        (
            partial(_screen_search, command, environment, b"All the papers", b"earch results"),
            partial(_screen_search, PAPERTRAY, ours.environment, marker, b"hits"),
        ),
        rounds,
    )
    yield _beside("start, search for a word, first hits", "newsboat", screen, theirs)


def _screen_search(
    command: Sequence[str], environment: Mapping[str, str], first: bytes, hits: bytes | None
) -> None:
    terminal = start(command, environment)
    try:
        terminal.wait_for(lambda output: first in output, timeout=30)
        if hits is not None:
            terminal.send(b"/")
            terminal.settle(0.05)
            terminal.send(WORD.encode() + b"\r")
            terminal.wait_for(lambda output: hits in output, timeout=30)
    finally:
        terminal.close()


def _notmuch(program: str, folder: Path, ours: Library, rounds: int) -> Iterator[Measurement]:
    """Search 10,000 mails, one a paper."""
    environment = {**os.environ, "NOTMUCH_CONFIG": str(folder / "config"), "HOME": str(folder)}
    if not (folder / "mail" / ".notmuch").exists():
        (folder / "mail" / "cur").mkdir(parents=True, exist_ok=True)
        for number, paper in enumerate(_papers(ours)):
            (folder / "mail" / "cur" / f"{number}:2,").write_bytes(_mail(paper, number))
        (folder / "config").write_text(f"[database]\npath={folder / 'mail'}\n", encoding="utf-8")
        timing.run_process([program, "new", "--quiet"], environment)
    command = [program, "search", "--limit=50", WORD]
    yield _commands("list 50 papers with a word", "notmuch", command, environment, ours, rounds)


def _papis(program: str, folder: Path, ours: Library, rounds: int) -> Iterator[Measurement]:
    """Search folders, one a paper; its cache of them is warm."""
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONPATH": "",
    }
    config = folder / "config" / "papis" / "config"
    if not config.exists():
        for number, paper in enumerate(islice(_papers(ours), PAPIS_PAPERS)):
            place = folder / "papers" / str(number)
            place.mkdir(parents=True, exist_ok=True)
            place.joinpath("info.yaml").write_text(_yaml(paper, number), encoding="utf-8")
        config.parent.mkdir(parents=True, exist_ok=True)
        text = f"[settings]\ndefault-library = papers\n[papers]\ndir = {folder / 'papers'}\n"
        config.write_text(text, encoding="utf-8")
        timing.run_process([program, "list"], environment)  # reads every folder once
    command = [program, "list", f"title:{WORD}"]
    yield _commands(
        "list papers with a word",
        f"papis, {PAPIS_PAPERS:,} papers",
        command,
        environment,
        ours,
        rounds,
    )


def _exporters(folder: Path, bench: Bench) -> Iterator[Measurement]:
    """BibTeX with abstracts, in process, from what each library holds in memory."""
    entries = exporting.kept_entries(bench, EXPORTED_PAPERS)
    ours = partial(exporting.write_all, bibtex.write, entries, ExportOptions())
    ours()  # as theirs, which warm up too
    python = folder / "papis-venv" / "bin" / "python"
    program = (str(python if python.exists() else sys.executable), str(_PEER_EXPORTS))
    environment = {**os.environ, "PYTHONPATH": "", "HOME": str(folder)}
    papers = json.dumps([_plain(entry.work) for entry in entries])
    for peer in PEER_EXPORTERS:
        taken, theirs = [], []
        for _ in range(bench.rounds):
            taken.append(timing.seconds(ours))
            done = subprocess.run(
                (*program, peer), input=papers, env=environment, capture_output=True, text=True
            )
            if done.returncode:
                print(f"{peer} cannot export: {done.stderr[-300:].strip()}", file=sys.stderr)
                break
            theirs.append(float(done.stdout))
        if theirs:
            yield Measurement(
                "export to BibTeX with abstracts",
                "entries/s",
                len(entries) / min(taken),
                len(entries) / min(theirs),
                peer,
                better=Better.MORE,
            )


def _plain(work: Work) -> Paper:
    """Return a paper as every one of these libraries can be given it."""
    return {
        "title": work.title,
        "authors": [author.display.replace(",", "") for author in work.authors],
        "year": str(work.year or ""),
        "journal": work.venue.name,
        "doi": work.doi,
        "url": work.url,
        "abstract": work.abstract,
    }


def _commands(
    name: str,
    peer: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    ours: Library,
    rounds: int,
) -> Measurement:
    mine = (*PAPERTRAY, "list", WORD, "--limit", "50")
    theirs, taken = timing.in_turn(
        (
            partial(timing.run_process, command, environment),
            partial(timing.run_process, mine, ours.environment),
        ),
        rounds,
    )
    return _beside(name, peer, taken, theirs)


def _beside(name: str, peer: str, ours: list[float], theirs: list[float]) -> Measurement:
    return Measurement(
        name,
        "ms",
        1e3 * timing.percentile(ours, 0.5),
        1e3 * timing.percentile(theirs, 0.5),
        peer,
    )


def _papers(library: Library) -> Iterator[Paper]:
    with library.lines.open("rb") as lines:
        for line in lines:
            yield json.loads(line)


def _rss(library: Library) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
    yield "<title>All the papers</title><link>https://example.org/</link><description/>\n"
    for paper in _papers(library):
        title, abstract, doi = (escape(str(paper[name])) for name in ("title", "abstract", "doi"))
        yield f"<item><title>{title}</title><guid>{doi}</guid><link>https://doi.org/{doi}</link>"
        yield f"<description>{abstract}</description></item>\n"
    yield "</channel></rss>\n"


def _mail(paper: Paper, number: int) -> bytes:
    message = EmailMessage()
    message["Subject"] = " ".join(str(paper["title"]).split())
    message["From"] = "papers@example.org"
    message["Message-ID"] = f"<{number}@example.org>"
    message["Date"] = "Mon, 23 Nov 2026 08:00:00 +0000"
    message.set_content(str(paper["abstract"]))
    return message.as_bytes()


def _yaml(paper: Paper, number: int) -> str:
    """Return a paper as papis keeps it: JSON is YAML, but for escaped surrogates."""
    authors = paper["authors"]
    assert isinstance(authors, list)
    known = {name: paper[name] for name in ("title", "abstract", "doi", "year") if paper[name]}
    fields = {**known, "author": " and ".join(map(str, authors)), "ref": f"p{number}"}
    return json.dumps(fields, indent=0, ensure_ascii=False)
