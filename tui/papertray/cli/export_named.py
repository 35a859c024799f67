"""The formats and templates there are, and the exports that the settings name."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from papertray.cli import output
from papertray.cli.options import find

if TYPE_CHECKING:
    from papertray.notebook.named_exports import Written
    from papertray.notebook.notebook import Notebook

NONE = (
    "The settings name no export; a table [exports.NAME] with a file makes one, and "
    "`papertray config --write` explains it."
)


def list_formats(notebook: Notebook) -> int:
    """Print each format: what it is called, what its files end in, what it is for."""
    for format_ in notebook.exports.formats():
        place = f"folder of {format_.suffix}" if format_.is_folder else format_.suffix
        output.write_row((format_.name.ljust(9), place.ljust(13), format_.description))
    for problem in notebook.exports.template_problems():
        output.say(problem)
    return 0


def write_named(
    notebook: Notebook, names: Sequence[str], *, watches: bool = False, force: bool = False
) -> int:
    """Write the named exports, or those with these `names`; with `watches` until ^C.

    With `force` they replace what papertray did not write. Prints a line for each file that
    changed. Returns 1 where one could not be written, or the settings are wrong somewhere.
    """
    exports = notebook.named_exports
    is_wrong = _say_mistakes(notebook)
    if not exports.chosen(names):
        if not is_wrong:
            output.say(NONE)
        return int(is_wrong)
    if watches:
        output.say("Following the tray; ^C ends.")
        try:
            exports.follow(_wait, _tell, lambda: exports.chosen(names))
        except KeyboardInterrupt:
            output.say("")
        return 0
    failed = is_wrong
    for one in exports.chosen(names):
        with output.Progress(f"Writing {one.name}:", "papers") as progress:
            written = exports.write(
                one,
                find=lambda query: find(notebook, query).ids,
                progress=progress,
                force=force,
            )
        _tell(written)
        failed |= bool(written.problem)
    return int(failed)


def _say_mistakes(notebook: Notebook) -> bool:
    """Say what is wrong in the settings, for it may be why an export is not written."""
    problems = notebook.settings.problems
    if problems:
        from papertray.tui.settings import sentence

        for problem in problems:
            output.say(sentence(notebook.places.settings, problem))
    return bool(problems)


def _tell(written: Written) -> None:
    if written.problem:
        output.say(f"{written.name}: {written.problem}")
        return
    leaving = output.counted(written.papers, "paper")
    if written.notes:
        leaving += f", {output.counted(written.notes, 'note')}"
    if written.kept:
        leaving += f", {output.counted(written.kept, 'hand edit')} kept"
    if written.changed:
        output.write_row((written.name, str(written.path), leaving))
        sys.stdout.flush()
    else:
        output.say(f"{written.name}: {written.path} is up to date, {leaving}.")


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False
