"""Bibliographies of others: what is read, written as our own .bib and read again is the same."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.core.identity import fold
from papertray.core.model import Author, Entry, Pile, Record, Work
from papertray.exporters import biblatex, bibtex
from papertray.exporters.exporter import Exporter, ExportOptions
from papertray.feeds import bibtex as reader
from papertray.feeds.encodings import Utf8

DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nowhere"))

WRITERS = pytest.mark.parametrize("write", [bibtex.write, biblatex.write], ids=["bibtex", "latex"])

OTHERS = r"""
@string{tug = "TUGboat"}
@Article{Van:TB9,
  author  = {{Van Haagen}, A. J. and J{\"o}rg M{\"u}ller and {The {ATLAS} Team} and others},
  title   = "Box {Plots} and $O(n^2)$ Scatter Plots in {\TeX}: R\&D",
  journal = tug, year = 1988, month = jul, volume = 9, number = 2, pages = "189--192",
  doi = {10.1000/a_b<c>}, url = {https://example.org/~a/b%20c?d=e&f=g_h},
}
@online{preprint, author = {Maaten, Laurens van der}, title = {Na{\"\i}ve {BERT}},
  date = {2019-05-24}, eprint = {1810.04805}, eprinttype = {arxiv}, eprintclass = {cs.CL}}
@inproceedings{old:key_1/x, title = {A -- B}, author = {King, Jr., Martin Luther}, year = {2001},
  booktitle = {Proc. of the 1st Conf.}, publisher = {ACM}, pages = {1--2}}
@phdthesis{t, title = {On {\L}uk}, author = {Łuk, A.}, year = 1999, school = {Univ.\ of X}}
@book{b, title = {Whole Books}, author = {B, B.}, year = 1999, publisher = {Y \& Z}}
@techreport{r, title = {Reports}, author = {R, R.}, year = 1999, institution = {Inst}}
"""


def records_of(data: bytes) -> list[Record]:
    items = reader.read(io.BytesIO(b"".join(Utf8([data]))))
    return [item for item in items if isinstance(item, Record)]


def there_and_back(data: bytes, write: Exporter) -> Iterator[tuple[Record, Record]]:
    """Yield each record with what it is after it was written and read again."""
    records = records_of(data)
    entries = [
        Entry(
            id=number,
            uid=str(number),
            work=record.work,
            pile=Pile.READ,
            added="",
            citekey=record.citekey or f"key{number}",
            older_keys=record.older_keys,
            identifiers=record.identifiers,
            extra=record.extra,
        )
        for number, record in enumerate(records, 1)
    ]
    again = records_of("".join(write(entries, ExportOptions())).encode())
    return zip(records, again, strict=True)


def looks(work: Work) -> dict[str, object]:
    """What must come back, without what TeX does not tell apart: straight and curly quotes."""
    authors = [" ".join(_name(author)) for author in work.authors]
    return {
        "title": fold(work.title.translate(_QUOTES)).split(),
        "authors": authors,
        "year": work.year,
        "arxiv": work.arxiv_id,
        "doi": work.doi,
    }


_QUOTES = str.maketrans("‘’`“”", "'''\"\"", "\u00ad\u200e\u200b")


def _name(author: Author) -> list[str]:
    parts = (author.given, author.particle, author.family, author.suffix, author.literal)
    return fold(" ".join(parts)).replace(".", " ").split()


@WRITERS
def test_a_bibliography_with_all_its_habits_comes_back(write: Exporter) -> None:
    pairs = list(there_and_back(OTHERS.encode(), write))
    assert len(pairs) == 6
    for before, after in pairs:
        assert looks(after.work) == looks(before.work)
        assert (after.citekey, after.work.type) == (before.citekey, before.work.type)
        assert after.work.venue.pages == before.work.venue.pages


@pytest.mark.long
@WRITERS
@pytest.mark.skipif(not DATA.is_dir(), reason="PAPERTRAY_TEST_DATA names no folder")
def test_real_bibliographies_come_back(write: Exporter) -> None:
    differences: list[tuple[object, object]] = []
    number = 0
    for path in sorted(DATA.glob("*/*.bib*")):
        data = path.read_bytes()
        for before, after in there_and_back(
            gzip.decompress(data) if path.suffix == ".gz" else data, write
        ):
            number += 1
            if before.citekey:
                assert after.citekey == before.citekey
            if looks(before.work) != looks(after.work):
                differences.append((looks(before.work), looks(after.work)))
    assert number > 9000
    # A DOI that nobody can have, a soft hyphen, a name that is written as nobody writes it.
    assert len(differences) <= 8, differences
