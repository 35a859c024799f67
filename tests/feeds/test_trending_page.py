"""The saved page: every paper on it, whatever happened to the file, and names for what is lost."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from papertray.core.model import Record, Sighting, Unread
from papertray.feeds import trending_page
from papertray.feeds.sample import sample_feed

HEADER = [
    "Get trending papers in your email inbox once a day!",
    "Get trending papers in your email inbox!",
]


def abstract(number: int, length: int = 600) -> str:
    text = f"Abstract {number}. " + "We show that it works. " * (length // 23 + 1)
    return text[: length - 1].strip(" .") + "."


def title(number: int) -> str:
    return f"Title number {number}: On the Number {number}"


def pairs(count: int) -> list[str]:
    return [line for n in range(1, count + 1) for line in (title(n), abstract(n))]


def page(lines: list[str]) -> bytes:
    return "\n".join([*HEADER, "Subscribe" + lines[0], *lines[1:]]).encode()


def read(data: bytes) -> list[Record | Unread]:
    return list(trending_page.read(io.BytesIO(data)))


def titles(found: list[Record | Unread]) -> list[str]:
    return [item.work.title for item in found if isinstance(item, Record)]


def unread(found: list[Record | Unread]) -> list[tuple[str, str]]:
    return [(item.place, item.reason) for item in found if isinstance(item, Unread)]


def ranks(found: list[Record | Unread]) -> list[int | None]:
    return [item.sightings[0].rank for item in found if isinstance(item, Record)]


# --- a whole page -----------------------------------------------------------------------------


def test_a_page_gives_titles_abstracts_ranks_and_places() -> None:
    first, second = read(page(pairs(2)))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.work.title, first.work.abstract) == (title(1), abstract(1))
    assert (first.place, second.place) == ("line 3", "line 5")
    assert first.sightings == (Sighting(rank=1),)
    assert second.sightings == (Sighting(rank=2),)
    assert first.original == {}


def test_tex_is_decoded_with_the_original_kept_and_links_are_found() -> None:
    text = abstract(1) + r" A na\"ive model at https://github.com/a/b."
    (found,) = read(page([title(1), text]))
    assert isinstance(found, Record)
    assert found.work.abstract.endswith(" A naïve model at https://github.com/a/b.")
    assert found.work.code_urls == ("https://github.com/a/b",)
    assert found.original == {"abstract": text}


def test_markup_in_titles_is_text() -> None:
    lines = ["The [MASK] Token", abstract(1), "<SEG> [/] [red] \x1b[31m", abstract(2)]
    assert titles(read(page(lines))) == [lines[0], lines[2]]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="byte order mark"),
        pytest.param(lambda data: data + b"\n", id="last line ended"),
        pytest.param(lambda data: data.replace(b"\n", b"\n\n") + b"\n \n", id="blank lines"),
        pytest.param(lambda data: data.split(b"\n", 1)[1], id="one header line"),
        pytest.param(lambda data: data.split(b"\n", 2)[2], id="no header"),
        pytest.param(
            lambda data: data.split(b"\n", 2)[2].removeprefix(b"Subscribe"), id="only papers"
        ),
        pytest.param(lambda data: data.replace(b"Subscribe", b"Subscribe\n"), id="own line"),
        pytest.param(lambda data: b"Papers\nLogin\n" + data, id="navigation"),
    ],
)
def test_other_ways_to_save_it_change_nothing(change: object) -> None:
    data = change(page(pairs(6)))  # type: ignore[operator]
    found = read(data)
    assert titles(found) == [title(n) for n in range(1, 7)]
    assert ranks(found) == [1, 2, 3, 4, 5, 6]
    assert unread(found) == []
    assert trending_page.recognise(data, "page.txt") or b"\n\n" in data


def test_a_title_that_begins_with_subscribe_keeps_it() -> None:
    lines = [title(1), abstract(1), "Subscribers of Feeds", abstract(2)]
    assert titles(read(page(lines))) == [title(1), "Subscribers of Feeds"]
    data = "\n".join(["Subscribe to This", abstract(1), title(2), abstract(2)]).encode()
    assert titles(read(data)) == ["Subscribe to This", title(2)]


def test_an_old_windows_encoding_is_read() -> None:
    data = page(["Über naïve Modelle", abstract(1)])
    assert titles(read(data.decode().encode("cp1252"))) == ["Über naïve Modelle"]


# --- a damaged page ---------------------------------------------------------------------------


def test_a_missing_abstract_costs_only_its_paper() -> None:
    lines = pairs(4)
    del lines[3]
    found = read(page(lines))
    assert titles(found) == [title(1), title(3), title(4)]
    assert ranks(found) == [1, 3, 4]
    assert unread(found) == [("line 5", "a title without an abstract after it")]
    assert [item.data for item in found if isinstance(item, Unread)] == [title(2).encode()]


def test_a_title_that_reads_as_prose_is_one_if_its_abstract_follows() -> None:
    lines = [title(1), "Attention. It Is All You Need.", abstract(2), title(3), abstract(3)]
    found = read(page(lines))
    assert titles(found) == [lines[1], title(3)]
    assert unread(found) == [("line 3", "a title without an abstract after it")]


def test_two_missing_abstracts_in_a_row() -> None:
    lines = pairs(4)
    del lines[3], lines[4]
    found = read(page(lines))
    assert titles(found) == [title(1), title(4)]
    assert [place for place, _ in unread(found)] == ["line 5", "line 6"]


def test_a_missing_title_costs_only_its_paper() -> None:
    lines = pairs(4)
    del lines[2]
    found = read(page(lines))
    assert titles(found) == [title(1), title(3), title(4)]
    assert ranks(found) == [1, 3, 4]
    assert unread(found) == [("line 5", "an abstract without a title before it")]


def test_a_page_without_its_beginning() -> None:
    lines = pairs(5)[1:]
    found = read("\n".join(lines).encode())
    assert titles(found) == [title(n) for n in range(2, 6)]
    assert unread(found) == [("line 1", "an abstract without a title before it")]


def test_a_short_abstract_and_a_long_title_are_told_by_their_place() -> None:
    long_title = "A Very Long Title " * 20
    lines = [title(1), "We withdraw this paper.", long_title.strip(), abstract(2), *pairs(1)]
    found = read(page(lines))
    assert titles(found) == [title(1), long_title.strip(), title(1)]
    assert unread(found) == []


def test_a_page_that_ends_after_a_title() -> None:
    found = read(page(pairs(3)[:-1]))
    assert titles(found) == [title(1), title(2)]
    assert unread(found) == [("line 7", "the page ends after this title, before its abstract")]


def test_a_page_that_ends_early_in_an_abstract() -> None:
    lines = pairs(2)
    lines[-1] = lines[-1][:200]
    found = read(page(lines))
    assert titles(found) == [title(1)]
    assert unread(found) == [("line 6", "the page ends in the middle of this abstract")]
    last = found[-1]
    assert isinstance(last, Unread)
    assert last.data == f"{title(2)}\n{lines[-1]}".encode()


def test_a_short_last_abstract_is_whole_if_its_line_is() -> None:
    data = page([title(1), abstract(1), title(2), "We withdraw this paper."])
    assert titles(read(data + b"\n")) == [title(1), title(2)]
    assert titles(read(data)) == [title(1)]


def test_a_huge_line_is_named_and_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trending_page, "LONGEST_LINE", 5000)
    lines = [*pairs(1), "x" * 20_000, *pairs(2)[2:]]
    found = read(page(lines))
    assert titles(found) == [title(1), title(2)]
    assert unread(found) == [("line 5", "a line longer than any title or abstract")]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"Get trending pap", page([""])])
def test_a_page_without_papers_gives_nothing(data: bytes) -> None:
    assert read(data) == []


# --- any page ---------------------------------------------------------------------------------

_LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp", "Cf"])
# Hypothesis has no patience for 1,875 characters of its own: short pieces, repeated, do.
_TITLES = st.text(_LETTERS, min_size=1, max_size=12).map(
    lambda t: f"T {t * 10}"[:124].ljust(23, "x")
)
_ABSTRACTS = st.tuples(st.text(_LETTERS, min_size=1, max_size=12), st.integers(563, 1875)).map(
    lambda pair: f"We {pair[0] * 1875}"[: pair[1]] + "."
)
_PAGES = st.lists(st.tuples(_TITLES, _ABSTRACTS), min_size=1, max_size=5)


def _lines(papers: list[tuple[str, str]]) -> list[str]:
    return [line for paper in papers for line in paper]


def _as_written(item: Record | Unread) -> tuple[str, str]:
    assert isinstance(item, Record), item
    work, original = item.work, item.original
    return original.get("title", work.title), original.get("abstract", work.abstract)


@settings(max_examples=60)
@given(_PAGES)
def test_any_page_comes_back(papers: list[tuple[str, str]]) -> None:
    found = read(page(_lines(papers)))
    assert [_as_written(item) for item in found] == papers
    assert ranks(found) == list(range(1, len(papers) + 1))


@settings(max_examples=100)
@given(_PAGES, st.data())
def test_a_page_cut_at_any_byte_loses_at_most_its_last_paper(
    papers: list[tuple[str, str]], data: st.DataObject
) -> None:
    whole = page(_lines(papers))
    length = data.draw(st.integers(0, len(whole)))
    found = read(whole[:length])
    records = [item for item in found if isinstance(item, Record)]
    # Papers whose line end, or the end of the file, comes before the cut.
    ends = [len(page(_lines(papers[:n]))) for n in range(1, len(papers) + 1)]
    complete = sum(end <= length for end in ends)
    assert [_as_written(record) for record in records[:complete]] == papers[:complete]
    assert len(records) <= complete + 1
    assert len(found) <= complete + 1
    for cut_record in records[complete:]:
        name, text = _as_written(cut_record)
        assert name == papers[complete][0]
        assert papers[complete][1].startswith(text)
        assert len(text) >= trending_page.SHORTEST_ABSTRACT


@settings(max_examples=60)
@given(_PAGES, st.data())
def test_any_one_lost_line_costs_one_paper(
    papers: list[tuple[str, str]], data: st.DataObject
) -> None:
    lines = _lines(papers)
    lost = data.draw(st.integers(1, len(lines) - 1))
    # A title may end in a full stop as a short abstract does; then the neighbour is lost as well.
    lines = [line if len(line) > 200 else line.replace(".", ",") for line in lines]
    kept = [
        pair for n, pair in enumerate(zip(lines[::2], lines[1::2], strict=True)) if n != lost // 2
    ]
    found = read(page([*lines[:lost], *lines[lost + 1 :]]))
    assert [_as_written(item) for item in found if isinstance(item, Record)] == kept
    assert len(unread(found)) == 1


@given(st.binary(max_size=300))
@example(b"Subscribe")
@example(b"\xff\xfe\x00\n\x80")
def test_any_bytes_are_read_without_failing(data: bytes) -> None:
    for item in read(data):
        assert item.place.startswith("line ")
    assert trending_page.recognise(data, "") in (True, False)


# --- recognising ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        page(pairs(1)),
        page(pairs(1))[:60],
        b"\xef\xbb\xbf" + page(pairs(1)).replace(b"\n", b"\r\n"),
        b"Papers\n\nLog in\n" + page(pairs(1)),
        ("Subscribe" + "\n".join(pairs(1))).encode(),
        "\n".join(pairs(4)).encode(),
        "\n".join(pairs(5)[1:]).encode(),
    ],
)
def test_a_page_is_recognised_by_its_content(data: bytes) -> None:
    assert trending_page.recognise(data, "anything.bib")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Dear all,\n\nplease find attached.\n",
        b'{"title": "Get trending papers in your email inbox"}\n',
        "\n".join(pairs(3)).encode(),
        "\n\n".join(pairs(9)).encode(),  # headings and paragraphs of an article
        b"@article{x,\n  title = {A}\n}\n" * 9,
        b"\x00\x01" * 999,
    ],
)
def test_other_files_are_not(data: bytes) -> None:
    assert not trending_page.recognise(data, "trending_papers.txt")


def test_the_sample_feed_has_forty_papers_with_the_awkward_ones() -> None:
    with sample_feed().open("rb") as stream:
        data = stream.read()
    found = read(data)
    assert trending_page.recognise(data[: 1 << 16], "")
    assert len(titles(found)) == len(found) == 40
    everything = "\n".join(
        titles(found) + [i.work.abstract for i in found if isinstance(i, Record)]
    )
    for awkward in (
        "[MASK]",
        "<SEG>",
        "naïve",
        r"\faGithub~ https",
        "certain reconstruction-based",
    ):
        assert awkward in everything


# --- the real page ----------------------------------------------------------------------------

_DATA = os.environ.get("PAPERTRAY_TEST_DATA", "")
_REAL = Path(_DATA, "feed_page", "trending_papers.txt")
needs_real_page = pytest.mark.skipif(
    not (_DATA and _REAL.is_file()),
    reason="PAPERTRAY_TEST_DATA names no folder with feed_page/trending_papers.txt",
)


@pytest.fixture(scope="module")
def real_lines() -> list[str]:
    return _REAL.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="module")
def real(real_lines: list[str]) -> dict[int, Record]:
    """The records of the real page by the line of their abstract."""
    with _REAL.open("rb") as stream:
        items = list(trending_page.read(stream))
    records = [item for item in items if isinstance(item, Record)]
    assert len(records) == len(items)
    return {int(record.place.removeprefix("line ")) + 1: record for record in records}


@needs_real_page
def test_real_page_whole(real: dict[int, Record], real_lines: list[str]) -> None:
    assert len(real) == 228
    assert [r.sightings for r in real.values()] == [(Sighting(rank=n),) for n in range(1, 229)]
    expected = [real_lines[2].removeprefix("Subscribe"), *real_lines[4::2]]
    assert [r.work.title for r in real.values()] == expected
    assert trending_page.recognise("\n".join(real_lines).encode()[: 1 << 16], "x")


@needs_real_page
def test_real_page_abstracts_are_exact_but_for_known_tex(
    real: dict[int, Record], real_lines: list[str]
) -> None:
    changed = {number for number, r in real.items() if r.work.abstract != real_lines[number - 1]}
    assert changed == {34, 58, 142, 150, 166, 204, 266, 308, 314, 342, 370, 422, 426}
    for number, record in real.items():
        kept = {"abstract": real_lines[number - 1]} if number in changed else {}
        assert record.original == kept


ODDITIES = [
    (34, "between certain reconstruction-based pretext"),
    (58, "One For All (Ofa), which"),
    (142, "approximately 0.5% bits"),
    (150, "a significant 45% improvement"),
    (166, "although a naïve model"),
    (166, "vec2text{github.com/jxmorris12/vec2text}."),
    (198, "Inception, {<m{>}"),
    (204, "language models\u00a0(LM) for"),
    (204, "i)\u00a0fragility"),
    (236, r"(\eg ELMER"),
    (266, "learning\u00a0(SSRL)"),
    (280, "mathcal{O}(mathcal{C_{Phi circ Psi}/n})"),
    (288, "<EOS>"),
    (290, "2^{18} codes"),
    (308, "error rate (α), these"),
    (308, "a (1-α) confidence"),
    (314, "(95%) confidence"),
    (336, "#Encoder"),
    (342, "a naïve application"),
    (368, "https://www.robots.ox.ac.uk/~vgg/research/teachtext/."),
    (370, "5.13%"),
    (388, "``"),
    (422, "80% accuracy"),
    (426, "Embeddings\u00a0(HyDE)"),
    (448, r"called \sysname. ProSpect"),
    (454, r"\faGithub~ https://github.com/tigerchen52/PEARL abstract"),
]


@needs_real_page
@pytest.mark.parametrize(("line", "text"), ODDITIES)
def test_real_page_oddities(real: dict[int, Record], line: int, text: str) -> None:
    assert text in real[line].work.abstract


@needs_real_page
def test_real_page_links(real: dict[int, Record]) -> None:
    links = {number: r.work.code_urls for number, r in real.items() if r.work.code_urls}
    assert sum(map(len, links.values())) == 62
    assert len(links) == 61  # 60 lines with a scheme, and line 284
    assert links[284] == ("https://github.com/facebookresearch/ssl_watermarking",)
    assert links[448] == ("https://github.com/zyxElsa/ProSpect",)
    assert links[166] == ("https://github.com/jxmorris12/vec2text",)
    assert links[118] == ("https://github.com/Pepperlll/LMforImageGeneration.git",)
    assert links[368] == ("https://www.robots.ox.ac.uk/~vgg/research/teachtext/",)
    assert links[422] == (
        "https://huggingface.co/AIDA-UPM/star",
        "https://github.com/jahuerta92/star",
    )
    assert links[454] == ("https://github.com/tigerchen52/PEARL",)
    every = [link for found in links.values() for link in found]
    assert not [link for link in every if not link.startswith("https://") or link[-1] in ".,;:)}"]


@needs_real_page
def test_real_page_cut_anywhere(real: dict[int, Record]) -> None:
    whole = _REAL.read_bytes()
    for length in range(0, len(whole), 6133):
        found = read(whole[:length])
        records = [item for item in found if isinstance(item, Record)]
        expected = list(real.values())[: len(records)]
        assert records[:-1] == expected[:-1]
        assert [r.work.title for r in records] == [r.work.title for r in expected]
        assert len(found) - len(records) <= 1
