"""Plugins from the outside: the one of docs/plugins.md, and broken ones beside it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cli.command_line import ROOTS, CommandLine
from plugin_packages import files_on_page, install, install_from_page

LINES = "2017 | Vaswani, Ashish | Attention Is All You Need\n2016 | He, Kaiming | ResNets\n"

HOOKS = "from papertray.core.hooks import hookimpl\n"
RAISING = {
    "papertray_raising.py": HOOKS
    + """
@hookimpl
def register_readers(register):
    register("raising", "papertray_raising")
    register("missing", "papertray_gone")

@hookimpl
def register_exporters(register):
    register("raising", "papertray_raising:write", description="Raises", suffix=".raising")

@hookimpl
def register_commands(cli):
    cli.add_lazy_command("gone", "papertray_gone:command")

    @cli.command()
    def fall():
        "Fall over."
        raise ZeroDivisionError("fell \\x1b[31mover")

NAME = "raising"
DESCRIPTION = "whatever says raise"
IS_LIBRARY = False
FEED = ""

def recognise(head, name):
    return head.startswith(b"raise")

def read(stream):
    yield 7

def write(entries, options):
    yield "half "
    raise ZeroDivisionError("wrote")
"""
}


class Site:
    """A folder of installed plugins, and the command line that sees it."""

    def __init__(self, papertray: CommandLine) -> None:
        self.folder = papertray.folder / "site"
        self._papertray = papertray

    def __call__(
        self, *arguments: str, load: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with the plugins in the folder; `load` chooses among them."""
        environment = self._papertray.environment
        environment["PYTHONPATH"] = os.pathsep.join([str(self.folder), ROOTS])
        del environment["PAPERTRAY_LOAD_PLUGINS"]
        if load is not None:
            environment["PAPERTRAY_LOAD_PLUGINS"] = load
        return subprocess.run(
            self._papertray.command(*arguments), env=environment, cwd=self._papertray.folder,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip


@pytest.fixture
def site(papertray: CommandLine) -> Site:
    """The plugin of the page, installed."""
    site = Site(papertray)
    install_from_page(site.folder)
    return site


def test_the_plugin_of_the_page_is_listed(site: Site) -> None:
    ended = site("plugins")

    hooks = "register_commands register_exporters register_readers"
    assert ended.stdout == f"papertray-lines\t1.0\t{hooks}\n"
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_plugin_of_the_page_reads_writes_and_counts(site: Site, tmp_path: Path) -> None:
    (tmp_path / "two.lines").write_text(LINES + "not one\n")

    added = site("add", "two.lines")
    written = site("export", "--to", "lines", "--pile", "all")
    by_suffix = site("export", "-o", "out.lines", "--pile", "all")
    counted = site("years")

    assert added.stdout == "2 added, 0 merged, 0 known, 1 failed\n"
    assert "two.lines, line 3: this is not year | authors | title" in added.stderr
    assert sorted(written.stdout.splitlines()) == sorted(LINES.splitlines())
    assert (tmp_path / "out.lines").read_text() == written.stdout
    assert by_suffix.returncode == 0
    assert (counted.returncode, counted.stdout) == (0, "2016\t1\n2017\t1\n")


def test_its_names_appear_where_names_are_listed(site: Site) -> None:
    help_page = site("--help").stdout.rstrip().splitlines()
    assert help_page[-1].split() == ["years", "Count", "the", "papers", "of", "each", "year."]
    assert ", lines." in " ".join(site("add", "--help").stdout.split())
    assert 'did you mean "lines"?' in site("add", "--from", "line", "picture.gif").stderr
    assert "Did you mean lines?" in site("export", "--to", "line").stderr
    assert "did you mean years?" in site("yeers").stderr


@pytest.mark.parametrize("load", ["", "papertray-other"])
def test_the_environment_chooses_plugins(site: Site, load: str) -> None:
    ended = site("years", load=load)

    assert ended.returncode == 2
    assert "There is no command years" in ended.stderr
    assert ("papertray-other, but no such plugin is installed" in ended.stderr) is bool(load)
    assert site("plugins", load="Papertray_Lines").stdout.startswith("papertray-lines")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("import papertray_nothing", "ModuleNotFoundError: No module named 'papertray_nothing'"),
        ("import sys; sys.exit('no')", "SystemExit: no"),
        (HOOKS + "@hookimpl\ndef register_reader(register): pass", "hook 'register_reader'"),
        (HOOKS + "@hookimpl\ndef register_readers(registry): pass", "registry"),
        (HOOKS + "@hookimpl\ndef register_readers(register): 1 / 0", "ZeroDivisionError"),
        ("def register_readers(register): pass", "it implements no hook"),
        (
            HOOKS + "@hookimpl\ndef register_readers(register): register('jsonl', 'x')",
            "the reader jsonl is already there, from papertray",
        ),
        (
            HOOKS + "@hookimpl\ndef register_commands(cli):\n"
            "    cli.command('other')(print)\n    cli.command('list')(print)",
            "the command list is already there, from papertray",
        ),
        (
            HOOKS + "@hookimpl\ndef register_commands(cli): cli.add_lazy_command('years', 'x:y')",
            "the command years is already there, from papertray-lines",
        ),
        (
            HOOKS + "@hookimpl\ndef register_readers(register): register('A Name', 'x')",
            "'A Name' is no name",
        ),
    ],
    ids=[
        "import", "exit", "misspelt hook", "wrong signature", "raising hook", "no hook",
        "reader of ours", "command of ours", "command of another", "name",
    ],
)  # fmt: skip
def test_a_broken_plugin_is_named_and_left_out(site: Site, text: str, error: str) -> None:
    broken = {"papertray_newer.py": text}
    install(site.folder, "papertray-newer", "0.1", broken, {"newer": "papertray_newer"})

    listed, used = site("plugins"), site("years")

    lines, newer = listed.stdout.splitlines()
    assert listed.returncode == 1
    assert lines.startswith("papertray-lines\t1.0\tregister")
    assert newer.startswith("papertray-newer\t0.1\tleft out: ")
    assert error in newer
    assert used.returncode == 0
    assert used.stderr.count("\n") == 1
    assert "The plugin papertray-newer was left out: " in used.stderr


