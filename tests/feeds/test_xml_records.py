"""Records of XML, one after the other: hostile, broken and endless files do no harm."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from papertray.core.model import Unread
from papertray.feeds.xml_records import (
    LONGEST,
    Element,
    elements,
    json_of,
    markup_line,
    markup_text,
    plain_text,
)


def _texts(data: str | bytes, name: str = "r") -> list[str]:
    """Return the texts of the records of a file, and ``!`` with the reason of each Unread."""
    stream = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    return [
        f"!{item.place}: {item.reason}" if isinstance(item, Unread) else plain_text(item)
        for item in elements(stream, [name])
    ]


def _first(data: bytes) -> Element:
    """Return the first record of a file."""
    record = next(elements(io.BytesIO(data), ["r"]))
    assert not isinstance(record, Unread)
    return record


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        pytest.param("<a><r>1</r><r>2</r></a>", ["1", "2"], id="plain"),
        pytest.param("<a><r>B&ouml;hlen &amp; Co</r></a>", ["Böhlen & Co"], id="no DTD"),
        pytest.param(
            '<!DOCTYPE a SYSTEM "a.dtd"><a><r>B&ouml;hlen</r></a>', ["Böhlen"], id="a DTD elsewhere"
        ),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY ouml "&#246;">]><a><r>B&ouml;hlen</r></a>',
            ["Böhlen"],
            id="a DTD within",
        ),
        pytest.param(
            '<!DOCTYPE a [ <!-- [x] --> <!ENTITY b "]"> ]><a><r>1</r></a>', ["1"], id="brackets"
        ),
        pytest.param("<a><r>&nobody; & co &;</r></a>", ["&nobody; & co &;"], id="unknown names"),
        pytest.param("<a><r>a &lt;b&gt; c</r></a>", ["a <b> c"], id="escaped"),
        pytest.param("<a><r>it&#146;s &#xe9;</r></a>", ["it’s é"], id="numbers as HTML has them"),
        pytest.param(
            "<a><r>x&#0;y&#xD800;z&#x1F;</r></a>", ["x\ufffdy\ufffdz"], id="no characters"
        ),
        pytest.param("<a><r><![CDATA[x < y && <b>]]></r></a>", ["x < y && <b>"], id="CDATA"),
        pytest.param("<a><!-- <r>0</r> --><r>1</r></a>", ["1"], id="a comment"),
        pytest.param("<a><?pi x?><r>1</r></a>", ["1"], id="an instruction"),
        pytest.param(b"<a><r>M\xfcll</r><r>\x00\x07ok</r></a>", ["M\ufffdll", "ok"], id="bytes"),
        pytest.param('<x:a xmlns:x="urn:x"><x:r>1</x:r></x:a>', ["1"], id="a namespace"),
        pytest.param('<a xmlns="urn:x"><r>1</r></a>', ["1"], id="the default namespace"),
        pytest.param("<a><x:r>1</x:r><r>2</r></a>", ["2"], id="an undeclared prefix"),
        pytest.param(
            '<?xml version="1.0"?><a><r>1</r></a>\n<?xml version="1"?><!DOCTYPE a><a><r>2</r></a>',
            ["1", "2"],
            id="two documents",
        ),
        pytest.param("<r>1</r><r>2</r>", ["1", "2"], id="no root"),
        pytest.param("", [], id="nothing"),
        pytest.param("no XML at all", [], id="text"),
        pytest.param("<a><r>p < 0.05 <5></r><r>2</r></a>", ["p < 0.05 <5>", "2"], id="no tags"),
        pytest.param('<a><q x="1>y</q><r>2</r></a>', ["2"], id="a quotation mark too few"),
        pytest.param("<a><r>1</r></a></a></b><a><r>2</r></a>", ["1", "2"], id="closed too often"),
        pytest.param('<a><r x="a > b">1</r></a>', ["1"], id="an attribute with a bracket"),
    ],
)
def test_records_come_whole(data: str | bytes, texts: list[str]) -> None:
    assert _texts(data) == texts


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        pytest.param(
            "<a>\n<r>1</r>\n<r>2",
            ["1", "!line 3: it is not closed: the file is cut or broken here"],
            id="cut in a record",
        ),
        pytest.param(
            "<a><r>1</r>\n",
            ["1", "!after line 1: the file ends in the middle: it was cut here"],
            id="cut between two",
        ),
        pytest.param(
            "<a><r>1</r><!-- for ever",
            ["1", "!after line 1: the file ends in the middle: it was cut here"],
            id="cut in a comment",
        ),
        pytest.param(
            "<a><r>1<b>x</r><r>2</r></a>",
            ["2", "1x", "!after line 1: the file ends in the middle: it was cut here"],
            id="a tag that is not closed: its neighbour comes all the same",
        ),
    ],
)
def test_what_is_cut_is_told_from_what_is_whole(data: str, texts: list[str]) -> None:
    assert _texts(data) == texts


def test_entities_are_no_bomb() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))
    assert _texts(f"<!DOCTYPE a [{laughs}]><a><r>&l19;</r></a>") == ["&l19;"]


def test_no_other_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    uri = secret.as_uri()
    document = (
        f'<!DOCTYPE a SYSTEM "{uri}" [<!ENTITY x SYSTEM "{uri}"><!ENTITY % p SYSTEM "{uri}">%p;]>'
        '<a xmlns:xi="http://www.w3.org/2001/XInclude">'
        f'<r>&x;</r><r><xi:include href="{uri}" parse="text"/></r></a>'
    )
    assert _texts(document) == ["&x;", ""]


@pytest.mark.parametrize("depth", [300, 100_000])
def test_what_is_nested_too_deep_is_said(depth: int) -> None:
    texts = _texts("<a><r>1</r>" + "<b>" * depth + "</b>" * depth + "</a>")
    assert texts[0] == "1"
    assert texts[1:] == ["!after line 1: the rest cannot be read: it is broken here"]


def test_a_tag_that_never_ends_is_said() -> None:
    texts = _texts("<a><r>1</r><b x='" + "y" * (3 << 20))
    assert texts == ["1", "!after line 1: a tag has more than 1 MB"]


def test_a_record_that_is_too_long_keeps_no_neighbour_out() -> None:
    long = "<r>" + "<b>word</b>" * (LONGEST // 8) + "</r>"
    texts = _texts(f"<a><r>1</r>{long}<r>2</r></a>")
    assert texts == ["1", "!line 1: it has more than 4 MB", "2"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_it_makes_no_difference_in_what_pieces_a_file_comes(size: int) -> None:
    class Pieces(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            return super().read(size)

    data = (
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><!-- <r> --><a>"
        "<r>B&ouml;hl&#101;n &amp; “Co”</r><r><![CDATA[<x>]]> &copy 2 < 3</r></a>"
    )
    items = elements(cast(BinaryIO, Pieces(data.encode())), ["r"])
    found = [plain_text(item) for item in items if not isinstance(item, Unread)]
    assert found == ["Böhlen & “Co”", "<x> &copy 2 < 3"]


def test_children_of_one_element_alone_can_be_asked_for() -> None:
    data = b"<x:RDF xmlns:x='urn:x'><b>1</b><c><b>2</b><c>3</c></c></x:RDF>"
    items = elements(io.BytesIO(data), ["*"], within="RDF")
    found = [plain_text(item) for item in items if not isinstance(item, Unread)]
    assert found == ["1", "23"]


def test_line_numbers_count_what_was_left_out() -> None:
    data = b"<!DOCTYPE a [\n\n]>\n<!--\n\n--><a><![CDATA[\n]]>\n" + b"\n" * 70_000 + b"<r/></a>"
    record = _first(data)
    assert f"{record.sourceline}" == "70008"


@pytest.mark.parametrize(
    ("data", "markup"),
    [
        ("<r>A &amp; B &lt;i&gt;</r>", "A & B <i>"),
        ("<r>A &amp; <i>B</i> &lt;C&gt;</r>", "A &amp; <i>B</i> &lt;C&gt;"),
        (
            '<r><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>x</m:mi></m:math>.</r>',
            "<mml:math><mml:mi>x</mml:mi></mml:math>.",
        ),
        ('<r xmlns:j="urn:j"><j:p a="1 &amp; 2">x</j:p></r>', '<p a="1 &amp; 2">x</p>'),
    ],
)
def test_tags_are_kept_for_those_who_understand_them(data: str, markup: str) -> None:
    record = _first(data.encode())
    assert markup_text(record) == markup


def test_an_indented_title_is_one_line() -> None:
    record = _first(b"<r>\n  The\n  <i>H</i> System\n</r>")
    assert markup_line(record) == "The <i>H</i> System"


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("<r> a  b </r>", "a b"),
        ("<r/>", ""),
        ('<r x="1">a</r>', {"@x": "1", "#text": "a"}),
        ("<r><b>1</b><b>2</b><c/></r>", {"b": ["1", "2"], "c": ""}),
        ("<r>text <b>in</b> between</r>", "text in between"),
    ],
)
def test_what_has_no_field_is_kept_as_json(data: str, value: object) -> None:
    record = _first(data.encode())
    assert json_of(record) == value


_ENDLESS = """
import io, sys
from papertray.feeds.xml_records import elements

