r"""What a TeX file cites: ``\cite``, the commands of natbib, biblatex and apacite, and their like.

Any command with *cite* in its name counts, so that those which a manuscript defines for itself do,
but for some that take no keys. Comments, verbatim text and what stands after ``\end{document}``
are passed over. The ``.aux`` file that LaTeX writes names the keys one by one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from papertray.core.bibscan import braced
from papertray.core.citations import Citation, Cited, Inclusion, Lines

_NO_KEYS = frozenset(
    """citestyle setcitestyle citetext citereset citesetup citenamefont citebibnamefont citeform
    citeleft citeright citemid citepunct citedash declarecitecommand renewcitecommand
    providecitecommand declaremulticitecommand bibcite citeindextrue citeindexfalse
    citetrackertrue citetrackerfalse citeauthoryear ifciteseen ifcitetracker""".split()
)
_ALSO = frozenset({"bibentry"})
_BIBLIOGRAPHIES = frozenset({"bibliography", "addbibresource", "addglobalbib", "addsectionbib"})
_INPUTS = frozenset({"input", "include", "subfile", "subfileinclude", "InputIfFileExists"})
_IMPORTS = frozenset(
    {"import", "subimport", "includefrom", "inputfrom", "subincludefrom", "subinputfrom"}
)

_COMMAND = re.compile(r"\\([a-zA-Z@]+)\*?")
_BARE_INPUT = re.compile(r"[ \t]+([^\s{}\\]+)")
# Optional arguments hold brackets of their own kind only in braces. apacite has <…> before [...].
_GROUP = re.compile(
    rf"{braced(2)}|\[(?:[^\[\]{{}}]++|{braced(2)})*+\]|\((?:[^(){{}}]++|{braced(2)})*+\)"
    rf"|<(?:[^<>{{}}]++|{braced(2)})*+>"
)
_KEY = re.compile(r"[^\s,\\{}#%~\"]+")

_VERBATIM = (
    r"verbatim\*?|[BL]?Verbatim\*?|lstlisting\*?|minted|comment|filecontents\*?|SaveVerbatim"
)
# Each alternative takes a bounded number of characters, or all up to the end: no text is slow.
_PASSED = re.compile(
    rf"""\\begin[ \t]*\{{({_VERBATIM})\}}.*?(?:\\end[ \t]*\{{\1\}}|\Z)
    |\\(?:verb\*?|lstinline(?:\[[^\]\n]{{0,200}}\])?)([^a-zA-Z\s*{{\[]).{{0,1000}}?\2
    |\\(?:url|path|nolinkurl|href)[ \t]*\{{[^{{}}\n]{{0,5000}}\}}
    |\\end[ \t]*\{{document\}}.*
    |(\\iffalse)(?![a-zA-Z@])
    |\\[^a-zA-Z@]
    |%[^\n]*""",
    re.VERBOSE | re.DOTALL,
)
_CONDITION = re.compile(
    r"\\(?:(if(?:false|true|x|num|dim|odd|case|mmode|defined|cat|vmode|hmode)?)|(fi|else))"
    r"(?![a-zA-Z@])"
)
_VISIBLE = re.compile(r"[^\n]")


def cited_in_tex(text: str) -> Cited:
    """Return what a TeX file cites."""
    return commands_in(_without_passed(text))


def commands_in(text: str) -> Cited:
    """Return what the commands in a text cite, in which nothing else looks like a command."""
    lines = Lines(text)
    citations: list[Citation] = []
    inclusions: list[Inclusion] = []
    bibliographies: list[str] = []
    for found in _COMMAND.finditer(text):
        name, end = found[1], found.end()
        if _takes_keys(name):
            for start, group in _key_groups(name, text, end):
                citations += _keys(group, start, lines)
        elif name in _BIBLIOGRAPHIES:
            for _, group in _groups(text, end, 1):
                bibliographies += _names(group)
        elif name in _INPUTS or name in _IMPORTS:
            path = _path(name, text, end)
            if path and not set(path) & set("\\#|{}"):
                optional = name == "InputIfFileExists"
                inclusions.append(Inclusion(path, lines.of(found.start()), optional))
    return Cited(tuple(citations), tuple(inclusions), tuple(bibliographies))


def cited_in_aux(text: str) -> Cited:
    r"""Return what LaTeX noted in an ``.aux`` file: ``\citation``, and what biblatex writes."""
    keys: list[str] = []
    inclusions = []
    bibliographies: list[str] = []
    for found in _COMMAND.finditer(text):
        name = found[1]
        if name == "abx@aux@nociteall":
            keys.append("*")
        elif name in ("citation", "abx@aux@cite"):
            # Newer ones put the number of the bibliography's section before the key.
            groups = [group for _, group in _groups(text, found.end(), 2)]
            keys += _names(groups[0 if name == "citation" else -1]) if groups else []
        elif name == "@input":
            inclusions += [Inclusion(path) for _, path in _groups(text, found.end(), 1)]
        elif name == "bibdata":
            for _, group in _groups(text, found.end(), 1):
                bibliographies += _names(group)
    return Cited(tuple(map(Citation, keys)), tuple(inclusions), tuple(bibliographies))


def _takes_keys(name: str) -> bool:
    folded = name.lower()
    return ("cite" in folded and folded not in _NO_KEYS) or name in _ALSO


def _key_groups(name: str, text: str, at: int) -> Iterator[tuple[int, str]]:
    r"""Yield the groups of a citing command that hold keys: ``\cites`` and its like have many.

    The volume comes first in ``\volcite{2}[5]{key}``.
    """
    is_many = name.lower().endswith("cites")
    step = 2 if "volcite" in name.lower() else 1
    groups = _groups(text, at, sys.maxsize if is_many else step)
    for number, group in enumerate(groups, 1):
        if number % step == 0:
            yield group


def _groups(text: str, at: int, most: int) -> Iterator[tuple[int, str]]:
    """Yield up to `most` groups in braces with their places; optional arguments are passed over."""
    found = 0
    while found < most:
        while at < len(text) and text[at].isspace():
            at += 1
        group = _GROUP.match(text, at)
        if group is None:
            return
        if text[at] == "{":
            found += 1
            yield at + 1, group[0][1:-1]
        at = group.end()


def _keys(group: str, start: int, lines: Lines) -> Iterator[Citation]:
    """Yield the keys of a group; what is no key, such as ``#1`` in a definition, is left out."""
    place = start
    for piece in group.split(","):
        key = piece.strip()
        if _KEY.fullmatch(key):
            yield Citation(key, lines.of(place + piece.index(key)))
        place += len(piece) + 1


def _names(group: str) -> list[str]:
    return [name.strip() for name in group.split(",") if name.strip()]


def _path(name: str, text: str, end: int) -> str:
    if name == "input" and (bare := _BARE_INPUT.match(text, end)):
        return bare[1]
    groups = [group.strip() for _, group in _groups(text, end, 2 if name in _IMPORTS else 1)]
    if name in _IMPORTS and len(groups) == 2:
        return f"{groups[0].rstrip('/')}/{groups[1]}"
    return groups[0].strip('"') if groups else ""


def _without_passed(text: str) -> str:
    """Return a text of the same lines with spaces for what TeX does not read as commands."""
    pieces: list[str] = []
    at = 0
    while found := _PASSED.search(text, at):
        end = _hidden_until(text, found.end()) if found[3] else found.end()
        pieces += text[at : found.start()], _VISIBLE.sub(" ", text[found.start() : end])
        at = end
    return "".join(pieces) + text[at:]


def _hidden_until(text: str, at: int) -> int:
    r"""Return the end of what an ``\iffalse`` hides: at its own ``\fi`` or ``\else``."""
    depth = 1
    for found in _CONDITION.finditer(text, at):
        if found[1]:
            depth += 1
        elif found[2] == "fi":
            depth -= 1
        if depth == 0 or (depth == 1 and found[2] == "else"):
            return found.end()
    return len(text)
