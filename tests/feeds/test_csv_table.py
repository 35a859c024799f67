"""Tables: dialects, columns by name, labels, broken rows; each loss that a table can have."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import NoteText, Pile, Record, Unread
from papertray.feeds import csv_table
from papertray.feeds.table_rows import LONGEST_CELL


def read(text: str) -> list[Record | Unread]:
    return list(csv_table.read(io.BytesIO(text.encode())))


def table(*rows: dict[str, str]) -> list[Record | Unread]:
    """Read a table with these rows, as a spreadsheet writes it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return read(text.getvalue())


def record(**columns: str) -> Record:
    (found,) = table({"title": "A title", **columns})
    assert isinstance(found, Record)
    return found


def titles(text: str) -> list[str]:
    return [item.work.title if isinstance(item, Record) else "" for item in read(text)]


DIALECTS = {
    "commas": 'title,year\n"A, B",2001\nC,2002\n',
    "semicolons": "title;year\nA, B;2001\nC;2002\n",
    "tabs": "title\tyear\nA, B\t2001\nC\t2002\n",
    "a byte order mark": '\ufefftitle,year\n"A, B",2001\nC,2002\n',
    "line ends of Windows": 'title,year\r\n"A, B",2001\r\nC,2002\r\n',
    "line ends of old Macs": 'title,year\r"A, B",2001\rC,2002\r',
    "no line end at the end": 'title,year\n"A, B",2001\nC,2002',
    "quoted names": '"Title" , "Year"\n"A, B",2001\nC,2002\n',
    "a line above": 'About the data: exported today\ntitle,year\n"A, B",2001\nC,2002\n',
    "Excel's first line": "sep=;\ntitle;year\nA, B;2001\nC;2002\n",
    "empty lines": 'title,year\n\n"A, B",2001\n,\nC,2002\n\n',
    "NULs": 'title,year\n"A, \0B",2001\nC,2002\n',
}


@pytest.mark.parametrize("text", DIALECTS.values(), ids=DIALECTS)
def test_a_table_is_read_however_it_is_written(text: str) -> None:
    assert csv_table.recognise(text.encode(), "a.csv")
    assert titles(text) == ["A, B", "C"]
    assert [item.work.year for item in read(text) if isinstance(item, Record)] == [2001, 2002]


def test_line_breaks_within_a_cell_do_not_end_the_row() -> None:
    text = 'title,abstract\n"A title\nover lines","One\r\ntwo.\n\nThree."\nB,c\n'
    first, second = read(text)
    assert isinstance(first, Record)
    assert (first.work.title, first.work.abstract) == ("A title over lines", "One two.\nThree.")
    assert isinstance(second, Record)
    assert second.place == "row 3 (line 7)"


def test_a_quote_in_a_cell_with_tabs_is_text() -> None:
    assert titles('title\tyear\n"Smart cities\t2001\nB "quoted" c\t2002\n"D"\t2003\n') == [
        '"Smart cities', 'B "quoted" c', "D",
    ]  # fmt: skip


def test_a_quote_that_nobody_closes_costs_one_row() -> None:
    text = "title,abstract,year\n" + 'A,"open,2001\n' + "B,b,2002\nC,c,2003\n"
    unread, *found = read(text)
    assert isinstance(unread, Unread)
    assert (unread.place, unread.data) == ("row 2 (line 2)", b'A,"open,2001')
    assert [item.work.title for item in found if isinstance(item, Record)] == ["B", "C"]


def test_lines_of_a_broken_cell_are_no_rows() -> None:
    items = read('title,abstract,year\nA,"one\ntwo, three\nfour')
    assert not any(isinstance(item, Record) for item in items)
    assert [item.data for item in items if isinstance(item, Unread)] == [
        b'A,"one', b"two, three", b"four",
    ]  # fmt: skip


def test_a_cell_without_bounds_costs_its_row() -> None:
    text = f"title,abstract\nA,{'b' * (LONGEST_CELL + 2)}\nC,d\n"
    assert titles(text) == ["", "C"]


def test_rows_of_another_length_lose_no_cell() -> None:
    short, long = read("title,year,journal\nA\nB,2001,J,x,y\n")
    assert isinstance(short, Record)
    assert isinstance(long, Record)
    assert long.extra == {"csv": {"column 4": "x", "column 5": "y"}}


