"""Names that users give to things: which ones can be one, and which one was meant."""

from __future__ import annotations

from collections.abc import Iterable

from papertray.core.errors import UsageError


def checked_name(text: str, thing: str, longest: int) -> str:
    """Return a name as the user typed it.

    Arguments: `thing` is what it names (``a feed``), `longest` the characters it may have. Raises
    `UsageError` for one that is none.
    """
    name = " ".join(text.split())
    if not name or len(name) > longest or not name.isprintable() or '"' in name:
        raise UsageError(
            f"{text!r} cannot be the name of {thing}; use 1 to {longest} visible characters, "
            "and no quotation mark."
        )
    return name


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the end of a sentence about a name that is none: the nearest, or `otherwise`."""
    import difflib  # those who know their names do without it

    names = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), names, 1)
    return f"did you mean {names[near[0]]}?" if near else otherwise
