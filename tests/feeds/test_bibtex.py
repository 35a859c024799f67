"""What entries of BibTeX and BibLaTeX become: each trap of the format once."""

from __future__ import annotations

import base64
import io
import plistlib
import random

import pytest

from papertray.core.model import Attachment, Author, Item, LeftBehind, Record, Unread, Venue, Work
from papertray.feeds import bibtex
from papertray.feeds.bibtex_dates import Day, added, edtf, year_and_month
from papertray.feeds.bibtex_files import bibdesk_file, files_in
from papertray.feeds.bibtex_parents import Entry, Parents

GOOD = "@misc{good, title = {Good}}\n"


def read(text: str) -> list[Item]:
    return list(bibtex.read(io.BytesIO(text.encode())))


def records(text: str) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def record(fields: str, type_: str = "article") -> Record:
    (found,) = records(f"@{type_}{{key, title = {{T}}, {fields}}}\n")
    return found


def work(fields: str, type_: str = "article") -> Work:
    return record(fields, type_).work


# ---------------------------------------------------------------- recognising


@pytest.mark.parametrize(
    "head",
    [
        "@article{key,\n  title = {x}\n}",
        "% Encoding: UTF-8\n\n@Article{,\n author = {A}",
        "@ARTICLE(key,\n",
        "@web_page{key, title = {x}}",
        "text\n@book{\n  author = {x},",
        "@string{jan = {x}}",
        "@comment{jabref-meta: x}",
        "@article{Key With Blanks 2001,\n title={x}",
    ],
)
def test_recognised_by_content(head: str) -> None:
    assert bibtex.recognise(head.encode(), "download.txt")


@pytest.mark.parametrize(
    "head",
    [
        "@media (max-width: 1px) {\n  a { color: red }\n}",
        "@media print {\n}",
        "@font-face {\n  font-family: x;\n}",
        "@dataclass(frozen=True, slots=True)\nclass A:",
        "@Test(timeout = 100)\npublic void a() {",
        "To: jane@example.org\n\n@jane (you asked), hello",
        "# A title\n\nSome text with @article{x} in it.",
        '{"a": "@article{key, title = 1}"}',
        "<p>\n@article{key, title = {x}}</p>",
        "",
    ],
)
def test_other_texts_are_not_claimed(head: str) -> None:
    assert not bibtex.recognise(head.encode(), "notes.txt")


@pytest.mark.parametrize("name", ["guide.tex", "README.md", "README.md.gz", "thesis.TEX", "a.py"])
def test_entries_quoted_in_documents_and_programs_are_no_bibliography(name: str) -> None:
    head = b"Write this:\n\n@article{key,\n  title = {A title},\n}\n"
    assert not bibtex.recognise(head, name)
    assert bibtex.recognise(head, "README")


@pytest.mark.parametrize(
    "head",
    [
        "\\documentclass{article}\n\\begin{filecontents}{a.bib}\n@misc{k, title = {T}}\n",
        "# Words\n\n```bibtex\n@misc{k,\n  title = {T},\n}\n```\n",
        "\\input texinfo\n@ref{Top, foo = bar}\n",
    ],
)
def test_documents_that_show_entries_are_told_by_how_they_begin(head: str) -> None:
    assert not bibtex.recognise(head.encode(), "standard input")


def test_the_name_counts_where_the_content_leaves_doubt() -> None:
    assert bibtex.recognise(b"text @article{x}", "library.bib")
    assert not bibtex.recognise(b"no entries at all", "library.bib")


# ---------------------------------------------------------------- no entry is lost


def test_entries_with_one_key_or_none_are_all_there() -> None:
    text = "".join(
        f"@article{{{key},\n title = {{{n}}}}}\n" for n, key in enumerate(["a", "a", "", ""])
    )
    assert [one.work.title for one in records(text)] == ["0", "1", "2", "3"]


