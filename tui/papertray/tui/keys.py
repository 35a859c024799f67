"""The keys: one table. Dispatching, help, the footer, the docs and `papertray keys` all come of it.

A chord is one key (``x``) or several pressed in turn (``g g``), in Textual's names (``ctrl+r``,
``question_mark``). Imports nothing of Textual, so the command line can print the table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Group(StrEnum):
    """The parts of the table, in the order of the help."""

    MOVE = "Move"
    VIEWS = "Views"
    DECIDE = "Decide, and go to the next paper"
    WORK = "Work on the paper"
    REST = "Everything else"
    NOTE = "While a note is open"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key can do.

    `id` is what the user's settings rebind. `hint` is the short text of the footer; actions
    without one are not shown there, of the others as many as fit, in the table's order.
    """

    id: str
    chords: tuple[str, ...]
    text: str
    group: Group
    hint: str = ""


ACTIONS = (
    Action("move.down", ("j", "down"), "next paper", Group.MOVE),
    Action("move.up", ("k", "up"), "previous paper", Group.MOVE),
    Action("move.top", ("g g", "home"), "first paper", Group.MOVE),
    Action("move.bottom", ("G", "end"), "last paper", Group.MOVE),
    Action("move.half-down", ("ctrl+d",), "half a page down", Group.MOVE),
    Action("move.half-up", ("ctrl+u",), "half a page up", Group.MOVE),
    Action("move.page-down", ("ctrl+f", "pagedown"), "a page down", Group.MOVE),
    Action("move.page-up", ("ctrl+b", "pageup"), "a page up", Group.MOVE),
    Action("view.next", ("tab", "l", "right"), "next pile", Group.VIEWS),
    Action("view.previous", ("shift+tab", "h", "left"), "previous pile", Group.VIEWS),
    Action("view.inbox", ("g i",), "inbox", Group.VIEWS),
    Action("view.read", ("g r",), "read, not done yet", Group.VIEWS),
    Action("view.starred", ("g s",), "starred", Group.VIEWS),
    Action("view.skip", ("g x",), "skipped", Group.VIEWS),
    Action("view.done", ("g d",), "read and done", Group.VIEWS),
    Action("view.notes", ("g n",), "notes", Group.VIEWS),
    Action("view.feeds", ("g f",), "feeds", Group.VIEWS),
    Action("decide.read", ("r",), "worth reading", Group.DECIDE, "read"),
    Action("decide.star", ("s",), "star", Group.DECIDE, "star"),
    Action("decide.skip", ("x", "d"), "skip", Group.DECIDE, "skip"),
    Action("decide.undo", ("u",), "undo, to any depth", Group.DECIDE, "undo"),
    Action("decide.redo", ("ctrl+r",), "redo", Group.DECIDE),
    Action("decide.inbox", ("i",), "back to the inbox", Group.DECIDE),
    Action("decide.done", ("m",), "mark done", Group.DECIDE),
    Action("decide.repeat", ("full_stop",), "repeat the last decision", Group.DECIDE),
    Action("work.card", ("enter",), "card: the whole abstract, and back", Group.WORK, "card"),
    Action("work.page", ("space",), "page the abstract, then the next paper", Group.WORK),
    Action("work.note", ("e",), "note", Group.WORK, "note"),
    Action("work.tags", ("t",), "tags", Group.WORK, "tags"),
    Action("work.copy-key", ("y",), "copy the citation key", Group.WORK),
    Action("work.open", ("o",), "open the link", Group.WORK),
    Action("work.pdf", ("p",), "open the PDF, or fetch it", Group.WORK),
    Action("rest.search", ("slash",), "search papers and notes", Group.VIEWS, "search"),
    Action("rest.narrow", ("backslash",), "narrow this view", Group.VIEWS),
    Action("rest.clear", ("escape",), "clear the search, leave the card", Group.VIEWS),
    Action("rest.add", ("a",), "add a file", Group.WORK, "add"),
    Action("rest.fetch", ("R",), "fetch the feeds now", Group.WORK),
    Action("rest.export", ("E",), "export this view", Group.WORK),
    Action("rest.help", ("question_mark",), "every key", Group.REST, "keys"),
    Action("rest.palette", ("ctrl+p",), "find an action by name", Group.REST),
    Action("rest.redraw", ("ctrl+l",), "draw the screen anew", Group.REST),
    Action("rest.suspend", ("ctrl+z",), "suspend", Group.REST),
    Action("rest.quit", ("q",), "back, then quit", Group.REST, "quit"),
    Action("note.finish", ("escape",), "end editing; again: go back", Group.NOTE, "finish"),
    Action("note.edit", ("i", "e"), "edit again, once editing has ended", Group.NOTE, "edit"),
    Action("note.back", ("q",), "back to the papers, once editing has ended", Group.NOTE, "back"),
    Action("note.save", ("ctrl+s",), "save now (it saves by itself, too)", Group.NOTE, "save"),
    Action("note.external", ("ctrl+o",), "edit in $EDITOR", Group.NOTE, "$EDITOR"),
    Action("note.quit", ("ctrl+q",), "save and quit papertray", Group.NOTE, "quit"),
)
"""The table, in the order of the help; the footer shows hints in this order."""

