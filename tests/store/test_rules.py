"""Rules: what they do with what arrives, when, and how it is taken back."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from papertray.core.errors import QueryError, UsageError
from papertray.core.model import Pile
from papertray.notebook import rules as notebook_rules
from papertray.notebook.feeds import AddOptions
from papertray.notebook.keeping import restore
from papertray.notebook.notebook import Notebook
from papertray.notebook.rules import Action, Applied, Rule
from papertray.store import decisions, writing
from papertray.store import rules as stored
from papertray.store.copying import Pace
from papertray.store.journal import Batch, Origin
from papertray.store.places import throw_away_places
from papertray.store.tray import Connection
from papertray.store.user_made import copy_user_made

from made_up_papers import HAN, NAMES, WORDS
from trays import SteppingClock, add_lines, open_notebook, works

MUTE = Action(pile=Pile.SKIP)

MARKED: list[dict[str, object]] = [
    {"title": "A survey of everything", "doi": "10.1/survey"},
    {"title": "A new model", "doi": "10.1/model"},
    {"title": "A survey of models", "doi": "10.1/both"},
]


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return open_notebook(tmp_path)


def _made(notebook: Notebook, query: str, action: Action) -> Rule:
    rule = notebook.rules.add(query, action)
    assert rule is not None
    return rule


def _piles(notebook: Notebook) -> str:
    """Return the first letters of the papers' piles, in the order of their numbers."""
    rows = notebook._tray.reader().execute("SELECT pile FROM standing ORDER BY paper_id")
    return "".join(pile[0] if pile != "skip" else "x" for (pile,) in rows)


def _tags(notebook: Notebook) -> dict[int, set[str]]:
    """Return the tags of the papers that have some."""
    found: dict[int, set[str]] = {}
    for paper_id, tag in notebook._tray.reader().execute("SELECT paper_id, tag FROM tag"):
        found.setdefault(paper_id, set()).add(tag)
    return found


def _following(notebook: Notebook) -> int | None:
    """Return the batch that `u` would take back."""
    line = notebook.journal.next_undo()
    return None if line is None else line.id


def _labels(notebook: Notebook, origin: Origin = Origin.RULE) -> list[str]:
    """Return the lines of the history of an origin, oldest first."""
    return [line.label for line in notebook.journal.history() if line.origin is origin][::-1]


def test_what_arrives_is_muted_tagged_and_moved(notebook: Notebook) -> None:
    _made(notebook, "title:survey", MUTE)
    _made(notebook, "model", Action(tag="model"))
    _made(notebook, '"new model"', Action(pile=Pile.READ))

    report = add_lines(notebook, MARKED)

    assert (_piles(notebook), _tags(notebook)) == ("xrx", {2: {"model"}, 3: {"model"}})
    assert report.rules == Applied(muted=2, moved=1, tagged=2)
    assert report.rules.summary == "2 muted, 1 moved, 2 tagged by rules"
    assert _labels(notebook) == [
        "rule 1: mute 2 papers", "rule 2: tag model on 2 papers", "rule 3: move 1 paper to read",
    ]  # fmt: skip
    assert notebook.papers.entry(2).citekey, "what is kept has a key"


def test_the_first_that_moves_a_paper_decides_where_to(notebook: Notebook) -> None:
    _made(notebook, "survey", Action(pile=Pile.STARRED))
    _made(notebook, "models OR survey", MUTE)
    _made(notebook, "-tag:seen pile:inbox", Action(tag="seen"))
    add_lines(notebook, MARKED)
    assert _piles(notebook) == "sxs"
    assert _tags(notebook) == {1: {"seen"}, 2: {"seen"}, 3: {"seen"}}, (
        "all see papers as they arrived"
    )


