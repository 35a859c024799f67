"""What notes keep to themselves."""

from __future__ import annotations

import pytest

from papertray.exporters.private import visible_notes, without_private

from strategies import note


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("a\n\n## private\nsecret\n", "a\n"),
        ("a\n## Private\nsecret\n## b\nc", "a\n## b\nc"),
        ("# PRIVATE\nsecret\n## secret too\n# b", "# b"),
        ("### private ###\nsecret\n#### secret\n## b", "## b"),
        ("## private\nsecret\n### deeper\nsecret\n", ""),
        ("## **private**\nsecret", ""),
        ("Private\n-------\nsecret\n\nb\n---\nc", "b\n---\nc"),
        ("## private\nsecret\n> # quoted\n\nsecret", ""),
        ("## private\n```\n# comment\n```\nsecret\n## b", "## b"),
        ("## private\nsecret\n## private\nsecret\n## b", "## b"),
        ("```\n## private\ncode\n```\nshown", "```\n## private\ncode\n```\nshown"),
        ("- a\n\n  ```\n  ## private\n  %%x%%\n  ```\n",
         "- a\n\n  ```\n  ## private\n  %%x%%\n  ```\n"),
        ("a %%secret%% b", "a  b"),
        ("a\n%%\nsecret\n%%\nb", "a\nb"),
        ("a\n%% secret\nsecret %% b", "a\n b"),
        ("a %% secret to the end\nsecret", "a "),
        ("a\n\nb %%x%%\n\nc", "a\n\nb \n\nc"),
        ("%%\n## private\n%%\nshown", "shown"),
        ("printf `%%d` and %%secret%%", "printf `%%d` and "),
        ("%%secret `code%% shown", " shown"),
        ("```\n%%literal%%\n```\n%%secret%%", "```\n%%literal%%\n```"),
        ("%%\n```\nsecret\n```\n", ""),
        ("100% of 5%", "100% of 5%"),
    ],
)  # fmt: skip
def test_without_private(body: str, left: str) -> None:
    assert without_private(body) == left


def test_visible_notes() -> None:
    notes = [
        note("a\r\n%%b%%"),
        note("%%only secret%%"),
        note("secret", "Private"),
        note("c\x1b", "T"),
    ]
    assert list(visible_notes(notes, private=False)) == [("", "a"), ("T", "c")]
    shown = [("", "a\n%%b%%"), ("", "%%only secret%%"), ("Private", "secret"), ("T", "c")]
    assert list(visible_notes(notes, private=True)) == shown


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("```\ncode\n%% mine %%\n## private\nmine", ["```", "code"]),
        ("## Private notes\nmine\n## After\nseen", ["## After", "seen"]),
        ("## privately held\nseen", ["## privately held", "seen"]),
        ("```\n%% code %%\n```\nseen", ["```", "%% code %%", "```", "seen"]),
        ("> ```\n> code\n\n%% mine %%\nseen", ["> ```", "> code", "seen"]),
    ],
)
def test_a_slip_of_the_pen_gives_nothing_away(body: str, left: list[str]) -> None:
    assert [line for line in without_private(body).split("\n") if line.strip()] == left
