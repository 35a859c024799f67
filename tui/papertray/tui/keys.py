"""The keys: one table. Dispatching, help, the footer, the docs and `papertray keys` all come of it.

The table itself is in `key_table`. Imports nothing of Textual, so the command line can print it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from papertray.tui.key_table import ACTIONS, ALWAYS_HINTED, Action, Group, Scope

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

    `problems` are sentences about changes that could not be used. `own` are the lines of the
    user's own commands, by the ids of their actions, which are the last of the table.
    """

    actions: tuple[Action, ...] = ACTIONS
    problems: tuple[str, ...] = field(default=())
    own: Mapping[str, str] = field(default_factory=dict)

    def chords(self, scope: Scope) -> dict[str, str]:
        """Return chord → action id, as it is in one scope."""
        return {
            chord: action.id
            for action in self.actions
            if action.is_in(scope)
            for chord in action.chords
        }

    def uses(self, key: str) -> bool:
        """Return whether a key, by Textual's name, is part of any chord."""
        return any(key in chord.split() for action in self.actions for chord in action.chords)

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


def with_own(
    key_map: KeyMap, commands: Mapping[str, object]
) -> tuple[KeyMap, list[tuple[str, str]]]:
    """Return the table with the user's own commands: chord → line of a shell.

    What cannot be used is left out. Returned are its chord, as it is written, and a sentence.
    """
    from papertray.core.clean import clean
    from papertray.tui.shell_lines import wrong_in

    actions, own, problems = list(key_map.actions), {}, []
    for written, line in commands.items():
        chord = _parse(written)
        if chord is None:
            problems.append((written, f"{written!r}, in [commands], is not a key."))
        elif not isinstance(line, str) or not line.strip("! "):
            problems.append((written, f"The command of {written} must be a text."))
        elif wrong := wrong_in(line):
            problems.append((written, f"The command of {written}: {wrong}"))
        else:
            action = Action(f"command.{shown(chord)}", (chord,), clean(line), Group.OWN)
            clash = _clash({one.id: one for one in [*actions, action]}, Scope.PAPERS)
            if clash is None:
                actions.append(action)
                own[action.id] = line
            else:
                owner = clash[1]
                said = f"{written}, in [commands], is a key of {owner}; give that another in "
                problems.append((written, f"{said}[keys], or take a free key."))
    return replace(key_map, actions=tuple(actions), own=own), problems


def _nearest(action_id: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(action_id, [action.id for action in ACTIONS], 1)
    return f"did you mean {near[0]}?" if near else "`papertray keys` lists them."


def _undo_clashes(actions: dict[str, Action]) -> list[tuple[str, str]]:
    """Take changes back until no two actions share a chord; return the problems."""
    problems = []
    defaults = {action.id: action for action in ACTIONS}
    for scope in Scope:
        while clash := _clash(actions, scope):
            chord, first, second = clash
            changed = second if actions[second] != defaults[second] else first
            said = f"{shown(chord)} is given to both {first} and {second}; "
            problems.append((changed, f"{said}{changed} keeps its usual keys."))
            actions[changed] = defaults[changed]
    return problems


def _clash(actions: Mapping[str, Action], scope: Scope) -> tuple[str, str, str] | None:
    """Return a chord that two actions have, or that is the beginning of another's, and both."""
    taken: dict[str, str] = {}
    for action in actions.values():
        if not action.is_in(scope):
            continue
        for chord in action.chords:
            for other, owner in taken.items():
                begins = chord.startswith(other + " ") or other.startswith(chord + " ")
                if owner != action.id and (chord == other or begins):
                    return chord, owner, action.id
            taken[chord] = action.id
    return None


def named_key(written: str) -> str:
    """Return one key in Textual's names, as people write it: ``^R``, ``?``, ``Space``, ``x``.

    Empty for what is none.
    """
    names = {name.casefold(): key for name, key in _NAMES.items() if len(name) > 1}
    return names.get(written.casefold(), "") or _parse_key(written)


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
    key_map: KeyMap, width: int, *, without: Collection[str] = (), scope: Scope = Scope.PAPERS
) -> list[tuple[str, str]]:
    """Return the pieces of the footer line: the hinted actions that fit `width` cells, by id.

    `without` are ids of actions that make no sense now.
    """
    pieces = [
        (f" {shown(action.chords[0])} {action.hint} ", action.id)
        for action in key_map.actions
        if action.hint
        and action.chords
        and action.group.scope is scope
        and action.id not in without
    ]
    kept = set(ALWAYS_HINTED)
    room = width - sum(len(piece) for piece, action in pieces if action in kept)
    if room < 0:  # not even those fit
        pieces, room = [each for each in pieces if each[1] in kept], width
        kept = set()
    line = []
    for piece, action in pieces:
        if action in kept or len(piece) <= room:
            line.append((piece, action))
            room -= 0 if action in kept else len(piece)
        else:
            room = 0
    return line


def key_table_text(key_map: KeyMap | None = None) -> str:
    """Return the whole table as text for a terminal."""
    lines = []
    for group in Group:
        found = [
            f"  {' '.join(map(shown, action.chords)):<16} {action.text:<44} {action.id}"
            for action in (key_map or KeyMap()).actions
            if action.group is group
        ]
        if found:
            lines += [str(group), *found, ""]
    return "\n".join(lines[:-1])


_INTRODUCTION = """\
# Keys

Made from the table in the program; `papertray keys` prints it with your changes. Digits before a
key are its count: `20j`. Any key can be given to another action in `settings.toml`, and keys that
are free to commands of your own:

```toml
[keys]
"decide.skip" = ["x", "d"]
"move.top" = "g g"

[commands]
"ctrl+t" = "zathura {pdf}"
"W" = "!w3m {url}"
```

A command is a line for the shell. `{pdf}`, `{citekey}`, `{url}`, `{title}`, `{doi}` and
`{arxiv_id}` are those of the paper under the cursor, each given as one word, whatever is in it:
they stand outside of quotation marks. `{{` and `}}` are braces. A line that begins with `!` gets
the terminal until it ends; others run beside the screen, what they say goes to a log, and the
status line tells when one fails."""

_WHERE = {
    Scope.PAPERS: "Over the papers",
    Scope.NOTE: "In a note",
    Scope.LIST: "In a list of other things",
}

_REMARKS = {
    Scope.LIST: "The keys that move work here, too, and those marked *: they close the list, and "
    "the papers' screen does what they ask for.",
}


def key_table_markdown() -> str:
    """Return docs/keys.md."""
    parts = [_INTRODUCTION]
    for scope, where in _WHERE.items():
        parts.append(f"## {where}")
        if scope in _REMARKS:
            parts.append(_REMARKS[scope])
        for group in Group:
            rows = [_row(action) for action in ACTIONS if action.group is group]
            if group.scope is scope and rows:
                table = ["| keys | does | action |", "|---|---|---|", *rows]
                parts += [f"### {group}", "\n".join(table)]
    return "\n\n".join(parts) + "\n"


def _row(action: Action) -> str:
    mark = " *" if action.is_everywhere else ""
    return f"| {' '.join(map(_code, action.chords))}{mark} | {action.text} | `{action.id}` |"


def _code(chord: str) -> str:
    return f"`{shown(chord)}`".replace("|", "\\|")
