"""Fixtures of the notebook's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_server import LocalServer
from notebook.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A tray without feeds, and a server."""
    with LocalServer() as server:
        found = Desk(tmp_path, server)
        with found.notebook:
            yield found
