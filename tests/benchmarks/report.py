"""Results as a table, as JSON and as Markdown."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from measurement import Bar, Better, Measurement

Row: TypeAlias = tuple[str, str, str, str, str, str]
HEADINGS: Row = ("what", "floor", "ours", "ratio", "bar", "")
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"


@dataclass(frozen=True, slots=True)
class Result:
    """What one subject found, when, and the load averages of the machine before and after."""

    subject: str
    date: str
    load: tuple[float, float]
    measurements: tuple[Measurement, ...]


def machine() -> dict[str, str]:
    """Return what the figures depend on: processor, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "tantivy": version("tantivy"),
        "textual": version("textual"),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def row(measurement: Measurement) -> Row:
    """Return the cells of one measurement."""
    floor, ratio, met = measurement.floor, measurement.ratio, measurement.met
    named = f" ({measurement.floor_name})" if measurement.floor_name else ""
    return (
        f"{measurement.name}{named}",
        "" if floor is None else _figure(floor, measurement.unit),
        _figure(measurement.ours, measurement.unit),
        "" if ratio is None else f"{ratio:.3g}",
        "" if measurement.bar is None else _bar(measurement, measurement.bar),
        "" if met is None else "met" if met else "MISSED",
    )


def text(results: Iterable[Result]) -> str:
    """Return the results as a table for a terminal."""
    lines = []
    for result in results:
        lines.append(f"\n{_heading(result)}")
        rows = [HEADINGS, *map(row, result.measurements)]
        widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEADINGS))]
        for cells in rows:
            first = cells[0].ljust(widths[0])
            rest = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
            lines.append("  ".join((first, *rest)).rstrip())
    return "\n".join(lines)


def markdown(results: Iterable[Result], facts: dict[str, str]) -> str:
    """Return the results as Markdown."""
    lines = [", ".join(f"{name} {value}" for name, value in facts.items()) + "."]
    for result in results:
        lines += ["", f"**{_heading(result)}**", "", f"| {' | '.join(HEADINGS)} |"]
        lines.append("|---|---:|---:|---:|---:|---|")
        lines += [f"| {' | '.join(row(found))} |" for found in result.measurements]
    return "\n".join(lines)


def put_into(page: Path, found: str) -> None:
    """Replace what stands between the two marks of a page. Raises `ValueError` without them."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no lines {BEGIN} and {END}.")
    page.write_text(f"{before}{BEGIN}\n{found}\n{END}{after}", encoding="utf-8")


def save(path: Path, results: Iterable[Result], facts: dict[str, str]) -> None:
    """Write results as JSON."""
    found = {"machine": facts, "results": [_as_json(result) for result in results]}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> list[Result]:
    """Read what `save` wrote; nothing when there is no such file."""
    if not path.exists():
        return []
    return [
        Result(
            one["subject"],
            one["date"],
            (one["load"][0], one["load"][1]),
            tuple(map(_measurement, one["measurements"])),
        )
        for one in json.loads(path.read_text(encoding="utf-8"))["results"]
    ]


def _as_json(result: Result) -> dict[str, object]:
    measurements = [
        {**asdict(one), "ratio": one.ratio, "met": one.met} for one in result.measurements
    ]
    return {
        "subject": result.subject,
        "date": result.date,
        "load": result.load,
        "measurements": measurements,
    }


def _measurement(found: dict[str, object]) -> Measurement:
    bar, ours, floor = found["bar"], found["ours"], found["floor"]
    assert isinstance(ours, float | int)
    assert floor is None or isinstance(floor, float | int)
    return Measurement(
        str(found["name"]),
        str(found["unit"]),
        ours,
        floor,
        str(found["floor_name"]),
        Bar(**bar) if isinstance(bar, dict) else None,
        Better(str(found["better"])),
    )


def _heading(result: Result) -> str:
    before, after = result.load
    return f"{result.subject} ({result.date}, load {before:.1f} before, {after:.1f} after)"


def _bar(measurement: Measurement, bar: Bar) -> str:
    sign = "≤" if measurement.better is Better.LESS else "≥"
    if bar.of_ratio:
        return f"{sign} {bar.limit:g} ×"
    return f"{sign} {_figure(bar.limit, measurement.unit)}"


def _figure(value: float, unit: str) -> str:
    if value >= 100:
        return f"{value:,.0f} {unit}"
    return f"{value:.3g} {unit}"