def test_a_row_without_a_title_says_where_it_is() -> None:
    _, unread = read("title,abstract\nA,b\n,An abstract alone\n")
    assert unread == Unread("row 3 (line 3)", "it has no title", b",An abstract alone")


def test_a_table_without_titles_is_refused_in_one_sentence() -> None:
    text = "doi,pmid\n10.1234/a,1\n10.1234/b,2\n"
    assert not csv_table.recognise(text.encode(), "a.csv")
    (unread,) = read(text)
    assert isinstance(unread, Unread)
    assert 'none of its columns is called "title"' in unread.reason


@pytest.mark.parametrize(
    ("text", "name", "is_table"),
    [
        ("title\nA\n", "a.csv", True),
        ("title\nA\n", "a.txt", False),
        ("Title of my notes, written today\n\nText.\n", "a.txt", False),
        ("title,colour\nA,b\n", "a.txt", False),
        ("title,colour\nA,b\n", "a.csv", True),
        ("title,abstract\nA,b\n", "", True),
        ('{"title": "a", "year": 1}', "a.csv", False),
        ("@article{title, year}", "a.csv", False),
        ("# A list\n\n| title | year |\n|---|---|\n| A | 2001 |\n", "a.md", False),
        ("name,size\na,1\n", "a.csv", False),
    ],
)
def test_recognising(text: str, name: str, is_table: bool) -> None:
    assert csv_table.recognise(text.encode(), name) is is_table


def test_names_of_columns_are_compared_by_their_letters() -> None:
    found = record(**{"Author(s)": "Lee, A", "PUBLICATION_YEAR": "2001", "Source title": "J",
                      "Art. No.": "17", "My Column": "kept"})  # fmt: skip
    assert found.work.authors[0].family == "Lee"
    assert (found.work.year, found.work.venue.name, found.work.venue.pages) == (2001, "J", "17")
    assert found.extra == {"csv": {"My Column": "kept"}}


AUTHORS = [
    ("E J Reimer; G S Dunn", ["E J Reimer", "G S Dunn"]),
    ("Liu R., Adler D.G.", ["R. Liu", "D.G. Adler"]),
    ("Smith JA, van der Berg AM, et al.", ["JA Smith", "AM van der Berg", "et al."]),
    ("Smith, J.; Doe, A.", ["J. Smith", "A. Doe"]),
    ("Lovelace, A., Turing, A. M.", ["A. Lovelace", "A. M. Turing"]),
    ("Ada Lovelace, Alan Turing", ["Ada Lovelace", "Alan Turing"]),
    ("['Marx, Karl', \"O'Hara, M\"]", ["Karl Marx", "M O'Hara"]),
    ("['not a list", ["['not a list"]),
    ("Malcolm X", ["Malcolm X"]),
    ("Plato", ["Plato"]),
]


@pytest.mark.parametrize(("cell", "names"), AUTHORS)
def test_authors_in_one_cell(cell: str, names: list[str]) -> None:
    assert [author.display for author in record(authors=cell).work.authors] == names


def test_full_names_are_preferred_and_numbers_left_out() -> None:
    found = record(**{"Authors": "Lovelace A.", "Author full names": "Lovelace, Ada (57193578900)"})
    assert [author.display for author in found.work.authors] == ["Ada Lovelace"]
    assert found.extra == {"csv": {"Authors": "Lovelace A."}}


LABELS = [
    ({"included": "1"}, Pile.READ),
    ({"label": "0"}, Pile.SKIP),
    ({"label_included": "1.0"}, Pile.READ),
    ({"asreview_label": "-1"}, None),
    ({"included": ""}, None),
    ({"Included": "No"}, Pile.SKIP),
    ({"label_abstract_screening": "1", "label_included": "0"}, Pile.SKIP),
    ({"label_abstract_screening": "0", "label_included": ""}, Pile.SKIP),
    ({"included": "1", "final_included": "0"}, Pile.SKIP),
]


@pytest.mark.parametrize(("columns", "pile"), LABELS)
def test_labels_are_piles_and_the_final_one_counts(
    columns: dict[str, str], pile: Pile | None
) -> None:
    found = record(**columns)
    assert found.decisions.pile == pile
    kept = {name: value for name, value in columns.items() if value}
    assert found.extra == ({"csv": kept} if kept else {}), "the label itself is kept"


