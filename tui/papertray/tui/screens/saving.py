"""Saving a search under a name, from the box or from its hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.core.query import all_of
from papertray.core.query_parser import parse
from papertray.tui.keys import shown
from papertray.tui.screens.prompt import Prompt

if TYPE_CHECKING:
    from papertray.store.writing import Outcome
    from papertray.tui.screens.triage import TriageScreen


def save_search(screen: TriageScreen, text: str, within: str) -> None:
    """Ask for a name, and keep under it what is typed, `within` another query if there is one."""
    if not text:
        screen.say("nothing is searched for: / begins a search")
        return
    try:
        query = whole_query(text, within)
    except PapertrayError as error:
        screen.papertray.warn(str(error))
        return
    searches = screen.notebook.searches

    def answered(answer: str | None) -> None:
        name = " ".join((answer or "").split())
        if name:
            screen.papertray.writer.write(
                lambda: searches.save(name, query), lambda outcome: _saved(screen, name, outcome),
                screen.refused,
            )  # fmt: skip

    prompt = Prompt(
        "Save this search as",
        explanation=clean(query),
        history=[search.name for search in searches.all()],
        check=searches.wrong_name,
    )
    screen.app.push_screen(prompt, answered)


def whole_query(text: str, within: str) -> str:
    """Return a search as a query of its own, that finds what the screen shows for it.

    As it was typed, unless it stays within another one, or its last word has found longer ones:
    that becomes ``word*``. Raises `QueryError` for what is only half typed.
    """
    finished, query = parse(text, typing=False), parse(text, typing=True)
    if within:
        return str(all_of([query, parse(within, typing=False)]))
    return text if query == finished else str(query)


def _saved(screen: TriageScreen, name: str, outcome: Outcome) -> None:
    names = [search.name.casefold() for search in screen.notebook.searches.all()]
    keys = next(
        action.chords for action in screen.papertray.key_map.actions if action.id == "view.saved"
    )
    place = names.index(name.casefold())
    how = f": {shown(keys[place])} shows it" if place < len(keys) else ""
    said = "saved as" if outcome.changed else "it is saved already as"
    screen.viewing.counting.look()
    screen.say(f"{said} {name}{how}")
