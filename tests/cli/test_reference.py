"""docs/commands.md, and that the commands are those there should be."""

from __future__ import annotations

import click

from cli.command_line import REPOSITORY, CommandLine
from papertray.cli.main import COMMANDS, papertray
from papertray.cli.reference import markdown

FIRST_PART = (
    "tour", "add", "list", "search", "show", "open", "edit", "move", "done", "tag", "tags",
    "remove", "note", "notes", "undo", "redo", "history", "export", "doctor", "keys",
)  # fmt: skip
"""The commands of the design's first part."""

SECOND_PART = (
    "save", "searches", "reindex", "backup", "restore", "plugins", "config", "completion",
)  # fmt: skip
"""Those of its second part; `doctor` is there since the first."""

THIRD_PART = ("duplicates", "merge")
"""Those of its third part."""

FOURTH_PART = ("feeds", "watch", "attach")
"""Those of its fourth part."""

FIFTH_PART = ("triage", "pick")
"""Those of its fifth part."""

SIXTH_PART = ("cite", "check", "refresh")
"""Those of its sixth part."""

OPTIONS = {
    "add": {"--from", "--pile", "--tag", "--decisions", "--dry-run", "--retry", "--json"},
    "list": {"--sort", "--limit", "--format", "--pile", "--tag"},
    "show": {"--format"},
    "move": {"--query", "--because"},
    "done": {"--clear"},
    "tag": {"--add", "--remove"},
    "note": {"--replace", "--edit", "--stdin", "--new"},
    "notes": {"--pile", "--tag"},
    "duplicates": {"--limit", "--format", "--pile", "--tag"},
    "undo": {"-n", "--batch"},
    "doctor": {"--repair"},
    "triage": {"--plain", "--budget", "--pile"},
    "pick": {"--format"},
    "check": {"--format"},
    "refresh": {"--query"},
    "config": {"--write"},
    "export": {"--to", "-o", "--notes", "--private", "--force", "--pile", "--tag", "--abstracts"},
}


def test_there_are_the_commands_of_the_design(filled: CommandLine) -> None:
    page = filled("--help").stdout.partition("Commands:\n")[2]

    assert [line.split()[0] for line in page.splitlines()] == list(COMMANDS)
    assert set(COMMANDS) == {
        *FIRST_PART, *SECOND_PART, *THIRD_PART, *FOURTH_PART, *FIFTH_PART, *SIXTH_PART,
    }  # fmt: skip


def test_commands_have_the_options_of_the_design() -> None:
    ctx = click.Context(papertray)
    for name, wanted in OPTIONS.items():
        command = papertray.get_command(ctx, name)
        assert command is not None
        assert wanted <= {option for parameter in command.params for option in parameter.opts}


def test_every_option_says_what_it_does() -> None:
    assert "`: None" not in markdown()


def test_the_page_is_current() -> None:
    page = REPOSITORY / "docs" / "commands.md"

    assert page.read_text(encoding="utf-8") == markdown(), (
        "python -c 'from papertray.cli.reference import markdown; print(markdown(), end=\"\")'"
        " > docs/commands.md"
    )
