"""What `check` prints, and the papers of `export --cited`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from papertray.cli import output
from papertray.notebook.checking import CitedPapers, Finding, Kind, Report

if TYPE_CHECKING:
    from papertray.notebook.notebook import Notebook

MOST_UNCITED = 20
"""Starred papers without a citation that a terminal shows; elsewhere all are written."""

_MOST_PLACES = 5

_HEADINGS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.UNKNOWN: "Cited but unknown",
        Kind.MISSING: "Files that are missing",
        Kind.OLD: "Keys that changed",
        Kind.TWICE: "One paper under two keys",
        Kind.PREPRINT: "Cited as a preprint though published",
        Kind.SKIPPED: "Cited but skipped",
        Kind.ELSEWHERE: "Only in the bibliography, not in the tray",
        Kind.UNCITED: "Starred but not cited",
    }
)


def write_findings(report: Report) -> None:
    """Write what a check found to stdout: a heading for each kind, then one finding a line."""
    for number, (kind, group) in enumerate(groupby(report.findings, lambda one: one.kind)):
        findings = list(group)
        if number:
            output.write("")
        output.write(output.bold(f"{_HEADINGS[kind]} ({len(findings):,})"))
        shown = findings
        if kind is Kind.UNCITED and output.is_terminal():
            shown = findings[:MOST_UNCITED]
        for finding in shown:
            output.write(f"  {_line(finding)}")
        if len(shown) < len(findings):
            output.write(f"  … and {len(findings) - len(shown):,} more")


def write_json(report: Report) -> None:
    """Write what a check found to stdout as a list of JSON objects."""
    found = [
        {
            "finding": finding.kind.value,
            "key": finding.key,
            "places": [{"file": place.file, "line": place.line} for place in finding.places],
            "other": finding.other,
            "remark": finding.remark,
            "paper": finding.paper_id,
        }
        for finding in report.findings
    ]
    output.write(json.dumps(found, ensure_ascii=False))


def say_report(report: Report, files: Iterable[Path]) -> None:
    """Say how much was looked at, and whether something is wrong."""
    for notice in report.notices:
        output.say(notice)
    names = ", ".join(map(str, files))
    unknown = sum(finding.kind is Kind.UNKNOWN for finding in report.findings)
    cited = output.counted(report.keys, "key")
    read = f" in {report.files:,} files" if report.files > 1 else ""
    ending = f"{unknown:,} of them unknown" if unknown else "all known" if report.keys else ""
    output.say(f"{names}{read}: {cited} cited{', ' if ending else ''}{ending}.")


def cited_papers(notebook: Notebook, paths: Sequence[Path]) -> CitedPapers:
    """Return what manuscripts cite, and say on stderr what of it cannot be exported.

    Raises `UnreadableSource` and `UsageError` where one cannot be read.
    """
    found = notebook.checking.cited_papers(paths)
    for finding in found.unknown:
        if finding.kind is Kind.MISSING:
            output.say(f"{_places(finding)} takes in {finding.key}, which is not there.")
        else:
            near = f"; did you mean {finding.other}?" if finding.other else "."
            output.say(f"{_places(finding)} cites {finding.key}, which no paper is called{near}")
    return found


def _line(finding: Finding) -> str:
    parts = [finding.key]
    if finding.kind in (Kind.UNKNOWN, Kind.PREPRINT) and finding.other:
        word = "nearest: " if finding.kind is Kind.UNKNOWN else "as "
        parts.append(f"{word}{finding.other}")
    elif finding.other:
        parts.append(f"{'→' if finding.kind is Kind.OLD else '='} {finding.other}")
    parts += filter(None, [finding.remark, _places(finding)])
    return "  ".join(parts)


def _places(finding: Finding) -> str:
    """Return where a key is cited: ``paper.tex:3, 7, other.tex:1 and 4 more``."""
    texts = []
    file = ""
    for place in finding.places[:_MOST_PLACES]:
        is_same = place.file == file and place.line
        texts.append(str(place.line) if is_same else str(place))
        file = place.file
    rest = len(finding.places) - _MOST_PLACES
    return ", ".join(texts) + (f" and {rest:,} more" if rest > 0 else "")
