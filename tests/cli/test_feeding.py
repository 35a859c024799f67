"""`feeds`: adding, listing, changing, removing, and lists of feeds in and out."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli.command_line import ESC, CommandLine, json_lines, steering_in
from local_server import LocalServer, Reply
from made_up_feeds import rss
from papertray.cli import output
from papertray.core.clock import ago
from papertray.core.subscriptions import FeedState
from papertray.notebook.notebook import Notebook
from papertray.store import subscriptions as stored
from papertray.store.journal import Origin
from papertray.store.places import find_places

from trays import ZONE, SteppingClock


def at_a_clock(papertray: CommandLine, hours: float) -> Notebook:
    """Open the tray as it is seen so many hours after Monday morning."""
    clock = SteppingClock(step=0)
    clock.moment += timedelta(hours=hours)
    return Notebook(find_places(None, papertray.environment), Origin.COMMAND, clock=clock)


def put_state(papertray: CommandLine, name: str, state: FeedState) -> None:
    """Make a feed look as if it had been fetched."""
    with at_a_clock(papertray, 0) as notebook, notebook._tray.write() as connection:
        stored.save_state(connection, stored.get_subscription(connection, name).id, state)


def test_adding_listing_changing_removing_and_taking_back(papertray: CommandLine) -> None:
    added = papertray("feeds", "add", "CL", "arxiv:cs.cl", "--expire", "30d", "--tag", "nlp")
    assert (added.exit_code, added.stdout) == (0, "")
    assert added.stderr == (
        "Added feed CL: arxiv:cs.CL. `papertray feeds fetch` brings its papers.\n"
    )
    row = ["CL", "0", "0", "never", "30d", "nlp", "arxiv:cs.CL", ""]
    assert papertray.lines("feeds", "list") == ["\t".join(row)]

    changed = papertray(
        "feeds", "change", "cl", "--name", "language", "--expire", "never",
        "--tag", "daily", "--untag", "nlp", "--location", "arxiv:cs.LG",
    )  # fmt: skip
    assert changed.stderr == "Changed feed language: arxiv:cs.LG, tagged daily\n"
    assert papertray("feeds", "change", "language", "--tag", "daily").stderr == (
        "Nothing was changed.\n"
    )

    assert papertray("feeds", "remove", "language").stderr == "Removed 1 feed; the papers stay.\n"
    empty = papertray("feeds", "list")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert empty.stderr.startswith("There are no feeds; ")
    assert papertray("undo", "-n", "2").exit_code == 0
    assert papertray.lines("feeds", "list") == ["\t".join(row)]
    assert papertray("redo").exit_code == 0
    assert [one["name"] for one in papertray.json("feeds", "list", "--format", "json")] == [
        "language"
    ]


def test_a_feed_without_a_name_and_of_many_words(papertray: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    papertray("feeds", "add", "https://www.example.org/feed/")
    papertray("feeds", "add", "decoding", "openalex:neural", "decoding")
    added = papertray("feeds", "add", "incoming")

    assert "`papertray watch` and the open screen read what lies there" in added.stderr
    found = papertray.json("feeds", "list", "--format", "json")
    assert [(one["name"], one["kind"], one["location"]) for one in found] == [
        ("decoding", "search", "openalex:neural decoding"),
        ("example.org", "url", "https://www.example.org/feed/"),
        ("incoming", "folder", str(tmp_path / "incoming")),
    ]


def test_a_folder_is_watched_and_not_fetched(papertray: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    papertray("feeds", "add", str(tmp_path / "scans"))
    assert papertray.lines("feeds", "list")[0].split("\t")[3] == "watched"
    fetched = papertray("feeds", "fetch", "scans")
    assert (fetched.exit_code, fetched.stdout) == (0, "")
    assert fetched.stderr == (
        "scans is a folder, which `papertray watch` and the open screen read.\n"
    )


def test_a_feed_can_be_fetched_at_once(papertray: CommandLine) -> None:
    with LocalServer() as server:
        server.answers("/feed", Reply(rss("One study of things")))
        server.answers("/gone", Reply(status=404))
        good = papertray("feeds", "add", "good", server.url("/feed"), "--fetch")
        bad = papertray("feeds", "add", "bad", server.url("/gone"), "--fetch")

    assert (good.exit_code, good.stdout.splitlines()[0]) == (0, "good: 1 new paper")
    assert good.stderr.splitlines()[0] == f"Added feed good: {server.url('/feed')}"
    assert bad.exit_code == 2
    assert [row[:3] for row in rows(papertray)] == [["bad", "0", "0"], ["good", "1", "1"]]
    assert "404" in rows(papertray)[0][7]


def test_an_address_that_became_a_search_is_told(papertray: CommandLine) -> None:
    added = papertray("feeds", "add", "CL", "https://rss.arxiv.org/rss/cs.CL")
    assert "is read as the search arxiv:cs.CL" in added.stderr
    assert "Added feed CL: arxiv:cs.CL." in added.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add",), "Missing argument"),
        (("add", "x", "nonsense"), "nonsense is no address"),
        (("add", "x", "file:///etc/passwd"), "cannot be a feed"),
        (("add", "x", "arxiv:cs.LG", "--expire", "soon"), "say how many days"),
        (("add", "x", "arxiv:cs.LG", "--expire", "0d"), "say how many days"),
        (("add", "x", "arxiv:cs.LG", "--expire", "99999d"), "say how many days"),
        (("add", "x", "arxiv:cs.LG", "--tag", " "), "A tag is a text"),
        (("add", "again", "arxiv:cs.CL"), "arxiv:cs.CL is a feed already, called CL"),
        (("add", "cl", "arxiv:cs.LG"), "There is a feed cl already"),
        (("add", f"{ESC}[31mred", "arxiv:cs.LG"), "cannot be the name of a feed"),
        (("add", "\udcff\x00", "arxiv:cs.LG"), "cannot be the name of a feed"),
        (("change", "CL"), "Say what to change"),
        (("change", "none", "--tag", "x"), "There is no feed none"),
        (("change", "CL", "--name", 'a"b'), "cannot be the name of a feed"),
        (("remove", "CLL"), "did you mean CL?"),
        (("remove",), "Missing argument"),
    ],
)
def test_wrong_usage(papertray: CommandLine, arguments: tuple[str, ...], words: str) -> None:
    papertray("feeds", "add", "CL", "arxiv:cs.CL")
    before = papertray.lines("feeds", "list")

    result = papertray("feeds", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert steering_in(result.stderr.replace("\n", "")) == []
    assert papertray.lines("feeds", "list") == before


@pytest.mark.parametrize("command", ["list", "export"])
def test_looking_makes_no_tray(papertray: CommandLine, command: str) -> None:
    assert papertray("feeds", command).exit_code == 2
    assert not papertray.database.exists()


def test_a_list_says_how_each_feed_fares(
    papertray: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = [{"title": f"Paper {n}", "listings": [{"feed": "CL"}]} for n in range(12)]
    papertray("add", "-", stdin=json_lines(*page))
    papertray("move", "read", "1")
    papertray("feeds", "add", "CL", "arxiv:cs.CL", "--tag", "nlp")
    papertray("feeds", "add", "a rather long name of a feed", "https://example.org/rss")
    put_state(papertray, "CL", FeedState(fetched="2026-11-23T06:12:01.000Z"))
    failed = FeedState(
        fetched="2026-11-20T06:12:01.000Z", failed="2026-11-23T06:12:01.000Z", failures=3,
        failure=f"example.org gave no answer: {ESC}[31m500",
    )  # fmt: skip
    put_state(papertray, "a rather long name of a feed", failed)

    def opener(places: object) -> Notebook:
        return at_a_clock(papertray, hours=2)

    assert papertray("feeds", "list", opener=opener).stdout.splitlines() == [
        "a rather long name of a feed\t0\t0\t3 days ago\t\t\thttps://example.org/rss\t"
        "example.org gave no answer: \N{REPLACEMENT CHARACTER}[31m500",
        "CL\t11\t12\t2 h ago\t\tnlp\tarxiv:cs.CL\t",
    ]
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setattr(output, "width", lambda: 80)
    monkeypatch.setenv("NO_COLOR", "1")
    shown = papertray("feeds", "list", opener=opener).stdout.splitlines()
    assert shown == [
        "name                inbox   papers  fetched     location",
        "a rather long na…       0        0  3 days ago  https://example.org/rss",
        "  failed 2 h ago: example.org gave no answer: \N{REPLACEMENT CHARACTER}[31m500",
        "CL                     11       12  2 h ago     arxiv:cs.CL",
    ]
    found = papertray.json("feeds", "list", "--format", "json")
    assert (found[1]["fetched"], found[1]["failed"]) == ("2026-11-23T06:12:01.000Z", None)
    assert (found[0]["failures"], found[0]["expire"]) == (3, None)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("", "never"),
        ("2026-11-23T06:12:01.500Z", "just now"),
        ("2026-11-23T06:40:00.000Z", "just now"),  # its clock is ahead
        ("2026-11-23T05:13:00.000Z", "59 min ago"),
        ("2026-11-23T05:00:00.000Z", "1 h ago"),
        ("2026-11-22T06:20:00.000Z", "23 h ago"),
        ("2026-11-22T06:00:00.000Z", "1 day ago"),
        ("2024-11-22T06:00:00.000Z", "731 days ago"),
    ],
)
def test_times_are_told_in_words(then: str, words: str) -> None:
    assert ago(then, datetime(2026, 11, 23, 7, 12, 2, tzinfo=ZONE)) == words


OPML = f"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>mine</title></head><body>
  <outline text="Journals"><outline type="rss" text='Nature "news"'
    xmlUrl="https://www.nature.com/nature.rss" category="/weekly"/></outline>
  <outline type="rss" text="arXiv CL" xmlUrl="http://export.arxiv.org/rss/cs.CL"/>
  <outline type="rss" text="Nature &#x9b;31m" xmlUrl="https://example.org/{"x" * 90}"/>
  <outline type="rss" text="Left" xmlUrl="ftp://example.org/rss"/>
</body></opml>
"""

