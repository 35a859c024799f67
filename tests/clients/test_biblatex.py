"""biber finds nothing wrong with what we wrote for it, and BibLaTeX prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import CASES, entries_of, for_pdftex, written
from .latex_documents import biber_complaints, print_with_biber
from .programs import needs
from .reading import by_biber, differences

pytestmark = [pytest.mark.clients, needs("biber")]


@pytest.mark.parametrize("notes", [False, True], ids=["plain", "noted"])
@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_biber_understands_every_paper(name: str, notes: bool, tmp_path: Path) -> None:
    found, ran = by_biber(written(name, entries_of(CASES), notes=notes), tmp_path)
    assert differences(CASES, found, "biber") == []
    if name == "biblatex":
        assert biber_complaints(ran.said) == []


@needs("pdflatex")
@pytest.mark.parametrize(
    "style",
    [
        pytest.param(style, marks=needs(tex=[f"{style}.bbx"]))
        for style in ("numeric", "authoryear", "alphabetic", "apa")
    ],
)
def test_every_style_prints_every_paper(style: str, tmp_path: Path) -> None:
    cases = for_pdftex(CASES)
    bibliography = written("biblatex", entries_of(cases), notes=True)
    printed = print_with_biber(bibliography, style, tmp_path)
    assert printed.complaints == []
    assert printed.items == len(cases)


@needs("lualatex", tex=["luaotfload-main.lua", "numeric.bbx"])
@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_unicode_tex_takes_any_letter(name: str, tmp_path: Path) -> None:
    printed = print_with_biber(
        written(name, entries_of(CASES), notes=True), "numeric", tmp_path, engine="lualatex"
    )
    assert printed.complaints == []
    assert printed.items == len(CASES)
