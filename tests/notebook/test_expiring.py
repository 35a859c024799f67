"""Expiry: what a feed brought and nobody touched goes to `skip`, and nothing else ever does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from local_server import Reply
from notebook.desk import Desk, feed, no_names
from papertray.core.model import Pile
from papertray.notebook.fetch_report import Expired
from papertray.notebook.notebook import Notebook
from papertray.notebook.subscriptions import Change
from papertray.store.rules import Action

from trays import add_lines

OLD = timedelta(days=30, seconds=1)


def skipped(desk: Desk) -> list[int]:
    """Return the numbers of the papers in `skip`."""
    return [
        int(str(arxiv_id)[-5:])
        for (arxiv_id,) in desk.rows(
            "SELECT arxiv_id FROM paper JOIN standing ON paper_id = id WHERE pile = 'skip'"
            " ORDER BY arxiv_id"
        )
    ]


def test_papers_that_nobody_decided_about_expire_as_a_batch_of_their_own(desk: Desk) -> None:
    desk.subscribe("cs.CL", [Reply(feed([1, 2])), Reply(feed([3]))], expire=30)
    desk.fetch()
    desk.clock.moment += OLD - timedelta(seconds=2)
    assert desk.fetch().expired == []
    desk.clock.moment += timedelta(seconds=2)

    report = desk.fetch()

    line = desk.notebook.journal.history(1)[0]
    assert report.expired == [Expired("cs.CL", 2, 30, line.id)]
    assert (line.origin, line.label) == ("expire", "expire 2 papers of cs.CL")
    assert "30 days" in line.reason
    assert skipped(desk) == [1, 2]
    assert desk.rows("SELECT papers FROM pile_count WHERE pile = 'skip'") == [(2,)]


def test_each_feed_expires_by_its_own_days_and_one_batch(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1])), expire=1)
    desk.subscribe("b", Reply(feed([2, 3])), expire=7)
    desk.subscribe("c", Reply(feed([4])))
    desk.fetch()
    desk.clock.moment += timedelta(days=2)
    assert [(one.feed, one.papers) for one in desk.fetch().expired] == [("a", 1)]
    desk.clock.moment += timedelta(days=6)
    report = desk.fetch()
    assert [(one.feed, one.papers) for one in report.expired] == [("b", 2)]
    label = desk.notebook.journal.history(1)[0].label
    assert label == "expire 2 papers of b"
    assert skipped(desk) == [1, 2, 3]


def test_papers_expire_also_without_a_network(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1])), expire=30)
    desk.fetch()
    desk.notebook.subscriptions.change(
        "a", Change(location="http://a.example.org/feed"), folder=desk.folder
    )
    desk.clock.moment += OLD
    report = desk.fetch(resolve=no_names)
    assert (report.offline, [one.papers for one in report.expired]) == (True, [1])


TOUCHES: dict[str, Callable[[Notebook], object]] = {
    "read": lambda notebook: notebook.papers.move([1], Pile.READ),
    "starred": lambda notebook: notebook.papers.move([1], Pile.STARRED),
    "back in the inbox": lambda notebook: (
        notebook.papers.move([1], Pile.READ), notebook.papers.move([1], Pile.INBOX),
    ),
    "undone": lambda notebook: (
        notebook.papers.move([1], Pile.SKIP), notebook.journal.undo(),
    ),
    "noted": lambda notebook: notebook.notes.save_main(1, "mine"),
    "tagged": lambda notebook: notebook.papers.change_tags([1], add=["mine"]),
    "its key copied": lambda notebook: notebook.papers.use_citekey(1),
    "added from a file too": lambda notebook: add_lines(
        notebook, [{"title": "On the Number 1 and What Follows From It", "arxiv_id": "2608.00001"}]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOUCHES)
def test_what_was_touched_in_any_way_never_expires(desk: Desk, name: str) -> None:
    desk.subscribe("a", Reply(feed([1, 2])), expire=30)
    desk.fetch()
    assert desk.rows("SELECT id FROM paper WHERE arxiv_id = '2608.00001'") == [(1,)]
    TOUCHES[name](desk.notebook)
    desk.clock.moment += OLD
    desk.fetch()
    assert skipped(desk) == [2]


def test_what_only_a_rule_touched_expires(desk: Desk) -> None:
    desk.notebook.rules.add('title:"number 1"', Action(tag="one"))
    desk.subscribe("a", Reply(feed([1, 2])), expire=30)
    desk.fetch()
    assert desk.rows("SELECT paper_id, tag FROM tag") == [(1, "one")]
    desk.clock.moment += OLD
    desk.fetch()
    assert skipped(desk) == [1, 2]


def test_a_snoozed_paper_stays(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1, 2])), expire=30)
    desk.fetch()
    desk.rows("UPDATE standing SET snoozed = '2027-11-23' WHERE paper_id = 1")
    desk.clock.moment += OLD
    desk.fetch()
    assert skipped(desk) == [2]


def test_an_attached_file_keeps_a_paper(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1, 2])), expire=30)
    desk.fetch()
    (desk.folder / "mine.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    desk.notebook.files.attach(1, [str(desk.folder / "mine.pdf")])
    desk.clock.moment += OLD
    desk.fetch()
    assert skipped(desk) == [2]


def test_what_a_feed_lists_that_does_not_expire_stays(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1, 2, 3])), expire=30)
    desk.fetch()
    desk.subscribe("b", Reply(feed([2])))
    desk.subscribe("c", Reply(feed([3])), expire=90)
    desk.fetch()
    desk.clock.moment += OLD
    desk.fetch()
    assert skipped(desk) == [1, 3]


def test_what_another_feed_had_brought_stays(desk: Desk) -> None:
    desk.subscribe("b", Reply(feed([2])), expire=3000)
    desk.fetch()
    desk.subscribe("a", Reply(feed([1, 2])), expire=30)
    desk.fetch()
    desk.clock.moment += OLD
    desk.fetch()
    assert skipped(desk) == [1]


def test_what_is_taken_back_does_not_expire_again(desk: Desk) -> None:
    desk.subscribe("a", [Reply(feed([1, 2])), Reply(feed([1, 2]))], expire=30)
    desk.fetch()
    desk.clock.moment += OLD
    (expired,) = desk.fetch().expired
    desk.notebook.journal.undo_batch(expired.batch)
    assert skipped(desk) == []
    desk.clock.moment += OLD
    assert desk.fetch().expired == []
    assert skipped(desk) == []


def test_a_removed_feed_lets_nothing_expire(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1])), expire=30)
    desk.fetch()
    desk.notebook.subscriptions.remove(["a"])
    desk.clock.moment += OLD
    assert desk.fetch().expired == []
