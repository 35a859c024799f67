"""Papers by the million: real ones recombined, or made-up ones where there are none.

The same arguments give the same papers. Every paper has a DOI of its own, so that no two are taken
for one work, however alike their titles are.
"""

from __future__ import annotations

import json
import lzma
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

Fields: TypeAlias = dict[str, object]
"""One paper, as a line of JSON Lines says it."""

NAME = Path("corpus", "papers-45k.jsonl.xz")
_SYLLABLES = "ba ce di fo gu la me ni po ru sta tren vil kor zan".split()


@dataclass(frozen=True, slots=True)
class Text:
    """The parts of a paper that are recombined: words of the title, sentences of the abstract."""

    title: tuple[str, ...]
    sentences: tuple[str, ...]
    authors: tuple[str, ...]
    year: int | None
    venue: str


def find_corpus() -> Path | None:
    """Return the corpus in the folder that `PAPERTRAY_TEST_DATA` names, None without one."""
    folder = os.environ.get("PAPERTRAY_TEST_DATA", "")
    path = Path(folder) / NAME
    return path if folder and path.is_file() else None


def read_corpus(path: Path) -> list[Text]:
    """Read a corpus: JSON Lines, plain or compressed with xz."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [_text(json.loads(line)) for line in lines]


def made_up_corpus(size: int = 5_000, seed: int = 7) -> list[Text]:
    """Make texts up whose words are as unevenly spread as those of a language."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(20000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    texts = []
    for _ in range(size):
        words = chance.choices(vocabulary, cum_weights=weights, k=120)
        sentences = tuple(" ".join(words[i : i + 15]).capitalize() for i in range(12, 117, 15))
        names = [word.capitalize() for word in words[::15]]
        authors = tuple(map(" ".join, zip(names[::2], names[1::2], strict=True)))
        texts.append(
            Text(tuple(words[:9]), sentences, authors, 2000 + chance.randrange(26), "Made Up")
        )
    return texts


def papers(texts: list[Text], number: int, seed: int, start: int = 0) -> Iterator[Fields]:
    """Yield papers `start` to `start` + `number`, each recombined from two texts."""
    chance = random.Random(f"{seed} {start}")
    for position in range(start, start + number):
        one = texts[int(chance.random() * len(texts))]
        other = texts[int(chance.random() * len(texts))]
        yield _recombined(one, other, position, seed)


def write_lines(path: Path, found: Iterator[Fields]) -> None:
    """Write papers as JSON Lines; the file is there only when it is whole."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        for fields in found:
            file.write(line(fields))
    beside.replace(path)


def line(fields: Fields) -> bytes:
    """Return one paper as a line of JSON Lines."""
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _text(fields: dict[str, object]) -> Text:
    authors, year = fields.get("authors"), fields.get("year")
    return Text(
        tuple(str(fields["title"]).split()),
        tuple(part for part in str(fields.get("abstract") or "").split(". ") if part),
        tuple(map(str, authors)) if isinstance(authors, list) else (),
        year if isinstance(year, int) else None,
        str(fields.get("venue") or ""),
    )


def _recombined(one: Text, other: Text, position: int, seed: int) -> Fields:
    """The first half of one and the second half of the other, in each field."""
    title = [*one.title[: (len(one.title) + 1) // 2], *other.title[len(other.title) // 2 :]]
    abstract = [
        *one.sentences[: (len(one.sentences) + 1) // 2],
        *other.sentences[len(other.sentences) // 2 :],
    ]
    authors = dict.fromkeys([*one.authors[:3], *other.authors[3:9]])
    fields: Fields = {
        "title": " ".join(title),
        "abstract": ". ".join(abstract),
        "authors": list(authors),
        "year": one.year,
        "venue": one.venue,
        "doi": f"10.9999/{seed}.{position}",
    }
    if position % 5 < 3:
        fields["arxiv_id"] = f"{2000 + position // 100_000:04d}.{position % 100_000:05d}"
        fields["url"] = f"https://arxiv.org/abs/{fields['arxiv_id']}"
    return fields
