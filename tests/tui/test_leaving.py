"""Leaving the screen while servers never answer, through a real terminal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from local_server import LocalServer, Reply
from papertray.core.model import Pile

from .home import Home
from trays import add_lines

SECONDS = 1.5
"""What leaving may take."""


@pytest.mark.long
@pytest.mark.parametrize("silent", ["/feed", "/pdf/2610.00001"])
def test_a_server_that_never_answers_keeps_nobody(tmp_path: Path, silent: str) -> None:
    with LocalServer() as server:
        server.answers("/feed", Reply(b'<rss version="2.0"><channel/></rss>'))
        server.answers(silent, Reply(b"x" * 1000, slow=5.0, piece=1))
        home = Home(tmp_path)
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "settings.toml").write_text(
            f'[services]\narxiv = "{server.url("")}"\n', encoding="utf-8"
        )
        with home.notebook() as notebook:
            add_lines(notebook, [{"title": "A starred one", "arxiv_id": "2610.00001"}])
            notebook.papers.move([1], Pile.STARRED)
            notebook.subscriptions.add(server.url("/feed"), "far", folder=tmp_path)
        with home.open() as terminal:
            terminal.until(lambda: silent in [ask.path for ask in server.asked], "it is asked")
            start = time.monotonic()
            terminal.press("q")
            assert terminal.wait() == 0
            assert time.monotonic() - start < SECONDS
    assert b"Traceback" not in terminal.raw