def test_only_what_arrives_undecided_in_the_inbox(notebook: Notebook) -> None:
    add_lines(notebook, works(1, first=1))
    _made(notebook, "number", Action(tag="ruled"))
    notebook.papers.move([1], Pile.READ)
    add_lines(notebook, works(2, first=1))
    add_lines(notebook, works(1, first=3), AddOptions(pile=Pile.READ))
    add_lines(notebook, works(1, first=4), AddOptions(dry_run=True))
    add_lines(notebook, [{**works(1, first=5)[0], "snoozed": "2999-01-01"}],
              AddOptions(decisions=True))  # fmt: skip
    library = notebook.folder.parent / "library.bib"
    library.write_text("@article{k, title={On the Number 6 and What Is Known}, author={A Nobody}}")
    notebook.feeds.add([str(library)], sys.stdin.buffer)
    assert _piles(notebook) == "ririr"
    assert _tags(notebook) == {2: {"ruled"}}
    add_lines(notebook, works(1, first=7))
    assert _tags(notebook) == {2: {"ruled"}, 6: {"ruled"}}


def test_a_version_that_brings_a_paper_back_is_for_the_user_to_see(notebook: Notebook) -> None:
    first: dict[str, object] = {
        "title": "One thing",
        "abstract": "Old words.",
        "arxiv_id": "2401.00001v1",
    }
    add_lines(notebook, [first])
    notebook.papers.move([1], Pile.READ)
    _made(notebook, "thing", MUTE)
    changed = {**first, "title": "Another thing altogether", "arxiv_id": "2401.00001v2"}
    report = add_lines(notebook, [changed])
    assert (report.counts.returned, _piles(notebook)) == (1, "i")


def test_tags_given_with_the_add_count_and_are_not_given_twice(notebook: Notebook) -> None:
    _made(notebook, "survey -tag:mine", MUTE)
    _made(notebook, "model", Action(tag="mine"))
    report = add_lines(notebook, MARKED, AddOptions(tags=("mine",)))
    assert _piles(notebook) == "iii"
    assert report.rules == Applied()
    assert _labels(notebook) == []


def test_every_kind_of_condition_is_right_at_once(notebook: Notebook) -> None:
    notebook.searches.save("wide", "survey OR year:2020")
    queries = ["feed:-", "added:1d", "id:10.1/model", "-survey", "search:wide", "surv*", "modle~"]
    for query in queries:
        _made(notebook, query, Action(tag=query))
    add_lines(notebook, MARKED)
    found = _tags(notebook)
    for query in queries:
        tagged = [paper for paper in sorted(found) if query in found[paper]]
        assert tagged == sorted(notebook.search.search(query).ids), query


def test_a_rule_whose_saved_search_is_gone_is_told_of(notebook: Notebook) -> None:
    notebook.searches.save("wide", "survey")
    _made(notebook, "search:wide", MUTE)
    _made(notebook, "survey", Action(tag="kept"))
    notebook.searches.remove("wide")
    report = add_lines(notebook, MARKED)
    assert report.rules.tagged == 2
    (problem,) = report.rules.problems
    assert problem == (
        "Rule 1 was not applied: There is no saved search wide; `papertray searches` lists them."
    )


def test_making_and_removing_is_taken_back_by_undo(notebook: Notebook) -> None:
    _made(notebook, "survey", MUTE)
    assert notebook.rules.add("survey", MUTE) is None
    _made(notebook, "survey", Action(tag="a"))
    assert [rule.id for rule in notebook.rules.all()] == [1, 2]
    notebook.rules.remove(1)
    assert [rule.id for rule in notebook.rules.all()] == [2]
    notebook.journal.undo()
    assert [rule.id for rule in notebook.rules.all()] == [1, 2]
    notebook.journal.undo()
    assert [rule.id for rule in notebook.rules.all()] == [1]
    notebook.journal.redo()
    assert [rule.id for rule in notebook.rules.all()] == [1, 2]
    with pytest.raises(UsageError, match="There is no rule 7"):
        notebook.rules.remove(7)
    with pytest.raises(QueryError, match="did you mean `title:`"):
        notebook.rules.add("titel:x", MUTE)


