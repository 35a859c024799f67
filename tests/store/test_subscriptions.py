"""Subscriptions: their rows, what the journal gets, undo, and how far each was read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.errors import UsageError
from papertray.core.subscriptions import FeedState, Kind, Subscription
from papertray.notebook.notebook import Notebook
from papertray.notebook.subscriptions import Change
from papertray.store import subscriptions as stored
from papertray.store.ingest import find_feed
from papertray.store.subscriptions import FeedCounts
from papertray.store.writing import decide

from trays import add_lines, open_notebook, works

FULL_STATE = FeedState(
    etag='W/"1"', last_modified="Mon, 23 Nov 2026 06:00:00 GMT", digest="d1",
    moved="https://example.org/new", read_until="2026-11-22",
    not_before="2026-11-23T09:00:00.000Z", fetched="2026-11-23T06:00:00.000Z",
    failed="2026-11-23T07:00:00.000Z", failure="no answer", failures=2,
)  # fmt: skip


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return open_notebook(tmp_path)


def subscribe(notebook: Notebook, name: str, location: str, **more: object) -> Subscription:
    """Add a subscription."""
    added = notebook.subscriptions.add(location, name, **more)  # type: ignore[arg-type]
    return added.subscription


def change(notebook: Notebook, name: str, wanted: Change) -> Subscription:
    """Change a subscription."""
    return notebook.subscriptions.change(name, wanted).subscription


def names(notebook: Notebook) -> list[str]:
    """Return the names of all subscriptions."""
    return [one.name for one, _, _ in notebook.subscriptions.all()]


def write(notebook: Notebook, action: Callable[[sqlite3.Connection], object]) -> None:
    """Run `action` in a transaction."""
    with notebook._tray.write() as connection:
        action(connection)


def test_what_was_added_is_listed_by_name_whatever_its_case(notebook: Notebook) -> None:
    subscribe(notebook, "nature", "https://example.org/nature.rss")
    subscribe(notebook, "CL", "arxiv:cs.CL", expire=30, tags=["nlp", "daily", "nlp"])

    (one, state, counts), (other, _, _) = notebook.subscriptions.all()

    assert (one.name, one.kind, one.location) == ("CL", Kind.SEARCH, "arxiv:cs.CL")
    assert (one.expire, one.tags) == (30, ("nlp", "daily"))
    assert (state, counts) == (FeedState(), FeedCounts(0, 0))
    assert (other.name, other.kind, other.expire) == ("nature", Kind.URL, 0)
    assert notebook.subscriptions.find("cl") == one


def test_names_and_locations_are_given_once(notebook: Notebook) -> None:
    subscribe(notebook, "CL", "arxiv:cs.CL")
    subscribe(notebook, "LG", "arxiv:cs.LG")

    with pytest.raises(UsageError, match=r"arxiv:cs\.CL is a feed already, called CL"):
        subscribe(notebook, "again", "arxiv:cs.CL")
    with pytest.raises(UsageError, match="There is a feed cl already"):
        subscribe(notebook, "cl", "arxiv:cs.CV")
    with pytest.raises(UsageError, match=r"arxiv:cs\.LG is a feed already, called LG"):
        change(notebook, "CL", Change(location="arxiv:cs.LG"))
    with pytest.raises(UsageError, match="belongs to another feed"):
        change(notebook, "CL", Change(name="lg"))
    with pytest.raises(UsageError, match="There is no feed CLL; did you mean CL"):
        notebook.subscriptions.remove(["LG", "CLL"])
    assert names(notebook) == ["CL", "LG"]


@pytest.mark.parametrize(
    "name", ["  ", "a\x07b", "x" * 81, 'the "good" one', "a\u202eb", "\ufeff", "a\x1b[31m"]
)
def test_what_cannot_be_a_name(notebook: Notebook, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a feed"):
        subscribe(notebook, name, "arxiv:cs.CL")
    assert names(notebook) == []


@pytest.mark.parametrize("name", ["my feeds", "📡 daily", "it's", "学习", "a/b", "100%_x", "-x"])
def test_what_can_be_a_name_finds_its_papers(notebook: Notebook, name: str) -> None:
    add_lines(notebook, works(1))
    subscribe(notebook, f"  {name} ", "arxiv:cs.CL")
    write(notebook, lambda c: c.execute("UPDATE listing SET feed_id = ?", (_id(notebook, name),)))

    assert names(notebook) == [name]
    assert list(notebook.search.search(f'feed:"{name}"').ids) == [1]
    notebook.subscriptions.remove([name])
    assert names(notebook) == []


def _id(notebook: Notebook, name: str) -> int:
    return notebook.subscriptions.find(name).id


def test_a_name_is_made_from_the_location_and_is_free(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    for location in (
        "https://www.example.org/feeds/all/",
        "arxiv:cs.CL",
        "openalex:neural decoding",
        str(tmp_path / "incoming"),
    ):
        subscribe(notebook, "", location)
    subscribe(notebook, "cs.LG", "arxiv:cs.CV")
    subscribe(notebook, "", "arxiv:cs.LG")

    found = {one.location: one.name for one, _, _ in notebook.subscriptions.all()}
    assert found["https://www.example.org/feeds/all/"] == "example.org"
    assert found["arxiv:cs.CL"] == "cs.CL"
    assert found["openalex:neural decoding"] == "openalex neural decoding"
    assert found[str(tmp_path / "incoming")] == "incoming"
    assert found["arxiv:cs.LG"] == "cs.LG 2"


def test_the_name_of_a_file_becomes_the_feed_with_its_papers(notebook: Notebook) -> None:
    add_lines(notebook, [{**works(1)[0], "listings": [{"feed": "cs.CL"}]}])
    subscribe(notebook, "CS.cl", "arxiv:cs.CL")

    ((one, _, counts),) = notebook.subscriptions.all()
    assert (one.name, counts) == ("CS.cl", FeedCounts(papers=1, inbox=1))
    assert list(notebook.search.search("feed:cs.cl").ids) == [1]

    notebook.journal.undo()
    assert names(notebook) == []
    assert list(notebook.search.search("feed:cs.CL").ids) == [1]


def test_a_removed_feed_keeps_its_papers_and_comes_back(notebook: Notebook) -> None:
    add_lines(notebook, [{**works(1)[0], "listings": [{"feed": "CL"}]}])
    before = subscribe(notebook, "CL", "arxiv:cs.CL", expire=7)
    write(notebook, lambda c: stored.save_state(c, before.id, FULL_STATE))
    notebook.subscriptions.remove(["cl"])

    assert list(notebook.search.search("feed:CL").ids) == [1]
    after = subscribe(notebook, "CL", "arxiv:cs.CL")

    assert (after.id, after.expire) == (before.id, 0)
    assert notebook.subscriptions.all()[0][1] == FULL_STATE
    notebook.subscriptions.remove(["CL"])
    subscribe(notebook, "CL", "arxiv:cs.CV")
    assert notebook.subscriptions.all()[0][1] == FeedState()


def test_a_feed_is_changed_in_one_batch(notebook: Notebook) -> None:
    subscribe(notebook, "CL", "arxiv:cs.CL", tags=["a", "b"])
    wanted = Change("language", "arxiv:cs.LG", expire=30, tags=["c", "a"], untags=["b"])
    changed = change(notebook, "cl", wanted)

    assert (changed.name, changed.expire, changed.tags) == ("language", 30, ("a", "c"))
    assert changed.location == "arxiv:cs.LG"
    notebook.journal.undo()
    (one, *_), = notebook.subscriptions.all()  # fmt: skip
    assert (one.name, one.location, one.tags) == ("CL", "arxiv:cs.CL", ("a", "b"))

    same = notebook.subscriptions.change("CL", Change(expire=0, tags=["a"]))
    assert same.batch is None


def test_settings_that_nobody_knows_stay(notebook: Notebook) -> None:
    subscribe(notebook, "CL", "arxiv:cs.CL")
    write(notebook, lambda c: c.execute("""UPDATE feed SET settings = '{"paused": true}'"""))
    change(notebook, "CL", Change(expire=30))

    (text,) = notebook._tray.reader().execute("SELECT settings FROM feed").fetchone()
    assert text == '{"paused": true, "expire": 30}'


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"expire": "x", "tags": 3}', '{"expire": -1, "tags": [1]}']
)
def test_settings_that_cannot_be_read_count_as_none(notebook: Notebook, text: str) -> None:
    subscribe(notebook, "CL", "arxiv:cs.CL", expire=3, tags=["a"])
    write(notebook, lambda c: c.execute("UPDATE feed SET settings = ?", (text,)))

    ((one, _, _),) = notebook.subscriptions.all()
    assert (one.expire, one.tags) == (0, ())
    assert list(notebook.search.search("feed:a").ids) == []
    assert change(notebook, "CL", Change(expire=5)).expire == 5


def test_how_far_a_feed_was_read_is_kept_without_an_op(notebook: Notebook) -> None:
    one = subscribe(notebook, "CL", "arxiv:cs.CL")
    ops = "SELECT count(*) FROM op"
    before = notebook._tray.reader().execute(ops).fetchone()
    for state in (FULL_STATE, FeedState()):
        write(notebook, lambda c, state=state: stored.save_state(c, one.id, state))  # type: ignore[misc]
        assert stored.state_of(notebook._tray.reader(), one.id) == state
        assert notebook.subscriptions.all()[0][1] == state
    assert notebook._tray.reader().execute(ops).fetchone() == before


def test_with_another_location_it_begins_anew_also_by_undo_and_redo(notebook: Notebook) -> None:
    one = subscribe(notebook, "CL", "arxiv:cs.CL")

    def is_kept_after(action: Callable[[], object]) -> bool:
        write(notebook, lambda c: stored.save_state(c, one.id, FULL_STATE))
        action()
        return notebook.subscriptions.all()[0][1] == FULL_STATE

    assert is_kept_after(lambda: change(notebook, "CL", Change(expire=3)))
    assert is_kept_after(notebook.journal.undo)
    assert not is_kept_after(lambda: change(notebook, "CL", Change(location="arxiv:cs.LG")))
    assert not is_kept_after(notebook.journal.undo)
    assert not is_kept_after(notebook.journal.redo)


def test_papers_of_a_feed_are_counted_as_the_search_finds_them(notebook: Notebook) -> None:
    listed = [{**work, "listings": [{"feed": "CL"}, {"feed": "LG"}]} for work in works(6)]
    add_lines(notebook, listed)
    add_lines(notebook, [{**work, "listings": [{"feed": "CL", "rank": 1}]} for work in works(2)])
    subscribe(notebook, "CL", "arxiv:cs.CL")
    notebook.papers.remove([1])
    for paper, day in ((2, "2026-11-24"), (3, "2026-11-23")):
        text = f"UPDATE standing SET snoozed = '{day}' WHERE paper_id = {paper}"
        write(notebook, lambda c, text=text: c.execute(text))  # type: ignore[misc]
    notebook.papers.set_done([4], done=True)

    ((_, _, counts),) = notebook.subscriptions.all()

    assert counts == FeedCounts(papers=5, inbox=3)
    assert len(notebook.search.search("feed:CL").ids) == counts.papers


def test_the_tag_of_a_feed_finds_the_papers_of_all_that_have_it(notebook: Notebook) -> None:
    feeds = ("CL", "LG", "other")
    add_lines(
        notebook,
        [{**w, "listings": [{"feed": f}]} for w, f in zip(works(3), feeds, strict=True)],
    )
    subscribe(notebook, "CL", "arxiv:cs.CL", tags=["daily", "100%"])
    subscribe(notebook, "LG", "arxiv:cs.LG", tags=["Daily"])

    assert set(notebook.search.search("feed:daily").ids) == {1, 2}
    assert set(notebook.search.search("-feed:dai*").ids) == {3}
    assert set(notebook.search.search('feed:"100%"').ids) == {1}
    assert set(notebook.search.search("feed:other").ids) == {3}


def test_ingest_files_its_sightings_under_a_subscription(notebook: Notebook) -> None:
    one = subscribe(notebook, "cs.CL", "arxiv:cs.CL")
    write(notebook, lambda c: find_feed(c, "cs.CL", "page", "unused"))

    assert names(notebook) == ["cs.CL"]
    assert notebook.subscriptions.find("cs.CL") == one


def _places(notebook: Notebook) -> list[tuple[str, str]]:
    return [(one.name, one.location) for one, _, _ in notebook.subscriptions.all()]


def test_undo_never_makes_two_feeds_of_one_location(notebook: Notebook) -> None:
    subscribe(notebook, "CL", "arxiv:cs.CL")
    removed = notebook.subscriptions.remove(["CL"]).batch
    subscribe(notebook, "language", "arxiv:cs.CL", expire=30)
    assert removed is not None

    undone = notebook.journal.undo_batch(removed)

    assert (undone.changed, undone.left) == (0, 1)
    assert _places(notebook) == [("language", "arxiv:cs.CL")]
    notebook.subscriptions.remove(["language"])
    notebook.journal.undo()
    assert _places(notebook) == [("language", "arxiv:cs.CL")]


def test_a_location_that_another_feed_has_by_now_is_not_put_back(
    notebook: Notebook, tmp_path: Path
) -> None:
    subscribe(notebook, "CL", "https://example.org/a")
    changed = notebook.subscriptions.change("CL", Change(location="arxiv:cs.CL", expire=3)).batch
    subscribe(notebook, "other", "https://example.org/a")
    assert changed is not None

    undone = notebook.journal.undo_batch(changed)

    assert (undone.changed, undone.left) == (1, 2), "all but kind and location"
    found = {one.name: one for one, _, _ in notebook.subscriptions.all()}
    assert (found["CL"].kind, found["CL"].location) == (Kind.SEARCH, "arxiv:cs.CL")
    assert found["CL"].expire == 0


def test_kind_and_location_are_put_back_together_or_not_at_all(notebook: Notebook) -> None:
    subscribe(notebook, "CL", "https://example.org/a")
    changed = notebook.subscriptions.change("CL", Change(location="arxiv:cs.CL")).batch
    change(notebook, "CL", Change(location="arxiv:cs.LG"))
    assert changed is not None

    undone = notebook.journal.undo_batch(changed)

    assert (undone.changed, undone.left) == (0, 2)
    ((one, *_),) = notebook.subscriptions.all()
    assert (one.kind, one.location) == (Kind.SEARCH, "arxiv:cs.LG")


@pytest.fixture
def meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Change | None], None]:
    """Let another process change the feed CL, or remove it, just before the next decision."""
    place = "papertray.notebook.subscriptions.decide"

    def prepare(wanted: Change | None) -> None:
        def decide_second(*given: object) -> object:
            monkeypatch.setattr(place, decide)
            with open_notebook(tmp_path) as other:
                if wanted is None:
                    other.subscriptions.remove(["CL"])
                else:
                    change(other, "CL", wanted)
            return decide(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(place, decide_second)

    return prepare


def test_a_feed_that_another_process_removed_is_removed_once(
    notebook: Notebook, meanwhile: Callable[[Change | None], None]
) -> None:
    subscribe(notebook, "CL", "arxiv:cs.CL")
    meanwhile(None)
    assert notebook.subscriptions.remove(["CL"]).batch is None
    subscribe(notebook, "CL", "arxiv:cs.CL")
    meanwhile(None)
    with pytest.raises(UsageError, match="The feed CL was removed meanwhile"):
        change(notebook, "CL", Change(expire=3))


def test_who_changes_a_feed_at_the_same_time_loses_nothing(
    notebook: Notebook, meanwhile: Callable[[Change | None], None]
) -> None:
    subscribe(notebook, "CL", "arxiv:cs.CL", tags=["a"])
    meanwhile(Change(expire=30, tags=["b"]))
    changed = change(notebook, "CL", Change(location="arxiv:cs.LG", tags=["c"]))

    assert (changed.location, changed.expire) == ("arxiv:cs.LG", 30)
    assert changed.tags == ("a", "b", "c")


_NAMES = st.sampled_from(["CL", "cl", "LG", "page", "Page", "a b", "📡"])
_PLACES = st.sampled_from(["arxiv:cs.CL", "arxiv:cs.LG", "https://example.org/a", "https://b.org/"])
_TAGS = st.lists(st.sampled_from(["x", "y", "ü, z"]), max_size=2)
_EXPIRE = st.sampled_from([0, 7, 30])
_STEPS = st.one_of(
    st.tuples(st.just("add"), _NAMES, _PLACES, _EXPIRE, _TAGS),
    st.tuples(st.just("change"), _NAMES, st.none() | _NAMES, st.none() | _PLACES, _EXPIRE, _TAGS),
    st.tuples(st.just("remove"), _NAMES),
)


def _run(notebook: Notebook, step: tuple[object, ...]) -> bool:
    """Do what a step says; False where nothing came of it."""
    what, name, *rest = step
    try:
        if what == "add":
            place, expire, tags = rest
            subscribe(notebook, str(name), str(place), expire=expire, tags=tags)
            return True
        if what == "remove":
            return notebook.subscriptions.remove([str(name)]).batch is not None
        new_name, place, expire, tags = rest
        wanted = Change(new_name, place, expire, tags, ["x"])  # type: ignore[arg-type]
        return notebook.subscriptions.change(str(name), wanted).batch is not None
    except UsageError:
        return False


def _rows(notebook: Notebook) -> dict[int, tuple[object, ...]]:
    columns = "id, name, kind, location, settings, removed"
    rows = notebook._tray.reader().execute(f"SELECT {columns} FROM feed ORDER BY id")
    return {row[0]: row[1:] for row in rows}


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(_STEPS, min_size=1, max_size=8))
def test_undo_and_redo_restore_every_column(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]
) -> None:
    with open_notebook(tmp_path_factory.mktemp("tray")) as notebook:
        add_lines(notebook, [{**works(1)[0], "listings": [{"feed": "page"}]}])
        states = [_rows(notebook)]
        states += [_rows(notebook) for step in steps if _run(notebook, step)]

        for state in reversed(states[:-1]):
            taken = notebook.journal.undo()
            assert taken is not None
            assert taken.left == 0
            rows = _rows(notebook)
            assert {ref: rows[ref] for ref in state} == state
            assert all(row[-1] for ref, row in rows.items() if ref not in state)  # not made yet
        for state in states[1:]:
            notebook.journal.redo()
            rows = _rows(notebook)
            assert {ref: rows[ref] for ref in state} == state


def test_a_name_held_by_a_feed_whose_add_was_undone_comes_back(notebook: Notebook) -> None:
    subscribe(notebook, "CL", "arxiv:cs.LG")
    change(notebook, "CL", Change(name="LG"))
    subscribe(notebook, "CL", "arxiv:cs.CL")
    notebook.journal.undo()
    assert names(notebook) == ["LG"]

    taken = notebook.journal.undo()

    assert taken is not None
    assert (taken.changed, taken.left) == (1, 0)
    assert names(notebook) == ["CL"]
    notebook.journal.redo()
    notebook.journal.redo()
    assert [(one.name, one.location) for one, _, _ in notebook.subscriptions.all()] == [
        ("CL", "arxiv:cs.CL"),
        ("LG", "arxiv:cs.LG"),
    ]
