"""Where tracebacks go, so that the user gets one sentence and nothing is lost."""

from __future__ import annotations

import traceback
from pathlib import Path

from papertray.core.clean import clean_text


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


def traceback_text(error: BaseException) -> str:
    """Return the traceback of `error`, harmless for a terminal."""
    return clean_text("".join(traceback.format_exception(error)))
