"""The settings there are, and what a settings file says. Pure: reading the file is not done here.

The keys of the screen (`[keys]`) are handed on as they stand: what actions there are is known to
`papertray.tui.keys`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # only those who have some wait for it
    from papertray.core.named_exports import NamedExport

Value: TypeAlias = int | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value in a table of the file, of the type of its `usual` one. `comment` is one sentence.

    A whole number is not below `least`. A text that `is_address` begins with http:// or https://;
    where there are `choices` it is one of them; one that `is_formula` makes citation keys.
    """

    table: str
    name: str
    usual: Value
    comment: str
    least: int = 0
    is_address: bool = False
    choices: tuple[str, ...] = ()
    is_formula: bool = False

    @property
    def id(self) -> str:
        """What it is called outside of the file: ``backups.daily``."""
        return f"{self.table}.{self.name}"


_SERVICES = {
    "arxiv": "https://arxiv.org",
    "arxiv-api": "https://export.arxiv.org/api/query",
    "arxiv-oai": "https://oaipmh.arxiv.org/oai",
    "hugging-face": "https://huggingface.co",
    "semantic-scholar": "https://api.semanticscholar.org/graph/v1",
    "openalex": "https://api.openalex.org",
    "crossref": "https://api.crossref.org",
    "doi": "https://doi.org",
    "biorxiv": "https://api.biorxiv.org",
    "openreview": "https://openreview.net",
    "openreview-api": "https://api2.openreview.net",
    "openreview-old": "https://api.openreview.net",
    "acl": "https://aclanthology.org",
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
}
"""Where each service is asked: a mirror or a library's proxy can take its place."""

SETTINGS = (
    Setting("backups", "daily", 7, "How many daily backups are kept.", least=1),
    Setting("backups", "weekly", 4, "How many weekly backups are kept beside them.", least=1),
    Setting(
        "versions",
        "changed",
        30,
        "Percent of an abstract that a new version must change to bring a decided paper back.",
    ),
    Setting(
        "feeds",
        "fetch_at_start",
        True,
        "Whether feeds are fetched when the screen opens and there is a network.",
    ),
    Setting(
        "notes",
        "editor",
        "internal",
        "Where notes are written: internal is the editor of the screen, external your $EDITOR.",
        choices=("internal", "external"),
    ),
    Setting(
        "triage",
        "reasons",
        ("off-topic", "known already", "weak", "not now"),
        "Reasons to skip a paper; the first nine have the keys 1 to 9.",
    ),
    Setting(
        "citekeys",
        "formula",
        "better-bibtex",
        "How citation keys are made: better-bibtex (vaswaniAttentionAllNeed2017), google-scholar "
        "(vaswani2017attention), acl-anthology (vaswani-etal-2017-attention), or a template such "
        "as {author:lower}{year:2}-{title:4:lower:dashed}.",
        is_formula=True,
    ),
    Setting("screen", "hints", True, "Whether the first sessions show a hint now and then."),
    Setting("pdfs", "fetch", True, "Whether PDFs of read and starred papers are fetched."),
    Setting("pdfs", "largest", 50, "Megabytes of the largest PDF that is fetched.", least=1),
    Setting("pdfs", "most", 2000, "Megabytes that all fetched PDFs may take.", least=1),
    Setting(
        "network",
        "contact",
        "",
        "An e-mail address, told to the services that are asked: some answer then sooner.",
    ),
    *(
        Setting("services", name, address, f"Where {name} is asked.", is_address=True)
        for name, address in _SERVICES.items()
    ),
)
"""Every setting but the keys, in the order of the file. Each does something."""

KEYS = "keys"
"""The table of keys: an action and its key, or a list of keys."""

COMMANDS = "commands"
"""The table of the user's own commands: a key and the line of a shell that it runs."""

EXPORTS = "exports"
"""The table of named exports, see `papertray.core.named_exports`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a settings file, in a sentence. `line` counts from 1, 0 is all of it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says.

    `values` holds the value of every setting by its id, the usual one where the file says nothing
    or something wrong. `keys` is the table of keys as it stands, `key_lines` where each of its
    actions is named; `commands` and `command_lines` are the same for the user's own commands.
    `exports` are the named exports that can be written.
    `is_readable` is False where nothing of the file could be read.
    """

    values: Mapping[str, Value]
    keys: Mapping[str, object] = field(default_factory=dict)
    key_lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_readable: bool = True
    commands: Mapping[str, object] = field(default_factory=dict)
    command_lines: Mapping[str, int] = field(default_factory=dict)
    exports: tuple[NamedExport, ...] = ()

    def number(self, name: str) -> int:
        """Return a whole number by its setting's id."""
        value = self.values[name]
        assert isinstance(value, int)
        return value

    def is_on(self, name: str) -> bool:
        """Return whether a switch is on, by its setting's id."""
        return bool(self.values[name])

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts by its setting's id."""
        value = self.values[name]
        assert isinstance(value, tuple)
        return value

    def text(self, name: str) -> str:
        """Return a text by its setting's id."""
        return str(self.values[name])


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
    values, problems = dict(_USUAL), []
    for place, said in _checked(found):
        if isinstance(said, _Wrong):
            problems.append(Problem(lines[place], said.sentence))
        else:
            values[".".join(place)] = said

    def of_table(table: str) -> tuple[Mapping[str, object], Mapping[str, int]]:
        content = found.get(table)
        places = {str(path[1]): line for path, line in lines.items()
                  if len(path) == 2 and path[0] == table}  # fmt: skip
        return (content if isinstance(content, dict) else {}), places

    exports = []
    for one, place, sentence in _exports(found.get(EXPORTS)):
        if one is not None:
            exports.append(one)
        else:
            problems.append(Problem(lines[(EXPORTS, *place)], sentence))
    keys, key_places = of_table(KEYS)
    commands, command_places = of_table(COMMANDS)
    return Settings(
        values, keys, key_places, tuple(problems),
        commands=commands, command_lines=command_places, exports=tuple(exports),
    )  # fmt: skip


