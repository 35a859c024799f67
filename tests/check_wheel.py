"""Looks into a built wheel: ``python tests/check_wheel.py FILE.whl``. Exits 1 when it is wrong.

Only ``papertray/…`` may be in it, as a namespace package, with types and the data files.
"""

from __future__ import annotations

import sys
from zipfile import ZipFile

WANTED = (
    "papertray/cli/main.py",
    "papertray/core/model.py",
    "papertray/core/py.typed",
    "papertray/exporters/bibtex.py",
    "papertray/feeds/sample/sample_feed.txt",
    "papertray/notebook/notebook.py",
    "papertray/store/schema.sql",
    "papertray/store/triggers.sql",
    "papertray/tui/app.py",
)


def problems(names: list[str]) -> list[str]:
    """Return what is wrong with a wheel that holds these files."""
    found = [f"{name} is missing" for name in WANTED if name not in names]
    for name in names:
        if not name.startswith("papertray/") and ".dist-info/" not in name:
            found.append(f"{name} is not in papertray/")
    if "papertray/__init__.py" in names:
        found.append("papertray/__init__.py would break the namespace package")
    return found


def main() -> int:
    """Print what is wrong, or how much is in it."""
    with ZipFile(sys.argv[1]) as wheel:
        names = wheel.namelist()
    for problem in problems(names):
        print(problem)
    print(f"{len(names)} files in the wheel")
    return 1 if problems(names) else 0


if __name__ == "__main__":
    sys.exit(main())