ALWAYS_HINTED = ("rest.help", "rest.quit", "note.quit")
"""Ids of the actions whose hints are the last to go: how to get help, and out."""

_SYMBOLS = {
    "question_mark": "?", "slash": "/", "backslash": "\\", "full_stop": ".", "vertical_line": "|",
    "asterisk": "*", "colon": ":", "escape": "Esc", "enter": "Enter", "space": "Space",
    "tab": "Tab", "shift+tab": "S-Tab", "home": "Home", "end": "End", "pagedown": "PgDn",
    "pageup": "PgUp", "down": "↓", "up": "↑", "left": "←", "right": "→", "delete": "Del",
    "backspace": "Backspace", "minus": "-", "plus": "+", "comma": ",", "semicolon": ";",
    "equals_sign": "=", "number_sign": "#", "exclamation_mark": "!",
}  # fmt: skip

_NAMES = {symbol: name for name, symbol in _SYMBOLS.items()}


def shown(chord: str) -> str:
    """Return a chord as people write it: ``g g`` → ``gg``, ``ctrl+r`` → ``^R``."""
    return "".join(_shown_key(key) for key in chord.split())


def _shown_key(key: str) -> str:
    if key in _SYMBOLS:
        return _SYMBOLS[key]
    if key.startswith("ctrl+"):
        return "^" + key[5:].upper()
    return key


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The table with the user's changes, and which action each chord runs.

    `problems` are sentences about changes that could not be used.
    """

    actions: tuple[Action, ...] = ACTIONS
    problems: tuple[str, ...] = field(default=())

    def chords(self, *, in_note: bool) -> dict[str, str]:
        """Return chord → action id, for the note editor or for everywhere else."""
        return {
            chord: action.id
            for action in self.actions
            if (action.group is Group.NOTE) == in_note
            for chord in action.chords
        }

    def key_of(self, action_id: str) -> str:
        """Return the first chord of an action as people write it, or an empty string."""
        for action in self.actions:
            if action.id == action_id and action.chords:
                return shown(action.chords[0])
        return ""


def rebound(changes: Mapping[str, object]) -> tuple[KeyMap, list[tuple[str, str]]]:
    """Return the table with the user's changes: action id → chord or list of chords.

    A chord taken from another action leaves that one only if it is given another. An unknown
    action, a key that is none and two actions on one chord are problems: the change that caused
    them is left out, so that no key is lost silently. Returned are its action id and a sentence.
    """
    if not changes:
        return KeyMap(), []
    actions = {action.id: action for action in ACTIONS}
    problems = []
    for action_id, wanted in changes.items():
        if action_id not in actions:
            problems.append((action_id, f"There is no action {action_id}; {_nearest(action_id)}"))
            continue
        chords = [wanted] if isinstance(wanted, str) else wanted
        if not isinstance(chords, list) or not all(isinstance(chord, str) for chord in chords):
            said = f"The keys of {action_id} must be a text or a list of texts."
            problems.append((action_id, said))
            continue
        written = [_parse(chord) for chord in chords]
        wrong = [chord for chord, parsed in zip(chords, written, strict=True) if parsed is None]
        if wrong:
            problems.append((action_id, f"{wrong[0]!r}, for {action_id}, is not a key."))
            continue
        actions[action_id] = replace(
            actions[action_id], chords=tuple(parsed for parsed in written if parsed is not None)
        )
    problems += _undo_clashes(actions)
    return KeyMap(tuple(actions.values())), problems


def _nearest(action_id: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(action_id, [action.id for action in ACTIONS], 1)
    return f"did you mean {near[0]}?" if near else "`papertray keys` lists them."


def _undo_clashes(actions: dict[str, Action]) -> list[tuple[str, str]]:
    """Take changes back until no two actions share a chord; return the problems."""
    problems = []
    defaults = {action.id: action for action in ACTIONS}
    for in_note in (False, True):
        while clash := _clash(actions, in_note=in_note):
            chord, first, second = clash
            changed = second if actions[second] != defaults[second] else first
            said = f"{shown(chord)} is given to both {first} and {second}; "
            problems.append((changed, f"{said}{changed} keeps its usual keys."))
            actions[changed] = defaults[changed]
    return problems


def _clash(actions: Mapping[str, Action], *, in_note: bool) -> tuple[str, str, str] | None:
    """Return a chord that two actions have, or that is the beginning of another's, and both."""
    taken: dict[str, str] = {}
    for action in actions.values():
        if (action.group is Group.NOTE) != in_note:
            continue
        for chord in action.chords:
            for other, owner in taken.items():
                begins = chord.startswith(other + " ") or other.startswith(chord + " ")
                if owner != action.id and (chord == other or begins):
                    return chord, owner, action.id
            taken[chord] = action.id
    return None


