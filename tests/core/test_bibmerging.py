"""Three texts of each field decide: written last time, in the file now, written today."""

from __future__ import annotations

import pytest

from papertray.core.bibmerging import Kept, merge, trace

LAST = {"year": trace("{2019}")}


@pytest.mark.parametrize(
    ("present", "wanted", "last", "after"),
    [
        ({"year": "{2019}"}, {"year": "{2019}"}, LAST, "as it was"),
        ({"year": "{2019}"}, {"year": "{2020}"}, LAST, "replaced"),
        ({"year": '"2019"'}, {"year": "{2020}"}, LAST, "replaced"),
        ({"year": "{2018}"}, {"year": "{2019}"}, LAST, "kept"),
        ({"year": "{2018}"}, {"year": "{2020}"}, LAST, "kept"),
        ({"year": "{2018}"}, {"year": "{2020}"}, {}, "kept"),
        ({"year": "{2020}"}, {"year": "{2020}"}, LAST, "as it was"),
        ({}, {"year": "{2020}"}, LAST, "as it was"),
        ({}, {"year": "{2020}"}, {}, "added"),
        ({"year": "{2019}"}, {}, LAST, "removed"),
        ({"year": "{2018}"}, {}, LAST, "as it was"),
        ({"year": "{2019}"}, {}, {}, "as it was"),
    ],
)
def test_one_field(
    present: dict[str, str], wanted: dict[str, str], last: dict[str, str], after: str
) -> None:
    merged = merge(present, wanted, last)
    done = {
        "replaced": list(merged.replaced),
        "added": list(merged.added),
        "removed": list(merged.removed),
        "kept": [kept.field for kept in merged.kept],
    }
    assert done == {name: ["year"] if name == after else [] for name in done}


def test_what_was_taken_out_or_changed_is_remembered_as_it_was_written() -> None:
    assert merge({}, {"year": "{2020}"}, LAST).remembered == LAST
    assert merge({"year": "{2018}"}, {"year": "{2020}"}, LAST).remembered == LAST
    assert merge({"year": "{2019}"}, {"year": "{2020}"}, LAST).remembered == {"year": "2020"}


def test_force_writes_over_all_and_tells_what_was_the_users() -> None:
    merged = merge({"year": "{2018}"}, {"year": "{2020}"}, LAST, force=True)
    assert merged.replaced == {"year": "{2020}"}
    assert merged.overruled == (Kept("year", "{2018}", "{2020}"),)
    assert merge({"year": "{2019}"}, {"year": "{2020}"}, LAST, force=True).overruled == ()
    assert merge({}, {"year": "{2020}"}, LAST, force=True).added == {"year": "{2020}"}


def test_what_is_not_asked_for_is_not_taken_out() -> None:
    last = {"abstract": trace("{a}")}
    merged = merge({"abstract": "{a}"}, {}, last, unasked={"abstract"})
    assert (merged.removed, merged.remembered) == ((), last)


def test_a_macro_that_says_the_same_is_no_difference() -> None:
    present, wanted = {"journal": "jacm"}, {"journal": "{J. ACM}"}
    assert merge(present, wanted, {}, spoken={"journal": "{J. ACM}"}).kept == ()
    assert merge(present, wanted, {}, spoken={"journal": "{TODS}"}).kept


def test_of_long_texts_a_digest_is_remembered() -> None:
    long, other = "{" + "a" * 1000 + "}", "{" + "a" * 1001 + "}"
    assert len(trace(long)) == 32
    assert trace(long) != trace(other)
    assert merge({"abstract": long}, {"abstract": other}, {"abstract": trace(long)}).replaced
