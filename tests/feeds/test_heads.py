"""Cheap looks at how a source begins, whatever it begins with."""

from __future__ import annotations

import pytest

from papertray.feeds.heads import first_json, has_element, root_element


@pytest.mark.parametrize(
    ("head", "root"),
    [
        ("<a/>", ("", "a")),
        ("\n <?xml version='1.0'?>\n<!-- x --><a>", ("", "a")),
        ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a b='c'>", ("", "a")),
        ('<x:a xmlns="urn:0" xmlns:x="urn:x">', ("urn:x", "a")),
        ("<a xmlns='urn:0'>", ("urn:0", "a")),
        ("\ufeff<a>", ("", "a")),
        ("text", ("", "")),
        ("", ("", "")),
        ("<!-- never ends <a>", ("", "")),
        ("{}", ("", "")),
    ],
)
def test_the_root_element_is_found_behind_what_may_stand_before_it(
    head: str, root: tuple[str, str]
) -> None:
    assert root_element(head.encode()) == root


@pytest.mark.parametrize(
    "piece", ["<!---->", "<!-- ", "<?x?>", "<!DOCTYPE a [ ", "<!DOCTYPE a>", "<"]
)
def test_a_head_full_of_one_thing_is_looked_at_once(piece: str) -> None:
    head = (piece * (1 << 16))[: 1 << 16].encode()
    # With a pattern that goes back, each of these would take longer than the universe is old.
    assert root_element(head) == ("", "")


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('[{"a": 1}, {"b": 2}]', {"a": 1}),
        ('[null, null, {"a": 1}]', {"a": 1}),
        ('{"a": 1, "b": {"c": [1, 2], "d": "cut he', {"a": 1, "b": {"c": [1, 2]}}),
        ("[" * 60_000, None),
        ("[null," * 10_000, None),
        ("no", None),
    ],
)
def test_the_first_object_is_found_also_where_it_is_cut(head: str, value: object) -> None:
    assert first_json(head.encode()) == value


def test_an_element_is_found_whatever_its_prefix() -> None:
    assert has_element(b"<a><x:paper id='1'>", "paper")
    assert not has_element(b"<a><papers><wallpaper>", "paper")
