"""What `a` does: add files and folders, or works by their names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from papertray.core.counting import counted

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from collections.abc import Sequence

    from papertray.notebook.feeds import AddReport
    from papertray.tui.jobs import Steps
    from papertray.tui.screens.triage import TriageScreen


def add(screen: TriageScreen) -> None:
    """Ask for a file or folder and add what is in it, or for the names of works.

    A work that is named is here at once, by its name alone; the network completes it.
    """
    from papertray.tui.screens.prompt import Prompt

    def answered(answer: str | None) -> None:
        if answer is not None and answer.strip():
            names, pages = sources(os.path.expanduser(answer.strip()))
            _start(screen, names, pages)

    screen.app.push_screen(
        Prompt(
            "Add a file or folder",
            "",
            "or arXiv ids, DOIs, addresses of papers. Tab completes a path.",
            complete=complete_path,
            check=_wrong_with,
        ),
        answered,
    )


def _start(screen: TriageScreen, names: list[str], pages: list[str]) -> None:
    app = screen.papertray
    what = f"adding {' '.join(os.path.basename(name.rstrip('/')) for name in names + pages)}"
    screen.say(f"{what} …")
    if pages and not app.background.look_up(*pages):
        screen.say("nothing is fetched here")
    if not names:
        return

    def work(steps: Steps) -> AddReport:
        from io import BytesIO

        feeds = screen.notebook.feeds
        return feeds.add(names, BytesIO(), progress=lambda done, share: steps(done))

    if not app.jobs.start(what, work, lambda report: added(screen, report), screen.refused):
        screen.say(app.busy)


def added(screen: TriageScreen, report: AddReport) -> None:
    """Say what came in, and show it."""
    counts = report.counts
    failures = report.failures
    if failures and report.read_nothing:
        screen.say("")
        screen.papertray.warn(failures[0].reason)
        return
    said = f"{counts.added:,} added, {counts.merged:,} merged, {counts.known:,} known"
    if report.interrupted:
        undo = screen.papertray.key_map.key_of("decide.undo")
        said = f"stopped: {counted(counts.added, 'paper')} added, {undo} takes them back"
    if report.rules.summary:
        said += f", {report.rules.summary}"
    if report.awaited:
        said += ", to be completed"
        screen.papertray.background.look_up()
    if failures:
        first = failures[0]
        said += f", {report.failed:,} failed ({first.place}: {first.reason})"
    screen.papertray.follow_index()
    screen.viewing.reload_all(said)


def sources(answer: str) -> tuple[list[str], list[str]]:
    """Return what an answer names: a path, or works by their names; and pages to be fetched."""
    from papertray.core.pasted import parse_pasted

    words = answer.split()
    if os.path.lexists(answer) or not all(map(_is_name, words)):
        return [answer], []
    pages = [word for word in words if parse_pasted(word) is None]
    return [word for word in words if word not in pages], pages


def _is_name(word: str) -> bool:
    from papertray.core.pasted import is_web_address, parse_pasted

    return is_web_address(word) or parse_pasted(word) is not None


def _wrong_with(answer: str) -> str:
    """Return what is wrong with an answer, empty where nothing is."""
    path = os.path.expanduser(answer.strip())
    if not path or os.path.lexists(path) or all(map(_is_name, path.split())):
        return ""
    return f"There is no file {answer.strip()}, and it is no arXiv id, DOI or address."


def complete_path(line: str, cursor: int) -> tuple[int, Sequence[str]]:
    """Return what a path may become that ends at the cursor; hidden files only where asked for.

    Looks at no more than some thousand names of one folder.
    """
    from itertools import islice

    typed = line[:cursor]
    folder, begun = os.path.split(typed)
    found = []
    try:
        with os.scandir(os.path.expanduser(folder or ".")) as entries:
            for entry in islice(entries, 5000):
                if entry.name.startswith(begun) and (begun or not entry.name.startswith(".")):
                    ending = "/" if entry.is_dir() else ""
                    found.append(os.path.join(folder, entry.name) + ending)
    except OSError:
        return 0, ()
    return 0, sorted(found)[:200]
