"""The query language: what text means, how trees print, and that half-typed text is never wrong."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papertray.core.errors import QueryError
from papertray.core.query import (
    And,
    DateField,
    Dates,
    Everything,
    Form,
    Not,
    Or,
    Phrase,
    Query,
    TextField,
    Value,
    ValueField,
    Word,
    Years,
    all_of,
    any_of,
    conjuncts,
    is_condition,
    leaves,
    matched_words,
    negation,
)
from papertray.core.query_dates import is_date, resolve
from papertray.core.query_parser import DEEPEST, parse, understand

DEEP, WIDE, NET = Word("deep"), Word("wide"), Word("net")
IN_TITLE = Word("deep", TextField.TITLE)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Everything()),
        ("   ", Everything()),
        ("deep", DEEP),
        ("deep wide", And((DEEP, WIDE))),
        ("deep AND wide", And((DEEP, WIDE))),
        ("deep NOT wide", And((DEEP, Not(WIDE)))),
        ("NOT NOT deep", DEEP),
        ("NOT (deep OR wide)", Not(Or((DEEP, WIDE)))),
        ("NOT -deep", DEEP),
        ("deep and", And((DEEP, Word("and")))),
        ("deep OR wide", Or((DEEP, WIDE))),
        ("deep wide OR net", Or((And((DEEP, WIDE)), NET))),
        ("deep (wide OR net)", And((DEEP, Or((WIDE, NET))))),
        ("((deep))", DEEP),
        ("deep () wide", And((DEEP, WIDE))),
        ("-deep", Not(DEEP)),
        ("not:deep", Not(DEEP)),
        ("-not:deep", DEEP),
        ("-(deep wide)", Not(And((DEEP, WIDE)))),
        ('-"deep net"', Not(Phrase("deep net"))),
        ("not:(deep OR wide)", Not(Or((DEEP, WIDE)))),
        ("deep - wide", And((DEEP, WIDE))),
        ('"deep  net"', Phrase("deep net")),
        ("\u201cdeep net\u201d", Phrase("deep net")),
        (r'"deep \alpha net"', Phrase(r"deep \alpha net")),
        (r'tag:"5\" disk"', Value(ValueField.TAG, '5" disk')),
        (r'tag:"back\\"', Value(ValueField.TAG, "back\\")),
        ("learn*", Word("learn", form=Form.PREFIX)),
        ("lerning~", Word("lerning", form=Form.TYPO)),
        ("GPT-4", Word("GPT-4")),
        ("C3:x", Word("C3:x")),
        ("BERT: deep", And((Word("BERT"), DEEP))),
        ("https://arxiv.org/abs/1", Word("https://arxiv.org/abs/1")),
        ("title:deep", Word("deep", TextField.TITLE)),
        ("Title:deep", Word("deep", TextField.TITLE)),
        ("title:a:b", Word("a:b", TextField.TITLE)),
        ('author:"van der Maaten"', Phrase("van der Maaten", TextField.AUTHOR)),
        ("author:mül*", Word("mül", TextField.AUTHOR, Form.PREFIX)),
        ("title:(deep OR -wide)", Or((IN_TITLE, Not(Word("wide", TextField.TITLE))))),
        ("title:(deep author:x)", And((IN_TITLE, Word("x", TextField.AUTHOR)))),
        ("tag:ml/vision", Value(ValueField.TAG, "ml/vision")),
        ('tag:"to read"', Value(ValueField.TAG, "to read")),
        ("tag:ml*", Value(ValueField.TAG, "ml", is_prefix=True)),
        ('tag:"to re"*', Value(ValueField.TAG, "to re", is_prefix=True)),
        ("tag:(a OR b)", Or((Value(ValueField.TAG, "a"), Value(ValueField.TAG, "b")))),
        ("-tag:a", Not(Value(ValueField.TAG, "a"))),
        ("abstract:deep", Word("deep", TextField.ABSTRACT)),
        ("note:deep", Word("deep", TextField.NOTE)),
        ("comment:deep", Word("deep", TextField.COMMENT)),
        ("venue:deep", Word("deep", TextField.VENUE)),
        ("feed:trending", Value(ValueField.FEED, "trending")),
        ("key:vaswani", Value(ValueField.KEY, "vaswani")),
        ("reason:long", Value(ValueField.REASON, "long")),
        ("is:snoozed", Value(ValueField.IS, "snoozed")),
        ('search:"to read"', Value(ValueField.SEARCH, "to read")),
        ("pile:Read", Value(ValueField.PILE, "read")),
        ("has:note is:done", And((Value(ValueField.HAS, "note"), Value(ValueField.IS, "done")))),
        ("arXiv:2401.00001v2", Value(ValueField.ID, "2401.00001v2")),
        ("doi:10.1000/x", Value(ValueField.ID, "10.1000/x")),
        ("year:2020", Years(2020, 2020)),
        ("year:2020..2024", Years(2020, 2024)),
        ("year:>2020", Years(2021, None)),
        ("year:<=2020", Years(None, 2020)),
        ("year:..2019", Years(None, 2019)),
        ("year:(2019 OR 2021)", Or((Years(2019, 2019), Years(2021, 2021)))),
        ("added:7d", Dates(DateField.ADDED, "7d")),
        ("decided:March", Dates(DateField.DECIDED, "march")),
        ("starred:>2025-01-01", Dates(DateField.STARRED, ">2025-01-01")),
        ("skipped:2025..2026-02", Dates(DateField.SKIPPED, "2025..2026-02")),
        ("pile:read OR deep", Or((Value(ValueField.PILE, "read"), DEEP))),
    ],
)  # fmt: skip
def test_what_text_means(text: str, expected: Query) -> None:
    found = parse(text, typing=False)
    assert found == expected
    assert parse(str(found), typing=False) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("titel:deep", "did you mean `title:`?"),
        ("colour:deep", "There is no field `colour:`"),
        ("tags:x", "did you mean `tag:`?"),
        ("pile:stared", "did you mean `pile:starred`?"),
        ("has:pdfs", "did you mean `has:pdf`?"),
        ("is:x", "`is:` is done, todo, snoozed or expired, not x"),
        ("year:20", "is no year"),
        ("added:yesterdy", "did you mean `added:yesterday`?"),
        ("added:2026-13", "is no date"),
        ('"deep net', "never closed"),
        ("(deep", "never closed"),
        ("deep)", "closes nothing"),
        ("OR deep", "`OR` needs"),
        ("deep OR", "`OR` needs"),
        ("deep OR OR net", "`OR` needs"),
        ("title:", "`title:` needs something"),
        ("title: deep", "`title:` needs something"),
        ("not: deep", "`not:` needs something"),
        ("...", "no word to search for"),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), "brackets stand inside"),
    ],
)
def test_commands_hear_what_is_wrong_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, typing=False)
    message = str(caught.value)
    assert words in message
    assert "\n" not in message
    parse(text, typing=True)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("deep le", "deep le*"),
        ("deep ", "deep"),
        ("deep le -", "deep le"),
        ('"deep net', '"deep" net*'),
        ('"deep net ', '"deep net"'),
        ('deep "', "deep"),
        ("(deep OR le", "deep OR le*"),
        ("deep)) net", "deep net*"),
        ("titel:foo", "titel foo*"),
        ("titel:foo deep ", "titel foo deep"),
        ("title:", ""),
        ("title:le", "title:le*"),
        ("titel:", "titel*"),
        ("pile:re", ""),
        ("pile:re deep ", "pile re deep"),
        ("tag:vis", "tag:vis*"),
        ('tag:"to re', 'tag:"to re"*'),
        ("deep year:20", "deep"),
        ("deep added:>", "deep"),
        ("deep OR", "deep"),
        ("OR deep ", "deep"),
        ("id:2401", "id:2401"),
        ("-", ""),
        ("--deep ", "-deep"),
        ("deep -wi", "deep -wi*"),
        ("深度", "深度*"),
    ],
)
def test_half_typed_text_means_what_it_will_mean(text: str, printed: str) -> None:
    found = parse(text, typing=True)
    assert str(found) == printed
    assert parse(str(found), typing=False) == found


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("pile:foo", "`pile:` is inbox, read, starred or skip, not foo."),
        ("pile:re deep", "`pile:` is inbox, read, starred or skip, not re; did you mean"),
        ("year:abc", "is no year"),
        ("year:20 deep", "is no year"),
        ("added:soon", "is no date"),
        ("added:2026-13", "is no date"),
        ("titel:foo", "did you mean `title:`"),
    ],
)
def test_what_is_ignored_while_typing_is_remarked_on(text: str, remark: str) -> None:
    (found,) = understand(text).remarks
    assert remark in found


@pytest.mark.parametrize(
    "whole",
    ['title:deep pile:starred -"two words" (a OR b)', "year:2020..2024", "year:>=2020 has:note",
     "added:yesterday", "decided:>2025-01-01", "added:2025..2026-02", "starred:march", "skipped:7d",
     "not:(is:todo OR is:done)", "https://example.org", "learn* lerning~", "search:name tag:a/b"],
)  # fmt: skip
def test_no_beginning_of_a_right_query_is_remarked_on(whole: str) -> None:
    for end in range(len(whole) + 1):
        assert understand(whole[:end]).remarks == (), whole[:end]


# Text that looks like queries finds more than pure noise.
_PIECES = st.sampled_from(
    ["deep", "OR", "AND", "NOT", "-", "--", "(", ")", '"', '"a b"', "title:", "titel:", "tag:",
     "pile:read", "pile:", "not:", "year:", "2020", "..", ">", "7d", "added:", "*", "~", ":", "//",
     "http:", " ",
     "\u201c", "é", "深", "\ud800", "\x00", "\u2028", "is:done", "has:x", "key:Müller*", "a:b:c"]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=14).map("".join))


@given(_TEXTS)
@example("-" * 5000 + "a")
@example("(" * 5000 + "a")
@example("not:" * 5000 + "a")
@example("a:" * 5000)
@example("titel:OR")
@example("foo:*")
@example('tag:"a*"*')
def test_typing_never_fails_and_what_it_means_can_be_written_down(text: str) -> None:
    found = parse(text, typing=True)
    printed = str(found)
    again = parse(printed, typing=False)
    assert again == found
    assert str(again) == printed
    matched_words(found)


@given(_TEXTS)
def test_whatever_is_accepted_prints_and_parses_to_itself(text: str) -> None:
    try:
        found = parse(text, typing=False)
    except QueryError:
        return
    assert parse(str(found), typing=False) == found


_WORDS = st.from_regex(r"[a-zA-Zé深][a-zé0-9深.+-]{0,6}", fullmatch=True).filter(
    lambda word: word not in ("OR", "AND", "NOT")
)
# Lone surrogates and letters that are not composed come from no parser.
_ANYTHING = st.text(st.characters(exclude_categories=["Cs"])).map(
    lambda text: unicodedata.normalize("NFC", text)
)
_LEAVES: st.SearchStrategy[Query] = st.one_of(
    st.builds(Word, _WORDS, st.none() | st.sampled_from(TextField), st.sampled_from(Form)),
    st.builds(Phrase, st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)),
    st.builds(
        Phrase,
        _ANYTHING.map(lambda text: " ".join(text.split())).filter(
            lambda text: any(letter.isalnum() for letter in text)
        ),
        st.none() | st.sampled_from(TextField),
    ),
    st.builds(
        Value,
        st.sampled_from(
            (ValueField.TAG, ValueField.FEED, ValueField.KEY, ValueField.REASON, ValueField.SEARCH)
        ),
        (st.text('ab *~/é-"\\“”') | _ANYTHING).filter(lambda text: text.strip()),
    ),
    st.builds(Value, st.just(ValueField.PILE), st.sampled_from(("inbox", "read"))),
    st.builds(Value, st.just(ValueField.IS), st.sampled_from(("done", "todo", "snoozed"))),
    st.builds(Years, st.integers(1900, 2030), st.none() | st.integers(1900, 2030)),
    st.builds(
        Dates, st.sampled_from(DateField), st.sampled_from(["7d", ">2025", "march", "..2020"])
    ),
)
_QUERIES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(negation),
        st.lists(inner, min_size=2, max_size=4).map(all_of),
        st.lists(inner, min_size=2, max_size=4).map(any_of),
    ),
    max_leaves=12,
)


@given(_QUERIES)
def test_every_tree_prints_back(query: Query) -> None:
    assert parse(str(query), typing=False) == query


@pytest.mark.parametrize(
    ("expression", "first", "after"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-03", "2026-03-01", "2026-04-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-3-9", "2026-03-09", "2026-03-10"),
        (">2025-01-01", "2025-01-02", None),
        (">=2025-01", "2025-01-01", None),
        ("<2025", None, "2025-01-01"),
        ("<=2025", None, "2026-01-01"),
        ("today", "2026-11-23", "2026-11-24"),
        ("yesterday", "2026-11-22", "2026-11-23"),
        ("7d", "2026-11-16", None),
        ("2w", "2026-11-09", None),
        ("9m", "2026-02-23", None),
        ("1y", "2025-11-23", None),
        ("<7d", None, "2026-11-16"),
        ("30d..7d", "2026-10-24", "2026-11-17"),
        ("march", "2026-03-01", "2026-04-01"),
        ("November", "2026-11-01", "2026-12-01"),
        ("dec", "2025-12-01", "2026-01-01"),
        ("2025..2026-02", "2025-01-01", "2026-03-01"),
        ("..2026-02-28", None, "2026-03-01"),
        ("2025..", "2025-01-01", None),
    ],
)
def test_dates_in_days(expression: str, first: str | None, after: str | None) -> None:
    found = resolve(expression, TODAY)
    assert tuple(day and day.isoformat() for day in found) == (first, after)


@pytest.mark.parametrize(
    "expression", ["", "..", ">", "2026-02-30", "7", "d", "999y9", "a..b", "0000"]
)
def test_what_is_no_date(expression: str) -> None:
    assert not is_date(expression)


def test_a_month_ago_from_the_longest_month() -> None:
    assert resolve("1m", date(2026, 3, 31))[0] == date(2026, 2, 28)


@given(st.text("0123456789dwmy><=.-", max_size=12), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_what_counts_as_a_date_does_not_depend_on_the_day(expression: str, today: date) -> None:
    if is_date(expression):
        resolve(expression, today)


def test_taking_a_query_apart() -> None:
    query = parse('deep -tag:x (pile:read OR net) "a b" -wide lern~', typing=False)
    assert [is_condition(part) for part in conjuncts(query)] == [
        False,
        True,
        False,
        False,
        False,
        False,
    ]
    assert matched_words(query) == ("deep", "net", "a", "b", "lern")
    assert Value(ValueField.TAG, "x") in tuple(leaves(query))
    assert all_of([]) == Everything()
    assert any_of([DEEP, Everything()]) == Everything()
