"""JSON Lines as written: one line a paper, harmless on a terminal, private notes held back."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given

from papertray.core.model import Author, Entry, Note, Pile, Record, Version, Work
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.jsonlines import write
from papertray.feeds import jsonlines

from strategies import entries

AT = "2026-11-23T07:12:01.123Z"


def note(body: str, title: str = "") -> Note:
    return Note(1, "n1", 1, title, body, AT, AT)


def entry(title: str = "A title", notes: tuple[Note, ...] = ()) -> Entry:
    work = Work(title, abstract="An abstract.", authors=(Author("Ø", "Å"),))
    versions = (Version(1, "Old title", "Old abstract."),)
    original = {"abstract": "An {abstract}.", "title": "{A title}"}
    return Entry(1, "u1", work, Pile.READ, AT, notes=notes, versions=versions, original=original)


def lines(*entries: Entry, options: ExportOptions | None = None) -> list[str]:
    text = "".join(write(entries, options or ExportOptions(notes=True)))
    return text.split("\n")


def test_one_line_each_that_the_reader_reads() -> None:
    first, second, end = lines(entry("Ünï"), entry("B"))
    assert end == ""
    assert '"title": "Ünï"' in first  # readable, not escaped
    stream = io.BytesIO(f"{first}\n{second}\n".encode())
    found = list(jsonlines.read(stream))
    assert [r.work for r in found if isinstance(r, Record)] == [entry("Ünï").work, entry("B").work]


def test_one_at_a_time() -> None:
    def entries() -> Iterator[Entry]:
        yield entry("A")
        pytest.fail("asked for the next before the first was written")

    assert json.loads(next(write(entries(), ExportOptions())))["title"] == "A"


@pytest.mark.parametrize(
    "code", [0x00, 0x0A, 0x1B, 0x7F, 0x9B, 0x85, 0x202E, 0x2028, 0x2066, 0xFEFF]
)
def test_what_steers_a_terminal_is_escaped_and_comes_back(code: int) -> None:
    line = lines(entry(f"é {chr(code)} b"))[0]
    assert chr(code) not in line
    assert json.loads(line)["title"] == f"é {chr(code)} b"


def test_a_lone_surrogate_can_be_written() -> None:
    line = lines(entry("a \ud800 b"))[0]
    assert json.loads(line.encode())["title"] == "a \ufffd b"


BODY = "Seen.\r\n\x0b%% my secret %%\n\n## Private\nalso secret\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ExportOptions(notes=False), []),
        (ExportOptions(notes=False, private=True), []),
        (ExportOptions(notes=True, private=True), [BODY, "secret", "  Kept.\t\x0b\n"]),
    ],
)
def test_notes_are_written_if_asked_for(options: ExportOptions, expected: list[str]) -> None:
    notes = (note(BODY), note("secret", title="Private"), note("  Kept.\t\x0b\n"))
    written = json.loads(lines(entry(notes=notes), options=options)[0])
    assert [n["body"] for n in written.get("notes", [])] == expected


def test_private_parts_stay_at_home() -> None:
    notes = (
        note(BODY),
        note("secret", title="Private"),
        note("  Kept.\t\x0b\n"),
        note("%% secret %%"),
    )
    line = lines(entry(notes=notes))[0]
    assert "secret" not in line
    bodies = [n["body"] for n in json.loads(line)["notes"]]
    assert bodies[0].startswith("Seen.")
    assert bodies[1:] == ["  Kept.\t\x0b\n"]


def test_abstracts_can_be_left_out() -> None:
    line = lines(entry(), options=ExportOptions(abstracts=False))[0]
    assert "bstract" not in line
    written = json.loads(line)
    assert written["original"] == {"title": "{A title}"}
    assert written["versions"] == [{"version": 1, "title": "Old title"}]


_SURROGATE = re.compile("[\ud800-\udfff]")


@given(entries())
def test_any_paper_is_one_harmless_line_that_comes_back(paper: Entry) -> None:
    (line,) = write([paper], ExportOptions(notes=True, private=True))
    assert line.endswith("}\n")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", line)
    (found,) = jsonlines.read(io.BytesIO(line.encode()))
    title = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", paper.work.title))
    if isinstance(found, Record):
        assert "".join(found.work.title.split()) == "".join(title.split())
        assert [n.body for n in found.decisions.notes] == [
            _SURROGATE.sub("\ufffd", n.body) for n in paper.notes
        ]
    else:
        assert not title.strip()
