"""The daily backup beside the screen: made once, ended by leaving, told when it fails."""

from __future__ import annotations

import threading

import pytest

from papertray.notebook.notebook import Notebook
from papertray.store import copying
from papertray.tui.backup_thread import BackupThread

from .desk import at_desk


def wait_for(thread: BackupThread) -> None:
    thread._thread.join()


def days(notebook: Notebook) -> list[str]:
    return [path.name for path in notebook.places.backups.glob("????-??-??.db")]


def test_a_backup_is_made_once_a_day(notebook: Notebook) -> None:
    said: list[str] = []
    thread = BackupThread(lambda: notebook.keeping, said.append)
    thread.start()
    wait_for(thread)
    thread.start()
    wait_for(thread)
    assert len(days(notebook)) == 1
    assert said == []


def test_leaving_ends_it(notebook: Notebook) -> None:
    thread = BackupThread(lambda: notebook.keeping, lambda text: None)
    thread.stop()
    thread.start()
    assert days(notebook) == []


def test_leaving_does_not_wait_for_what_cannot_be_interrupted(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking, checked = threading.Event(), threading.Event()

    def check(*_: object, **__: object) -> None:
        checking.set()
        checked.wait()

    monkeypatch.setattr(copying, "check_copy", check)
    thread = BackupThread(lambda: notebook.keeping, lambda text: None)
    thread.start()
    checking.wait()
    thread.stop()
    assert thread._thread.is_alive()
    checked.set()
    wait_for(thread)


def test_what_goes_wrong_is_said_once(notebook: Notebook) -> None:
    notebook.places.backups.write_text("a file in the way")
    said: list[str] = []
    thread = BackupThread(lambda: notebook.keeping, said.append)
    for _ in range(2):
        thread.start()
        wait_for(thread)
    (sentence,) = said
    assert sentence.startswith("Today's backup was not made. ")


async def test_the_screen_makes_one(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        wait_for(desk.app._backup)
        assert len(days(notebook)) == 1
