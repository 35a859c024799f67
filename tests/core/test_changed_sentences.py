"""What a new version says anew."""

from __future__ import annotations

import pytest
from hypothesis import given

from papertray.core.changed_sentences import changes, new_version, sentences
from papertray.core.model import Pile, Version, Work

from strategies import entry, texts

OLD = "We look at paths. They are long, e.g. Fig. 2 shows it. The gain is 2.5 %."
NEW = "We look at paths. They are short, e.g. Fig. 2 shows it. The gain is 2.5 %."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("See Smith et al. Then go.", ["See Smith et al. Then go."]),
        ("By D. E. Knuth, i.e. Him. End.", ["By D. E. Knuth, i.e. Him.", "End."]),
        ("At 2.5 % of it. $x$ is large.", ["At 2.5 % of it.", "$x$ is large."]),
        ("He said “Yes.” Then he left.", ["He said “Yes.”", "Then he left."]),
        ("第一句。第二句。", ["第一句。", "第二句。"]),
        ("One paragraph\n\nAnother", ["One paragraph", "Another"]),
        ("ends. in small letters", ["ends. in small letters"]),
        ("  ", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(texts())
def test_no_letter_is_lost_between_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_sentence_that_was_mended_is_changed_but_little_of_the_text() -> None:
    found = changes(OLD, NEW)
    assert found.new == ("They are short, e.g. Fig. 2 shows it.",)
    assert found.gone == ("They are long, e.g. Fig. 2 shows it.",)
    assert 0 < found.share < 0.1


def test_spelling_markup_and_order_are_no_change() -> None:
    found = changes("It WORKS. So-called $x_1$ holds.", "So-called x_1 holds. It works!")
    assert (found.new, found.gone, found.share) == ((), (), 0)


def test_nothing_is_known_to_have_changed_where_a_text_is_missing() -> None:
    assert changes("", NEW).share == changes(OLD, "").share == 0
    assert changes("", NEW).new == ()


def test_all_of_another_text_changed() -> None:
    assert changes("One two.", "Three four five.").share == 1


@given(texts(), texts())
def test_any_two_texts(old: str, new: str) -> None:
    assert 0 <= changes(old, new).share <= 1
    assert changes(new, new) == changes("", "")


def test_texts_of_some_megabytes_end() -> None:
    """It took minutes when it grew with the square of the size."""
    size = 100_000
    old, new = "a. B c\n" * size + "\n" * size, 'D. "E $f\n\n' * size
    assert changes(old, new).share == 1


def told(decided: str, *versions: Version) -> object:
    """Return what is new in a paper that was added on day 1."""
    paper = entry(Work("Title"), added="2026-11-01", decided=decided, versions=versions,
                  pile=Pile.READ)  # fmt: skip
    return new_version(paper)


def test_what_came_after_the_decision_is_new() -> None:
    first = Version(1, "Title", OLD, "2026-11-01")
    second = Version(2, "Another Title", NEW, "2026-11-05")
    third = Version(3, "Title", OLD, "2026-11-09")
    assert told("2026-11-06", first, second) is None
    news = new_version(
        entry(Work("x"), decided="2026-11-03", versions=(second, first), pile=Pile.READ)
    )
    assert news is not None
    assert (news.number, news.since, news.title) == (2, 1, "Title")
    assert news.abstract == changes(OLD, NEW)
    back = new_version(entry(Work("x"), decided="2026-11-03", versions=(first, second, third)))
    assert back is not None  # compared with what was decided about, not with what came between
    assert (back.number, back.since, back.title, back.abstract.new) == (3, 1, "", ())


def test_without_a_text_to_compare_with_nothing_is_called_new() -> None:
    assert told("2026-11-03", Version(2, "Title", NEW, "2026-11-05")) is None
    assert told("2026-11-03", Version(1), Version(2, "Title", NEW, "2026-11-05")) is None
