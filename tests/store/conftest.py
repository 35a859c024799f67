"""An empty tray for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.store.places import throw_away_places
from papertray.store.tray import Tray


@pytest.fixture
def tray(tmp_path: Path) -> Iterator[Tray]:
    """Open a new tray, closed after the test."""
    opened = Tray(throw_away_places(tmp_path))
    yield opened
    opened.close()
