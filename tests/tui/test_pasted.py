"""Adding on the screen what is named: there at once, completed in the background."""

from __future__ import annotations

import threading
from pathlib import Path

from local_server import Ask, LocalServer, Reply
from named_works import Known, Services
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places

from .desk import at_desk, open_notebook

OYSTERS = Known("On Oysters and Their Sorting by Size")


def settle(places: Places, services: Services) -> None:
    """Have the screen's settings lead to services on this machine."""
    Path(places.settings).parent.mkdir(parents=True, exist_ok=True)
    Path(places.settings).write_text(f"{services.settings}[feeds]\nfetch_at_start = false\n")


async def test_a_pasted_id_is_a_paper_at_once_and_complete_soon(
    empty: Notebook, places: Places
) -> None:
    with LocalServer(latency=0.1) as server:
        services = Services(server)
        services.arxiv["2510.06638"] = OYSTERS
        settle(places, services)
        async with at_desk(empty, elsewhere=lambda: open_notebook(places, "theirs")) as desk:
            await desk.press("a")
            await desk.until_shown("or arXiv ids, DOIs")
            await desk.answer("https://arxiv.org/abs/2510.06638")
            assert desk.titles == ["arXiv:2510.06638"]
            assert desk.status.startswith("1 added, 0 merged, 0 known, to be completed")
            await desk.until_shown(OYSTERS.title)
            assert desk.titles == [OYSTERS.title]

            await desk.press("u")
            assert desk.titles == []


async def test_several_are_added_with_one_answer(empty: Notebook, places: Places) -> None:
    with LocalServer() as server:
        settle(places, Services(server))
        server.answers("/one.jsonl", Reply(b'{"title": "One"}\n'))
        async with at_desk(empty, elsewhere=lambda: open_notebook(places, "theirs")) as desk:
            await desk.press("a")
            await desk.answer(f"2510.06638 10.1000/shells {server.url('/one.jsonl')}")
            await desk.until(lambda: len(desk.titles) == 3, "all three are there")
            assert set(desk.titles) == {"arXiv:2510.06638", "doi:10.1000/shells", "One"}


async def test_what_no_service_has_is_said(empty: Notebook, places: Places) -> None:
    with LocalServer() as server:
        settle(places, Services(server))
        async with at_desk(empty, elsewhere=lambda: open_notebook(places, "theirs")) as desk:
            await desk.press("a")
            await desk.answer("2510.06638")
            await desk.until(lambda: bool(desk.toasts), "a sentence is shown")
            assert desk.toasts == ["arxiv.org has no arXiv:2510.06638."]
            assert desk.titles == ["arXiv:2510.06638"]


async def test_a_page_is_fetched_while_the_screen_goes_on(empty: Notebook, places: Places) -> None:
    may_come = threading.Event()

    def answer(ask: Ask) -> Reply:
        may_come.wait(10)
        return Reply(b'{"title": "One"}\n{"title": "Two"}\n')

    with LocalServer() as server:
        services = Services(server)
        settle(places, services)
        server.answers("/two.jsonl", answer)
        async with at_desk(empty, elsewhere=lambda: open_notebook(places, "theirs")) as desk:
            await desk.press("a")
            await desk.answer(server.url("/two.jsonl"))
            assert desk.titles == []
            may_come.set()
            await desk.until(lambda: desk.titles == ["One", "Two"], "the papers are there")
            await desk.until_shown("2 added, 0 merged")
