"""Plugins in tests: packages as `pip install --target` would leave them.

There is no pip here on purpose: building needs a backend, which a fresh environment has not, or the
network. What makes a package a plugin is its files and two of metadata, so these are written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from cli.command_line import REPOSITORY

PAGE = REPOSITORY / "docs" / "plugins.md"


def files_on_page() -> dict[str, str]:
    """Return the files of the plugin that docs/plugins.md shows, by path."""
    found = re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    return dict(found)


def install_from_page(site: Path) -> None:
    """Install the plugin of docs/plugins.md, by the pyproject.toml that stands there."""
    files = files_on_page()
    project = tomllib.loads(files.pop("pyproject.toml"))["project"]
    install(site, project["name"], project["version"], files, project["entry-points"]["papertray"])


def install(
    site: Path,
    name: str,
    version: str,
    files: Mapping[str, str],
    entry_points: Mapping[str, str],
) -> None:
    """Put a package into the folder `site`, which has to be on the path of Python."""
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    rows = "".join(f"{key} = {value}\n" for key, value in entry_points.items())
    (metadata / "entry_points.txt").write_text(f"[papertray]\n{rows}", encoding="utf-8")
