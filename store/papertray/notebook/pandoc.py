"""References in a CSL style, as pandoc writes them, where it is installed.

What pandoc gets of a paper is CSL-JSON on its standard input: no text of a paper is ever an option,
a file name or Markdown. It asks no network: a style that only points to another one, which pandoc
would fetch, is replaced by that one if it lies beside it, and refused if not.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from papertray.core.errors import UsageError
from papertray.core.model import Entry
from papertray.exporters import csl_json
from papertray.exporters.exporter import ExportOptions

PATIENCE = 60.0
"""Seconds that pandoc may take; a thousand references take it a few."""

DEFAULT_STYLE = "default"
"""The name of pandoc's own style, which is Chicago's author-date."""

_WRITERS = {"text": "plain", "markdown": "commonmark-raw_html", "html": "html"}


def find_pandoc() -> str | None:
    """Return the path of pandoc, or None where it is not installed."""
    return shutil.which("pandoc")


def find_style(name: str, folder: Path) -> Path | None:
    """Return the file of a CSL style, None for pandoc's own.

    Arguments: `name` is a path, or the name of a style in `folder`, with or without ``.csl``.
    Raises `UsageError` where there is none, or where it only points to one that is not there.
    """
    if name == DEFAULT_STYLE:
        return None
    in_folder = folder / f"{name.removesuffix('.csl')}.csl"
    found = in_folder if Path(name).name == name and in_folder.is_file() else Path(name)
    if not found.is_file():
        names = ", ".join(sorted(file.stem for file in folder.glob("*.csl")))
        there_are = f" There are: {names}." if names else ""
        raise UsageError(
            f"There is no style {name}; name a .csl file, or put one into {folder}.{there_are}"
        )
    return _independent(found.resolve(), folder)


def _independent(style: Path, folder: Path) -> Path:
    """Return the style that a file holds or points to, looked for beside it and in `folder`."""
    try:
        text = style.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"The style {style} cannot be read: {error.strerror}.") from error
    if "independent-parent" not in text:
        return style
    link = next((link for link in _LINK.findall(text) if "independent-parent" in link), "")
    address = _ADDRESS.search(link)
    parent = f"{address[1].rstrip('/').rpartition('/')[2]}.csl" if address else "its parent"
    for place in (style.parent, folder):
        beside = place / parent
        if beside.is_file() and "independent-parent" not in beside.read_text(errors="replace"):
            return beside.resolve()
    raise UsageError(
        f"The style {style} only says that it is like {parent}; put that one beside it."
    )


_LINK = re.compile(r"<link\b[^>]*>")
_ADDRESS = re.compile(r"""\bhref\s*=\s*["']([^"']*)["']""")


def references(
    pandoc: str,
    entries: Iterable[Entry],
    style: Path | None,
    form: str,
    patience: float = PATIENCE,
) -> str:
    """Return references in a style, in the order that the style wants.

    Arguments: `style` is a file from `find_style`; `form` is one of
    `papertray.exporters.reference.FORMS`. Raises `UsageError` where pandoc cannot use the style, or
    takes longer than `patience` (seconds).
    """
    import subprocess

    items = "".join(csl_json.write(entries, ExportOptions(abstracts=False)))
    command = [pandoc, "--from=csljson", f"--to={_WRITERS[form]}", "--citeproc", "--wrap=none"]
    command += ["--quiet"] if style is None else ["--quiet", f"--csl={style}"]
    try:
        ended = subprocess.run(
            command, input=items.encode(), capture_output=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UsageError(
            f"pandoc took over {patience:.0f} seconds and was stopped; cite fewer papers at once."
        ) from error
    except OSError as error:
        raise UsageError(f"pandoc could not be started: {error.strerror}.") from error
    if ended.returncode:
        said = next(iter(ended.stderr.decode("utf-8", "replace").split("\n")), "").strip()
        raise UsageError(f"pandoc could not use the style {style or DEFAULT_STYLE}: {said}")
    return ended.stdout.decode("utf-8", "replace").strip("\n")
