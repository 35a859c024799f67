"""The page opens from a file in a browser: it is searched, asks for nothing and runs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.core.model import Work

from .browser import CHROMIUM, browser
from .cases import CASES, entries_of, written
from .hostile_notes import HOSTILE
from .programs import needs
from strategies import entry, note

pytestmark = [pytest.mark.clients, needs(CHROMIUM, "bash")]

SHOWN = "document.body.innerText.replace(/\\s+/g, ' ')"
"""What is to be seen of the page, without what is hidden."""

UNROLL = "document.querySelectorAll('*').forEach(e => { e.style.contentVisibility = 'visible' })"
"""Draws what is far below as well, which a browser puts off until it is scrolled to."""


def test_a_page_is_searched_without_a_network(tmp_path: Path) -> None:
    page = tmp_path / "list.html"
    page.write_text(written("html", entries_of(CASES), notes=True), encoding="utf-8")
    with browser(tmp_path / "profile") as opened:
        opened.open(page)
        opened.evaluate(UNROLL)
        shown = opened.evaluate(SHOWN)
        assert [case.title for case in CASES if one_space(case.title) not in one_space(shown)] == []
        opened.evaluate("document.querySelector('input').focus()")
        opened.type("quokkanet")
        assert opened.waits_for(f"!{SHOWN}.includes('Deep Puddles')")
        assert "QuokkaNet: Small Models for Large Marsupials" in opened.evaluate(SHOWN)
        opened.evaluate("document.querySelector('input').select()")
        opened.type("halvorsen sheep")
        assert opened.waits_for(f"{SHOWN}.includes('Counting Sheep with Convolutions')")
        assert opened.waits_for(f"!{SHOWN}.includes('QuokkaNet')")
        assert [address for address in opened.asked if not is_own(address, page)] == []
        assert opened.dialogues == []
        assert opened.evaluate("document.title") == "Reading list"
        assert opened.evaluate("document.scripts.length") <= 1


def test_a_page_is_light_or_dark_as_the_reader_likes(tmp_path: Path) -> None:
    page = tmp_path / "list.html"
    page.write_text(written("html", entries_of(CASES[:3])), encoding="utf-8")
    colours = []
    with browser(tmp_path / "profile") as opened:
        opened.open(page)
        for scheme in ("light", "dark"):
            opened.prefer(scheme)
            colours.append(brightness(opened.evaluate(_GROUND)))
    light, dark = colours
    assert light > 600 > 200 > dark


def test_hostile_notes_stay_in_place(tmp_path: Path) -> None:
    """Every trick stands in a note of its own paper, and every title is to be seen."""
    kept = [
        entry(Work(f"Paper {number} of many"), f"k{number:03}", notes=(note(body),))
        for number, body in enumerate([*HOSTILE.values(), *OF_HTML])
    ]
    page = tmp_path / "list.html"
    page.write_text(written("html", kept, notes=True, private=True), encoding="utf-8")
    with browser(tmp_path / "profile") as opened:
        opened.open(page)
        opened.evaluate(UNROLL)
        shown = opened.evaluate(SHOWN)
        assert [e.work.title for e in kept if e.work.title not in shown] == []
        assert opened.evaluate("document.querySelectorAll('article').length") == len(kept)
        assert opened.evaluate("document.title") == "Reading list"
        assert opened.evaluate("typeof window.stolen") == "undefined"
        assert opened.evaluate("document.querySelectorAll('img, iframe, object, base').length") == 0
        assert opened.dialogues == []
        assert [address for address in opened.asked if not is_own(address, page)] == []
        opened.evaluate("document.querySelector('input').focus()")
        opened.type(kept[-1].work.title)
        assert opened.waits_for(f"!{SHOWN}.includes('Paper 0 of many')")


OF_HTML = (
    "<script>window.stolen = 1</script>",
    "<img src='https://spy.example/x.png' onerror='window.stolen = 1'>",
    "![eye](https://spy.example/y.png)",
    "<iframe src='https://spy.example'></iframe><base href='https://spy.example'>",
    "[click](javascript:alert(1)) <a href='javascript:alert(1)'>here</a>",
    "<svg onload='window.stolen = 1'><style>* { display: none }</style>",
    "<link rel=stylesheet href='https://spy.example/z.css'>",
    "</script></style></title></article></main></body></html><h2>More</h2>",
    "<meta http-equiv=refresh content='0; url=https://spy.example'>",
)

_GROUND = "getComputedStyle(document.body).backgroundColor"


def one_space(text: str) -> str:
    return " ".join(text.split())


def is_own(address: str, page: Path) -> bool:
    return address.startswith(("data:", "about:", "blob:")) or address == page.as_uri()


def brightness(colour: str) -> int:
    """Return the sum of red, green and blue of ``rgb(255, 255, 255)``."""
    return sum(map(int, colour.partition("(")[2].rstrip(")").split(",")[:3]))
