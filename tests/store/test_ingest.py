"""Adding: what is new, what joins, what is kept, and what a kill or a second add leaves."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from papertray.core.model import Pile
from papertray.notebook.feeds import AddOptions
from papertray.store.papers import View

from trays import add_lines, open_notebook, works


def test_papers_come_in_the_order_of_the_page_with_rank_and_one_instant(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1200))
        ids = notebook.papers.ids(View.INBOX)
        assert list(ids) == list(range(1, 1201))
        entries = list(notebook.papers.entries(ids))
        assert len({entry.added for entry in entries}) == 1
        add_lines(notebook, works(2, first=2000))
        assert list(notebook.papers.ids(View.INBOX, limit=3)) == [1201, 1202, 1]


def test_adding_again_changes_nothing_and_writes_no_batch(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        first = add_lines(notebook, works(1200))
        again = add_lines(notebook, works(1200))
        assert (first.counts.added, first.batch) == (1200, 1)
        assert (again.counts.added, again.counts.merged, again.counts.known) == (0, 0, 1200)
        assert again.batch is None
        assert notebook.journal.newest() == 1
        listed = notebook._tray.reader().execute("SELECT count(*) FROM listing").fetchone()
        assert listed == (1200,)


def test_joining_fills_gaps_and_never_overwrites(tmp_path: Path) -> None:
    title = "A Title Long Enough to Join by Itself"
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": title, "abstract": "From the page."}])
        report = add_lines(
            notebook,
            [{"title": title.upper(), "abstract": "Another.", "authors": ["Ann Lee"],
              "year": 2020, "arxiv_id": "2001.00001"}],
        )  # fmt: skip
        assert report.counts.merged == 1
        work = notebook.papers.entry(1).work
        assert (work.title, work.abstract) == (title, "From the page.")
        assert (work.year, work.arxiv_id, work.authors[0].family) == (2020, "2001.00001", "Lee")


def test_what_its_owner_emptied_stays_empty(tmp_path: Path) -> None:
    from dataclasses import replace

    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        notebook.papers.edit(1, replace(notebook.papers.entry(1).work, abstract=""))
        add_lines(notebook, [{**works(1)[0], "comment": "new"}])
        work = notebook.papers.entry(1).work
        assert (work.abstract, work.comment) == ("", "new")


def test_a_decided_paper_never_moves(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        notebook.papers.move([1], Pile.SKIP)
        add_lines(notebook, works(3), AddOptions(pile=Pile.STARRED, tags=("new",)))
        piles = [entry.pile for entry in notebook.papers.entries([1, 2, 3])]
        assert piles == [Pile.SKIP, Pile.STARRED, Pile.STARRED]
        assert [entry.tags for entry in notebook.papers.entries([1, 3])] == [("new",), ("new",)]


def test_decisions_of_a_file_count_only_on_request(tmp_path: Path) -> None:
    record: dict[str, object] = {
        **works(1)[0],
        "pile": "starred",
        "tags": ["ml", "to discuss"],
        "notes": [{"body": "Mine.\n"}, {"title": "Second", "body": "Too.\n"}],
        "citekey": "mine2020",
    }
    with open_notebook(tmp_path / "without") as notebook:
        add_lines(notebook, [record])
        entry = notebook.papers.entry(1)
        assert (entry.pile, entry.tags, entry.notes) == (Pile.INBOX, (), ())
    with open_notebook(tmp_path / "with") as notebook:
        report = add_lines(notebook, [record], AddOptions(decisions=True))
        entry = notebook.papers.entry(1)
        assert (entry.pile, entry.tags) == (Pile.STARRED, ("ml", "to discuss"))
        assert [(note.title, note.body) for note in entry.notes] == [
            ("", "Mine.\n"), ("Second", "Too.\n"),
        ]  # fmt: skip
        assert entry.citekey == "mine2020"
        assert report.batch is not None
        notebook.journal.undo_batch(report.batch)
        assert notebook.papers.counts().starred == 0


def test_a_dry_run_counts_and_keeps_nothing(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        report = add_lines(notebook, works(7), AddOptions(dry_run=True))
        assert (report.counts.added, report.batch) == (7, None)
        assert notebook.papers.counts().inbox == 0
        assert notebook.journal.newest() == 0


def test_what_cannot_be_read_is_held_and_read_once_it_is_mended(tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_text('{"title": "One Whole Paper of the File"}\n{"title": \n', encoding="utf-8")
    with open_notebook(tmp_path) as notebook:
        report = notebook.feeds.add([str(source)], BytesIO())
        assert report.counts.added == 1
        assert [failure.place for failure in report.failures] == ["line 2"]
        still = notebook.feeds.retry()
        assert len(still.failures) == 1
        source.write_text('{"title": "One Whole Paper of the File"}\n{"title": "Mended"}\n')
        mended = notebook.feeds.retry()
        assert (mended.counts.added, mended.failures) == (1, [])
        assert notebook.feeds.retry().sources_read == 0


def test_one_bad_source_never_keeps_the_others_out(tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text('{"title": "A Good Paper in a Good File"}\n')
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"\x00\x01\x02" * 100)
    with open_notebook(tmp_path) as notebook:
        report = notebook.feeds.add([str(bad), str(tmp_path / "none"), str(good)], BytesIO())
        assert report.counts.added == 1
        assert len(report.failures) == 2
        assert "binary data" in report.failures[0].reason
        assert not report.read_nothing


def test_keys_follow_authors_and_year_until_they_leave_the_tray(tmp_path: Path) -> None:
    title = "Attention Is All You Need for Everything"
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": title}])
        notebook.papers.move([1], Pile.READ)
        assert notebook.papers.entry(1).citekey == "AttentionAllNeed"
        add_lines(notebook, [{"title": title, "authors": ["Ashish Vaswani"], "year": 2017}])
        assert notebook.papers.entry(1).citekey == "vaswaniAttentionAllNeed2017"
        assert notebook.papers.use_citekey(1) == "vaswaniAttentionAllNeed2017"
        from dataclasses import replace

        notebook.papers.edit(1, replace(notebook.papers.entry(1).work, year=2018))
        assert notebook.papers.entry(1).citekey == "vaswaniAttentionAllNeed2017"


def test_a_key_is_unique_whatever_its_case_and_never_given_twice(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"title": "Müller und die Zahlen der Anderen", "authors": ["Ann Lee"], "year": 2020,
         "arxiv_id": f"2001.0000{n}"}
        for n in range(3)
    ]  # fmt: skip
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, records)
        notebook.papers.move([1, 2, 3], Pile.READ)
        keys = [entry.citekey for entry in notebook.papers.entries([1, 2, 3])]
        assert keys[1:] == [keys[0] + "a", keys[0] + "b"]
        notebook.papers.edit(2, notebook.papers.entry(2).work, citekey="other")
        add_lines(notebook, [{**records[0], "arxiv_id": "2001.00009"}])
        notebook.papers.move([4], Pile.READ)
        assert notebook.papers.entry(4).citekey == keys[0] + "c"
        assert notebook.papers.find(keys[1]) == 2, "the old key still resolves"


def test_ones_own_export_is_known_whatever_happened_since(tmp_path: Path) -> None:
    from dataclasses import replace

    from papertray.exporters.exporter import ExportOptions

    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [*works(3), {"title": "Short"}, {"title": "Preface"}])
        exports = notebook.exports
        lines = "".join(exports.text([1, 2, 3, 4, 5], exports.find("jsonl"), ExportOptions()))
        edited = replace(notebook.papers.entry(4).work, title="Another Title Altogether, Longer")
        notebook.papers.edit(4, edited)
        report = notebook.feeds.add(["-"], BytesIO(lines.encode()))
        assert (report.counts.added, report.failures) == (0, [])
        assert notebook.papers.counts().inbox == 5


def test_an_abstract_that_a_cut_page_broke_off_is_completed(tmp_path: Path) -> None:
    title = "A Title Long Enough to Join by Itself"
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": title, "abstract": "It works, but"}])
        report = add_lines(notebook, [{"title": title, "abstract": "It works, but not always."}])
        assert report.counts.merged == 1
        assert notebook.papers.entry(1).work.abstract == "It works, but not always."


def test_what_names_no_single_work_never_joins(tmp_path: Path) -> None:
    serial: list[dict[str, object]] = [
        {"title": "On Robots and What They Do", "identifiers": ["issn:1234-5678"]},
        {"title": "On Gardens and What They Grow", "identifiers": ["ISSN:1234-5678"]},
        {"title": "Preface", "venue": "Book A"},
        {"title": "Preface", "venue": "Book B"},
    ]
    with open_notebook(tmp_path) as notebook:
        assert add_lines(notebook, serial).counts.added == 4
        kept = [entry.extra.get("other_identifiers") for entry in notebook.papers.entries([1, 2])]
        assert kept == [["issn:1234-5678"], ["issn:1234-5678"]]


def test_identifiers_are_compared_in_their_canonical_spelling(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": "One", "arxiv_id": "2301.00002", "doi": "10.1000/a"}])
        for other in ("ArXiv:2301.00002v3", "DOI:https://doi.org/10.1000/A"):
            report = add_lines(notebook, [{"title": "Other", "identifiers": [other]}])
            assert report.counts.added == 0, other


def test_an_identifier_stays_with_the_paper_that_has_it(tmp_path: Path) -> None:
    title = "A Title Long Enough to Join by Itself"
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": "Something Else Entirely Here", "arxiv_id": "2301.00002"}])
        add_lines(notebook, [{"title": title, "doi": "10.1000/a"}])
        add_lines(notebook, [{"title": title, "doi": "10.1000/a", "arxiv_id": "2301.00002"}])
        assert [entry.work.arxiv_id for entry in notebook.papers.entries([1, 2])].count(
            "2301.00002"
        ) == 1


def test_half_a_preprint_does_not_make_a_publication(tmp_path: Path) -> None:
    title = "A Title Long Enough to Join by Itself"
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": title, "venue": "NeurIPS", "year": 2020}])
        preprint = {"name": "CoRR", "volume": "abs/1901.00001"}
        add_lines(notebook, [{"title": title, "venue": preprint, "year": 2019, "month": 6}])
        work = notebook.papers.entry(1).work
        assert (work.venue.name, work.venue.volume, work.year, work.month) == (
            "NeurIPS", "", 2020, None,
        )  # fmt: skip


def test_a_paper_seen_at_two_ranks_is_known_the_second_time(tmp_path: Path) -> None:
    record = {**works(1)[0], "listings": [{"rank": 1}, {"rank": 2}]}
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [record])
        again = add_lines(notebook, [record])
        assert (again.batch, len(notebook.papers.entry(1).sightings)) == (None, 2)


def test_every_file_of_a_folder_is_tried(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.bin").write_bytes(b"\x00\x01\x02" * 100)
    (folder / "b.jsonl").write_text('{"title": "A Good Paper in a Good File"}\n')
    (folder / "c.txt").write_text("shopping list")
    with open_notebook(tmp_path) as notebook:
        report = notebook.feeds.add([str(folder)], BytesIO())
        assert report.counts.added == 1
        assert [Path(failure.source).name for failure in report.failures] == ["a.bin", "c.txt"]


def test_a_feed_without_papers_is_no_failure(tmp_path: Path) -> None:
    header = b"Get trending papers in your email inbox once a day!\n"
    with open_notebook(tmp_path) as notebook:
        report = notebook.feeds.add(["-"], BytesIO(header))
        assert (report.failed, report.empty, report.batch) == (0, ["standard input"], None)


def test_a_bibliography_without_papers_is_a_failure(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        report = notebook.feeds.add(["-"], BytesIO(b"only words\n"), AddOptions("bibtex"))
        assert report.read_nothing
        assert "no paper in it" in report.failures[0].reason


def test_what_is_done_was_worth_reading(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{**works(1)[0], "done": "2026-01-02"}], AddOptions(decisions=True))
        entry = notebook.papers.entry(1)
        assert (entry.pile, entry.done) == (Pile.READ, "2026-01-02")


def test_keys_from_outside_cannot_break_a_file_or_name_a_row(tmp_path: Path) -> None:
    keys = ["x}, @comment{y", "\x1b[31mred", "1", "a b", "fine2020"]
    records = [{**record, "citekey": key} for record, key in zip(works(5), keys, strict=True)]
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, records, AddOptions(decisions=True))
        found = [entry.citekey for entry in notebook.papers.entries(range(1, 6))]
        assert found == ["", "", "", "", "fine2020"]
        assert notebook.papers.find("1") == 1


def test_many_papers_of_one_name_get_keys_without_trying_them_all(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"title": "Same Title Again", "authors": ["Ann Lee"], "year": 2020,
         "arxiv_id": f"2001.{number:05d}"}
        for number in range(400)
    ]  # fmt: skip
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, records)
        statements: list[str] = []
        notebook._tray._writer.set_trace_callback(statements.append)
        notebook.papers.move(range(1, 401), Pile.READ)
        notebook._tray._writer.set_trace_callback(None)
        keys = {entry.citekey for entry in notebook.papers.entries(range(1, 401))}
        assert len(keys) == 400
        assert len(statements) < 400 * 40


TITLE = "A Title Long Enough to Join by Itself"


def test_what_no_field_of_ours_holds_is_kept_where_the_paper_lacks_it(tmp_path: Path) -> None:
    first: dict[str, object] = {
        "title": TITLE,
        "ris": {"N1": "mine"},
        "shelf": 3,
        "identifiers": ["issn:1234-5678"],
    }
    second: dict[str, object] = {
        "title": TITLE,
        "ris": {"N1": "theirs", "N2": "more"},
        "shelf": 4,
        "room": "B",
        "identifiers": ["issn:8765-4321"],
    }
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [first])
        assert add_lines(notebook, [second]).counts.merged == 1
        assert notebook.papers.entry(1).extra == {
            "ris": {"N1": "mine", "N2": "more"}, "shelf": 3, "room": "B",
            "other_identifiers": ["issn:1234-5678", "issn:8765-4321"],
        }  # fmt: skip
        again = add_lines(notebook, [first, second])
        assert (again.counts.known, again.batch) == (2, None)


def test_the_original_goes_with_the_text_that_came_for_it(tmp_path: Path) -> None:
    cut: dict[str, object] = {
        "title": TITLE,
        "abstract": "It works, but",
        "original": {"abstract": "It {works}, but"},
    }
    whole: dict[str, object] = {
        "title": TITLE,
        "abstract": "It works, but not always.",
        "venue": "Café",
        "original": {"venue": "Caf\\'e", "title": "A {Title}"},
    }
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [cut])
        add_lines(notebook, [whole])
        assert notebook.papers.entry(1).original == {"venue": "Caf\\'e"}


def test_a_sighting_belongs_to_the_feed_that_it_names(tmp_path: Path) -> None:
    record = {**works(1)[0], "listings": [{"feed": "medRxiv", "rank": 3}, {"rank": 1}]}
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [record])
        feeds = {(one.feed, one.rank) for one in notebook.papers.entry(1).sightings}
        assert feeds == {("medRxiv", 3), ("stdin", 1)}
        assert add_lines(notebook, [record]).batch is None
        assert list(notebook.search.search("feed:medrxiv").ids) == [1]


def test_ones_own_export_tells_nothing_new(tmp_path: Path) -> None:
    from papertray.exporters.exporter import ExportOptions

    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{**work, "listing_rank": 3, "shelf": 1} for work in works(3)])
        exports = notebook.exports
        lines = "".join(exports.text([1, 2, 3], exports.find("jsonl"), ExportOptions()))
        report = notebook.feeds.add(["-"], BytesIO(lines.encode()))
        assert (report.counts.known, report.batch) == (3, None)


def test_who_is_kept_by_decisions_told_later_gets_a_key(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        starred = {**works(1)[0], "pile": "starred"}
        add_lines(notebook, [starred], AddOptions(decisions=True))
        add_lines(notebook, works(2), AddOptions(pile=Pile.READ))
        assert all(entry.citekey for entry in notebook.papers.entries([1, 2]))
        assert list(notebook.health.findings()) == []


def test_notes_keep_the_dates_that_a_library_tells(tmp_path: Path) -> None:
    told = {"created": "2019-05-06T07:08:09.000Z", "updated": "2020-01-02T03:04:05.000Z"}
    record = {**works(1)[0], "added": "2018-01-01", "notes": [
        {"body": "Mine.", **told}, {"title": "Second", "body": "Too.", "created": "2019-05-06"},
        {"title": "Third", "body": "Undated."},
    ]}  # fmt: skip
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [record], AddOptions(decisions=True))
        entry = notebook.papers.entry(1)
        dates = [(note.created, note.updated) for note in entry.notes]
        assert dates[0] == (told["created"], told["updated"])
        assert dates[1] == ("2019-05-06T00:00:00.000Z",) * 2
        assert dates[2] == (entry.notes[2].updated,) * 2
        assert dates[2][0] > entry.added > "2026", "when a paper came into this tray it knows"