URLS = """\
# mine
https://www.nature.com/nature.rss journals "~Nature again" "my tag"
https://example.org/atom.xml "~Example" !hidden
exec:~/bin/feed.sh
"query:Unread:unread = \\"yes\\""
"""


def test_lists_of_other_readers_are_one_batch_and_say_what_stays_behind(
    papertray: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")
    (tmp_path / "urls").write_text(URLS, encoding="utf-8")

    opml = papertray("feeds", "import", "feeds.opml")
    urls = papertray("feeds", "import", "urls")

    assert (opml.exit_code, urls.exit_code) == (1, 1)
    assert steering_in(opml.stderr.replace("\n", "")) == []
    first, last = opml.stderr.splitlines()
    assert "feeds.opml, line 7: ftp://example.org/rss cannot be a feed" in first
    assert last == (
        "3 feeds added from OPML, 1 left behind. `papertray feeds fetch` brings their papers."
    )
    program, query, counted = urls.stderr.splitlines()
    assert "papertray runs no programs" in program
    assert "urls, line 5: query:Unread" in query
    assert counted.startswith("1 feed added from newsboat's urls, 1 there already, 2 left behind.")
    assert [(row[0], row[5], row[6][:28]) for row in rows(papertray)] == [
        ("arXiv CL", "", "arxiv:cs.CL"),
        ("Example", "", "https://example.org/atom.xml"),
        ("Nature 'news'", "Journals, weekly", "https://www.nature.com/natur"),
        ("Nature ›31m", "", "https://example.org/xxxxxxxx"),
    ]
    papertray("undo")
    assert len(rows(papertray)) == 3
    papertray("undo")
    assert rows(papertray) == []


def rows(papertray: CommandLine) -> list[list[str]]:
    """Return the rows of the list of feeds."""
    return [line.split("\t") for line in papertray.lines("feeds", "list")]


def test_feeds_of_one_name_are_told_apart(papertray: CommandLine) -> None:
    urls = "".join(f'https://example.org/{n} "~{"News " * 30}"\n' for n in range(3))
    assert papertray("feeds", "import", "-", stdin=urls).exit_code == 0
    names = [row[0] for row in rows(papertray)]
    assert len({name.casefold() for name in names}) == 3
    assert sorted(name[-2:] for name in names) == [" 2", " 3", "ws"]


@pytest.mark.parametrize("content", [b"", b"# none\n", b"\x89PNG\x00\x01", b"<html></html>"])
def test_a_file_without_feeds_is_told(papertray: CommandLine, content: bytes) -> None:
    result = papertray("feeds", "import", "-", stdin=content)
    assert result.exit_code == 2
    assert "There is no feed in <stdin>" in result.stderr


def test_a_file_of_another_kind_is_not_told_line_by_line(papertray: CommandLine) -> None:
    result = papertray("feeds", "import", "-", stdin="a line of prose\n" * 500)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 22
    assert papertray("feeds", "import", "none.opml").exit_code == 2


def test_an_export_gives_all_feeds_back(papertray: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "in & out").mkdir()
    papertray("feeds", "add", "CL", "arxiv:cs.CL", "--expire", "30d", "--tag", "nlp")
    papertray("feeds", "add", "📡 <news> & more", "https://example.org/?a=1&b=2", "--tag", "a, b/c")
    papertray("feeds", "add", "drop", "in & out")
    before = rows(papertray)
    assert papertray("feeds", "export", "-o", "feeds.opml").stderr == (
        "3 feeds written to feeds.opml\n"
    )
    text = (tmp_path / "feeds.opml").read_text(encoding="utf-8")
    assert papertray("feeds", "export").stdout == text

    papertray("feeds", "remove", *(row[0] for row in before))
    again = papertray("feeds", "import", "feeds.opml")

    assert (again.exit_code, rows(papertray)) == (0, before)
    assert papertray("feeds", "import", "feeds.opml").stderr == (
        "0 feeds added from OPML, 3 there already.\n"
    )


def test_only_files_of_our_own_are_replaced(papertray: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    assert papertray("add", "-", stdin=json_lines({"title": "A"})).exit_code == 0
    empty = papertray("feeds", "export", "-o", "feeds.opml")
    assert (empty.exit_code, file.exists()) == (0, False)
    papertray("feeds", "add", "CL", "arxiv:cs.CL")
    file.write_text("hers", encoding="utf-8")

    refused = papertray("feeds", "export", "-o", "feeds.opml")
    assert (refused.exit_code, file.read_text(encoding="utf-8")) == (2, "hers")
    assert "--force" in refused.stderr
    assert papertray("feeds", "export", "-o", "feeds.opml", "--force").exit_code == 0
    assert "already held exactly that" in papertray("feeds", "export", "-o", "feeds.opml").stderr
    papertray("feeds", "add", "LG", "arxiv:cs.LG")
    assert papertray("feeds", "export", "-o", "feeds.opml").exit_code == 0
    assert "cs.LG" in file.read_text(encoding="utf-8")
