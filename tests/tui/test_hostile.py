"""Hostile text is drawn on every screen, and none of it reaches the terminal as a command.

The same session runs twice on a real (pseudo-)terminal: with harmless words, which shows what
Textual itself sends, and with hostile ones. Whatever else arrives comes from the text.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .home import Home
from .terminal import Terminal

HOSTILE = (
    "[MASK] tokens",
    "[/] and [/b] close nothing",
    "[b]bold [red]red",
    "[@click=app.bell]hit[/]",
    "p[y=1|x] a [ b ] c",
    "<SEG> &amp; <b>tag</b>",
    "red\x1b[5;31mred\x1b[0;5m",
    "title\x1b]0;pwn-title\x07 and \x1b]2;pwn-title\x1b\\",
    "clipboard\x1b]52;c;cHduLWNsaXBib2FyZA==\x07",
    "clear\x1b[2J\x1b[3J\x1b[999;999H",
    "leave\x1b[?1049l\x1b[?25h\x1bc\x1bPpwn-dcs\x1b\\",
    "c1 \x9b5;31m \x9d0;pwn-c1\x9c \x90pwn\x9c \x85",
    "bidi \u202edcba\u202c \u2066x\u2069 \u200f \u061c \ufeff",
    "nul \x00 bell \x07 back \x08 del \x7f shift \x0e\x0f",
    "lines \r\n \r \n \t \v \f \u2028 \u2029",
    "zero\u200bwidth \u200d \u00ad e\u0301\u0301\u0301 \U000e0041",
)

HARMLESS = tuple(f"word{number} and others" for number in range(len(HOSTILE)))

FEW = 4
"""So many notes, and the tags of so many papers, hold all of the words."""

VOCABULARY = frozenset(
    ["m", "H", "?h", "?l", "?$p", ">u", "<u", "OSC 22"],
)
"""Control sequences that Textual sends: their private mark, intermediates and final letter, or the
number of an operating system command. 22 sets the shape of the mouse pointer."""

_SEQUENCE = re.compile(
    r"\x1b\[(?P<mark>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<command>[^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b(?P<other>.?)",
    re.DOTALL,
)
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029"
    "\ufeff\U000e0000-\U000e007f]"
)


def kinds(raw: bytes) -> set[str]:
    """Return the kinds of control sequences in what a terminal got."""
    found = set()
    for sequence in _SEQUENCE.finditer(raw.decode()):
        if sequence["final"]:
            found.add(sequence["mark"] + sequence["between"] + sequence["final"])
        elif sequence["command"] is not None:
            found.add(f"OSC {sequence['command'].partition(';')[0]}")
        else:
            found.add(f"ESC {sequence['other']!r}")
    return found


def clipboards(raw: bytes) -> list[str]:
    """Return what was put into the clipboard; fail on a command that Textual does not send."""
    found = []
    for sequence in _SEQUENCE.finditer(raw.decode()):
        if sequence["command"] is not None:
            head, _, data = sequence["command"].rpartition(";")
            if head == "22":
                assert re.fullmatch("[a-z-]+", data), data
                continue
            assert head == "52;c", sequence["command"]
            found.append(base64.b64decode(data, validate=True).decode())
    return found


def prepare(home: Home, words: tuple[str, ...]) -> None:
    """Fill a tray with papers whose every field is made of `words`."""
    feed = home.folder / f"feed {words[7]} {words[12]}.jsonl"
    records = [
        {
            "title": f"{number:02d} {word}",
            "abstract": f"{word}\n{word} " * 3,
            "authors": [word, f"Family{number}, {word}"],
            "venue": {"name": word, "short": word},
            "comment": word,
            "year": 2020,
            "url": f"https://example.org/{number}",
            "code_urls": [f"https://example.org/{word}"],
            "tags": [word],
            "notes": [{"title": word, "body": f"# {word}\n\n- {word}\n\n> {word}\n\n`{word}`\n"}],
        }
        for number, word in enumerate(words)
    ]
    feed.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    nonsense = home.folder / "inbox"
    nonsense.mkdir()
    (nonsense / f"x {words[7]} {words[12]} {words[6]}.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    home.run("add", "--decisions", "--pile", "inbox", str(feed))
    # A paper's own note, which `e` opens, beside the one it came with.
    with home.notebook() as notebook:
        for paper_id, word in enumerate(words, 1):
            several = words[(paper_id - 1) % FEW :: FEW]
            body = "".join(f"# {each}\n- [ ] {each}\n`{each}`\n\n[[{each}]]\n" for each in several)
            notebook.notes.save_main(paper_id, body)
            tags = [each.replace(",", "") for each in several]
            notebook.papers.change_tags([paper_id], add=tags)
            notebook.subscriptions.add(f"https://example.org/{paper_id}", tags=[word])
        notebook.places.config.mkdir()
        notebook.places.settings.write_text("[feeds]\nfetch_at_start = false\n", encoding="utf-8")
    with closing(sqlite3.connect(notebook.places.database)) as connection:
        connection.executemany(
            "UPDATE feed SET failure = ?, failed = '2026-11-23T07:12:01.123Z' WHERE location = ?",
            [(word, f"https://example.org/{number}") for number, word in enumerate(words, 1)],
        )
        connection.commit()


def read_every_paper(terminal: Terminal, words: tuple[str, ...]) -> None:
    """See each paper in list and preview, then on the card."""
    count = len(words)
    terminal.until_shown(f"Inbox {count}")
    for position in range(2, count + 1):
        terminal.press("j")
        terminal.until_shown(f"{position} of {count} ─")
        terminal.until_shown(f"\n {position - 1:02d} {words[position - 1][0]}")
    terminal.press("enter")
    terminal.until(lambda: f"{count} of {count} ─" in terminal.text.splitlines()[1], "the card")
    for position in range(count - 1, 0, -1):
        terminal.press("k")
        terminal.until_shown(f"{position} of {count} ─")
        terminal.until_shown(f"\n {position - 1:02d} {words[position - 1][0]}")
    terminal.press("q")
    terminal.until(lambda: f"1 of {count} ─" not in terminal.text.splitlines()[1], "the list")


def read_notes_and_tags(terminal: Terminal, count: int) -> None:
    """Open the note, its revisions and the tags of the first few of `count` papers."""
    for position in range(1, FEW + 1):
        terminal.press("e")
        terminal.until_shown("^O $EDITOR")
        terminal.press("escape")
        terminal.until_shown("i edit")
        terminal.press("tab", "ctrl+r")
        terminal.until_shown("saved text of this note")
        terminal.press("enter")
        terminal.until_shown("Space the other comparison")
        terminal.press("q")
        terminal.until_shown("saved text of this note")
        terminal.press("q")
        terminal.until_shown("i edit")
        terminal.press("q")
        terminal.until_shown(f"{position} of {count} ─")
        terminal.press("t")
        terminal.until_shown("Tags, with commas between")
        terminal.press("enter")
        terminal.until_gone("Tags, with commas between")
        terminal.until_shown("tags as they were")
        if position < FEW:
            terminal.press("j")
            terminal.until_shown(f"{position + 1} of {count} ─")


def decide_and_undo(terminal: Terminal, count: int) -> None:
    """Star each of `count` papers and take each back, then look at what is counted and compared."""
    terminal.press("g", "g")
    for number in range(count):
        terminal.press("s")
        terminal.until_shown("Starred 1 ")
        terminal.until_shown("u: star")
        terminal.press("u")
        terminal.until_shown("Starred 0 ")
        terminal.until_shown("undone, back to inbox")
        terminal.press("j")
        terminal.until_shown(f"── {min(number + 2, count)} of ")
    terminal.press("g", "g", "s")
    terminal.until_shown("Starred 1 ")
    terminal.press("g", "t")  # feeds and venues
    terminal.until_shown("those decided, by feed")
    terminal.until_shown("100 % ████")
    terminal.press("G", "q")
    terminal.until_gone("those decided, by feed")
    terminal.press("g", "u")
    terminal.until_shown("one work")
    terminal.until_gone("Looking for")
    terminal.press("q")
    terminal.until_gone("one work")
    terminal.press("u")
    terminal.until_shown("Starred 0 ")


def look_at_the_lists(terminal: Terminal, words: tuple[str, ...]) -> None:
    """See feeds that failed with hostile words, notes, tasks, the note of today, the palette."""
    terminal.press("g", "f")
    terminal.until_shown("Enter its papers")
    terminal.until_shown("ago: " + words[0])
    terminal.press("k")  # from the first to the last
    terminal.until_shown(words[-1][:4])
    terminal.press("q")
    terminal.until_gone("Enter its papers")
    terminal.press("g", "n")
    terminal.until_shown("D remove")
    terminal.until_shown(words[0][:4])
    terminal.press("G", "j", "k", "g", "o")
    terminal.until_shown(f"{FEW * len(words)} open tasks")
    terminal.press("G", "q")
    terminal.until_gone("Enter open the note")
    terminal.press("g", "e")
    terminal.until_shown("nothing written yet")
    terminal.write("[[0")  # citation keys, and titles beside them
    terminal.until_shown("╭")
    terminal.press("escape")
    terminal.until_gone("╭")
    terminal.press("escape")
    terminal.until_shown("i edit")
    terminal.press("q")
    terminal.until_gone("i edit")
    terminal.press("ctrl+p")
    terminal.until_shown("What do you want to do?")
    terminal.write("[/] [b]")
    terminal.until_shown("[/] [b]")
    terminal.press("escape")
    terminal.until_gone("[/] [b]")


def search(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Search for hostile words, typed and pasted."""
    terminal.press("/")
    terminal.until_shown("Tab completes")
    terminal.write(f"\x1b[200~{printable(words)}\x1b[201~")
    terminal.until_shown("| /")
    terminal.press("ctrl+u")
    terminal.until_gone("| /")
    terminal.write("example")
    terminal.until_shown("| /example")
    terminal.press("enter")
    terminal.until_shown("hits")
    terminal.press("escape", "escape")
    terminal.until_gone("| /")