def test_what_cannot_be_read_is_said_with_its_line() -> None:
    text = GOOD + "\n@book{b, author = {A}}\n" + GOOD + "@book{c, title = {Cut o"
    items = read(text)
    assert [type(item) for item in items] == [Record, Unread, Record, Unread]
    assert items[1] == Unread("line 3", "it has no title", b"@book{b, author = {A}}")
    assert isinstance(items[3], Unread)
    assert items[3].place == "line 5"


def test_what_holds_no_paper_is_counted() -> None:
    text = (
        "@comment{a}\n@comment{b}\n@preamble{c}\n@set{d, entryset = {e}}\n@xdata{f, title = {g}}\n"
    )
    assert [(i.number, i.what.split()[0]) for i in read(text) if isinstance(i, LeftBehind)] == [
        (2, "comments"),
        (1, "preambles"),
        (1, "sets"),
    ]


def test_line_ends_of_every_kind() -> None:
    for end in ("\r\n", "\r", "\n"):
        found = records((GOOD + "\n" + GOOD).replace("\n", end))
        assert [one.place for one in found] == ["line 1", "line 3"]


def test_macros() -> None:
    text = '@string{P = {Press}}\n@string{Q = P # { of } # "X"}\n@book{b, title={T}, publisher = q}'
    assert records(text)[0].work.venue.publisher == "Press of X"
    bomb = '@string{a0 = "xxxxxxxxxx"}\n' + "".join(
        f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(40)
    )
    assert len(records(bomb + "@misc{k, title = a40}")) == 1


def test_a_field_that_is_there_twice() -> None:
    found = record(
        "author = {A. One}, author = {B. Two}, year = 2001, year = 2002, note={n}, note={n}"
    )
    assert [author.family for author in found.work.authors] == ["One", "Two"]
    assert found.work.year == 2001
    assert found.extra == {"bibtex": {"note": "n", "year": ["2002"]}}


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    ("entry_type", "fields", "type_", "venue"),
    [
        ("article", "journal = {J}", "article", Venue("J", "journal")),
        ("article", "journaltitle = {J}, shortjournal={S}", "article", Venue("J", "journal", "S")),
        ("article", "journal = {bioRxiv}", "preprint", Venue("bioRxiv")),
        ("conference", "booktitle = {P}, series = {KDD '07}", "inproceedings",
         Venue("P", "conference", "KDD '07")),
        ("inproceedings", "booktitle = {P}, series = {Lecture Notes in X}", "inproceedings",
         Venue("P", "conference")),
        ("inbook", "booktitle = {B}", "chapter", Venue("B", "book")),
        ("book", "series = {S}, publisher = {P}", "book", Venue("S", publisher="P")),
        ("mastersthesis", "school = {S}", "thesis", Venue("S")),
        ("thesis", "institution = {S}", "thesis", Venue("S")),
        ("report", "institution = {I}, number = 5", "report", Venue("I", number="5")),
        ("dataset", "publisher = {Zenodo}", "dataset", Venue(publisher="Zenodo")),
        ("online", "url = {https://a.b}", "misc", Venue()),
        ("misc", "eprint = {1706.03762}", "preprint", Venue()),
        ("unpublished", "note = {x}", "misc", Venue()),
        ("whatever", "volume = 3, issue = 4, pages = {1--5}", "misc",
         Venue(volume="3", number="4", pages="1-5")),
    ],
)  # fmt: skip
def test_types_and_venues(entry_type: str, fields: str, type_: str, venue: Venue) -> None:
    found = work(fields, entry_type)
    assert (found.type, found.venue) == (type_, venue)


