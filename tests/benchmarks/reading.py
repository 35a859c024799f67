"""Readers: records a second from files of many papers, before anything is stored.

``python tests/benchmarks/reading.py [FORMAT …] [--papers N] [--rounds N]`` measures without a
library; the papers are real ones recombined where `PAPERTRAY_TEST_DATA` has some, else made up.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast
from xml.sax.saxutils import escape

import corpus
import timing
from measurement import Bar, Bench, Better, Measurement
from papertray.core.model import Record
from papertray.feeds.reader import Reader
from papertray.feeds.table import BUILT_IN, READERS

if TYPE_CHECKING:
    from corpus import Fields

PAPERS = 10_000
SEED = 5

Writer = Callable[[Iterable["Fields"]], bytes]
Floor = Callable[[bytes], object]


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield records a second of each format, beside what the parser below it takes alone."""
    yield from rates(FORMATS, PAPERS, bench.rounds)


def rates(formats: Iterable[str], papers: int, rounds: int) -> Iterator[Measurement]:
    """Yield records a second of the named formats, each from a file of `papers` papers."""
    source = corpus.find_corpus()
    texts = corpus.read_corpus(source) if source else corpus.made_up_corpus()
    for name in formats:
        write, floor, floor_name, bar = FORMATS[name]
        if name not in BUILT_IN:
            continue
        data = write(corpus.papers(texts, papers, SEED))
        ours, bare = timing.in_turn([partial(_read, name, data), partial(floor, data)], rounds)
        yield Measurement(
            f"{name}, {len(data) / papers / 1e3:.1f} kB a paper",
            "records/s",
            papers / min(ours),
            papers / min(bare),
            floor_name,
            Bar(bar),
            Better.MORE,
        )


def _read(name: str, data: bytes) -> None:
    reader = cast(Reader, READERS.find(name))
    for item in reader.read(io.BytesIO(data)):
        if not isinstance(item, Record):
            raise RuntimeError(f"{name} does not read what is written here: {item}")


def _text(fields: Fields, name: str) -> str:
    """Return a field on one line, without what XML cannot hold."""
    value = fields.get(name)
    return _CONTROLS.sub(" ", "" if value is None else str(value))


_CONTROLS = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def _authors(fields: Fields) -> list[str]:
    names = fields["authors"]
    assert isinstance(names, list)
    return [_CONTROLS.sub(" ", name) for name in names]


def _inverted(name: str) -> tuple[str, str]:
    given, _, family = name.rpartition(" ")
    return family, given


def _arxiv_id(number: int) -> str:
    return f"{2001 + number // 99_999:04}.{number % 99_999 + 1:05}"


def _jsonl(papers: Iterable[Fields]) -> bytes:
    return b"".join(map(corpus.line, papers))


def _dump(papers: Iterable[Fields]) -> bytes:
    """Return lines as arXiv's metadata dump has them."""
    return b"".join(map(corpus.line, map(_dumped, range(1 << 40), papers)))


def _dumped(number: int, fields: Fields) -> Fields:
    return {
        "id": _arxiv_id(number), "submitter": _authors(fields)[:1] or None,
        "authors": ", ".join(_authors(fields)), "title": _text(fields, "title"),
        "comments": "12 pages, 3 figures", "journal-ref": None, "doi": None, "report-no": None,
        "categories": "cs.LG stat.ML", "license": None,
        "abstract": f"  {_text(fields, 'abstract')}\n",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
        "update_date": "2008-11-26",
        "authors_parsed": [[*_inverted(name), ""] for name in _authors(fields)],
    }  # fmt: skip


def _atom(papers: Iterable[Fields]) -> bytes:
    entries = "".join(map(_atom_entry, range(1 << 40), papers))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        f' xmlns:arxiv="http://arxiv.org/schemas/atom">\n{entries}</feed>\n'
    ).encode()


def _atom_entry(number: int, fields: Fields) -> str:
    identifier = _arxiv_id(number)
    people = "".join(
        f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n"
        for name in _authors(fields)
    )
    return f"""  <entry>
    <id>http://arxiv.org/abs/{identifier}v1</id>
    <title>{escape(_text(fields, "title"))}</title>
    <updated>2022-02-24T15:05:19Z</updated>
    <link href="https://arxiv.org/abs/{identifier}v1" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{identifier}v1" rel="related" title="pdf"/>
    <summary>{escape(_text(fields, "abstract"))}</summary>
    <category term="cs.SE" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <published>2022-02-24T15:05:19Z</published>
    <arxiv:comment>12 pages, 3 figures</arxiv:comment>
    <arxiv:primary_category term="cs.SE"/>
{people}  </entry>
"""


