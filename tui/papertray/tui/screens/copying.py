"""What `y` and `Y` do: copy citation keys, links, titles, references."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from papertray.core.counting import counted
from papertray.core.model import Entry
from papertray.tui.preview import links

if TYPE_CHECKING:
    from papertray.tui.dispatch import Press
    from papertray.tui.screens.triage import TriageScreen

MOST = 1000
"""Papers of which something is copied at once: more is what an export is for."""


def copy_keys(screen: TriageScreen, press: Press) -> None:
    """Copy the citation keys of papers, which from now on never change."""
    _copy(screen, press, "k")


def ask_what(screen: TriageScreen, press: Press) -> None:
    """Ask by one key what to copy, and copy it."""
    offer = "   ".join(f"{letter} {what}" for letter, (what, _) in CHOICES.items())

    def answered(letter: str) -> None:
        if letter in CHOICES:
            _copy(screen, press, letter)
        else:
            screen.say("nothing copied")

    screen.choose(f"copy: {offer}", answered)


def _copy(screen: TriageScreen, press: Press, letter: str) -> None:
    papers = screen.notebook.papers
    what, write = CHOICES[letter]

    def read(ids: array[int]) -> tuple[str, int]:
        if letter in KEYED:
            papers.use_citekeys(ids)
        pieces = [text for entry in papers.entries(ids) if (text := write(screen, entry))]
        return JOINTS.get(letter, "\n").join(pieces), len(pieces)

    def found(ids: array[int]) -> None:
        if not ids:
            screen.say("no paper here")
        elif len(ids) > MOST:
            screen.say(f"{len(ids):,} papers are too many to copy: export them")
        else:
            screen.papertray.writer.write(
                lambda: read(ids), lambda result: done(ids, *result), screen.refused
            )

    def done(ids: Sequence[int], text: str, number: int) -> None:
        if not number:
            screen.say(f"no {what} here")
            return
        is_short = number == 1 and "\n" not in text
        screen.changed(list(ids), "")
        named = text if is_short else f"{what} of {counted(number, 'paper')}"
        screen.copy(f"\\cite{{{text}}}" if letter == "c" else text, f"copied {named}")

    screen.marks.gather(press.count, found)


def _reference(screen: TriageScreen, entry: Entry) -> str:
    """Return a paper as one line of Markdown: authors, year, title, link."""
    work = entry.work
    names = ", ".join(author.display for author in work.authors[:3])
    names += " et al." if len(work.authors) > 3 else ""
    title = work.title.replace("[", "\\[").replace("]", "\\]")
    url = next(iter(links(work)), "")
    shown = f"[{title}]({url})" if url else title
    venue = work.venue.short or work.venue.name
    parts = (names and f"{names}.", f"{shown}.", venue and f"{venue},", str(work.year or ""))
    return " ".join(part for part in parts if part)


def _bibtex(screen: TriageScreen, entry: Entry) -> str:
    from papertray.exporters.exporter import ExportOptions

    exports = screen.notebook.exports
    pieces = exports.sample([entry.id], exports.find("bibtex"), ExportOptions(abstracts=False))
    return "".join(pieces).strip()


Writes = Callable[["TriageScreen", Entry], str]

CHOICES: Mapping[str, tuple[str, Writes]] = {
    "k": ("key", lambda screen, entry: entry.citekey),
    "c": (r"\cite{key}", lambda screen, entry: entry.citekey),
    "l": ("link", lambda screen, entry: next(iter(links(entry.work)), "")),
    "d": ("DOI", lambda screen, entry: entry.work.doi),
    "t": ("title", lambda screen, entry: entry.work.title),
    "b": ("BibTeX", _bibtex),
    "m": ("Markdown reference", _reference),
    "a": ("abstract", lambda screen, entry: entry.work.abstract),
}
"""By key: what it is called, and how it is written for one paper."""

KEYED = ("k", "c", "b")
"""What holds a citation key: given for good, for it leaves the tray."""

JOINTS: Mapping[str, str] = {"k": ",", "c": ",", "b": "\n\n", "a": "\n\n"}
"""What stands between two papers; a line break elsewhere."""