@pytest.mark.parametrize(
    ("fields", "arxiv_id", "version"),
    [
        ("eprint = {1706.03762v2}, archiveprefix = {arXiv}", "1706.03762", 2),
        ("eprint = {hep-ph/9609357}, eprinttype = {arxiv}", "hep-ph/9609357", None),
        ("eprint = {arXiv:1706.03762 [cs]}", "1706.03762", None),
        ("journal = {arXiv preprint arXiv:1706.03762}", "1706.03762", None),
        ("journal = {arXiv:1706.03762 [cs.CL]}", "1706.03762", None),
        ("journal = {CoRR}, volume = {abs/1706.03762}", "1706.03762", None),
        ("number = {arXiv:1706.03762}", "1706.03762", None),
        ("note = {arXiv: 1706.03762v3 [cs]}", "1706.03762", 3),
        ("doi = {10.48550/arXiv.1706.03762}", "1706.03762", None),
        ("url = {http://arxiv.org/pdf/1706.03762v1.pdf}", "1706.03762", 1),
        ("arxivid = {1706.03762}", "1706.03762", None),
        ("eprint = {AX12}, eprinttype = {arxiv}", "", None),
        ("eprint = {1706.03762}, eprinttype = {jstor}", "", None),
    ],
)
def test_arxiv_ids_wherever_they_stand(fields: str, arxiv_id: str, version: int | None) -> None:
    found = record(fields)
    assert (found.work.arxiv_id, found.arxiv_version) == (arxiv_id, version)
    assert "arxiv" not in found.work.venue.name.lower()


@pytest.mark.parametrize(
    ("fields", "doi"),
    [
        (r"doi = {10.1007/978-3\_1}", "10.1007/978-3_1"),
        (r"doi = {https://doi.org/10.1/x}", ""),
        (r"doi = {http://dx.doi.org/10.1023/A:1017379030770}", "10.1023/A:1017379030770"),
        (r"doi = {10.1002/(SICI)1:4{\textless}377::AID{\textgreater}3.0.CO;2-P}",
         "10.1002/(SICI)1:4<377::AID>3.0.CO;2-P"),
        ('doi = {10.1109/X.2006.28","publicationTitle":"First}', "10.1109/X.2006.28"),
        ("doi = {10.2307/223443?ref=search-gateway:f7d}", "10.2307/223443"),
        ("doi = {https://doi.org/10.17763/haer.84?code=hepg-site}", "10.17763/haer.84"),
        ("doi = {10.1000/a?b}", "10.1000/a?b"),
        (r"url = {http://doi.acm.org/10.1145/1137627.1137631}", "10.1145/1137627.1137631"),
        (r"url = {https://example.org/10.1145/1137627}", ""),
    ],
)  # fmt: skip
def test_dois(fields: str, doi: str) -> None:
    assert work(fields).doi == doi


def test_addresses_lose_only_their_tex() -> None:
    fields = r"url = {https://a.org/{\textasciitilde}b/c\_d?x=1\&y=50\%25}"
    assert work(fields).url == "https://a.org/~b/c_d?x=1&y=50%25"
    assert work(r"howpublished = {\url{https://a.org/~b}}", "misc").url == "https://a.org/~b"
    assert work("pdf = {https://a.org/x.pdf}").pdf_url == "https://a.org/x.pdf"


def test_other_identifiers() -> None:
    found = record(
        "issn = {1234-567X, 0000-0019}, isbn = {978-3-16-148410-0}, pmcid = {PMC1234567}, "
        "note = {PMID: 23439512}, url = {https://aclanthology.org/P19-1001.pdf}"
    )
    assert set(found.identifiers) == {
        ("isbn", "978-3-16-148410-0"), ("issn", "1234-567X"), ("issn", "0000-0019"),
        ("pubmed", "23439512"), ("pmc", "PMC1234567"), ("acl", "P19-1001"),
    }  # fmt: skip
    assert found.extra == {"bibtex": {"note": "PMID: 23439512"}}


def test_a_journal_that_astronomers_write_as_a_macro() -> None:
    found = record(r"journal = {\mnras}")
    assert found.work.venue.name == "Monthly Notices of the Royal Astronomical Society"
    assert found.original["venue"] == r"\mnras"
    assert work(r"journal = {\unheardof}").venue.name == r"\unheardof"


def test_what_says_more_of_an_author_than_the_name_is_kept() -> None:
    told = "given=Linfu, family=Hua, cjk=\u83ef\u6797\u752b"
    found = record(f"author = {{{told}}}")
    assert found.work.authors == (Author("Hua", "Linfu"),)
    assert found.extra == {"bibtex": {"author": told}}


