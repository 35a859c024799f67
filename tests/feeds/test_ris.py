"""RIS: what vendors write, and nothing of it lost; rispy is the judge of what both can read."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import Json, NoteText, Pile, Record, Unread
from papertray.feeds import ris
from papertray.feeds.source import open_source
from papertray.feeds.tagged_lines import MOST_LINES

DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nonexistent")) / "ris"


def read(text: str | bytes) -> list[Record | Unread]:
    return list(ris.read(io.BytesIO(text if isinstance(text, bytes) else text.encode())))


def record(*lines: str) -> Record:
    """Return the one record that these lines, between TY and ER, give."""
    text = "\n".join(["TY  - JOUR", "TI  - A title", *lines, "ER  - ", ""])
    (found,) = read(text)
    assert isinstance(found, Record)
    return found


def left(found: Record) -> Mapping[str, Json]:
    kept = found.extra.get("ris", {})
    assert isinstance(kept, dict)
    return kept


def titles(text: str | bytes) -> list[str]:
    return [item.work.title if isinstance(item, Record) else "" for item in read(text)]


HOSTILE_FILES = {
    "no line end behind the last ER": "TY  - JOUR\nTI  - A\nER  -",
    "no ER at all": "TY  - JOUR\nTI  - A\n",
    "one blank before the dash": "TY - JOUR\nTI - A\nER - \n",
    "no blank behind the dash": "TY  -JOUR\nTI  -A\nER  -\n",
    "lower case": "ty  - jour\nti  - A\ner  - \n",
    "a byte order mark": "\ufeffTY  - JOUR\nTI  - A\nER  - \n",
    "a blank, and a byte order mark": " \ufeff\nTY  - JOUR\nTI  - A\nER  - \n",
    "indented tags": "  TY  - JOUR\n  TI  - A\n  ER  - \n",
    "line ends of Windows": "TY  - JOUR\r\nTI  - A\r\nER  - \r\n",
    "line ends of old Macs": "TY  - JOUR\rTI  - A\rER  - \r",
    "numbers between records": "1.\nTY  - JOUR\nTI  - A\nER  - \n",
    "words between records": "Provider: a database\nContent: text\n\nTY  - JOUR\nTI  - A\nER  - \n",
    "two ends": "TY  - JOUR\nTI  - A\nER  - \nER  - \n",
    "no TY": "TI  - A\nAU  - B\nER  - \n",
    "several TY": "TY  - BOOK\nTY  - JOUR\nTI  - A\nTY  - THES\nPB  - P\nER  - \n",
    "NULs": "TY  - JOUR\nTI  - \0A\0\nER  - \n",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE_FILES.values(), ids=HOSTILE_FILES)
def test_a_record_is_read_however_it_is_written(text: str) -> None:
    assert titles(text) == ["A"]


def test_a_record_without_an_end_does_not_swallow_the_next() -> None:
    assert titles("TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\nER  - \n") == ["A", "B"]


def test_a_record_without_a_title_is_none_and_says_where_it_is() -> None:
    text = "TY  - JOUR\nTI  - A\nER  - \n\nTY  - JOUR\nTI  - \nAU  - B\nER  - \n"
    _, unread = read(text)
    assert isinstance(unread, Unread)
    assert (unread.place, unread.reason) == ("line 5", "it has no title")
    assert b"AU  - B" in unread.data


def test_fields_behind_the_end_belong_to_the_record_before() -> None:
    found, other = read("TY  - JOUR\nTI  - A\nER  - \nNL  - Short\n\nTY  - JOUR\nTI  - B\nER  - \n")
    assert isinstance(found, Record)
    assert left(found)["NL"] == "Short"
    assert isinstance(other, Record)


def test_lines_without_a_tag_go_on_with_the_value() -> None:
    found = record("AB  - One", "two.", "", "Another paragraph.", "KW  - a", "b, c", "AU  - X, Y")
    assert found.work.abstract == "One two.\nAnother paragraph."
    assert found.decisions.tags == ("a", "b, c")


def test_text_that_looks_like_a_tag_stays_text() -> None:
    found = record("AB  - The levels of", "IL - 6 and of", "DNA  - all of it - rose.")
    assert found.work.abstract == "The levels of IL - 6 and of DNA - all of it - rose."


def test_all_that_has_no_field_is_kept() -> None:
    lines = ["RN  - a", "C1  - b", "C1  - c", "XX  - d", "A2  - Editor, E", "VL  - 1", "VL  - 2"]
    assert left(record(*lines)) == {
        "TY": "JOUR", "RN": "a", "C1": ["b", "c"], "XX": "d", "A2": "Editor, E", "VL": "2",
    }  # fmt: skip


def test_authors_stay_in_order_under_two_tags() -> None:
    found = record("A1  - Lovelace, Ada", "AU  - Turing, Alan", "A1  - Hopper, Grace")
    assert [author.family for author in found.work.authors] == ["Lovelace", "Turing", "Hopper"]


def test_authors_that_are_told_twice_are_taken_once() -> None:
    lines = [f"{tag}  - {name}" for tag in ("A1", "AU") for name in ("Lee, A", "Kim, B")]
    assert [author.family for author in record(*lines).work.authors] == ["Lee", "Kim"]


def test_thousands_of_authors_are_one_record() -> None:
    assert len(record(*(f"AU  - A{n}, B" for n in range(7456))).work.authors) == 7456


DATES = [
    (["PY  - 2015/03//"], (2015, 3, None), []),
    (["PY  - 1998///Dec"], (1998, 12, None), []),
    (["PY  - 2001/00/00/"], (2001, None, None), []),
    (["PY  - 2005", "DA  - 2005/07/15"], (2005, 7, 15), []),
    (["PY  - 2015", "DA  - Sep 18"], (2015, 9, 18), []),
    (["PY  - 2013", "Y1  - 2013/07/22", "DA  - 2013/07/28"], (2013, 7, 22), ["DA"]),
    (["PY  - 2018", "DA  - Spring"], (2018, None, None), ["DA"]),
    (["PY  - 99", "PY  - 10 15"], (None, None, None), ["PY"]),
    (["DA  - SEP"], (None, None, None), ["DA"]),
]


@pytest.mark.parametrize(("lines", "date", "kept"), DATES)
def test_dates(
    lines: list[str], date: tuple[int | None, int | None, int | None], kept: list[str]
) -> None:
    found = record(*lines)
    assert (found.work.year, found.work.month, found.work.day) == date
    assert [name for name in left(found) if name != "TY"] == kept, "what says more is kept"


def test_identifiers() -> None:
    found = record(
        "DO  - http://dx.doi.org/10.1234/A", "M3  - doi: 10.1234/a", "SN  - 1234-5679",
        "SN  - 978-3-16-148410-0", "AN  - WOS:000123", "UR  - https://pubmed.ncbi.nlm.nih.gov/77/",
    )  # fmt: skip
    assert found.work.doi == "10.1234/A"
    assert found.identifiers == (
        ("issn", "1234-5679"), ("isbn", "978-3-16-148410-0"), ("wos", "WOS:000123"),
        ("pubmed", "77"),
    )  # fmt: skip


def test_an_accession_number_is_pubmeds_only_if_the_database_is() -> None:
    assert record("AN  - 123", "DP  - NLM").identifiers == (("pubmed", "123"),)
    assert record("AN  - 123", "DB  - PsycINFO").identifiers == ()


@pytest.mark.parametrize(
    "line",
    ["JO  - arXiv preprint arXiv:1706.03762", "UR  - https://arxiv.org/abs/1706.03762v5",
     "DO  - 10.48550/arXiv.1706.03762"],
)  # fmt: skip
def test_arxiv_ids_are_found_where_vendors_put_them(line: str) -> None:
    assert record(line).work.arxiv_id == "1706.03762"


def test_a_second_abstract_is_kept() -> None:
    found = record("N2  - A note in this one.", "AB  - The abstract.")
    assert found.work.abstract == "The abstract."
    assert left(found)["N2"] == "A note in this one."
    assert record("N2  - The abstract.").work.abstract == "The abstract."


@pytest.mark.parametrize(
    ("key", "citekey"),
    [("berkman", "berkman"), ("lee2020a", "lee2020a"), ("139", ""),
     ("vaswani-etal-2017-attention", "vaswani-etal-2017-attention"), ("2-s2.0-85-1", ""),
     ("2019-65183-001", ""),
     ("ABCD2345", ""), ("rayyan-264552525", "")],
)  # fmt: skip
def test_an_id_is_a_citation_key_only_if_somebody_gave_it(key: str, citekey: str) -> None:
    assert record(f"ID  - {key}").citekey == citekey


def test_files_on_this_machine_are_attachments_and_links_are_not() -> None:
    found = record("L1  - files/3/a.pdf", "L4  - file:///home/a/b.png", "L1  - internal-pdf://1/c.pdf",
                   "L1  - https://example.org/d.pdf")  # fmt: skip
    paths = [(one.path, one.media_type) for one in found.attachments]
    assert paths == [("files/3/a.pdf", "application/pdf"), ("/home/a/b.png", "")]
    assert found.work.pdf_url == "https://example.org/d.pdf"
    assert left(found)["L1"] == "internal-pdf://1/c.pdf"


LABELS = [
    (["ASReview_relevant", "ASReview_prior"], Pile.READ, ()),
    (["ASReview_irrelevant"], Pile.SKIP, ()),
    (["ASReview_not_seen"], None, ()),
    (["Mine. ASReview_relevant. More."], Pile.READ, ("Mine. ASReview_relevant. More.",)),
    (["Mine", "ASReview_irrelevant", "More"], Pile.SKIP, ("Mine", "More")),
    (["Cited By :44", "Mine"], None, ("Mine",)),
]


@pytest.mark.parametrize(("notes", "pile", "bodies"), LABELS)
def test_labels_become_piles_and_other_notes_stay_notes(
    notes: list[str], pile: Pile | None, bodies: tuple[str, ...]
) -> None:
    decisions = record(*(f"N1  - {note}" for note in notes)).decisions
    assert decisions.pile == pile
    assert decisions.notes == tuple(NoteText(body) for body in bodies)


def test_markup_is_decoded_only_where_there_is_some() -> None:
    plain = record("AB  - a < b and <EOS> & c").work.abstract
    assert plain == "a < b and <EOS> & c"
    found = record("AB  - <p>H<sub>2</sub>O &amp; <i>E. coli</i></p>")
    assert found.work.abstract == "H₂O & E. coli"
    assert found.original["abstract"] == "<p>H<sub>2</sub>O &amp; <i>E. coli</i></p>"


def test_a_record_without_bounds_is_none_and_the_next_is_read() -> None:
    text = "TY  - JOUR\nTI  - A\n" + "AU  - B, C\n" * (MOST_LINES + 1)
    unread, found = read(text + "ER  - \nTY  - JOUR\nTI  - D\nER  - \n")
    assert isinstance(unread, Unread)
    assert "longer" in unread.reason
    assert isinstance(found, Record)


@pytest.mark.parametrize(
    "text",
    [
        "PMID- 123\nTI  - A\nER  - \n", "@article{a, TY  - b}", '{"TY  - ": 1}',
        "<a>\nTY  - b\n</a>", "FN Clarivate\nPT J\nTI A\nER\n", "text\nand more", "TY  - ",
    ],
)  # fmt: skip
def test_what_is_no_ris_is_not_recognised(text: str) -> None:
    assert not ris.recognise(text.encode(), "a.ris")


@given(
    st.lists(
        st.tuples(st.sampled_from(["TI", "AU", "XX", "C1", "N9"]), st.text("abc -:", max_size=20))
    )
)
def test_no_word_is_lost(fields: list[tuple[str, str]]) -> None:
    """Each word of each value is in the record or what is kept beside it, or in the Unread."""
    text = "TY  - JOUR\n" + "".join(f"{tag}  - {value}\n" for tag, value in fields) + "ER  - \n"
    shown = "".join(
        f"{item.work.title} {[a.display for a in item.work.authors]} {item.extra}"
        if isinstance(item, Record)
        else item.data.decode()
        for item in read(text)
    )
    letters = {c for _, value in fields for c in value if c.isalpha()}
    assert all(letter in shown for letter in letters)


def _judged() -> list[Path]:
    strange = ("TestCorrupted", "Corrupted", "RisImporterTest1")
    return [path for path in sorted(DATA.glob("*.ris")) if not any(s in path.name for s in strange)]


@pytest.mark.parametrize("path", _judged(), ids=lambda path: path.name)
def test_rispy_reads_the_same(path: Path) -> None:
    with path.open(encoding="utf-8-sig") as file:
        judged = rispy.load(file)
    with open_source(str(path), io.BytesIO()) as source:
        items = list(source.items())
    assert len(items) == len(judged)
    for item, other in zip(items, judged, strict=True):
        title = other.get("title") or other.get("primary_title")
        if isinstance(item, Record) and title:
            assert item.work.title == " ".join(title.split())
            assert (
                item.work.abstract.split()
                == (other.get("abstract") or other.get("notes_abstract", "")).split()
            )
            names = {*other.get("authors", []), *other.get("first_authors", [])}
            assert len(item.work.authors) == len([name for name in names if name.strip()])


WORDS = st.text("abcdefgh ", min_size=1, max_size=20).map(str.strip).filter(bool)
ENTRIES = st.fixed_dictionaries(
    {"title": WORDS, "abstract": WORDS, "authors": st.lists(WORDS, max_size=4)},
    optional={
        "volume": WORDS,
        "year": st.integers(1900, 2030).map(str),
        "keywords": st.lists(WORDS),
    },
)


@given(st.lists(ENTRIES, min_size=1, max_size=4))
def test_what_rispy_writes_is_read(entries: list[dict[str, str | list[str]]]) -> None:
    written = rispy.dumps([{"type_of_reference": "JOUR", **entry} for entry in entries])
    items = read(written)
    assert len(items) == len(entries)
    for item, entry in zip(items, entries, strict=True):
        assert isinstance(item, Record)
        assert item.work.title.split() == str(entry["title"]).split()
        assert item.work.abstract.split() == str(entry["abstract"]).split()
        assert item.work.venue.volume.split() == str(entry.get("volume", "")).split()
        assert str(item.work.year or "") == entry.get("year", "")


def test_a_chapter_is_in_its_book_and_not_in_the_series() -> None:
    text = "TY  - CHAP\nTI  - A\nBT  - The Book\nT2  - Lecture Notes\nER  -\n"
    (found,) = read(text)
    assert isinstance(found, Record)
    assert found.work.venue.name == "The Book"
    assert left(found)["T2"] == "Lecture Notes"


def test_an_article_number_stands_for_pages_that_are_not_there() -> None:
    assert record("C7  - 044101").work.venue.pages == "044101"
    assert record("C7  - 044101", "SP  - 1", "EP  - 6").work.venue.pages == "1–6"
    assert record("C7  - some text of mine").work.venue.pages == ""
    assert record("SP  - 270", "EP  - +").work.venue.pages == "270+"


def test_the_number_of_web_of_science_in_endnotes_link() -> None:
    found = record("UR  - <Go to ISI>://WOS:000298449100001")
    assert found.identifiers == (("wos", "WOS:000298449100001"),)


@pytest.mark.parametrize(
    "note",
    [
        "Accession Number: 2019-12345-001. PMID: 30612345.", "Last updated - 2019-09-09",
        "Conference code: 169900", "Af3yg\nTimes Cited:11\nCited References Count:28",
        "Copyright - Copyright Sage 2019", "case study. Journal Subset: USA. NLM UID: 1.",
    ],
)  # fmt: skip
def test_what_databases_write_into_notes_is_not_the_owners(note: str) -> None:
    found = record(f"N1  - {note}")
    assert found.decisions.notes == ()
    assert left(found)["N1"] == note


def test_a_note_in_html_as_zotero_writes_it_becomes_markdown() -> None:
    found = record("N1  - <p>A <b>bold</b> word</p>", "N1  - see p < 0.05")
    assert [note.body for note in found.decisions.notes] == ["A **bold** word", "see p < 0.05"]


def test_a_path_of_windows_is_one_without_a_slash_before_its_drive() -> None:
    found = record("L1  - file:///C:/Users/x/a.pdf")
    assert [one.path for one in found.attachments] == ["C:/Users/x/a.pdf"]


def test_a_link_to_a_library_names_the_doi() -> None:
    link = "http://sfx.library.example/x?sid=OVID:psycdb&id=pmid:&id=doi:10.1002%2Fcpp.2398&issn=1"
    found = record(f"UR  - {link}")
    assert (found.work.doi, found.work.url) == ("10.1002/cpp.2398", link)
    assert record("UR  - http://sfx.library.example/x?id=doi:&issn=1").work.doi == ""


def test_names_without_commas_that_all_end_in_initials_are_surname_first() -> None:
    found = record("AU  - Smith J", "AU  - van der Berg AM")
    assert [author.family for author in found.work.authors] == ["Smith", "Berg"]
    found = record("AU  - C. Chen", "AU  - Q. Chen")
    assert [author.family for author in found.work.authors] == ["Chen", "Chen"]
    found = record("AU  - Smith, J", "AU  - Malcolm X")
    assert [author.family for author in found.work.authors] == ["Smith", "X"]