TAGS = [
    ({"keywords": "one, two"}, ("one", "two")),
    ({"keywords": "one, more; two"}, ("one, more", "two")),
    ({"keywords": "['one, more', 'two']"}, ("one, more", "two")),
    ({"keywords": "cyst (diagnosis, surgery), adult"}, ("cyst (diagnosis, surgery)", "adult")),
    ({"Manual Tags": "mine; ours", "Automatic Tags": "theirs"}, ("mine", "ours", "theirs")),
]


@pytest.mark.parametrize(("columns", "tags"), TAGS)
def test_tags(columns: dict[str, str], tags: tuple[str, ...]) -> None:
    assert record(**columns).decisions.tags == tags


def test_what_zotero_exports() -> None:
    found = record(**{
        "Key": "ABCD2345", "Item Type": "conferencePaper", "Publication Title": "Proceedings",
        "Date Added": "2023-01-02 10:11:12", "Notes": "Mine.", "Extra": "PMID: 77\nRest.",
        "File Attachments": "/home/a/b.pdf; C:\\c.html", "Link Attachments": "https://example.org",
    })  # fmt: skip
    assert (found.work.type, found.work.venue.name, found.citekey) == (
        "inproceedings", "Proceedings", "",
    )  # fmt: skip
    assert found.identifiers == (("pubmed", "77"),)
    assert found.decisions.notes == (NoteText("Rest."), NoteText("Mine."))
    assert found.decisions.added == "2023-01-02T10:11:12.000Z"
    assert [one.path for one in found.attachments] == ["/home/a/b.pdf", "C:\\c.html"]


def test_identifiers() -> None:
    found = record(doi="https://doi.org/10.1234/A", pubmedID="10023937.0", id="W2560438049",
                   arxiv_id="1706.03762v2", EID="2-s2.0-851", PMCID="PMC12")  # fmt: skip
    assert (found.work.doi, found.work.arxiv_id, found.arxiv_version) == (
        "10.1234/A", "1706.03762", 2,
    )  # fmt: skip
    assert sorted(found.identifiers) == [
        ("openalex", "W2560438049"), ("pmc", "PMC12"), ("pubmed", "10023937"),
        ("scopus", "2-s2.0-851"),
    ]  # fmt: skip


def test_embases_source_is_taken_apart() -> None:
    source = "Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014"
    venue = record(Source=source).work.venue
    assert (venue.name, venue.volume, venue.number, venue.pages) == (
        "Endoscopic Ultrasound", "3", "3", "152-160",
    )  # fmt: skip


def test_text_is_changed_only_where_it_has_markup() -> None:
    assert record(abstract="a < b, <EOS>, R&D, Ã¤").work.abstract == "a < b, <EOS>, R&D, Ã¤"
    found = record(abstract="<p>H<sub>2</sub>O &amp; more</p>")
    assert found.work.abstract == "H₂O & more"
    assert found.original == {"abstract": "<p>H<sub>2</sub>O &amp; more</p>"}


def test_columns_of_web_of_science_mean_what_its_tags_mean() -> None:
    text = (
        "PT\tAU\tAF\tTI\tSO\tSP\tPY\tUT\n"
        "J\tLee, A; Kim, B\tLee, Ann; Kim, Bo\tA title\tJOURNAL\tA sponsor\t2001\tWOS:1\n"
    )
    (found,) = read(text)
    assert isinstance(found, Record)
    assert [author.given for author in found.work.authors] == ["Ann", "Bo"]
    assert (found.identifiers, found.work.venue.pages) == ((("wos", "WOS:1"),), "")
    assert found.extra == {"csv": {"PT": "J", "AU": "Lee, A; Kim, B", "SP": "A sponsor"}}


def test_our_own_tables_come_back() -> None:
    found = record(id="3", uid="0b1c", citekey="lee2001", authors="Ann Lee; Bo Kim", venue="J",
                   pile="starred", done="2026-11-23", tags="a; b")  # fmt: skip
    assert (found.uid, found.citekey, found.work.venue.name) == ("0b1c", "lee2001", "J")
    assert (found.decisions.pile, found.decisions.done) == (Pile.STARRED, "2026-11-23")
    assert (found.decisions.tags, found.extra) == (("a", "b"), {})


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=30)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_each_row_with_a_title_is_a_record_whatever_its_cells_hold(
    cells: list[tuple[str, str]],
) -> None:
    items = table(*({"title": f"A{title}", "My column": cell} for title, cell in cells))
    assert all(isinstance(item, Record) for item in items)
    assert len(items) == len(cells)
    for item, (_, cell) in zip(items, cells, strict=True):
        kept = item.extra.get("csv", {}) if isinstance(item, Record) else {}
        assert isinstance(kept, dict)
        assert str(kept.get("My column", "")).split() == cell.split()


