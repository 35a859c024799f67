"""The shape of the repository, as far as no other tool looks at it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
ROOTS = [TOP / "store", TOP / "exporters", TOP / "tui"]
PACKAGES = [
    folder
    for root in ROOTS
    for folder in sorted((root / "papertray").rglob("*"))
    if folder.is_dir() and folder.name != "__pycache__"
]


def test_nobody_turns_the_namespace_into_a_package() -> None:
    assert [str(root) for root in ROOTS if (root / "papertray" / "__init__.py").exists()] == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_package_has_a_docstring_and_is_typed(package: Path) -> None:
    assert (package / "__init__.py").read_text(encoding="utf-8").startswith('"""')
    assert (package / "py.typed").exists()


READS_ANOTHERS_DATABASE = "store/papertray/feeds/zotero_database.py"
"""The one exception: Zotero's database is a foreign format, of which a private copy is read."""


def test_sql_is_written_in_the_store_only() -> None:
    statement = re.compile(r"[\"'](SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN) ")
    found = [
        str(file.relative_to(TOP))
        for root in ROOTS
        for file in sorted(root.rglob("*.py"))
        if "papertray/store/" not in file.as_posix() and statement.search(file.read_text("utf-8"))
    ]
    assert found == [READS_ANOTHERS_DATABASE]
