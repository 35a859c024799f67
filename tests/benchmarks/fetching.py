"""Fetching 200 feeds from a server on this machine that takes 50 ms to answer.

``python tests/benchmarks/fetching.py [--feeds N] [--rounds N]`` measures without a library.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

sys.path.append(str(Path(__file__).parents[1]))  # of the tests: the server

import timing
from library import PAPERTRAY
from local_server import LocalServer, Reply
from measurement import Bar, Bench, Measurement
from papertray.feeds.fetching.http import HttpTransport
from papertray.feeds.fetching.pace import Pace, Paces
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import find_places

FEEDS = 200
PAPERS = 20
"""In each feed."""
HOSTS = 40
PACE = 0.2
LATENCY = 0.05
BAR = Bar(5)
THREADS = 8
"""That the floor asks with: as many as we do, of one host of this machine."""


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield seconds, and requests for each feed."""
    yield from rates(FEEDS, bench.rounds)


def rates(feeds: int, rounds: int) -> Iterator[Measurement]:
    """Yield the seconds of a first fetch and of one of nothing new, on one host and on many."""
    first, again, floor, paced, kept, asked = [], [], [], [], [], []
    for _ in range(rounds):
        with LocalServer(LATENCY) as server, tempfile.TemporaryDirectory() as folder:
            environment = _prepare(server, Path(folder), feeds, hosts=1)
            fetch = partial(
                timing.run_process, (*PAPERTRAY, "feeds", "fetch", "--no-pdfs"), environment
            )
            floor.append(timing.seconds(partial(_ask_plainly, server, feeds)))
            first.append(fetch().seconds)
            server.asked.clear()
            again.append(fetch().seconds)
            asked.append(len(server.asked) / feeds)
        with LocalServer(LATENCY) as server, tempfile.TemporaryDirectory() as folder:
            environment = _prepare(server, Path(folder), feeds, hosts=HOSTS)
            paced.append(timing.seconds(partial(_fetch_paced, environment)))
            kept.append(_shortest_pause(server))
    beside = f"urllib in {THREADS} threads, nothing kept"
    yield Measurement(f"{feeds} feeds, all new", "s", min(first), min(floor), beside, BAR)
    yield Measurement(f"{feeds} feeds, nothing new", "s", min(again), min(floor), beside, BAR)
    yield Measurement("requests for a feed with nothing new", "", max(asked), bar=Bar(1))
    name = f"{feeds} feeds of {HOSTS} hosts, each asked every {PACE} s"
    yield Measurement(name, "s", min(paced), feeds / HOSTS * PACE, "the pauses alone", BAR)
    # The server looks at its clock some ms after the request was begun, now more and now less.
    yield Measurement("shortest pause of a host", "s", min(kept), PACE, "asked for")


def _prepare(server: LocalServer, folder: Path, feeds: int, hosts: int) -> dict[str, str]:
    """Subscribe a new tray to feeds; return the environment that leads to it."""
    names = {"TRAY": "tray", "CACHE": "cache", "STATE": "state", "CONFIG": "config"}
    places = {f"PAPERTRAY_{name}": str(folder / place) for name, place in names.items()}
    environment = {**os.environ, **places}
    with Notebook(find_places(None, environment), Origin.COMMAND) as notebook:
        subscribe(notebook, server, feeds, hosts)
        notebook.keeping.back_up()  # or the first fetch would
    return environment


def subscribe(notebook: Notebook, server: LocalServer, feeds: int, hosts: int) -> None:
    """Subscribe a tray to feeds of a server, each of which has papers of its own."""
    for number in range(feeds):
        server.answers(f"/{number}", Reply(_feed(number), etag=f'"{number}"'))
        address = server.url(f"/{number}", host=number % hosts + 1)
        notebook.subscriptions.add(address, f"feed {number}", folder=Path.cwd())


def _feed(number: int) -> bytes:
    items = "".join(
        f"<item><title>On the Number {paper} and What Follows</title>"
        f"<link>https://arxiv.org/abs/26{number % 12 + 1:02}.{paper:05}v1</link>"
        f"<description>{f'We look at {paper}, and it follows. ' * 20}</description></item>"
        for paper in range(number * PAPERS, (number + 1) * PAPERS)
    )
    return f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


def _ask_plainly(server: LocalServer, feeds: int) -> None:
    def ask(number: int) -> None:
        with urlopen(server.url(f"/{number}")) as answer:
            answer.read()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, range(feeds)))


def _fetch_paced(environment: dict[str, str]) -> None:
    with Notebook(find_places(None, environment), Origin.COMMAND) as notebook:
        hosts = notebook.subscriptions.hosts()
        transport = HttpTransport(hosts, "papertray/test", Paces(lambda host: Pace(PACE)))
        report = notebook.fetching.fetch((), transport, pdf_progress=None)
        transport.close()
    assert not report.failed
    assert report.asked == len(report.feeds)


def _shortest_pause(server: LocalServer) -> float:
    """Return the shortest time between two requests to one host."""
    times: dict[str, list[float]] = {}
    for ask in server.asked:
        times.setdefault(ask.host, []).append(ask.at)
    return min(later - sooner for one in times.values() for sooner, later in pairwise(sorted(one)))


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    for one in rates(asked.feeds, asked.rounds):
        ratio = f", {one.ratio:.2f} × {one.floor_name}" if one.ratio else ""
        print(f"{one.name}: {one.ours:.3f} {one.unit}{ratio}", flush=True)


if __name__ == "__main__":
    main()
