"""The settings there are, and what a settings file says. Pure: reading the file is not done here.

The keys of the screen (`[keys]`) are handed on as they stand: what actions there are is known to
`papertray.tui.keys`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Setting:
    """A whole number in a table of the file, not below `least`. `comment` is one sentence."""

    table: str
    name: str
    usual: int
    least: int
    comment: str

    @property
    def id(self) -> str:
        """What it is called outside of the file: ``backups.daily``."""
        return f"{self.table}.{self.name}"


SETTINGS = (
    Setting("backups", "daily", 7, 1, "How many daily backups are kept."),
    Setting("backups", "weekly", 4, 1, "How many weekly backups are kept beside them."),
    Setting(
        "versions",
        "changed",
        30,
        0,
        "Percent of an abstract that a new version must change to bring a decided paper back.",
    ),
)
"""Every setting but the keys, in the order of the file. Each does something."""

KEYS = "keys"
"""The table of keys: an action and its key, or a list of keys."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a settings file, in a sentence. `line` counts from 1, 0 is all of it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says.

    `numbers` holds the value of every setting by its id, the usual one where the file says nothing
    or something wrong. `keys` is the table of keys as it stands, `key_lines` where each of its
    actions is named. `is_readable` is False where nothing of the file could be read.
    """

    numbers: Mapping[str, int]
    keys: Mapping[str, object] = field(default_factory=dict)
    key_lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_readable: bool = True


_USUAL = {setting.id: setting.usual for setting in SETTINGS}


def usual_settings() -> Settings:
    """Return the settings of those who have no file."""
    return Settings(_USUAL)


def unreadable(reason: str) -> Settings:
    """Return the usual settings, for a file that cannot be read for a `reason`, a sentence."""
    return Settings(_USUAL, problems=(Problem(0, reason),), is_readable=False)


def parse_settings(text: str) -> Settings:
    """Return what the text of a settings file says. Never raises: what is wrong is a problem."""
    import tomllib  # only those who have settings wait for it

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return unreadable(f"This is not TOML: {error}.")
    except RecursionError:
        return unreadable("This is nested too deeply.")
    from papertray.core.toml_lines import key_lines

    lines = key_lines(text)
    numbers, problems = dict(_USUAL), []
    for place, said in _checked(found):
        if isinstance(said, str):
            problems.append(Problem(lines[place], said))
        else:
            numbers[".".join(place)] = said
    keys = found.get(KEYS)
    return Settings(
        numbers,
        keys if isinstance(keys, dict) else {},
        {str(path[1]): line for path, line in lines.items() if len(path) == 2 and path[0] == KEYS},
        tuple(problems),
    )


def _checked(found: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], int | str]]:
    """Yield the place of each value, and the value, or a sentence about what is wrong with it."""
    tables = dict.fromkeys([*(setting.table for setting in SETTINGS), KEYS])
    for table, content in found.items():
        if table not in tables:
            yield (table,), _unknown(f"[{table}]", table, [f"[{name}]" for name in tables])
        elif not isinstance(content, dict):
            yield (table,), f"{table} must be a table, [{table}]."
        elif table != KEYS:
            known = {setting.name: setting for setting in SETTINGS if setting.table == table}
            for name, value in content.items():
                yield (table, name), _checked_value(known, name, value)


def _checked_value(known: Mapping[str, Setting], name: str, value: object) -> int | str:
    setting = known.get(name)
    if setting is None:
        return _unknown(name, name, known)
    # True is a number for Python, but not for those who write settings.
    if not isinstance(value, int) or isinstance(value, bool) or value < setting.least:
        return f"{setting.id} must be a whole number, {setting.least} or more."
    return value


def _unknown(shown: str, name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(name, names, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}."
    return f"There is no setting {shown}; {hint}"


def settings_text(actions: Iterable[str]) -> str:
    """Return a settings file that explains every setting and changes none.

    `actions` are lines of TOML for the table of keys, which show what can be changed there.
    """
    lines = [
        "# The settings of papertray. Take the # away from a line to change what it says;",
        "# `papertray config` checks this file.",
    ]
    for table in dict.fromkeys(setting.table for setting in SETTINGS):
        lines += ["", f"[{table}]"]
        for setting in SETTINGS:
            if setting.table == table:
                lines += [f"# {setting.comment}", f"# {setting.name} = {setting.usual}"]
    lines += [
        "",
        f"[{KEYS}]",
        "# The keys of the screen: an action and its key, or a list of keys. A key that another",
        "# action has must be taken from that one, too: give it another.",
        *(f"# {line}" for line in actions),
    ]
    return "\n".join(lines) + "\n"
