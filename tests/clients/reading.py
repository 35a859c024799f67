"""What the programs that read bibliographies found in one, in words that can be compared.

Import with ``from .reading import Read, by_pandoc, differences``.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from papertray.core.model import Author, Entry

from .cases import Case
from .programs import Ran, run
from strategies import printed, visible_line

OTHERS = "others"
"""The family name that stands for authors who are not named."""


@dataclass(frozen=True, slots=True)
class Person:
    """One name, in the parts a reader divided it into; a body has a family name only."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def display(self) -> str:
        """All parts in reading order."""
        parts = (self.given, self.particle, self.family, self.suffix)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader found of one entry: `year` is text, empty where there is none."""

    title: str = ""
    people: tuple[Person, ...] = ()
    year: str = ""


def by_bibtex(bibliography: str, folder: Path) -> dict[str, Read]:
    """Read with BibTeX itself, by a style that tells title, year and the parts of names."""
    (folder / "read.bib").write_text(bibliography, encoding="utf-8")
    shutil.copy(Path(__file__).with_name("parts.bst"), folder)
    (folder / "read.aux").write_text("\\citation{*}\n\\bibstyle{parts}\n\\bibdata{read}\n")
    ran = run("bibtex", "-min-crossrefs=9", "read", folder=folder)
    assert ran.code == 0, ran.said
    told = (folder / "read.bbl").read_text(encoding="utf-8").replace("\n  ", " ")
    found: dict[str, Read] = {}
    for entry in re.split(r"^key: ", told, flags=re.MULTILINE)[1:]:
        key, *lines = entry.rstrip("\n").split("\n")
        fields = [tuple(line.split(":", 1)) for line in lines]
        parts = [(name, _of_tex(text)) for name, text in fields if name not in ("title", "year")]
        people = [Person(**dict(parts[n : n + 4])) for n in range(0, len(parts), 4)]
        rest = dict(field for field in fields if len(field) == 2 and field[0] in ("title", "year"))
        found[key] = Read(
            _of_tex(rest.get("title", "")), tuple(people), rest.get("year", "").strip()
        )
    return found


def by_biber(bibliography: str, folder: Path) -> tuple[dict[str, Read], Ran]:
    """Read with biber, which also says what its data model has against the entries."""
    (folder / "read.bib").write_text(bibliography, encoding="utf-8")
    ran = run(
        *("biber", "--tool", "--validate-datamodel"),
        *("--output-format=biblatexml", "--output-file=read.xml", "read.bib"),
        folder=folder,
    )
    assert ran.code == 0, ran.said
    tree = ElementTree.parse(folder / "read.xml")
    return {
        entry.attrib["id"]: _of_biblatexml(entry) for entry in tree.iterfind(f"{_BLTX}entry")
    }, ran


def by_pandoc(bibliography: str, form: str, folder: Path) -> dict[str, Read]:
    """Read with pandoc. `form` is pandoc's name of the format: bibtex, biblatex or csljson."""
    ran = run("pandoc", "-f", form, "-t", "csljson", folder=folder, stdin=bibliography)
    assert ran.code == 0, ran.said
    return {item["id"]: _of_csl(item) for item in json.loads(ran.out)}