def test_a_rule_that_comes_back_leaves_alone_what_came_without_it(notebook: Notebook) -> None:
    _made(notebook, "number", MUTE)
    removed = notebook.rules.remove(1).batch
    assert removed is not None
    add_lines(notebook, works(2))
    notebook.journal.undo_batch(removed)
    add_lines(notebook, works(2, first=2))
    assert _piles(notebook) == "iixx"


def test_what_a_rule_did_is_taken_back_by_name_only(tmp_path: Path) -> None:
    notebook = open_notebook(tmp_path, Origin.SCREEN)
    add_lines(notebook, works(1))
    _made(notebook, "survey", MUTE)
    notebook.papers.move([1], Pile.READ)
    add = add_lines(notebook, MARKED).batch
    last = notebook.journal.history()[0]
    assert (last.origin, last.reason) == (Origin.RULE, "survey")

    assert _following(notebook) == add, "not the rule's, though it is newer"
    notebook.journal.undo_batch(last.id)
    assert _piles(notebook) == "riii"
    notebook.journal.redo()
    assert _piles(notebook) == "rxix"
    assert _following(notebook) == add, "nor is its redo"


def test_undoing_an_add_removes_what_only_rules_touched(notebook: Notebook) -> None:
    _made(notebook, "survey", MUTE)
    _made(notebook, "model", Action(tag="model"))
    batch = add_lines(notebook, MARKED).batch
    assert batch is not None
    notebook.papers.change_tags([1], add=["mine"])
    undone = notebook.journal.undo_batch(batch)
    assert (undone.changed, undone.left) == (2, 1)
    assert list(notebook.search.search("").ids) == [1]
    notebook.journal.redo()
    assert _piles(notebook) == "xix"


def test_what_comes_back_is_not_new(notebook: Notebook) -> None:
    batch = add_lines(notebook, MARKED).batch
    assert batch is not None
    notebook.journal.undo_batch(batch)
    _made(notebook, "survey", MUTE)
    add_lines(notebook, MARKED)
    assert _piles(notebook) == "iii"


def test_what_waits_is_touched_when_told_to(notebook: Notebook) -> None:
    add_lines(notebook, MARKED)
    rule = _made(notebook, "survey", MUTE)
    assert _piles(notebook) == "iii"
    notebook.papers.move([3], Pile.STARRED)
    outcome = notebook.rules.apply_to(rule, [1, 3])
    assert (outcome.label, outcome.changed, _piles(notebook)) == ("rule 1: mute 1 paper", 1, "xis")
    assert notebook.rules.apply_to(rule, [1, 3]).batch is None


def test_uses_are_counted_unless_taken_back(notebook: Notebook) -> None:
    _made(notebook, "survey", MUTE)
    _made(notebook, "model", Action(tag="model"))
    add_lines(notebook, MARKED[:2])
    add_lines(notebook, MARKED[2:])
    uses = notebook.rules.uses()
    assert {number: (use.times, use.papers) for number, use in uses.items()} == {
        1: (2, 2), 2: (2, 2),
    }  # fmt: skip
    assert uses[1].last == "2026-11-23"
    notebook.journal.undo_batch(notebook.journal.history()[0].id)
    assert notebook.rules.uses()[2].times == 1


def test_many_arrivals_make_one_batch_a_rule(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook_rules, "CHUNK", 7)
    _made(notebook, "year:2021", MUTE)
    _made(notebook, "number", Action(tag="n"))
    report = add_lines(notebook, works(40))
    assert report.rules == Applied(muted=8, tagged=40)
    assert _labels(notebook) == ["rule 1: mute 8 papers", "rule 2: tag n on 40 papers"] or (
        _labels(notebook) == ["rule 2: tag n on 40 papers", "rule 1: mute 8 papers"]
    )


def test_who_has_no_rules_writes_nothing_for_them(notebook: Notebook) -> None:
    add_lines(notebook, works(2))
    row = (
        notebook._tray.reader()
        .execute("SELECT 1 FROM meta WHERE name = ?", (stored.SEEN,))
        .fetchone()
    )
    assert row is None


