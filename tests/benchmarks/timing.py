"""Taking the time of things, in turn, and the memory of processes. Linux only, for the memory."""

from __future__ import annotations

import multiprocessing
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, TypeVar

Result = TypeVar("Result")


def seconds(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def in_turn(
    actions: Sequence[Callable[[], object]], rounds: int, *, warm_up: int = 1
) -> list[list[float]]:
    """Time actions in turn, so that a busy moment of the machine meets all of them.

    Returns the seconds of each action's `rounds`, after `warm_up` rounds that are not counted.
    """
    taken: list[list[float]] = [[] for _ in actions]
    for number in range(warm_up + rounds):
        for action, times in zip(actions, taken, strict=True):
            passed = seconds(action)
            if number >= warm_up:
                times.append(passed)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie: 0.5 is the median."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Process:
    """What a process took: seconds, and bytes of memory at its peak, mapped files counted in.

    `private` is the most that was seen, every tenth of a second, of what only it held: no files.
    """

    seconds: float
    peak: int
    private: int


def run_process(
    command: Sequence[str], environment: Mapping[str, str], stdin: IO[bytes] | None = None
) -> Process:
    """Run a command to its end. Raises `RuntimeError` with what it said when it fails."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=stdin if stdin is not None else subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        peak = private = 0
        while process.poll() is None:
            peak = max(peak, peak_memory(process.pid))
            private = max(private, _status(process.pid, "RssAnon:"))
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        taken = time.perf_counter() - started
        if process.returncode:
            said.seek(max(0, said.tell() - 2_000))
            raise RuntimeError(f"{' '.join(command)}\n{said.read().decode(errors='replace')}")
    return Process(taken, peak, private)


def run_apart(function: Callable[..., Result], *arguments: Any) -> tuple[Result, int]:
    """Call a function of a module in a process of its own; return its result and peak memory.

    Raises `EOFError` when the process fails; its traceback is on stderr.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_call, args=(there, function, arguments))
    process.start()
    there.close()
    try:
        result, peak = here.recv()
    finally:
        process.join()
    return result, peak


def _call(end: Connection, function: Callable[..., object], arguments: Sequence[Any]) -> None:
    result = function(*arguments)
    end.send((result, peak_memory("self")))


def peak_memory(process: int | str) -> int:
    """Return the bytes that a process has held at its peak, 0 when it is gone.

    Not `ru_maxrss`: a child inherits that from its parent.
    """
    return _status(process, "VmHWM:")


def _status(process: int | str, name: str) -> int:
    """Return the bytes of one line of what Linux tells of a process, 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0
