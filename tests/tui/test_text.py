"""Text fitted into cells: nothing too wide, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from papertray.core.clean import clean, clean_text
from papertray.tui.text import Look, Paragraph, Span, fit, lines_of, masked, styled, wrap

WIDE = "深度学习は自然語言"

PIECES = (
    *("word", "a", "antidisestablishmentarianism", " ", "  ", WIDE, "ｗ", "naïve", "e\u0301"),
    *("👨\u200d👩\u200d👧", "❤\ufe0f", "🇩🇪", "👍🏽", "한국", "นี้", "हिन्दी", "\u200b", "\u00a0"),
    *("❤", "👍"),
    *("[MASK]", "<SEG>", "[/]", "$x_1$", "—", "…"),
)

STRAY = "\u200d\ufe0f\u0301"
"""What joins itself to its neighbours, also to a blank that fills a line."""

TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.text(st.characters(exclude_characters=STRAY), max_size=40),
)
ANY_TEXTS = TEXTS | st.lists(st.sampled_from([*PIECES, *STRAY]), max_size=12).map("".join)


@given(TEXTS.map(clean), st.integers(0, 60))
def test_a_fitted_text_has_exactly_the_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


@given(TEXTS.map(clean), st.integers(1, 60))
def test_a_fitted_text_is_its_beginning_and_says_when_it_was_cut(text: str, width: int) -> None:
    fitted = fit(text, width)
    if cell_len(text) <= width:
        assert fitted.rstrip() == text.rstrip()
    else:
        head, ellipsis, rest = fitted.rpartition("…")
        assert ellipsis
        assert not rest.strip()
        assert text.startswith(head)


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [
        ("", 3, "   "),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab… "),
        ("深度学习", 8, "深度学习"),
        ("深度学习", 7, "深度学…"),
        ("深度学习", 6, "深度… "),
        ("深度", 1, "…"),
        ("abc", 0, ""),
        ("abc", -4, ""),
    ],
)
def test_fit(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted


@given(ANY_TEXTS.map(clean_text), st.integers(2, 60))
def test_every_line_fits(text: str, width: int) -> None:
    for line in wrap(text, width):
        assert cell_len(line) <= width, (line, width)


@given(ANY_TEXTS.map(clean_text), st.integers(-1, 60))
def test_wrapping_loses_nothing_but_blanks_and_keeps_the_order(text: str, width: int) -> None:
    wrapped = "".join(wrap(text, width))
    assert wrapped.replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(st.lists(st.text("ab深", min_size=1, max_size=6), max_size=12), st.integers(12, 30))
def test_words_that_fit_are_not_broken(words: list[str], width: int) -> None:
    lines = wrap(" ".join(words), width)
    assert [word for line in lines for word in line.split()] == words


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 8, ["one two", "three"]),
        ("one\n\ntwo", 8, ["one", "", "two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("a 深度学习 b", 5, ["a", "深度", "学习", "b"]),
        ("  indented", 20, ["  indented"]),
        ("  é indented", 10, ["  é", "indented"]),
        ("  abcdé", 5, ["abcdé"]),
        ("  aaaa  é", 4, ["aaaa", "é"]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@given(ANY_TEXTS.map(clean_text), st.integers(2, 60), st.integers(0, 40), st.integers(0, 40))
def test_a_span_covers_the_same_letters_once_wrapped(
    text: str, width: int, start: int, length: int
) -> None:
    span = Span(start, start + length, Look.MATCH, "https://example.org")
    lines = list(lines_of(Paragraph(text, spans=[span]), width))
    assert [line.text for line in lines] == wrap(text, width)
    covered = "".join(each.text[s.start : s.end] for each in lines for s in each.spans)
    wanted = text[span.start : span.end]
    assert covered.replace(" ", "") == wanted.replace(" ", "").replace("\n", "")
    assert {s.target for each in lines for s in each.spans} <= {span.target}


def test_what_stands_before_a_paragraph_takes_room_from_each_line() -> None:
    paragraph = Paragraph("one two 深度", indent=1, first="- ", rest="  ")
    lines = [line.before + line.text for line in lines_of(paragraph, 7)]
    assert lines == [" - one", "   two", "   深度"]


@given(
    ANY_TEXTS.map(clean),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
    st.integers(2, 60),
)
def test_pieces_of_a_line_are_as_wide_as_the_line(
    text: str, covered: list[tuple[int, int]], width: int
) -> None:
    spans = [Span(start, start + length, Look.STRONG) for start, length in covered]
    for line in lines_of(Paragraph(text, spans=spans), width):
        pieces = [piece for piece, _ in styled(line)]
        assert "".join(pieces) == line.text
        assert sum(map(cell_len, pieces)) == cell_len(line.text)


def test_overlapping_spans_style_what_they_share_twice() -> None:
    spans = [Span(0, 3, Look.STRONG), Span(2, 5, Look.MATCH)]
    (line,) = lines_of(Paragraph("abcdef", spans=spans), 20)
    assert [(text, [span.look for span in found]) for text, found in styled(line)] == [
        ("ab", [Look.STRONG]),
        ("c", [Look.STRONG, Look.MATCH]),
        ("de", [Look.MATCH]),
        ("f", []),
    ]


def test_no_span_parts_what_is_drawn_as_one() -> None:
    family = "👨\u200d👩\u200d👧"
    (line,) = lines_of(Paragraph(f"a{family}b", spans=[Span(0, 2, Look.MATCH)]), 20)
    assert [(text, bool(found)) for text, found in styled(line)] == [
        ("a", True),
        (family, True),
        ("b", False),
    ]


def test_a_word_without_end_takes_no_time_to_speak_of() -> None:
    lines = wrap("深" * 100_000, 80)
    assert len(lines) == 2500
    assert set(map(cell_len, lines)) == {80}


def test_a_line_narrower_than_a_letter_still_ends() -> None:
    assert wrap("深度", 1) == ["深", "度"]


@given(st.text())
def test_what_is_masked_is_harmless_and_as_long(text: str) -> None:
    shown = masked(text)
    assert len(shown) == len(text)
    assert clean(shown.replace("\t", " ")) == shown.replace("\t", " ")


def test_masking_leaves_letters_and_tabs_alone() -> None:
    assert masked("a\tb 深 👨\u200d👧") == "a\tb 深 👨\u200d👧"
    assert masked("\x1b]52;c;x\x07 \u202e") == "�]52;c;x� �"
