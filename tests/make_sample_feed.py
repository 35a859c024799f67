"""Choose the sample feed from a whole saved page of trending papers, the same each time.

    python tests/make_sample_feed.py SAVED_PAGE > store/papertray/feeds/sample/sample_feed.txt

Papers with something awkward in title or abstract come in by one of the marks below; the rest are
spread evenly over the page, in its order.
"""

from __future__ import annotations

import sys
from pathlib import Path

PAPERS = 40
MARKS = (
    "the [MASK] Token", "<SEG>", "<EOS>", 'na\\"ive', "\\faGithub~", "{\\em", "\\textsc", "\\eg",
    "\\sysname", "{\\alpha}", "models~(LM)", "/~vgg", "{<m{>}", "mathcal{O}", "{github.com",
    " github.com/", "athttps://", ".git.", "2^{18}", "``", "#Encoder", "URLBERT:A", "LearningWord",
)  # fmt: skip


def sample_of(page: str) -> str:
    """Return a page of the same layout with `PAPERS` of the papers of `page`."""
    header, invitation, first, *rest = page.splitlines()
    lines = [first.removeprefix("Subscribe"), *rest]
    pairs = list(zip(lines[::2], lines[1::2], strict=True))
    chosen = {0}
    for mark in MARKS:
        chosen.add(next(i for i, pair in enumerate(pairs) if mark in "\n".join(pair)))
    others = [i for i in range(len(pairs)) if i not in chosen]
    missing = PAPERS - len(chosen)
    chosen.update(others[number * len(others) // missing] for number in range(missing))
    sample = [line for i in sorted(chosen) for line in pairs[i]]
    return "\n".join([header, invitation, "Subscribe" + sample[0], *sample[1:]]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_sample_feed.py SAVED_PAGE")
    page = Path(sys.argv[1]).read_text(encoding="utf-8")
    sys.stdout.buffer.write(sample_of(page).encode("utf-8"))
