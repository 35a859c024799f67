"""JSON values from a stream: arrays, lines and single ones, whole and broken, in little memory."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import Json
from papertray.feeds import json_values
from papertray.feeds.json_values import Broken, Value, values


def has_key(value: Json) -> bool:
    return isinstance(value, dict) and "key" in value


OPEN_AT = ("items", "data", "message")


def read(text: str | bytes) -> list[Value | Broken]:
    data = text.encode() if isinstance(text, str) else text
    return list(values(io.BytesIO(data), has_key, OPEN_AT))


def outcome(text: str | bytes) -> list[Json]:
    """The values, and ``item: reason`` of what is none."""
    return [
        found.value if isinstance(found, Value) else f"{found.number}: {found.reason}"
        for found in read(text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[{"key": 1}, {"key": 2}]', '{"key": 1}\n{"key": 2}\n', '\ufeff[{"key": 1},\r\n{"key": 2}]',
        '{"items": [{"key": 1}, {"key": 2}]}', ' [ {"key": 1} , {"key": 2} , ] ',
    ],
)  # fmt: skip
def test_forms_of_the_same(text: str) -> None:
    assert outcome(text) == [{"key": 1}, {"key": 2}]


def test_a_single_value_over_many_lines() -> None:
    (found,) = read(json.dumps({"key": {"deep": [1, 2]}}, indent=2))
    assert isinstance(found, Value)
    assert (found.number, found.line, found.value) == (1, 1, {"key": {"deep": [1, 2]}})


BREAKS = [
    ('[{"key": 1}, {"key": 2 "x": 3}, {"key": 4}]', [{"key": 1}, "2", {"key": 4}]),
    ('[{"key": 1}, {"key": "a\nb"}, {"key": 4}]', [{"key": 1}, "2", {"key": 4}]),
    ('[{"key": 1}, bad, {"key": 4}]', [{"key": 1}, "2", {"key": 4}]),
    ('{"key": 1}\n{"key": \n{"key": 4}\n', [{"key": 1}, "2", {"key": 4}]),
    # What lies within a broken value is no value of its own.
    ('[{"a": [{"x": 1}, {"y": 2}] "b"}, {"key": 4}]', ["1", {"key": 4}]),
    ('[{"key": 1}, {"key": "never closed', [{"key": 1}, "2"]),
    ('[{"key": 1},', [{"key": 1}, "2"]),
    ("[" * 5000, ["1"]),
]


@pytest.mark.parametrize(("text", "expected"), BREAKS)
def test_a_broken_value_is_named_and_its_neighbours_are_read(
    text: str, expected: list[Json]
) -> None:
    found = [item.partition(":")[0] if isinstance(item, str) else item for item in outcome(text)]
    assert found == expected


def test_a_break_far_from_the_next_value() -> None:
    text = '[{"key": 1}, {broken ' + "x" * 300_000 + '}, {"key": 2}]'
    assert [v for v in outcome(text) if isinstance(v, dict)] == [{"key": 1}, {"key": 2}]


def test_no_more_than_the_longest_value_is_in_memory() -> None:
    whole = io.BytesIO(json.dumps([{"key": n, "x": "y" * 500} for n in range(20_000)]).encode())
    found = values(whole, has_key)
    for _ in range(5):
        next(found)
    assert whole.tell() <= 3 * json_values.CHUNK


def test_a_value_beyond_the_limit_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "LONGEST", 1 << 18)
    text = '[{"key": 1}, {"key": "' + "x" * (1 << 20) + '"}, {"key": 2}]'
    found = outcome(text)
    assert [v for v in found if isinstance(v, dict)] == [{"key": 1}, {"key": 2}]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
_OBJECTS = st.dictionaries(st.text(max_size=4), _JSON, max_size=4)


ANSWERS = [
    ('{"total": 2, "data": [{"key": 1}, {"key": 2}], "next": {"data": [{"key": 9}]}}', [1, 2]),
    ('{"data": {"key": 1}}', [1]),
    ('{"status": "ok", "message": {"facets": {}, "items": [{"key": 1}]}}', [1]),
    ('{"status": "ok", "message": {"key": 1, "data": [{"key": 2}]}}', [1]),
    ('[{"data": [{"key": 1}]}, {"data": []}, {"data": [{"key": 2}]}]', [1, 2]),
    ('{"data": [{"key": 1}]}\n{"data": [{"key": 2}]}\n', [1, 2]),
    ('{"data": [{"key": 1}]}{"data": [{"key": 2}]}', [1, 2]),
    ('[{"key": 1}]\n[{"key": 2}]', [1, 2]),
    ('[[{"key": 1}], [{"key": 2}]]', [1, 2]),
    ('{"data": [{"key": 1}], "items": [{"key": 2}]}', [1, 2]),
    ('{"said": "\\"data\\": [", "in": {"data": [{"key": 9}]}, "data": [{"key": 1}]}', [1]),
    ('{"key": 1, "data": [{"key": 9}]}', [1]),
    ('{"total": 1, "data": null, "items": [{"key": 1}]}', [1]),
    ('{"data": []}', []), ('{"data": []', ["cut"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keys"), ANSWERS)
def test_answers_are_stepped_into(text: str, keys: list[Json]) -> None:
    found = read(text)
    assert [
        one.value["key"] if isinstance(one, Value) and isinstance(one.value, dict) else "cut"
        for one in found
    ] == keys


def test_an_object_that_is_no_answer_is_given_whole() -> None:
    assert outcome('{"error": "not found"}') == [{"error": "not found"}]
    assert outcome('{"data": 7}') == [{"data": 7}]


BROKEN_ANSWERS = [
    ('{"data": [{"key": 1}, bad, {"key": 2}]}\n{"data": [{"key": 3}]}', [1, 2, 3]),
    ('{"data": [{"key": 1}, {"key": \n{"data": [{"key": 3}, {"key": 4}]}', [1, 3, 4]),
    ('{"total": bad, "data": [{"key": 1}, {"key": 2}]}', [1, 2]),
    ('{"data": [{"key": 1}], bad: 1}\n{"data": [{"key": 2}]}', [1, 2]),
    ('{"data": [{"key": 1}], "x": [1, 2\n', [1]),
]


@pytest.mark.parametrize(("text", "keys"), BROKEN_ANSWERS)
def test_a_broken_answer_is_named_and_the_next_is_read(text: str, keys: list[int]) -> None:
    found = outcome(text)
    assert [one["key"] for one in found if isinstance(one, dict)] == keys
    assert any(isinstance(one, str) for one in found)


def test_an_answer_larger_than_memory_is_streamed() -> None:
    rows = ", ".join(json.dumps({"key": n, "x": "y" * 500}) for n in range(20_000))
    whole = io.BytesIO(f'{{"total": 3, "data": [{rows}], "more": "{"z" * 300_000}"}}'.encode())
    found = values(whole, has_key, OPEN_AT)
    for _ in range(5):
        next(found)
    assert whole.tell() <= 3 * json_values.CHUNK
    assert sum(isinstance(one, Value) for one in found) == 20_000 - 5


LONG = ['"' + "a\\\\" * 200_000 + '"', "[" + "[1], " * 40_000 + "2]", " " * 800_000 + "1"]


@pytest.mark.parametrize("other", LONG, ids=["string", "array", "blanks"])
def test_other_members_of_any_size_are_passed(other: str) -> None:
    whole = io.BytesIO(f'{{"before": {other}, "data": [{{"key": 1}}], "after": {other}}}'.encode())
    (found,) = values(whole, has_key, OPEN_AT)
    assert isinstance(found, Value)
    assert found.value == {"key": 1}


@pytest.mark.parametrize(
    "bomb", ["[" * 100_000 + "]" * 100_000, "1" * 5000], ids=["deep", "digits"]
)
def test_what_python_cannot_decode_costs_no_neighbour(bomb: str) -> None:
    for text in (
        f'[{{"key": 1}}, {{"key": {bomb}}}, {{"key": 2}}]',
        f'[{{"key": 1}}, {bomb}, {{"key": 2}}]',
        f'{{"total": {bomb}, "data": [{{"key": 1}}, {{"key": 2}}]}}',
    ):
        found = outcome(text)
        assert [one for one in found if one in ({"key": 1}, {"key": 2})] == [{"key": 1}, {"key": 2}]
        assert len(found) > 2


def _in_answer(rows: str) -> str:
    return f'{{"total": 1, "facets": {{"data": [1]}}, "data": {rows}, "next": "]}}"}}'


def _wrapped(objects: list[dict[str, Any]], way: str) -> str:
    """Write objects in one of the ways in which services and files do."""
    rows, half = json.dumps(objects, indent=1), len(objects) // 2
    pages = [json.dumps(objects[:half]), json.dumps(objects[half:])]
    return {
        "lines": "\n".join(map(json.dumps, objects)),
        "array": rows,
        "answer": _in_answer(rows),
        "message": f'{{"status": "ok", "message": {{"items": {rows}, "query": {{}}}}, "x": []}}',
        "pages": "".join(map(_in_answer, pages)),
        "lines of pages": "\n".join(map(_in_answer, pages)),
        "array of pages": f"[{_in_answer(pages[0])}, {_in_answer(pages[1])}]",
        "array of arrays": f"[{pages[0]}, {pages[1]}]",
    }[way]


WAYS = ("lines", "array", "answer", "message", "pages", "lines of pages", "array of pages",
        "array of arrays")  # fmt: skip


@given(st.lists(_OBJECTS, max_size=6), st.integers(1, 40), st.sampled_from(WAYS))
def test_values_wrapped_in_any_way_and_cut_anywhere_give_what_was_written(
    objects: list[dict[str, Any]], chunk: int, way: str
) -> None:
    written = [{"key": 1, **value} for value in objects]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "CHUNK", chunk)
        assert outcome(_wrapped(written, way)) == written


@given(st.lists(_OBJECTS, max_size=6), st.integers(1, 40), st.booleans())
def test_arrays_and_lines_cut_anywhere_give_what_was_written(
    objects: list[dict[str, Any]], chunk: int, as_lines: bool
) -> None:
    lines = "\n".join(map(json.dumps, objects))
    text = lines if as_lines else json.dumps(objects, indent=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "CHUNK", chunk)
        assert outcome(text) == objects


@given(st.binary(max_size=120))
def test_any_bytes_are_read_without_failing(data: bytes) -> None:
    for prefix in (b"", b"[", b'[{"key": 1}, '):
        read(prefix + data)
