"""What is typed faster than the screen takes it: each key in its turn, for whom it is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.actions import SkipAction, parse
from textual.binding import BindingsMap
from textual.keys import _character_to_key

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

Result = TypeVar("Result")

_OF_THE_SCREEN = frozenset({"enter", "ctrl+c", "super+c"})


def was_handed_on(screen: Screen[Result], event: events.Key) -> bool:
    """Hand a key on to the screen that is seen, where that is not `screen`; else return False.

    It was typed while another screen was opening, or this one closing, and is meant for the other.
    """
    if screen.app.screen is screen:
        return False
    event.stop()
    event.prevent_default()
    screen.app.post_message(events.Key(event.key, event.character))
    return True


def as_typed(event: events.Key, is_used: Callable[[str], bool]) -> Sequence[events.Key]:
    """Return Esc and a letter where a key says Alt, and `is_used` says that no chord has it.

    Typed in one breath, or over a slow line, Esc and the letter behind it are the same bytes.
    """
    letter = event.character
    is_alt = event.key.startswith("alt+") and not is_used(event.key)
    if event.is_forwarded or not is_alt or letter is None or not event.is_printable:
        return (event,)
    name = letter if letter.isalnum() else _character_to_key(letter)
    return (events.Key("escape", None), events.Key(name, letter))


def was_done(widget: Widget, bindings: BindingsMap, event: events.Key) -> bool:
    """Do what a key of a widget's own does, at once; return False where it does nothing there.

    Textual does it only once the key has come all the way up to the app, and by then the letters
    behind it are there: of ``ab⌫c`` it makes ``ab``. Enter and ^C are left to the screen.
    """
    if event.key in _OF_THE_SCREEN:
        return False
    for binding in bindings.key_to_bindings.get(event.key, ()):
        _, name, arguments = parse(binding.action)
        try:
            getattr(widget, f"action_{name}")(*arguments)
        except SkipAction:
            continue
        return True
    return False