def by_bibtexparser(bibliography: str) -> dict[str, Read]:
    """Read with bibtexparser and its own decoding of LaTeX; names are not divided."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors

    library = parse_string(
        bibliography, append_middleware=[LatexDecodingMiddleware(), SeparateCoAuthors()]
    )
    assert not library.failed_blocks, library.failed_blocks
    found = {}
    for entry in library.entries:
        fields = {name: field.value for name, field in entry.fields_dict.items()}
        year = str(fields.get("year") or fields.get("date", ""))[:4]
        people = tuple(map(Person, fields.get("author", ())))
        found[entry.key] = Read(fields.get("title", ""), people, year)
    return found


def expected(entry: Entry) -> Read:
    """Return what a reader should find of `entry`."""
    work = entry.work
    people = [person for author in work.authors if (person := _person(author)).display]
    others = any(author.stands_for_others for author in work.authors)
    if others and people:
        people.append(Person(OTHERS))
    return Read(visible_line(work.title), tuple(people), str(work.year or ""))


def differences(
    cases: Iterable[Case], found: Mapping[str, Read], reader: str, *, names: bool = True
) -> list[str]:
    """Return a line for each thing that `reader` found otherwise than it should have.

    The parts of a name are compared where the case says what they are, the whole name everywhere;
    without `names`, only how many there are. Titles and names that `reader` is known to misread
    are passed over.
    """
    told: list[str] = []
    for case in cases:
        wanted, got = expected(case.entry), found.get(case.entry.citekey)
        if got is None:
            told.append(f"{reader} lost {case}")
            continue
        if got.year != wanted.year:
            told.append(f"{reader}, year of {case}: {got.year!r}, not {wanted.year!r}")
        if reader in case.misread:
            continue
        if folded(got.title) != folded(wanted.title):
            told.append(f"{reader}, title of {case}: {got.title!r}, not {wanted.title!r}")
        told.extend(_about_people(case, wanted.people, got.people, f"{reader}, names", names))
    return told


def _about_people(
    case: Case, wanted: Sequence[Person], got: Sequence[Person], who: str, whole: bool
) -> Iterable[str]:
    if not whole:
        if len(got) != len(wanted):
            yield f"{who} of {case}: {len(got)}, not {len(wanted)}"
        return
    shown, right = [[_folded_name(person) for person in people] for people in (got, wanted)]
    if shown != right:
        yield f"{who} of {case}: {shown}, not {right}"
    for parts, person in zip(case.people, got, strict=False):
        if Person(**parts) != person:
            yield f"{who} of {case}: {person}, not {dict(parts)}"


def _folded_name(person: Person) -> str:
    return folded(person.display).replace("- ", "-")  # a particle may end in its hyphen


def folded(text: str) -> str:
    """Return `text` without what readers of bibliographies may change: typography and capitals.

    Quotes within quotes are single ones to pandoc, however they were written.

    Capitals change because pandoc lowers what is not protected; that the right ones are, is
    looked at in the text itself.
    """
    text = re.sub(r'<span class="nocase">|</span>|</?su[bp]>', "", text)
    text = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY)).replace("''", "'")
    return " ".join(text.replace('"', "'").split()).casefold()


_TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"', "‐": "-", "ˆ": "^", "$": None}
    | dict.fromkeys("\u200b\u200c\u200d\u2060\u00ad")
)

_BLTX = "{http://biblatex-biber.sourceforge.net/biblatexml}"


def _person(author: Author) -> Person:
    if author.stands_for_others:
        return Person()
    parts = (author.family, author.given, author.particle, author.suffix)
    family, given, particle, suffix = map(visible_line, parts)
    if author.literal or not (family and given):
        return Person(visible_line(author.display))
    return Person(family, given, particle, suffix)


def _of_tex(source: str) -> str:
    source = _MATH_IN_NAME.sub(lambda m: f"${m[1]}$", _TEXT_IN_NAME.sub(r"{\1}", source.strip()))
    for symbol, text in (("lbrace", r"\{"), ("rbrace", r"\}"), ("backslash", r"{\textbackslash}")):
        source = source.replace(f"$\\{symbol}$", text)
    return " ".join(printed(source).replace("\u00a0", " ").split())


# Names hold formulas as commands, and what is no letter as text in a formula, since BibTeX cuts
# letters out of them.
_TEXT_IN_NAME = re.compile(r"\\ensuremath\{\\mbox\{([^{}]*)\}\}")
_MATH_IN_NAME = re.compile(r"\\ensuremath\{((?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)\}")


def _of_biblatexml(entry: ElementTree.Element) -> Read:
    names = entry.find(f"{_BLTX}names[@type='author']")
    people = []
    for name in names if names is not None else ():
        parts: dict[str, str] = {}
        for part in name:
            # biber says no type of a suffix that is one command.
            kind = part.get("type") or ("suffix" if "family" in parts else "family")
            parts[kind] = _of_tex(_text(part))
        prefix = {"particle": parts.pop("prefix")} if "prefix" in parts else {}
        people.append(Person(**parts, **prefix))
    if names is not None and names.get("morenames"):
        people.append(Person(OTHERS))
    date = _text(entry.find(f"{_BLTX}date"))
    return Read(_of_tex(_text(entry.find(f"{_BLTX}title"))), tuple(people), date[:4])


def _text(element: ElementTree.Element | None) -> str:
    return "".join(element.itertext()) if element is not None else ""


def _of_csl(item: Mapping[str, Any]) -> Read:
    people = [_of_csl_name(name) for name in item.get("author", ())]
    parts = item.get("issued", {}).get("date-parts", [[""]])
    return Read(item.get("title", ""), tuple(people), str(parts[0][0] if parts[0] else ""))


def _of_csl_name(name: Mapping[str, str]) -> Person:
    if "literal" in name:
        return Person(name["literal"])
    particles = (name.get("dropping-particle", ""), name.get("non-dropping-particle", ""))
    return Person(
        name.get("family", ""),
        name.get("given", ""),
        " ".join(filter(None, particles)),
        name.get("suffix", ""),
    )