def test_a_command_of_our_own_looks_for_no_plugin(site: Site) -> None:
    broken = {"papertray_broken.py": "1 / 0"}
    install(site.folder, "papertray-broken", "0.1", broken, {"broken": "papertray_broken"})

    assert "papertray-broken" not in site("list").stderr
    assert "papertray-broken" in site("yeers").stderr


@pytest.fixture
def raising(site: Site, tmp_path: Path) -> Site:
    """A second plugin, whose parts raise."""
    install(site.folder, "papertray-raising", "0.2", RAISING, {"raising": "papertray_raising"})
    (tmp_path / "two.lines").write_text(LINES)
    (tmp_path / "one.raising").write_text("raise")
    return site


def test_a_reader_that_raises_fails_its_file_only(raising: Site, tmp_path: Path) -> None:
    ended = raising("add", "one.raising", "two.lines")

    assert (ended.returncode, ended.stdout) == (1, "2 added, 0 merged, 0 known, 1 failed\n")
    assert "The reader raising of the plugin papertray-raising failed: TypeError: " in ended.stderr
    log = tmp_path / "state" / "errors.log"
    assert str(log) in ended.stderr
    assert "Traceback" in log.read_text()
    # The reader that is not there was asked, too, before the one that raised.
    chosen = raising("add", "--from", "missing", "one.raising")
    assert chosen.returncode == 2
    assert "The reader missing of the plugin papertray-raising failed: Module" in chosen.stderr


def test_a_reader_that_is_not_there_keeps_no_other_from_a_file(
    raising: Site, tmp_path: Path
) -> None:
    (tmp_path / "picture.gif").write_bytes(b"GIF89a")
    (tmp_path / "cat.gif").write_bytes(b"GIF89a")

    said = raising("add", "picture.gif", "cat.gif").stderr

    assert said.count("The reader missing of the plugin papertray-raising failed") == 1
    assert said.count("is a GIF image") == 2


def test_an_exporter_that_raises_leaves_the_file_as_it_was(raising: Site, tmp_path: Path) -> None:
    raising("add", "two.lines")
    (tmp_path / "out.raising").write_text("before")

    ended = raising("export", "--pile", "all", "-o", "out.raising", "--force")

    assert ended.returncode == 70
    said = "The exporter raising of the plugin papertray-raising failed: ZeroDivisionError: wrote"
    assert said in ended.stderr
    assert (tmp_path / "out.raising").read_text() == "before"
    assert sorted(path.name for path in tmp_path.glob(".out*")) == []


@pytest.mark.parametrize(
    ("command", "error"),
    [("fall", "ZeroDivisionError: fell �[31mover"), ("gone", "No module named 'papertray_gone'")],
)
def test_a_command_that_raises_is_named(raising: Site, command: str, error: str) -> None:
    ended = raising(command)

    assert (ended.returncode, ended.stdout) == (70, "")
    assert ended.stderr.startswith(
        f"The command {command} of the plugin papertray-raising failed: "
    )
    assert error in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_the_help_leaves_out_a_command_that_cannot_be_imported(raising: Site) -> None:
    ended = raising("--help")

    assert ended.returncode == 0
    assert "Fall over." in ended.stdout
    assert "  gone" not in ended.stdout
    assert "The command gone of the plugin papertray-raising failed" in ended.stderr


def test_the_page_shows_a_whole_package() -> None:
    assert list(files_on_page()) == [
        "pyproject.toml",
        *(f"papertray_lines/{name}.py" for name in ("__init__", "reader", "exporter", "command")),
    ]
