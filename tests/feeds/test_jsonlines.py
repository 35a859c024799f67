"""JSON Lines: what is read, what is named, and that no line can do harm."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papertray.core.model import Record, Unread
from papertray.feeds import jsonlines


def read(data: bytes) -> list[Record | Unread]:
    found = list(jsonlines.read(io.BytesIO(data)))
    assert all(isinstance(item, Record | Unread) for item in found)
    return [item for item in found if isinstance(item, Record | Unread)]


def outcome(data: bytes) -> list[str]:
    """Titles of what was read, ``place: reason`` of what was not."""
    return [
        item.work.title if isinstance(item, Record) else f"{item.place}: {item.reason}"
        for item in read(data)
    ]


def test_one_object_a_line() -> None:
    first, second = read(b'{"title": "A", "year": 2017}\n\n{"record": "paper", "title": "B"}')
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.work.title, first.work.year, first.place) == ("A", 2017, "line 1")
    assert (second.work.title, second.place, second.extra) == ("B", "line 3", {})


@pytest.mark.parametrize(
    "data",
    [
        b'\xef\xbb\xbf{"title": "\xc3\xa9"}\n{"title": "B"}\n',
        b'{"title": "\\u00e9"}\r\n{"title": "B"}\r\n',
        b'[{"title": "\xc3\xa9"},{"title": "B"}]',
        b'\xef\xbb\xbf [\n  {\n    "title": "\xc3\xa9"\n  },\n  {"title": "B"}\n]\n',
        b'[\n{"title": "\xc3\xa9"},\n{"title": "B"},\n]',
    ],
)
def test_forms_of_the_same(data: bytes) -> None:
    assert outcome(data) == ["é", "B"]


BAD_LINES = [
    (b"{", "not valid JSON"),
    (b"not json", "not valid JSON"),
    (b'{"title": "A"} {"title": "B"}', "not valid JSON"),
    (b'"a text"', "not a JSON object"),
    (b"17", "not a JSON object"),
    (b"null", "not a JSON object"),
    (b'{"abstract": "no title"}', 'its "title" is not there'),
    (b'{"title": "\xe9"}', "not in UTF-8"),
    (b'{"record": "view", "body": "x"}', 'lines of the kind "view" are not known here'),
    (b'{"title": "A", "x": ' + b"[" * 150 + b"]" * 150 + b"}", "nested more than 100 deep"),
    (b'{"title": "A", "x": ' + b"[" * 99_999 + b"]" * 99_999 + b"}", "nested more than 100 deep"),
    (b'{"title": ' + b"9" * 5000 + b"}", "not valid JSON"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES)
def test_a_bad_line_is_named_and_kept_and_its_neighbours_go_in(line: bytes, reason: str) -> None:
    first, bad, last = read(b'{"title": "A"}\n' + line + b'\n{"title": "B"}\n')
    assert isinstance(bad, Unread)
    assert bad.place == "line 2"
    assert reason in bad.reason
    assert bad.data == line
    assert isinstance(first, Record)
    assert isinstance(last, Record)


def test_a_cut_last_line_says_so() -> None:
    assert outcome(b'{"title": "A"}\n{"title": "B')[1].endswith("the file may have been cut here")


def test_a_line_beyond_the_limit_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "LONGEST", 1 << 20)
    found = read(b'{"title": "' + b"x" * (3 << 20) + b'"}\n{"title": "B"}')
    assert isinstance(found[0], Unread)
    assert found[0].reason == "longer than 1 MB"
    assert len(found[0].data) <= 1 << 16
    assert isinstance(found[1], Record)
    assert found[1].place == "line 2"


def test_reading_goes_line_by_line() -> None:
    whole = io.BytesIO(b'{"title": "A"}\n' * 200_000)
    items = jsonlines.read(whole)
    for _ in range(5):
        assert isinstance(next(items), Record)
    assert whole.tell() < 1 << 20  # of 3 MB


def test_no_number_and_doubled_keys_are_tolerated() -> None:
    (found,) = read(
        b'{"title": "A", "title": "B", "x": NaN, "y": [-Infinity, 1e999], "votes": NaN}'
    )
    assert isinstance(found, Record)
    assert found.work.title == "B"
    assert found.extra == {"x": None, "y": [None, None]}
    json.dumps(found.extra, allow_nan=False)


def test_lone_surrogates_are_replaced_everywhere() -> None:
    (found,) = read(rb'{"title": "A \ud800 B \ud83d\ude00", "x\udfff": [{"y": "\udc00"}]}')
    assert isinstance(found, Record)
    assert found.work.title == "A \ufffd B \N{GRINNING FACE}"
    assert found.extra == {"x\ufffd": [{"y": "\ufffd"}]}


def test_places_in_an_array_are_lines() -> None:
    text = json.dumps([{"title": "A"}, {"abstract": "x"}, 5, {"title": "B"}], indent=1)
    assert outcome(text.encode()) == [
        "A",
        'line 5: its "title" is not there',
        "line 8: not a JSON object",
        "B",
    ]


@pytest.mark.parametrize("end", [b"", b",", b',\n{"title": "C', b",\n{bad}]"])
def test_an_array_that_breaks_off_keeps_what_came_before(end: bytes) -> None:
    found = outcome(b'[{"title": "A"},\n{"title": "B"}' + end)
    assert found[:2] == ["A", "B"]
    assert len(found) == 3
    assert "line 2" in found[2] or "line 3" in found[2]
    assert "array" in found[2]


def test_an_array_longer_than_any_buffer() -> None:
    papers = [{"title": f"Title {n}", "abstract": "x" * 50_000} for n in range(12)]
    for indent in (None, 2):
        data = json.dumps(papers, indent=indent).encode()
        assert outcome(data) == [paper["title"] for paper in papers]


_OBJECTS = st.dictionaries(st.text(max_size=5), st.none() | st.text() | st.integers(), max_size=3)


@given(st.lists(_OBJECTS, max_size=5), st.booleans())
def test_lines_and_arrays_of_any_objects_tell_the_same(
    objects: list[dict[str, Any]], ascii_only: bool
) -> None:
    papers = [{**fields, "title": f"Title {n}"} for n, fields in enumerate(objects)]
    lines = "\n".join(json.dumps(paper, ensure_ascii=ascii_only) for paper in papers)
    array = json.dumps(papers, ensure_ascii=ascii_only, indent=2)
    by_line, by_array = (outcome(text.encode()) for text in (lines, array))
    without_places = [item.partition(": ")[2] or item for item in by_line]
    assert without_places == [item.partition(": ")[2] or item for item in by_array]
    assert len(by_line) == len(papers)


@given(st.binary(max_size=200))
@example(b"[")
@example(b"[{")
@example(b'[{"title": "\xff"}]')
@example(b"[" * 5000)
def test_any_bytes_are_read_without_failing(data: bytes) -> None:
    for item in read(data):
        assert item.place.startswith("line ")
    assert jsonlines.recognise(data, "") in (True, False)


OURS = [
    b'{"title": "A"}',
    b'\xef\xbb\xbf  {"title": "A"}\n',
    b'{"year": 2017, "title": "A"}\n{"ti',
    b'broken\n{"title": "A"}\n'[7:],
    b'{"record": "feed"}\n',
    b'{broken}\n{"title": "A"}\n',
    b'[{"title": "A"}]',
    b'[\n  {\n    "title": "A"\n  }\n]',
    b'{"abstract": "' + b"x" * 60_000 + b'", "title": "A", "more": "' + b"x" * 5000,
]


@pytest.mark.parametrize("head", OURS)
def test_our_objects_are_recognised(head: bytes) -> None:
    assert jsonlines.recognise(head, "x.txt")


OTHERS = [
    b"",
    b"{}",
    b"[]",
    b"[1, 2]",
    b'{"name": "A"}',
    b'{"results": [{"title": "A"}]}',
    b'[{"title": "A", "issued": {}, "container-title": "B"}]',
    b'{"DOI": "10.1/x", "title": ["A"]}',
    b"title,year\nA,2017\n",
    b"{" * 9999,
    b"[" * 9999,
    b'{"name": "x", "title": "My app", "author": "A", "dependencies": {}}',
    b'{"$schema": "x", "title": "Person", "properties": {}, "url": "x"}',
    b'[{"userId": 1, "id": 1, "title": "A post", "body": "B"}]',
    b'[{"url": "x", "number": 1, "title": "Bug", "state": "open"}]',
]


@pytest.mark.parametrize("head", OTHERS)
def test_other_json_is_not(head: bytes) -> None:
    assert not jsonlines.recognise(head, "x.json")


def test_the_name_decides_where_the_content_does_not() -> None:
    assert jsonlines.recognise(b'{"tit', "x.jsonl")
    assert not jsonlines.recognise(b"plain text", "x.jsonl")
