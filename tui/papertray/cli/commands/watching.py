"""Taking in what is dropped: `watch`."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation

if TYPE_CHECKING:
    from papertray.notebook.drop import DropReport


class _Told:
    """Tells what became of each group of files, and how it went on the whole."""

    def __init__(self) -> None:
        self.read = self.failed = 0

    def __call__(self, report: DropReport) -> None:
        counts = report.add.counts
        self.failed += len(report.failed)
        self.read += report.files - len(report.failed) + counts.added + counts.merged + counts.known
        for file in report.failed:
            output.say(f"{file.path}: {file.reason}")
        failed = output.counted(len(report.failed), "file")
        output.write(
            f"{output.counted(report.files, 'file')} from {report.folder.feed}: "
            f"{counts.added} added, {counts.merged} merged, {counts.known} known"
            + (f", {failed} failed" if report.failed else "")
        )
        sys.stdout.flush()  # who reads a pipe does not wait for the next file


@click.command()
@click.option("--once", is_flag=True, help="Read what is there, and end.")
@pass_invocation
def watch(invocation: Invocation, once: bool) -> int:
    """Read what is put into the drop folder, and into folders that are feeds.

    A file counts once it is whole and still. What was read from the tray's folder drop goes to
    drop/done, what cannot be read to drop/failed, with a text beside it that says why. Files in
    other folders stay as they are. Ends with Ctrl-C.
    """
    told = _Told()
    drop = invocation.notebook.drop
    watcher = drop.watcher(told, output.say)
    before = {
        number: signal.signal(number, lambda *_: watcher.stop())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        if once:
            left = watcher.run_once()
            if left:
                were = "file is" if left == 1 else "files are"
                output.say(f"{left:,} {were} not whole yet, and left for the next time.")
        else:
            names = [folder.path for folder in drop.folders()]
            output.say(f"Watching {', '.join(names)}; Ctrl-C ends.")
            watcher.run()
    except KeyboardInterrupt:
        pass  # came while something was written, which is done now
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if not once or not told.failed:
        return 0
    return 1 if told.read else 2
