"""The user's own editor on a text, while the screen steps aside."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from papertray.core.errors import UsageError

if TYPE_CHECKING:
    from papertray.notebook.editor import Draft
    from papertray.tui.app import PapertrayApp


def edit_outside(app: PapertrayApp, text: str) -> Draft | None:
    """Give Markdown to $VISUAL or $EDITOR and return what comes back; None, and told, if none does.

    What was written by an editor that failed is kept in a file, which the message names.
    """
    from papertray.notebook.editor import edit_text

    refused = ""
    draft = None
    try:
        with app.suspend(), _interrupts_left_to_the_editor():
            # Caught in here: an exception would leave the terminal suspended.
            try:
                draft = edit_text(text, ".md", os.environ)
            except UsageError as error:
                refused = str(error)
    except SuspendNotSupported:
        refused = "This terminal cannot be handed to another editor."
    if refused:
        app.warn(refused)
    return draft


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Have ^C in an editor that does not take it as a key end nothing of ours."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Not SIG_IGN, which the editor would inherit.
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
