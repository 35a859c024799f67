"""Where tracebacks go, so that the user gets one sentence and nothing is lost."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from papertray.core.clean import clean_text
from papertray.core.errors import PapertrayError, UnreadableSource
from papertray.core.model import Item


def write_traceback(state: Path, error: BaseException) -> Path | None:
    """Append the traceback of `error` to the log in the folder `state`; return the log.

    Returns None where it cannot be written.
    """
    log = state / "errors.log"
    try:
        state.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(traceback_text(error) + "\n")
    except OSError:
        return None
    return log


def guarded(items: Callable[[], Iterator[Item]], state: Path) -> Iterator[Item]:
    """Yield what a reader yields where nobody is there to see it stumble.

    What it should not raise goes to the log, and the source counts as one that cannot be read: a
    file that lies there, or a feed, would otherwise end papertray each time it is begun. Raises
    UnreadableSource.
    """
    try:
        yield from items()
    except PapertrayError:
        raise
    except Exception as error:
        log = write_traceback(state, error)
        raise UnreadableSource(
            "Reading it led to a bug in papertray, sorry; please report it"
            + (f" with the end of {log}." if log else ".")
        ) from error


def traceback_text(error: BaseException) -> str:
    """Return the traceback of `error`, harmless for a terminal."""
    return clean_text("".join(traceback.format_exception(error)))
