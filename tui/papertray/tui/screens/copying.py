"""What `y` and `Y` do: copy citation keys, citations, references, links, titles."""

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
    # The first words alone, by their first letters: all of them fit into 80 columns.
    words = (what.split()[0] for what, _ in CHOICES.values())
    offer = " ".join(word[0].upper() + word[1:] for word in words)

    def answered(letter: str) -> None:
        if letter.lower() in CHOICES:
            _copy(screen, press, letter.lower())
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
        screen.copy(AROUND.get(letter, "{}").format(text), f"copied {named}")

    screen.marks.gather(press.count, found)


def _reference(screen: TriageScreen, entry: Entry) -> str:
    from papertray.exporters.reference import reference

    return reference(entry.work)


def _markdown_link(screen: TriageScreen, entry: Entry) -> str:
    from papertray.exporters.reference import markdown_link

    return markdown_link(entry.work)


def _bibtex(screen: TriageScreen, entry: Entry) -> str:
    from papertray.exporters.exporter import ExportOptions

    exports = screen.notebook.exports
    pieces = exports.sample([entry.id], exports.find("bibtex"), ExportOptions(abstracts=False))
    return "".join(pieces).strip()


Writes = Callable[["TriageScreen", Entry], str]

CHOICES: Mapping[str, tuple[str, Writes]] = {
    "k": ("key", lambda screen, entry: entry.citekey),
    "c": ("citation", lambda screen, entry: entry.citekey),
    "p": ("pandoc citation", lambda screen, entry: f"@{entry.citekey}"),
    "b": ("BibTeX", _bibtex),
    "r": ("reference", _reference),
    "m": ("Markdown link", _markdown_link),
    "l": ("link", lambda screen, entry: next(iter(links(entry.work)), "")),
    "d": ("DOI", lambda screen, entry: entry.work.doi),
    "t": ("title", lambda screen, entry: entry.work.title),
    "a": ("abstract", lambda screen, entry: entry.work.abstract),
}
"""By its first letter: what it is called, and how it is written for one paper."""

KEYED = ("k", "c", "p", "b")
"""What holds a citation key: given for good, for it leaves the tray."""

JOINTS: Mapping[str, str] = {"k": ",", "c": ",", "p": "; ", "b": "\n\n", "a": "\n\n"}
"""What stands between two papers; a line break elsewhere."""

AROUND: Mapping[str, str] = {"c": r"\cite{{{}}}", "p": "[{}]"}
"""What stands around all of them."""