PUBMED = [
    ("Zhu N, Zhang D, van der Berg JP.", ["N Zhu", "D Zhang", "JP van der Berg"]),
    ("Zhu N, Zhang D; China Virus Team.", ["N Zhu", "D Zhang", "China Virus Team"]),
    ("Smith J.", ["J. Smith"]),
    ("Smith JA Jr, O'Neil S", ["JA Smith Jr", "S O'Neil"]),
]


@pytest.mark.parametrize(("cell", "names"), PUBMED)
def test_authors_as_pubmed_has_them(cell: str, names: list[str]) -> None:
    found = record(Authors=cell, PMID="1")
    assert [author.display for author in found.work.authors] == names


def test_authors_that_google_scholar_cut_off() -> None:
    found = record(Authors="A Vaswani, N Shazeer, N Parmar...", Type="HTML")
    assert [author.display for author in found.work.authors] == [
        "A Vaswani", "N Shazeer", "N Parmar", "et al.",
    ]  # fmt: skip
    assert found.work.type == "", "a kind of file is none of works"


def test_columns_of_ieee_dimensions_and_asreview() -> None:
    ieee = record(**{"Document Identifier": "IEEE Conferences", "Publication Title": "CVPR"})
    assert (ieee.work.type, ieee.work.venue.type) == ("inproceedings", "conference")
    chapter = record(**{"Source title": "Lecture Notes", "Anthology title": "The Book"})
    assert chapter.work.venue.name == "The Book"
    noted = record(asreview_note="my words", asreview_label="1")
    assert noted.decisions.notes == (NoteText("my words"),)


def test_columns_of_openalex() -> None:
    found = record(**{
        "id": "https://openalex.org/W2741809807", "ids.pmid": "https://pubmed.ncbi.nlm.nih.gov/29",
        "authorships.author.display_name": "Ada Lovelace|Jason van der Priem",
        "primary_location.source.display_name": "PeerJ", "biblio.volume": "6",
        "biblio.first_page": "1", "biblio.last_page": "9", "keywords.display_name": "a|b",
    })  # fmt: skip
    assert [author.family for author in found.work.authors] == ["Lovelace", "Priem"]
    assert (found.work.venue.name, found.work.venue.volume) == ("PeerJ", "6")
    assert (found.work.venue.pages, found.decisions.tags) == ("1–9", ("a", "b"))
    assert found.identifiers == (("pubmed", "29"), ("openalex", "W2741809807"))


def test_columns_of_arxivs_own_names() -> None:
    found = record(id="2101.00001v2")
    assert (found.work.arxiv_id, found.arxiv_version) == ("2101.00001", 2)
    assert record(entry_id="http://arxiv.org/abs/2101.00001v1").work.arxiv_id == "2101.00001"
    assert record(id="17").work.arxiv_id == ""


def test_several_links_in_one_cell() -> None:
    assert record(urls="https://a.example/1;https://b.example/2").work.url == "https://a.example/1"
    assert record(url="https://a.example/1;x=2").work.url == "https://a.example/1;x=2"


def test_springers_authors_stand_without_anything_between_them() -> None:
    (found,) = read("Item Title,Authors,Content Type\nA,Jane DoeIan McCoyAnn O'Neil,Chapter\n")
    assert isinstance(found, Record)
    assert [author.display for author in found.work.authors] == [
        "Jane Doe", "Ian McCoy", "Ann O'Neil",
    ]  # fmt: skip


def test_a_table_on_its_side_is_refused_and_not_read_as_papers() -> None:
    text = '"TITLE","A"\n"AUTHOR NAMES","Smith J."\n"SOURCE","J"\n\n"TITLE","B"\n"YEAR","2001"\n'
    (found,) = read(text)
    assert isinstance(found, Unread)
    assert "columns" in found.reason
    assert titles("title,year\nSource,2001\nAbstract,2002\n") == ["Source", "Abstract"]