def test_a_mark_that_cannot_be_read_counts_as_none(notebook: Notebook) -> None:
    _made(notebook, "survey", MUTE)
    with notebook._tray.write() as connection:
        connection.execute("UPDATE meta SET value = 'many' WHERE name = ?", (stored.SEEN,))
    assert add_lines(notebook, MARKED).rules.muted == 2


KILLED_AT_ITS_RULES = """
import os, signal, sys
from pathlib import Path
from papertray.notebook import rules
from papertray.store import rule_matching
from trays import add_lines, open_notebook, works
rules.CHUNK = 5
chunks_left, matching = int(sys.argv[2]), rule_matching.matching
def matching_or_dying(*given):
    global chunks_left
    if not chunks_left:
        os.kill(os.getpid(), signal.SIGKILL)
    chunks_left -= 1
    return matching(*given)
rule_matching.matching = matching_or_dying
add_lines(open_notebook(Path(sys.argv[1])), works(20))
"""


def _kill_after(chunks: int, folder: Path) -> None:
    """Add 20 papers in a process that is killed once rules have seen `chunks` times 5 of them."""
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT_ITS_RULES, str(folder), str(chunks)],
        env={"PYTHONPATH": ":".join(sys.path)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL


def test_after_a_kill_between_two_chunks_nothing_is_left_out_or_done_twice(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        _made(notebook, "number", Action(tag="n"))
    _kill_after(2, tmp_path)
    with open_notebook(tmp_path) as notebook:
        assert _labels(notebook) == ["rule 1: tag n on 10 papers"]
        assert add_lines(notebook, works(1, first=50)).rules == Applied(tagged=11)
        assert _labels(notebook) == ["rule 1: tag n on 10 papers", "rule 1: tag n on 11 papers"]


def test_after_a_kill_the_next_add_catches_up(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        _made(notebook, "year:2021", MUTE)
        add_lines(notebook, works(1, first=100))
    _kill_after(0, tmp_path)
    with open_notebook(tmp_path) as notebook:
        assert len(_piles(notebook)) == 21
        assert "x" not in _piles(notebook)
        notebook.papers.move([3], Pile.READ)  # number 1, of 2021: decided meanwhile
        report = add_lines(notebook, works(1, first=100))
        assert (report.batch, report.rules.muted) == (None, 3)
        assert _piles(notebook).count("x") == 3
        assert add_lines(notebook, works(20)).rules == Applied()


def test_two_who_add_at_once_apply_each_rule_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = open_notebook(tmp_path), open_notebook(tmp_path)
    _made(one, "number", Action(tag="n"))
    seen_before_the_lock = stored.seen
    asked = []

    def seen(connection: Connection) -> int:
        found = seen_before_the_lock(connection)
        asked.append(found)
        if len(asked) == 2:  # the first has looked and not yet written
            monkeypatch.setattr(stored, "seen", seen_before_the_lock)
            assert other.rules.apply() == Applied(tagged=4)
        return found

    with monkeypatch.context() as patch:
        patch.setattr("papertray.notebook.feeds.apply_rules", lambda tray: Applied())
        add_lines(one, works(4))
    monkeypatch.setattr(stored, "seen", seen)
    assert one.rules.apply() == Applied()
    assert _labels(one) == ["rule 1: tag n on 4 papers"]


def test_in_a_tray_restored_without_its_inbox_rules_go_on(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        _made(notebook, "new", MUTE)
        add_lines(notebook, works(40))
        notebook.papers.move([1], Pile.READ)
    copy = tmp_path / "copy.db"
    copy_user_made(throw_away_places(tmp_path).database, copy, "2026-11-23", Pace())
    restore(throw_away_places(tmp_path), copy, lambda done, total: None, SteppingClock(60))
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, MARKED)  # with numbers that papers had which are not there any more
        assert _piles(notebook) == "rixi"


def test_what_a_feed_let_expire_is_found_until_somebody_decides(notebook: Notebook) -> None:
    add_lines(notebook, works(4))
    notebook.papers.move([4], Pile.SKIP)

    def expire(connection: Connection, batch: Batch) -> int:
        decisions.set_targets(connection, [1, 2, 3])
        return decisions.move(connection, batch, Pile.SKIP)

    batch = writing.decide(notebook._tray, Origin.EXPIRE, "expire 3 papers", expire).batch
    assert batch is not None

    def expired() -> list[int]:
        return sorted(notebook.search.search("is:expired").ids)

    assert expired() == [1, 2, 3]
    assert sorted(notebook.search.search("pile:skip -is:expired").ids) == [4]
    assert sorted(notebook.search.search("number is:expired").ids) == [1, 2, 3]
    notebook.papers.move([1], Pile.INBOX)
    notebook.papers.move([2], Pile.READ)
    assert expired() == [3]
    notebook.papers.move([1], Pile.SKIP)
    assert expired() == [3]
    notebook.papers.move([1], Pile.READ)
    notebook.journal.undo_batch(batch)
    assert expired() == []
    notebook.journal.redo()
    assert expired() == [3]


def _random_paper(chance: random.Random, number: int) -> dict[str, object]:
    def text(words: int) -> str:
        return " ".join(chance.choices([*WORDS, *NAMES, *HAN], k=words))

    return {
        "title": f"{text(chance.randrange(1, 6))} {number}",
        "abstract": text(chance.randrange(12)),
        "authors": chance.sample(NAMES, chance.randrange(3)),
        "venue": text(chance.randrange(2)),
        "comment": text(chance.randrange(3)),
        "year": chance.choice([2019, 2020, 2021]),
        "doi": f"10.1/{number}",
        "code_urls": ["https://example.org"] if chance.random() < 0.3 else [],
    }


def _random_query(chance: random.Random) -> str:
    word = chance.choice([*WORDS, *NAMES, *HAN])
    field = chance.choice(["", "", "", "title:", "abstract:", "author:", "venue:", "comment:"])
    leaf = chance.choice(
        [
            f"{field}{chance.choice(WORDS)}", f"{field}{chance.choice(WORDS)[:3]}*",
            f"{chance.choice(WORDS)[1:]}~", f'{field}"{word} {chance.choice(WORDS)}"',
            f'"{word}"', "year:2020", "has:code", "tag:given", "added:today", "pile:inbox",
        ]
    )  # fmt: skip
    if chance.random() < 0.2:
        leaf = f"-{leaf}"
    if chance.random() < 0.4:
        leaf += f"{chance.choice([' ', ' OR '])}{_random_query(chance)}"
    return leaf


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(s, marks=pytest.mark.long) for s in range(2, 12))]
)
def test_rules_match_what_a_search_finds(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    papers = [_random_paper(chance, number) for number in range(120)]
    queries = dict.fromkeys(_random_query(chance) for _ in range(120))
    options = AddOptions(tags=("given",))
    with (
        open_notebook(tmp_path / "ruled", clock=SteppingClock(0)) as ruled,
        open_notebook(tmp_path / "plain", clock=SteppingClock(0)) as plain,
    ):
        made = {query: _made(ruled, query, Action(tag=f"r{n}")) for n, query in enumerate(queries)}
        for half in (papers[:70], papers[70:]):
            add_lines(ruled, half, options)
            add_lines(plain, half, options)
        plain.search.follow()
        _compare(ruled, plain, made)


def _compare(ruled: Notebook, plain: Notebook, made: Mapping[str, Rule]) -> None:
    tags = _tags(ruled)
    several = 0
    for query, rule in made.items():
        expected = sorted(plain.search.search(query).ids)
        assert [paper for paper in sorted(tags) if rule.action.tag in tags[paper]] == expected, (
            query
        )
        several += 0 < len(expected) < 120
    assert several > len(made) / 3
