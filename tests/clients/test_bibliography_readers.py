"""Programs that read bibliographies for other ends find what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import CASES, entries_of, written
from .programs import needs
from .reading import by_bibtexparser, by_pandoc, differences


@pytest.mark.clients
@needs("pandoc")
@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_pandoc_understands_every_paper(name: str, tmp_path: Path) -> None:
    found = by_pandoc(written(name, entries_of(CASES), notes=True), name, tmp_path)
    assert differences(CASES, found, "pandoc") == []


@pytest.mark.clients
@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_bibtexparser_understands_every_paper(name: str) -> None:
    found = by_bibtexparser(written(name, entries_of(CASES), notes=True))
    assert differences(CASES, found, "bibtexparser", names=False) == []
