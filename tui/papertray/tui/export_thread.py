"""The thread that keeps the exports of the settings up to date while the screen is open.

It has a notebook of its own, as the thread that fetches has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # nothing of this is needed before the first paint
    from papertray.notebook.named_exports import Written
    from papertray.notebook.notebook import Notebook


class ExportThread:
    """Writes from `start` to `stop`: at once, and after changes.

    `say` gets a sentence when a file cannot be written, each once until it can; `failed` what ended
    it, a bug as well. `give_way` may wait, before each paper. All are called in the thread.
    """

    def __init__(
        self,
        opened: Callable[[], Notebook],
        say: Callable[[str], None],
        failed: Callable[[Exception], None],
        give_way: Callable[[], None],
    ) -> None:
        self._opened = opened
        self._say = say
        self._failed = failed
        self._give_way = give_way
        self._problems: dict[str, str] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="papertray-export", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> list[threading.Thread]:
        """End; return the thread that is ending."""
        self._stopped.set()
        return [self._thread] if self._thread.is_alive() else []

    def _run(self) -> None:
        try:
            with self._opened() as notebook:
                exports = notebook.named_exports
                exports.follow(self._stopped.wait, self._told, exports.all, self._step)
        except _Stopped:
            pass  # in the middle of a file, which is as it was
        except Exception as error:
            self._failed(error)

    def _step(self, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise _Stopped
        self._give_way()

    def _told(self, written: Written) -> None:
        before = self._problems.get(written.name, "")
        self._problems[written.name] = written.problem
        if written.problem and written.problem != before:
            self._say(f"{written.name}: {written.problem}")


class _Stopped(Exception):
    """The screen is closing."""
