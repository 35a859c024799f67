"""A process to be killed: adds papers and decides about them, saying what is acknowledged.

Run as ``python decider.py FOLDER SEED``. A line ``paper pile`` on standard output means that the
decision has been acknowledged to the user.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from papertray.core.model import Pile
from papertray.store.journal import Origin

from trays import add_lines, open_notebook, works


def main() -> None:
    """Work until killed."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    with open_notebook(folder, Origin.SCREEN, timeout=30) as notebook:
        print("ready", flush=True)
        first = seed * 100_000
        while True:
            add_lines(notebook, works(chance.randrange(1, 700), first=first))
            first += 700
            (highest,) = (
                notebook._tray.reader().execute("SELECT max(paper_id) FROM standing").fetchone()
            )
            for _ in range(chance.randrange(20)):
                # Each process decides about papers of its own, so that both can be checked.
                paper = chance.randrange(1, highest + 1) // 2 * 2 + seed % 2
                if 1 <= paper <= highest:
                    pile = chance.choice(list(Pile))
                    notebook.papers.move([paper], pile)
                    print(paper, pile, flush=True)
            if chance.random() < 0.3:
                notebook.notes.save_main(1 + seed % 2, f"word{chance.randrange(1000)}")
            notebook.search.follow()


if __name__ == "__main__":
    main()
