"""BibTeX and its styles read what we wrote for them, and pdfTeX prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import CASES, entries_of, for_pdftex, written
from .latex_documents import print_with_bibtex
from .programs import needs
from .reading import by_bibtex, differences

pytestmark = [pytest.mark.clients, needs("bibtex")]

NATBIB = r"\usepackage{natbib}\usepackage{url}"
URL = r"\usepackage{url}"
STYLES = {
    "plain": "",
    "alpha": "",
    "unsrt": "",
    "abbrv": "",
    "apalike": "",
    "plainnat": NATBIB,
    "unsrtnat": NATBIB,
    "IEEEtran": URL,
    "splncs04": URL + r"\newcommand{\doi}[1]{\url{https://doi.org/#1}}",  # its own takes no _
    "plainurl": r"\usepackage{hyperref}",
    "ACM-Reference-Format": "",
}
UNPRINTED = "ACM-Reference-Format"
"""Its commands are those of a class with fonts of its own: BibTeX alone has a say."""


def test_bibtex_understands_every_paper(tmp_path: Path) -> None:
    found = by_bibtex(written("bibtex", entries_of(CASES)), tmp_path)
    assert differences(CASES, found, "bibtex") == []


@needs("pdflatex")
@pytest.mark.parametrize(
    "style", [pytest.param(style, marks=needs(tex=[f"{style}.bst"])) for style in STYLES]
)
def test_every_style_prints_every_paper(style: str, tmp_path: Path) -> None:
    cases = for_pdftex(CASES)
    bibliography = written("bibtex", entries_of(cases), notes=True)
    printed = print_with_bibtex(
        bibliography, style, STYLES[style], tmp_path, typeset=style != UNPRINTED
    )
    assert printed.complaints == []
    assert printed.items == len(cases)


def test_bibtex_alone_takes_any_letter(tmp_path: Path) -> None:
    printed = print_with_bibtex(
        written("bibtex", entries_of(CASES), notes=True), "plain", "", tmp_path, typeset=False
    )
    assert printed.complaints == []
    assert printed.items == len(CASES)