def test_subtitles() -> None:
    (found,) = records("@book{k, title = {What?}, subtitle = {This}, year = 2001}")
    assert found.work.title == "What? This"
    assert found.original == {}
    (found,) = records("@book{k, title = {{A}bc}, subtitle = {This}}")
    assert (found.work.title, found.original["title"]) == ("Abc: This", "{A}bc: This")


def test_unknown_fields_are_kept_as_they_came() -> None:
    found = record(r"rating = {5}, address = {K{\o}benhavn}, editor = {A and B}, author+an = {1=x}")
    assert found.extra == {
        "bibtex": {
            "rating": "5",
            "address": r"K{\o}benhavn",
            "editor": "A and B",
            "author+an": "1=x",
        }
    }


def test_tags_and_notes() -> None:
    found = record(r"keywords = {a, {b, c}; R\&D, a}, groups = {g}, annote = {One\par Two}, "
                   "comment = {- x\n    - y}, note = {printed}")  # fmt: skip
    assert found.decisions.tags == ("a", "b, c", "R&D", "g")
    assert [note.body for note in found.decisions.notes] == ["One\n\nTwo", "- x\n- y"]
    assert found.extra == {"bibtex": {"note": "printed"}}


def test_keys_that_cannot_be_used_are_kept() -> None:
    (found,) = records("@misc{1102917, title = {T}, ids = {old, 'no', older}}")
    assert (found.citekey, found.older_keys) == ("", ("old", "older"))
    assert found.extra == {"bibtex": {"citekey": "1102917"}}


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2016-07-18", Day(2016, 7, 18, True)),
        ("2016-07", Day(2016, 7, None, True)),
        ("2016", Day(2016, None, None, True)),
        ("2016-07-18T20:26:06+10:00", Day(2016, 7, 18)),
        ("1996-12-10/1997", Day(1996, 12, 10)),
        ("1996/..", Day(1996)),
        ("1999~", Day(1999)),
        ("2003-21", Day(2003)),
        ("1996-13-03", Day(1996)),
        ("199X", Day()),
        ("199u", Day()),
        ("1999-XX", Day(1999)),
        ("-0379-02", Day()),
        ("/2004-01-01", Day()),
        ("Y17000002", Day()),
        ("१९८७-०१-१५", Day(1987, 1, 15, True)),
        ("forthcoming", Day()),
        ("", Day()),
    ],
)
def test_edtf(text: str, day: Day) -> None:
    assert edtf(text) == day


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        (("2010", "May", ""), Day(2010, 5, None, True)),
        (("2010", "5", "12"), Day(2010, 5, 12, True)),
        (("2010", "MAR", ""), Day(2010, 3, None, True)),
        (("2010", "15 May", ""), Day(2010, 5, 15, True)),
        (("2010", "8,", ""), Day(2010, 8, None, True)),
        (("2010", "June/July", ""), Day(2010, 6)),
        (("1995--1996", "", ""), Day(1995)),
        (("1985a", "14", ""), Day(1985)),
        (("in press", "May", ""), Day()),
    ],
)
def test_year_and_month(fields: tuple[str, str, str], day: Day) -> None:
    assert year_and_month(*fields) == day


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2010.03.08", "2010-03-08T00:00:00.000Z"),
        ("2017-07-15T13:46:54GMT", "2017-07-15T13:46:54.000Z"),
        ("2015-04-15 15:21:27 +0200", "2015-04-15T13:21:27.000Z"),
        ("2021-03-04T10:11:12", "2021-03-04T10:11:12.000Z"),
        ("Mon, 27 Jul 2015 18:21:36 +0200", "2015-07-27T16:21:36.000Z"),
        ("10.04.15.11.41", ""),
        ("yesterday", ""),
        ("2010-99-99", ""),
    ],
)
def test_when_it_came_in(text: str, instant: str) -> None:
    assert added(text) == instant


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        (":dir/a.pdf:PDF", ["dir/a.pdf"]),
        ("Test:files/1/x.pdf:application/pdf;More:b.html:text/html", ["files/1/x.pdf", "b.html"]),
        (r"Test:E:\some\x.pdf:application/pdf", [r"E:\some\x.pdf"]),
        (r"Test:E\:\\some\\x.pdf:application/pdf", [r"E:\some\x.pdf"]),
        (r":C$\backslash$:/Users/a{\_}b/x.pdf:pdf", ["C:/Users/a_b/x.pdf"]),
        (r"a\;b\:c:d.pdf:PDF", ["d.pdf"]),
        ("~/papers/x.pdf", ["~/papers/x.pdf"]),
        ("files/1/x.html:text/html", ["files/1/x.html"]),
        (r"C:\x.pdf", [r"C:\x.pdf"]),
        ("", []),
        ("::;:", []),
    ],
)
def test_files(value: str, paths: list[str]) -> None:
    assert [file.path for file in files_in(value)] == paths


