"""A process to be killed: has the index follow, looks it over and builds it anew, for ever.

Run as ``python indexer.py FOLDER SEED``. A line on standard output means that it began.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from trays import open_notebook


def main() -> None:
    """Work until killed."""
    chance = random.Random(int(sys.argv[2]))
    with open_notebook(Path(sys.argv[1]), timeout=30) as notebook:
        print("ready", flush=True)
        search = notebook.search
        while True:
            if chance.random() < 0.1:
                search.rebuild()
            search.follow()
            assert not search.problem, search.problem
            damage = search.check_files()
            assert not damage, damage


if __name__ == "__main__":
    main()
