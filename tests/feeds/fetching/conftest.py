"""A server for the tests of fetching."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_server import LocalServer


@pytest.fixture(scope="module")
def running() -> Iterator[LocalServer]:
    """One server for all tests of a module."""
    with LocalServer() as server:
        yield server


@pytest.fixture
def server(running: LocalServer) -> LocalServer:
    """The module's server, which nobody has asked yet."""
    running.asked.clear()
    return running
