"""A process whose files cannot grow beyond a limit: has the index follow, and searches.

Run as ``python little_room.py FOLDER BYTES``. Prints as JSON what `follow` returned, what it said,
and the ids that a search finds.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import closing
from pathlib import Path

from papertray.store.places import throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray


def main() -> None:
    """Follow and search with little room."""
    limit = int(sys.argv[2])
    with closing(Tray(throw_away_places(Path(sys.argv[1])))) as tray:
        search = Search(tray)
        sys.dont_write_bytecode = True  # Python would leave cut files among our modules
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        followed = search.follow()
        found = sorted(search.search("robot").ids)
        print(json.dumps([followed, search.problem, found]))


if __name__ == "__main__":
    main()