def add_and_export(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Add a folder of files with hostile names; give hostile names to adding and exporting."""
    terminal.press("a")
    terminal.until_shown("Add a file or folder")
    terminal.write("inbox")
    terminal.press("enter")
    terminal.until_gone("Add a file or folder")
    terminal.until_shown("is a PNG image")
    terminal.press("a")
    terminal.until_shown("Add a file or folder")
    terminal.write(f"\x1b[200~no{printable(words)}\x1b[201~")
    terminal.press("enter")
    terminal.until_shown("There is no file")
    terminal.press("escape")
    terminal.until_gone("Add a file or folder")
    for name, told in (
        (f"no/such/{printable(words)}.bib", "choose another"),
        (f"{printable(words)}.{printable(words)}", f"{len(words)} papers to "),
    ):
        terminal.press("E")
        terminal.until_shown("Enter writes")
        terminal.press("ctrl+u")
        terminal.write(f"\x1b[200~{name}\x1b[201~")
        terminal.press("enter")
        terminal.until_shown(told)


def visit_everything(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Go through the screens that show text of the tray."""
    read_every_paper(terminal, words)
    read_notes_and_tags(terminal, len(words))
    decide_and_undo(terminal, len(words))
    look_at_the_lists(terminal, words)
    search(terminal, words)
    add_and_export(terminal, words)
    terminal.press("y")
    terminal.until_shown("copied")
    terminal.press("m")
    terminal.until_shown("Done 1")
    terminal.press("q")
    assert terminal.wait() == 0


def printable(words: tuple[str, ...]) -> str:
    """Return what of hostile words can be pasted: a terminal takes out ESC and line breaks."""
    return re.sub("[\x00-\x1f/]", "", " ".join((words[1], words[11], words[12])))[:60]


def session(folder: Path, words: tuple[str, ...], tray: str) -> bytes:
    """Run the whole session on a new tray; return every byte the terminal got."""
    folder.mkdir()
    home = Home(folder)
    home.environment["PAPERTRAY_TRAY"] = str(folder / tray)
    home.environment.pop("DISPLAY", None)
    prepare(home, words)
    with home.open(columns=120, lines=40) as terminal:
        visit_everything(terminal, words)
        raw = bytes(terminal.raw)
    return raw.partition(b"\x1b[?1049l")[0] + b"\x1b[?1049l" + raw.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.long
def test_harmless_words_show_what_textual_itself_sends(tmp_path: Path) -> None:
    raw = session(tmp_path / "harmless", HARMLESS, "tray")
    assert kinds(raw) == VOCABULARY | {"OSC 52"}
    assert len(clipboards(raw)) == 1
    assert not _FORBIDDEN.search(_SEQUENCE.sub("", raw.decode()))


def test_no_hostile_byte_reaches_the_terminal(tmp_path: Path) -> None:
    raw = session(tmp_path / "hostile", HOSTILE, "tr\x1b]0;pwn-tray\x07ay \u202e")
    text = raw.decode()
    assert kinds(raw) == VOCABULARY | {"OSC 52"}
    (copied,) = clipboards(raw)
    assert re.fullmatch(r"[A-Za-z0-9-]+", copied)
    found = _FORBIDDEN.search(_SEQUENCE.sub("", text))
    assert found is None, ascii(text[found.start() - 40 : found.end() + 40])
    for payload in ("\x1b[5;31m", "\x1b[0;5m", "\x1b[999;999H", "\x1bc"):
        assert payload not in text, ascii(payload)
    assert text.count("\x1b[?1049l") == 1
    # What is not a control is drawn as it stands.
    for visible in ("[MASK] tokens", "[/] and [/b]", "[b]bold", "[@click=app.bell]", "<SEG>"):
        assert visible in text


def test_an_empty_hostile_tray_is_harmless(tmp_path: Path) -> None:
    home = Home(tmp_path)
    config = tmp_path / "config"
    config.mkdir()
    wrong = json.dumps(HOSTILE[6] + HOSTILE[7])
    (config / "settings.toml").write_text(f'[keys]\n"decide.skip" = {wrong}\n', encoding="utf-8")
    home.environment["PAPERTRAY_TRAY"] = str(tmp_path / "tr\x1b]0;pwn-tray\x07ay \u202e")
    with home.open() as terminal:
        terminal.until_shown("Inbox 0")
        terminal.until_shown("decide.skip")
        terminal.press("u")
        terminal.until_shown("nothing to undo")
        terminal.press("q")
        assert terminal.wait() == 0
        text = bytes(terminal.raw).decode()
    assert kinds(bytes(terminal.raw)) == VOCABULARY
    assert not _FORBIDDEN.search(_SEQUENCE.sub("", text))
