"""An open tray: its connections, its clock and who is writing."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TypeAlias

from papertray.core.clock import Clock, SystemClock
from papertray.core.errors import TrayError, TrayReadOnly, TrayReplaced
from papertray.store import device
from papertray.store.connection import TIMEOUT, connect, sqlite_errors, transaction
from papertray.store.places import Places
from papertray.store.schema import bring_up_to_date, lacks_triggers

LOG_PAGES = 1000
"""Pages in the write-ahead log after which a decision brings them into the database file."""

CACHE = 32_000
"""Kilobytes that the writer may hold: with SQLite's 2,000 a bulk decision reads pages twice."""

STEPS = 100_000
"""Steps of SQLite's machine between two looks at whether a long query is still wanted: a ms."""

Connection: TypeAlias = sqlite3.Connection
"""What readers and writers of a tray hand to the functions of this package, and nobody opens."""


def random_uid() -> str:
    """Return a new random name for a paper, note, batch or device: 20 hexadecimal digits."""
    return os.urandom(10).hex()


def _usual_formula() -> str:
    from papertray.core.citekeys import USUAL  # few commands give keys

    return USUAL


class Tray:
    """One open tray.

    Any thread may read: each gets a connection of its own. Any thread may write: writers wait for
    each other, then for other processes (up to `timeout` seconds, then `TrayLocked`).
    """

    def __init__(
        self,
        places: Places,
        *,
        clock: Clock | None = None,
        new_uid: Callable[[], str] = random_uid,
        timeout: float = TIMEOUT,
        session: str = "",
        citekey_formula: Callable[[], str] = _usual_formula,
    ) -> None:
        """Open the tray at `places`, making or migrating it where need be.

        `session` is that of another process whose decisions these count among; empty: a new one.
        `citekey_formula` says how citation keys are made; it is asked when one is given.
        Raises `TrayNewer`, `TrayDamaged`, `TrayReadOnly`, `TrayLocked`, `DiskFull`.
        """
        self.places = places
        self.clock: Clock = clock or SystemClock()
        self.new_uid = new_uid
        self.session = session or new_uid()
        self._citekey_formula = citekey_formula
        self._timeout = timeout
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._write_lock = threading.RLock()
        self._device = ""
        self.has_written = False
        try:
            places.tray.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrayReadOnly(
                f"The folder {places.tray} cannot be made ({error.strerror}); check its "
                "permissions or choose another with --tray."
            ) from error
        bring_up_to_date(places.database)
        with sqlite_errors(places.database):
            self._writer = self._connect(writable=True)
            self._writer.execute(f"PRAGMA cache_size = -{CACHE}")
            self.tell_formula(self._writer)
            self._epoch = device.epoch(self._writer)

    @property
    def device(self) -> str:
        """The name of the device that writes here; known once something was written."""
        return self._device

    def now(self) -> datetime:
        """Return the present moment by the tray's clock."""
        return self.clock.now()

    def reader(self) -> sqlite3.Connection:
        """Return this thread's reading connection. It sees every commit made before a query."""
        found: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if found is None:
            found = self._local.reader = self._connect(writable=False)
        return found

    @contextmanager
    def sorter(self, is_stopped: Callable[[], bool]) -> Iterator[sqlite3.Connection]:
        """Yield a connection for one long query that sorts, in the calling thread.

        What is sorted goes to temporary files beyond a few megabytes, and what was needed for it is
        given back at the end. Once `is_stopped`, the query and the body end without an error.
        """
        connection = connect(self.places.database, writable=False, timeout=self._timeout)
        try:
            connection.execute("PRAGMA temp_store = FILE")
            connection.set_progress_handler(is_stopped, STEPS)
            with sqlite_errors(self.places.database):
                yield connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            connection.close()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Run the body in one write transaction and yield its connection.

        `durable` True waits until the disk has it (decisions and notes); False leaves that to
        `checkpoint`, to be called after it (adding in bulk: a power cut can lose the last moments,
        never the tray's integrity). Raises `TrayLocked`, `DiskFull`, `TrayReadOnly`, and once after
        another tray was restored in the place of this one `TrayReplaced`; then nothing of the
        body was kept.
        """
        with self._write_lock, sqlite_errors(self.places.database):
            self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._writer.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES if durable else 0}")
            known = self._device
            try:
                with transaction(self._writer):
                    self._check_epoch()
                    self._check_triggers()
                    self._check_device()
                    yield self._writer
            except TrayReplaced:
                self._device = ""
                raise
            except BaseException:
                self._device = known  # one that just began was rolled back with the rest
                raise
            self.has_written = True
            self._remember_device()

    def tell_formula(self, connection: sqlite3.Connection) -> None:
        """Let those who write by a connection know how keys are made: ``citekey_formula()``.

        Keys are given in the transactions of many decisions, which know no tray.
        """
        connection.create_function("citekey_formula", 0, self._citekey_formula)

    def make_triggers_again(self) -> None:
        """Have the next write come now where triggers are missing: nothing can be followed without.

        A tray that cannot be written stays as it is.
        """
        if lacks_triggers(self.reader()):
            with suppress(TrayError), self.write():
                pass

    def checkpoint(self) -> None:
        """Bring what was written without being durable from the log into the database file.

        Takes as long as a disk takes; keeps nobody from reading or writing meanwhile. Left out
        where another process is doing it. Raises `DiskFull`.
        """
        with self._write_lock, sqlite_errors(self.places.database):
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Close every connection. The tray cannot be used afterwards."""
        with self._write_lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _connect(self, *, writable: bool) -> sqlite3.Connection:
        connection = connect(self.places.database, writable=writable, timeout=self._timeout)
        self._connections.append(connection)
        return connection

    def _check_epoch(self) -> None:
        """Refuse to decide about papers that were looked at in another tray, with other numbers."""
        present = device.epoch(self._writer)
        if present != self._epoch:
            self._epoch = present
            raise TrayReplaced(
                f"Another tray was restored to {self.places.database} meanwhile; nothing was "
                "changed, look again before you decide."
            )

    def _check_triggers(self) -> None:
        """Make the triggers anew where another tool dropped some, before anything relies on them.

        What the counts and the index missed meanwhile is caught up with.
        """
        if lacks_triggers(self._writer):
            from papertray.store.doctor_structure import count_anew, make_triggers

            make_triggers(self._writer)
            count_anew(self._writer)

    def _check_device(self) -> None:
        if not self._device:
            file = device.state_file(self.places.state, self.places.database)
            self._device = device.find_device(self._writer, file, self.new_uid())
            self._remembered_number = -1

    def _remember_device(self) -> None:
        number = device.last_number(self._writer, self._device)
        if number != self._remembered_number:
            file = device.state_file(self.places.state, self.places.database)
            device.remember(file, self._device, number)
            self._remembered_number = number
