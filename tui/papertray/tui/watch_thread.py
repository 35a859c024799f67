"""The thread that watches the drop folder and the user's own folders while the screen is open.

It has a notebook of its own, as the thread that fetches has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # nothing of this is needed before the first paint
    from papertray.notebook.drop import DropReport
    from papertray.notebook.notebook import Notebook
    from papertray.notebook.watcher import Watcher


class WatchThread:
    """Watches from `start` to `stop`.

    `tell` gets what became of each group of files, `say` a sentence for the user, `failed` what
    ended it, a bug as well. `give_way` may wait, before each file. All are called in the thread.
    """

    def __init__(
        self,
        opened: Callable[[], Notebook],
        tell: Callable[[DropReport], None],
        say: Callable[[str], None],
        failed: Callable[[Exception], None],
        give_way: Callable[[], None],
    ) -> None:
        self._opened = opened
        self._failed = failed
        self._tell = tell
        self._say = say
        self._give_way = give_way
        self._lock = threading.Lock()
        self._watcher: Watcher | None = None
        self._is_stopped = False
        self._thread = threading.Thread(target=self._run, name="papertray-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> list[threading.Thread]:
        """End; return the thread that is ending."""
        with self._lock:
            self._is_stopped = True
            if self._watcher is not None:
                self._watcher.stop()
        return [self._thread] if self._thread.is_alive() else []

    def _run(self) -> None:
        from papertray.notebook.watcher import Watcher

        try:
            with self._opened() as notebook:
                watcher = Watcher(notebook.drop, self._tell, self._say, give_way=self._give_way)
                with self._lock:
                    if self._is_stopped:
                        return
                    self._watcher = watcher
                watcher.run()
        except Exception as error:
            self._failed(error)
