"""What an empty list says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.store.papers import View
from papertray.tui.text import Paragraph

if TYPE_CHECKING:
    from papertray.notebook.notebook import Notebook


def nothing_here(
    notebook: Notebook, search: str, offer: Sequence[Paragraph]
) -> Sequence[Paragraph]:
    """Return what an empty list says: what to do next. An empty tray has an `offer`, too."""
    if search:
        return [Paragraph("Nothing found."), Paragraph("Esc goes back.", is_quiet=True)]
    counts = notebook.papers.counts()
    if any(counts.of(each) for each in View):
        return [
            Paragraph("Nothing here."),
            Paragraph("Tab goes to the next pile, u takes back the last decision.",
                      is_quiet=True),
        ]  # fmt: skip
    return [
        Paragraph("Nothing here yet. No account and no network are needed.", is_strong=True),
        Paragraph(""),
        *offer,
        Paragraph("a   add a file: .bib, RIS, EndNote, a saved page …; or a DOI", indent=2),
        Paragraph("gf  subscribe: arXiv, a journal, a search, any RSS …", indent=2),
        Paragraph("?   every key", indent=2),
        Paragraph("q   quit", indent=2),
        Paragraph(""),
        Paragraph("papertray add FILE does the same from the shell;"),
        Paragraph("papertray tour lets you practise on 40 papers."),
        Paragraph(""),
        Paragraph(clean(f"This tray is {notebook.folder}."), is_quiet=True),
    ]
