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


def read(text: str | bytes) -> list[Value | Broken]:
    data = text.encode() if isinstance(text, str) else text
    return list(values(io.BytesIO(data), has_key))


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
