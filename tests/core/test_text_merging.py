"""Two texts that came from one: what both changed is in the result, or it is no result."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.text_merging import merged

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "- x"]), max_size=6)
TEXTS = LINES.map(lambda lines: "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
        ("a\n", "a\nours\n", "a\ntheirs\n", "a\nours\ntheirs\n"),
        ("a\nb\n", "b\n", "a\nb\nc\n", "b\nc\n"),
        ("a\n", "b", "b\n", "b\n"),
        ("begun", "begun, and gone on", "begun\n\nmore\n", "begun, and gone on\n\nmore\n"),
        ("", "ours", "theirs", "ours\ntheirs\n"),
        ("a\n", "b\n", "c\n", None),
        ("a\nb\n", "", "a\nB\n", None),
    ],
)
def test_changes_are_put_together(base: str, ours: str, theirs: str, result: str | None) -> None:
    assert merged(base, ours, theirs) == result


@given(TEXTS, TEXTS)
def test_the_text_of_who_alone_changed_it_stays(base: str, changed: str) -> None:
    assert merged(base, changed, base) == changed
    assert merged(base, base, changed) == changed
    assert merged(base, changed, changed) == changed


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_was_added_is_lost(base: str, ours: str, theirs: str) -> None:
    result = merged(base, ours, theirs)
    if result is not None:
        known = set(base.splitlines())
        added = {line for text in (ours, theirs) for line in text.splitlines()} - known
        assert added <= set(result.splitlines())