def _parse(chord: str) -> str | None:
    """Return a chord in Textual's names, or None when it is none: ``?`` → ``question_mark``."""
    keys = chord.split(" ") if len(chord) > 1 else [chord]
    named = [_parse_key(key) for key in keys]
    return " ".join(named) if named and all(named) else None


def _parse_key(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    if len(key) == 2 and key[0] == "^" and key[1].isalpha():
        return f"ctrl+{key[1].lower()}"
    head, plus, last = key.rpartition("+")
    is_function_key = last[:1] == "f" and last[1:].isdigit() and 1 <= int(last[1:]) <= 24
    is_known = len(last) == 1 and last.isprintable() and last != " "
    if not (is_known or last in _SYMBOLS or is_function_key):
        return ""
    if plus and not all(part in ("ctrl", "shift", "alt") for part in head.split("+")):
        return ""
    return key


def footer(
    key_map: KeyMap, width: int, *, without: Collection[str] = (), in_note: bool = False
) -> str:
    """Return the footer line: the hinted actions that fit `width` cells, most used first.

    `without` are ids of actions that make no sense now.
    """
    pieces = [
        (f" {shown(action.chords[0])} {action.hint} ", action.id in ALWAYS_HINTED)
        for action in key_map.actions
        if action.hint
        and action.chords
        and (action.group is Group.NOTE) == in_note
        and action.id not in without
    ]
    room = width - sum(len(piece) for piece, is_kept in pieces if is_kept)
    if room < 0:  # not even those fit
        pieces, room = [(piece, False) for piece, is_kept in pieces if is_kept], width
    line = ""
    for piece, is_kept in pieces:
        if is_kept or len(piece) <= room:
            line += piece
            room -= 0 if is_kept else len(piece)
        else:
            room = 0
    return line


def key_table_text(key_map: KeyMap | None = None) -> str:
    """Return the whole table as text for a terminal."""
    lines = []
    for group in Group:
        lines.append(str(group))
        lines += [
            f"  {' '.join(map(shown, action.chords)):<16} {action.text:<44} {action.id}"
            for action in (key_map or KeyMap()).actions
            if action.group is group
        ]
        lines.append("")
    return "\n".join(lines[:-1])


def key_table_markdown() -> str:
    """Return docs/keys.md."""
    lines = [
        "# Keys",
        "",
        "Made from the table in the program; `papertray keys` prints it with your changes.",
        "Any key can be given to another action in `settings.toml`:",
        "",
        "```toml",
        "[keys]",
        '"decide.skip" = ["x", "d"]',
        '"move.top" = "g g"',
        "```",
    ]
    for group in Group:
        lines += ["", f"## {group}", "", "| keys | does | action |", "|---|---|---|"]
        lines += [
            f"| {' '.join(_code(chord) for chord in action.chords)} | {action.text} "
            f"| `{action.id}` |"
            for action in ACTIONS
            if action.group is group
        ]
    return "\n".join(lines) + "\n"


def _code(chord: str) -> str:
    return f"`{shown(chord)}`".replace("|", "\\|")
