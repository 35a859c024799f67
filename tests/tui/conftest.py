"""A tray with made-up papers, and a process that goes on after each screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.store.places import Places, throw_away_places
from papertray.tui import app

from .desk import LARGE, WORDS, add_papers, made_up_record, open_notebook


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what is tried at two sizes tried at the larger one in the long run only."""
    for item in items:
        call = getattr(item, "callspec", None)
        is_large = call is not None and call.params.get("size") == LARGE
        if is_large and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def usual_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the screen's wishes from the garbage collector: this process outlives many screens."""
    monkeypatch.setattr(app, "spare_collector", lambda: None)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's wishes out of the tests."""
    for name in ("NO_COLOR", "VISUAL", "EDITOR", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Places of a tray that is thrown away."""
    return throw_away_places(tmp_path)


@pytest.fixture
def empty(places: Places) -> Iterator[Notebook]:
    """An empty tray."""
    with open_notebook(places) as notebook:
        yield notebook


@pytest.fixture
def notebook(places: Places, tmp_path: Path) -> Iterator[Notebook]:
    """A tray with fifteen papers in its inbox, one for each of `WORDS`.

    Another session added them: the first thing `u` takes back is what the test decides.
    """
    with open_notebook(places, "morning") as filling:
        add_papers(filling, tmp_path, [made_up_record(number) for number in range(len(WORDS))])
    with open_notebook(places) as ours:
        yield ours
