"""A process that decides, undoes and does again at random, about papers of others too.

Run as ``python rival.py FOLDER SEED ROUNDS``.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from papertray.core.model import Pile
from papertray.store.journal import Origin

from trays import open_notebook


def main() -> None:
    """Decide in as many rounds as asked for; any error ends the process with a traceback."""
    folder, seed, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    with open_notebook(folder, Origin.SCREEN, timeout=30) as notebook:
        papers = notebook.papers
        everything = range(1, papers.number() + 1)
        for _ in range(rounds):
            some = chance.sample(everything, chance.choice([1, 50, len(everything)]))
            match chance.randrange(6):
                case 0 | 1:
                    papers.move(some, chance.choice(list(Pile)))
                case 2:
                    papers.set_done(some, done=chance.random() < 0.7)
                case 3:
                    papers.change_tags(some, add=[chance.choice("ab")], remove=["c"])
                case 4:
                    notebook.journal.undo()
                case _:
                    notebook.journal.redo()


if __name__ == "__main__":
    main()
