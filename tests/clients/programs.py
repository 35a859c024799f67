"""Running the programs that read what papertray writes, and skipping where they are not there.

Import with ``from .programs import needs, run``.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

_PATIENCE = 180.0
"""Seconds after which a program hangs."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and all that it said on either channel; `out` is its output alone."""

    code: int
    out: str
    said: str


def needs(*programs: str, tex: Sequence[str] = ()) -> pytest.MarkDecorator:
    """Mark tests to be skipped, with the reason, without `programs` or files like ``x.bst``."""
    missing = [name for name in programs if shutil.which(name) is None]
    missing += [name for name in tex if not _tex_has(name)]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@cache
def _tex_has(name: str) -> bool:
    if shutil.which("kpsewhich") is None:
        return False
    return subprocess.run(["kpsewhich", name], capture_output=True, check=False).returncode == 0


def run(*command: str, folder: Path, stdin: str = "") -> Ran:
    """Run `command` in `folder` and return how it ended. Output that is no UTF-8 is mended."""
    done = subprocess.run(
        command,
        cwd=folder,
        input=stdin.encode(),
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
    )
    out = done.stdout.decode(errors="replace")
    return Ran(done.returncode, out, out + done.stderr.decode(errors="replace"))
