"""A process that damages the files of an index, one after the other, and answers all the same.

Run as ``python damager.py FOLDER FLIPS`` on a tray with an index that has followed everything.
FLIPS is how many bits to flip in each file; with 10 and more the files are also cut in more ways.
Prints a line for each thing done to a file; a line with nothing after it names what went wrong.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeAlias

from papertray.store.places import throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray

from index_checks import flip, remove

QUERIES = ("robot", "lantern", "note:garden", '"robot number 7"', "rob*", "number -lantern")

Answers: TypeAlias = list[tuple[list[int], list[int]]]
Damage: TypeAlias = Callable[[Path], object]

CUTS: dict[str, Damage] = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "removed": lambda path: path.unlink(),
}
MORE_CUTS: dict[str, Damage] = {
    "halved": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "scribbled": lambda path: path.write_bytes(b"\xff" * 50),
}


def answers(search: Search) -> Answers:
    """Return what is found, in an order that does not depend on who answers."""
    found = [search.search(query) for query in QUERIES]
    return [(sorted(hits.ids), sorted(hits.notes)) for hits in found]


def flips(path: Path, number: int) -> Iterator[int]:
    """Yield bits of a file: of its first and last byte, and some between."""
    bits = 8 * path.stat().st_size
    chance = random.Random(path.suffix)
    yield from {0, bits - 1, *(chance.randrange(bits) for _ in range(number - 2))} if bits else ()


def main() -> None:
    """Damage every file in every way."""
    places, number = throw_away_places(Path(sys.argv[1])), int(sys.argv[2])
    whole = places.cache
    files = sorted(path for path in whole.rglob("*") if path.is_file())
    with closing(Tray(places)) as tray:
        wanted = answers(Search(tray))
        assert all(ids or notes for ids, notes in wanted), wanted
        assert Search(tray).check_files() == ""

        def check(name: str, file: Path, damage: Damage, *, is_noticed: bool) -> None:
            print(f"{name} {file.name}", end=" ", flush=True)
            # In a folder of its own: what was opened before may still be looked at.
            cache = whole.with_name(f"{name}-{file.name}")
            shutil.copytree(whole, cache)
            damage(cache / file.relative_to(whole))
            search = Search(tray, cache)
            before = answers(search)
            assert before == wanted or not is_noticed, before
            search.check_files()
            search.follow()
            assert answers(search) == wanted, answers(search)
            assert search.is_ready
            assert not search.problem, search.problem
            assert Search(tray, cache).check_files() == ""
            generations = cache.glob("*/index-*")
            assert len(list(generations)) == 1
            remove(cache)
            print("right", flush=True)

        for file in files:
            for name, damage in (CUTS if number < 10 else CUTS | MORE_CUTS).items():
                check(name, file, damage, is_noticed=True)
            for bit in flips(file, number):
                check(f"flipped-{bit}", file, partial(flip, bit=bit), is_noticed=False)


if __name__ == "__main__":
    main()