def _exports(found: object) -> Iterator[tuple[NamedExport | None, tuple[str, ...], str]]:
    """Yield each named export, or the place of what is wrong and a sentence."""
    if not isinstance(found, dict) or not found:
        return
    from papertray.core.named_exports import parse_exports

    for one in parse_exports(found):
        if isinstance(one, tuple):
            yield None, *one
        else:
            yield one, (), ""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Stands for a value that is none."""

    sentence: str


def _checked(found: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], Value | _Wrong]]:
    """Yield the place of each value, and the value, or what is wrong with it."""
    tables = dict.fromkeys([*(setting.table for setting in SETTINGS), KEYS, COMMANDS, EXPORTS])
    for table, content in found.items():
        if table not in tables:
            known_tables = [f"[{name}]" for name in tables]
            yield (table,), _unknown(f"[{table}]", table, known_tables)
        elif not isinstance(content, dict):
            yield (table,), _Wrong(f"{table} must be a table, [{table}].")
        elif table not in (KEYS, COMMANDS, EXPORTS):
            known = {setting.name: setting for setting in SETTINGS if setting.table == table}
            for name, value in content.items():
                yield (table, name), _checked_value(known, name, value)


def _checked_value(known: Mapping[str, Setting], name: str, value: object) -> Value | _Wrong:
    setting = known.get(name)
    if setting is None:
        return _unknown(name, name, known)
    if isinstance(setting.usual, bool):
        return value if isinstance(value, bool) else _Wrong(f"{setting.id} must be true or false.")
    if isinstance(setting.usual, tuple):
        texts = tuple(value) if isinstance(value, list) else ()
        if not isinstance(value, list) or not all(_is_line(text) for text in texts):
            return _Wrong(f"{setting.id} must be a list of lines, each in quotation marks.")
        return texts
    if isinstance(setting.usual, str):
        if not isinstance(value, str):
            return _Wrong(f"{setting.id} must be a text in quotation marks.")
        if setting.choices and value not in setting.choices:
            return _Wrong(f"{setting.id} must be {' or '.join(map(repr, setting.choices))}.")
        if setting.is_address and not value.startswith(("http://", "https://")):
            return _Wrong(f"{setting.id} must be an address that begins with https://.")
        if setting.is_formula:
            from papertray.core.citekeys import parse_formula
            from papertray.core.errors import UsageError

            try:
                parse_formula(value)
            except UsageError as error:
                return _Wrong(f"{setting.id}: {error}")
        return value.rstrip("/") if setting.is_address else value
    # True is a number for Python, but not for those who write settings.
    if not isinstance(value, int) or isinstance(value, bool) or value < setting.least:
        return _Wrong(f"{setting.id} must be a whole number, {setting.least} or more.")
    return value


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _unknown(shown: str, name: str, known: Iterable[str]) -> _Wrong:
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(name, names, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}."
    return _Wrong(f"There is no setting {shown}; {hint}")


def toml(value: Value) -> str:
    """Return a value as a settings file says it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    import json  # the strings of JSON are strings of TOML, and so are its lists

    return json.dumps(value, ensure_ascii=False)


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
                lines += [f"# {setting.comment}", f"# {setting.name} = {toml(setting.usual)}"]
    lines += [
        "",
        f"[{KEYS}]",
        "# The keys of the screen: an action and its key, or a list of keys. A key that another",
        "# action has must be taken from that one, too: give it another.",
        *(f"# {line}" for line in actions),
        "",
        f"[{COMMANDS}]",
        "# Keys of your own: a key, and the line of a shell that it runs. {pdf} {citekey} {url}",
        "# {title} {doi} {arxiv_id} are those of the paper, each one word, without quotation",
        "# marks around it.",
        "# A line that begins with ! gets the terminal until it ends.",
        '# "ctrl+t" = "zathura {pdf}"',
        '# "W" = "!w3m {url}"',
        "",
        "# Files that follow the tray: rewritten after changes while the screen is open, by",
        "# `papertray export --all` and by `papertray export --watch`. A table for each, with the",
        "# options of `papertray export`: to, query, pile, notes, private, abstracts, group,",
        "# title, bibliography; and update, where the file is a .bib of your own.",
        f"# [{EXPORTS}.thesis]",
        '# file = "~/thesis/refs.bib"',
        '# to = "biblatex"',
        '# query = "tag:thesis"',
    ]
    return "\n".join(lines) + "\n"
