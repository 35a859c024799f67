"""Measure everything that docs/performance.md tells of, beside its floors.

``python tests/benchmarks/run.py FOLDER [--only NAME …] [--rounds N] [--peers] [--json FILE]
[--markdown PAGE]``

FOLDER is what ``build.py`` made; it is left as it is, and needs room for two copies of its tray.
With ``--json`` the subjects that are not measured now stay in the file as they were.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import datetime
from pathlib import Path

import adding
import commands
import deciding
import exporting
import fetching
import finding
import indexing
import meanwhile
import memory
import peers
import reading
import report
import safety
import screen
import searching
from library import Library
from measurement import Bench, Subject

SUBJECTS: dict[str, Subject] = {
    "searching": searching.measure,
    "deciding": deciding.measure,
    "commands": commands.measure,
    "exporting": exporting.measure,
    "reading": reading.measure,
    "screen": screen.measure,
    "finding": finding.measure,
    "safety": safety.measure,
    "indexing": indexing.measure,
    "memory": memory.measure,
    "fetching": fetching.measure,
    "meanwhile": meanwhile.measure,
    "adding": adding.measure,  # last: it leaves more papers in the copy than there were
}
PEERS: dict[str, Subject] = {"peers": peers.measure}


def main() -> None:
    """Measure what the command line asks for, and print it."""
    asked = _parser().parse_args()
    library = Library(asked.folder.resolve())
    if not library.facts():
        raise SystemExit(f"{library.folder} holds no library; run build.py first.")
    subjects = {**SUBJECTS, **(PEERS if asked.peers or "peers" in (asked.only or ()) else {})}
    chosen = {name: subjects[name] for name in subjects if not asked.only or name in asked.only}
    earlier = report.load(asked.json) if asked.json else []
    found = {result.subject: result for result in earlier}
    with library.copy("copy") as copy:
        with copy.open() as notebook:
            notebook.keeping.back_up()  # or the screen and add would, while they are measured
        for name, subject in chosen.items():
            print(f"… {name}", file=sys.stderr, flush=True)
            found[name] = _measured(name, subject, Bench(library, copy, asked.rounds))
            print(report.text([found[name]]), flush=True)
            if asked.json:
                report.save(asked.json, found.values(), report.machine())
    if asked.markdown:
        report.put_into(asked.markdown, report.markdown(found.values(), report.machine()))


def _measured(name: str, subject: Subject, bench: Bench) -> report.Result:
    before = os.getloadavg()[0]
    started = time.monotonic()
    measurements = tuple(subject(bench))
    print(f"… {name} took {time.monotonic() - started:.0f} s", file=sys.stderr)
    date = datetime.now().astimezone().isoformat(sep=" ", timespec="minutes")
    return report.Result(name, date, (before, os.getloadavg()[0]), measurements)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=[*SUBJECTS, *PEERS], metavar="NAME")
    parser.add_argument("--rounds", type=int, default=5, help="of what takes seconds")
    parser.add_argument("--peers", action="store_true", help="also other programs, where installed")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--markdown", type=Path, metavar="PAGE", help="a page with marks to fill")
    return parser


if __name__ == "__main__":
    main()