class Endless(io.RawIOBase):
    def __init__(self, head, piece, size, tail):
        self.pieces = self.all(head, piece * (65536 // len(piece)), size, tail)
        self.left = b""
    def all(self, head, piece, size, tail):
        yield head
        for _ in range(size // len(piece)):
            yield piece
        yield tail
    def read(self, size=-1):
        while not self.left:
            self.left = next(self.pieces, None)
            if self.left is None:
                self.left = b""
                return b""
        data, self.left = self.left[:size], self.left[size:]
        return data

head, piece, tail = (text.encode() for text in sys.argv[1:4])
last = None
for item in elements(Endless(head, piece, int(sys.argv[4]) << 20, tail), ["r"]):
    last = getattr(item, "text", item)
# Not getrusage: it gives a child the peak of the process that started it.
(most,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
print(last, int(most.split()[1]) // 1024)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("head", "piece", "megabytes"),
    [
        ("<a><r>1</r>", " ", 1024),
        ("<a><r>", "word ", 1024),
        ("<a><r><![CDATA[", "word ", 1024),
        ("<a>", "<r>hello</r>\n", 64),
        ("<a>", "<b/>", 128),
        ("<a><r>", "<b/>", 128),
        ("<a><r>", "<b>x</b>", 128),
        ("<a><r>", "&amp; ", 128),
    ],
)
def test_what_is_endless_is_read_in_little_memory(head: str, piece: str, megabytes: int) -> None:
    ends = ("]]>" if "CDATA" in head else "") + ("</r>" if head.startswith("<a><r>") else "")
    tail = f"{ends if '1</r>' not in head else ''}<r>last</r></a>"
    command = [sys.executable, "-c", _ENDLESS, head, piece, tail, str(megabytes)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert answer[0] == "last"
    assert int(answer[1]) < 300