def test_files_of_bibdesk_and_papers() -> None:
    content = plistlib.dumps({"relativePath": "Papers/a.pdf"}, fmt=plistlib.FMT_BINARY)
    encoded = base64.b64encode(content).decode()
    assert bibdesk_file(encoded) == (Attachment("Papers/a.pdf", "application/pdf"),)
    assert bibdesk_file("no base64!") == bibdesk_file("AAAA") == ()
    found = record("local-url = {file://localhost/Users/me/a%20b.pdf}")
    assert found.attachments == (Attachment("/Users/me/a b.pdf", "application/pdf"),)


# ---------------------------------------------------------------- inheritance

PARENT = (
    "@proceedings{p, title={P}, subtitle={S}, year=2001, publisher={X}, doi={10.1000/p}, "
    "editor={E. D.}}\n"
)
CHILD = "@inproceedings{c, title = {C}, crossref = {P}}\n"


@pytest.mark.parametrize("text", [PARENT + CHILD, CHILD + PARENT])
def test_a_child_inherits_from_a_parent_before_or_behind_it(text: str) -> None:
    child = next(one for one in records(text) if one.citekey == "c")
    assert (child.work.venue.name, child.work.venue.publisher) == ("P: S", "X")
    assert (child.work.title, child.work.year, child.work.doi) == ("C", 2001, "")


def test_a_child_without_its_parent_is_there_all_the_same() -> None:
    assert [one.citekey for one in records(CHILD + GOOD)] == ["good", "c"]


def test_xdata_whole_and_in_parts() -> None:
    text = (
        "@xdata{x1, publisher = {X}, xdata = {x2, missing}}\n"
        "@xdata{x2, author = {A. One and B. Two}}\n"
        "@xdata{loop, xdata = {loop}}\n"
        "@book{b, title = {T}, xdata = {x1, loop}}\n"
        "@book{g, title = {T}, author = {C. Three and xdata=x2-author-2}}\n"
    )
    found = {one.citekey: one.work for one in records(text)}
    assert [author.family for author in found["b"].authors] == ["One", "Two"]
    assert found["b"].venue.publisher == "X"
    assert [author.family for author in found["g"].authors] == ["Three", "Two"]


def test_what_waits_and_what_is_remembered_is_bounded() -> None:
    parents = Parents(kept=20_000)
    out = 0
    for number in range(1000):
        fields = {"title": "t", "crossref": f"never{number}"}
        out += sum(1 for _ in parents.add(Entry("book", f"k{number}", fields)))
    assert out > 900
    assert out + sum(1 for _ in parents.rest()) == 1000


# ---------------------------------------------------------------- anything


def test_no_input_raises_or_loses_the_last_entry() -> None:
    generator = random.Random(4)
    words = "@article{ title xdata= crossref={good} @string{a=b} and = {x}"
    pieces = [*'{}"@,\\$#%=()~\n\0 ', *words.split(" "), "\ud7ff"]
    for _ in range(1500):
        junk = "".join(generator.choices(pieces, k=generator.randrange(30)))
        found = read(junk + "\n" + GOOD)
        assert any(isinstance(item, Record) and item.citekey == "good" for item in found) or (
            "%" in junk.rpartition("\n")[2]
        )
