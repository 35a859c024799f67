"""What a Markdown or an Org file cites, and by TeX commands in it.

Markdown: the citations of pandoc, Quarto and R Markdown, ``[see @key, p. 3; -@other]``, ``@key``
and ``@{key}`` (https://pandoc.org/MANUAL.html#extension-citations). Org: those of org-cite,
``[cite/t:@key]`` (https://orgmode.org/manual/Citations.html). Code is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from papertray.core.citations import ALL, Citation, Cited, Inclusion, Lines
from papertray.core.citations_tex import commands_in

_VISIBLE = re.compile(r"[^\n]")

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
_PASSED = re.compile(
    r"(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).){0,5000}?(?<!`)\1(?!`)"  # code
    r"|<!--.*?(?:-->|\Z)"
    r"|https?://[^\s<>]*"
    r"|(?<=\])\([^()\n]{0,2000}\)",  # where a link leads
    re.DOTALL,
)
_KEY = re.compile(
    r"(?<![\w\\@])@(?:\{([^{}\s]{1,200})\}|(\w+(?:[:.#$%&\-+?<>~/]\w+)*)|(\*))", re.UNICODE
)
# What Quarto and pandoc-crossref refer to by such a name is a part of the text itself.
_CROSS_REFERENCE = re.compile(
    r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau)[:-]"
)
_YAML_WORD = re.compile(r"[^\s\[\],\"'|>-][^\s\[\],\"']*")
_INCLUDED = re.compile(r"\{\{<[ \t]*include[ \t]+([^\s>]+)[ \t]*>\}\}")
_CHILD = re.compile(
    r"^[ \t]*`{3,}\{r[^}\n]*\bchild[ \t]*=[ \t]*[\"']([^\"'\n]+)[\"']", re.MULTILINE
)

_ORG_BLOCK = re.compile(
    r"^[ \t]*#\+begin_(src|example|comment|export)\b.*?(?:^[ \t]*#\+end_\1\b|\Z)"
    r"|^[ \t]*(?:#|:)(?:[ \t][^\n]*)?$",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_ORG_CITATION = re.compile(r"\[cite(?:/[\w/-]*)?:((?:[^\[\]]|\[[^\[\]]{0,500}\]){0,5000})\]")
_ORG_KEY = re.compile(r"@([\w\-.:?!`'/*@+|(){}<>&^$#%~]+)")
_ORG_KEYWORD = re.compile(
    r"^[ \t]*#\+(bibliography|include):[ \t]*(?:\"([^\"\n]+)\"|(\S+))", re.IGNORECASE | re.MULTILINE
)


def cited_in_markdown(text: str) -> Cited:
    """Return what a Markdown file cites, by its text and by `nocite` in its front matter."""
    matter = _FRONT_MATTER.match(text)
    front, offset = (matter[1], matter.start(1)) if matter else ("", 0)
    body = _without_code(_blank(text, 0, matter.end()) if matter else text)
    lines = Lines(text)
    nocite, place = _field(front, "nocite")
    found = [*_markdown_keys(nocite, offset + place, lines), *_markdown_keys(body, 0, lines)]
    named = _YAML_WORD.findall(_field(front, "bibliography")[0])
    commands = commands_in(body)
    inclusions = [
        Inclusion(one[1], lines.of(one.start()))
        for one in (*_INCLUDED.finditer(body), *_CHILD.finditer(text))
    ]
    return Cited(
        (*found, *commands.citations),
        (*inclusions, *commands.inclusions),
        (*named, *commands.bibliographies),
    )


def cited_in_org(text: str) -> Cited:
    """Return what an Org file cites."""
    lines = Lines(text)
    named, inclusions = [], []
    for one in _ORG_KEYWORD.finditer(text):
        path = one[2] or one[3]
        if one[1].lower() == "include":
            inclusions.append(Inclusion(path, lines.of(one.start())))
        else:
            named.append(path)
    body = _ORG_BLOCK.sub(lambda block: _VISIBLE.sub(" ", block[0]), text)
    found = [
        Citation(key[1].rstrip(".:?!"), lines.of(one.start(1) + key.start()))
        for one in _ORG_CITATION.finditer(body)
        for key in _ORG_KEY.finditer(one[1])
    ]
    commands = commands_in(body)
    return Cited(
        (*found, *commands.citations),
        (*inclusions, *commands.inclusions),
        (*named, *commands.bibliographies),
    )


def _markdown_keys(text: str, start: int, lines: Lines) -> Iterator[Citation]:
    for found in _KEY.finditer(text):
        braced, plain, everything = found.groups()
        key = braced or plain or everything
        if everything and text[found.end() : found.end() + 1].isalnum():
            continue
        if not _CROSS_REFERENCE.match(key):
            yield Citation(ALL if everything else key, lines.of(start + found.start()))


def _field(front: str, name: str) -> tuple[str, int]:
    """Return the text of a field of a YAML header and its place: its line and what is indented."""
    found = re.search(rf"^{name}:(.*(?:\n(?:[ \t]|-[ \t]).*|\n(?=\n))*)", front, re.MULTILINE)
    return (found[1], found.start(1)) if found else ("", 0)


def _without_code(text: str) -> str:
    """Return a text of the same lines with spaces for code, comments and addresses."""
    kept = []
    fence = ""
    is_code_next, is_in_list = True, False
    for line in text.splitlines(keepends=True):
        opening = _FENCE.match(line)
        is_indented = line.startswith(("    ", "\t"))
        if fence:
            closes = opening and opening[1].startswith(fence) and not line[opening.end() :].strip()
            fence = "" if closes else fence
            line = _VISIBLE.sub(" ", line)
        elif opening and not (opening[1][0] == "`" and "`" in line[opening.end() :]):
            fence = opening[1]
            line = _VISIBLE.sub(" ", line)
        elif is_indented and is_code_next and not is_in_list:
            line = _VISIBLE.sub(" ", line)
        elif line.strip():
            is_code_next = False
            if not is_indented:
                is_in_list = _LIST_ITEM.match(line) is not None or (
                    is_in_list and line.startswith(" ")
                )
        if not line.strip():
            is_code_next = True
        kept.append(line)
    return _PASSED.sub(lambda found: _VISIBLE.sub(" ", found[0]), "".join(kept))


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + _VISIBLE.sub(" ", text[start:end]) + text[end:]