def _oai(papers: Iterable[Fields]) -> bytes:
    records = "".join(map(_oai_record, range(1 << 40), papers))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH'
        f' xmlns="http://www.openarchives.org/OAI/2.0/">\n<ListRecords>\n{records}</ListRecords>\n'
        "</OAI-PMH>\n"
    ).encode()


def _oai_record(number: int, fields: Fields) -> str:
    identifier = _arxiv_id(number)
    people = "".join(
        f"<author><keyname>{escape(family)}</keyname><forenames>{escape(given)}</forenames></author>"
        for family, given in map(_inverted, _authors(fields))
    )
    return f"""<record>
<header><identifier>oai:arXiv.org:{identifier}</identifier><datestamp>2022-02-25</datestamp>
<setSpec>cs</setSpec></header>
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{identifier}</id>
<created>2022-02-24</created><authors>{people}</authors>
<title>{escape(_text(fields, "title"))}</title><categories>cs.SE cs.LG</categories>
<comments>12 pages</comments><license>http://creativecommons.org/licenses/by/4.0/</license>
<abstract>{escape(_text(fields, "abstract"))}</abstract></arXiv></metadata>
</record>
"""


def _bibtex(papers: Iterable[Fields]) -> bytes:
    return "\n".join(map(_bibtex_entry, range(1 << 40), papers)).encode()


def _bibtex_entry(number: int, fields: Fields) -> str:
    def braced(name: str) -> str:
        return re.sub(r"[{}\\]", "", _text(fields, name)).translate(_TEX)

    authors = " and ".join(", ".join(_inverted(name)) for name in _authors(fields))
    return f"""@article{{key{number},
  title = {{{braced("title")}}},
  author = {{{re.sub(r"[{}]", "", authors)}}},
  journal = {{{braced("venue")}}},
  year = {{{_text(fields, "year")}}},
  doi = {{{_text(fields, "doi")}}},
  abstract = {{{braced("abstract")}}},
}}
"""


_TEX = str.maketrans({character: f"\\{character}" for character in "&%$#_"})


def _ris(papers: Iterable[Fields]) -> bytes:
    return "".join(map(_ris_record, papers)).encode()


def _ris_record(fields: Fields) -> str:
    lines = [
        "TY  - JOUR", f"TI  - {_text(fields, 'title')}",
        *(f"AU  - {', '.join(_inverted(name))}" for name in _authors(fields)),
        f"PY  - {_text(fields, 'year')}", f"JO  - {_text(fields, 'venue')}",
        f"DO  - {_text(fields, 'doi')}", f"AB  - {_text(fields, 'abstract')}", "ER  - ", "",
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def _csv(papers: Iterable[Fields]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text)
    columns = ("title", "authors", "abstract", "year", "venue", "doi")
    table.writerow(columns)
    for fields in papers:
        cells = {name: _text(fields, name) for name in columns}
        cells["authors"] = "; ".join(_authors(fields))
        table.writerow(cells.values())
    return text.getvalue().encode()


def _loads_lines(data: bytes) -> None:
    for line in io.BytesIO(data):
        json.loads(line)


def _parse_xml(data: bytes) -> None:
    from lxml import etree

    for _, element in etree.iterparse(io.BytesIO(data), tag=("{*}entry", "{*}record")):
        element.clear()


def _parse_csv(data: bytes) -> None:
    for _ in csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")):
        pass


def _split_lines(data: bytes) -> None:
    for line in io.BytesIO(data):
        line.decode()


FORMATS: dict[str, tuple[Writer, Floor, str, float]] = {
    "jsonl": (_jsonl, _loads_lines, "json.loads of each line", 40_000),
    "arxiv-metadata": (_dump, _loads_lines, "json.loads of each line", 10_000),
    "arxiv-atom": (_atom, _parse_xml, "lxml.iterparse alone", 10_000),
    "arxiv-oai": (_oai, _parse_xml, "lxml.iterparse alone", 10_000),
    "bibtex": (_bibtex, _split_lines, "its lines decoded", 5_000),
    "ris": (_ris, _split_lines, "its lines decoded", 5_000),
    "csv": (_csv, _parse_csv, "csv.reader alone", 5_000),
}
"""Format → how a file of it is written, its floor, what that is, and the bar in records/s."""


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("formats", nargs="*", choices=[*FORMATS, []], metavar="FORMAT")
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    for one in rates(asked.formats or FORMATS, asked.papers, asked.rounds):
        ratio = f"{one.ratio:.3f} of {one.floor_name}" if one.ratio else ""
        print(f"{one.name}: {one.ours:,.0f} {one.unit}, {ratio}", flush=True)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
