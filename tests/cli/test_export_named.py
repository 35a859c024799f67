"""`export --list`, `--all` and `--watch`: formats, and files that the settings name."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import CommandLine


def write_settings(papertray: CommandLine, text: str) -> None:
    """Write the settings file."""
    file = papertray.folder / "config" / "settings.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_the_formats_are_listed(filled: CommandLine) -> None:
    lines = filled.lines("export", "--list")

    names = [line.split("\t")[0] for line in lines]
    assert names == [
        "bibtex", "biblatex", "csl-json", "ris", "markdown", "obsidian", "logseq", "org", "html",
        "csv", "jsonl",
    ]  # fmt: skip
    assert lines[5].split("\t")[1] == "folder of .md"


def test_all_exports_of_the_settings_are_written(filled: CommandLine, tmp_path: Path) -> None:
    write_settings(
        filled,
        f'[exports.refs]\nfile = "{tmp_path}/refs.bib"\n'
        f'[exports.vault]\nfile = "{tmp_path}/vault"\nto = "obsidian"\n'
        'query = "pile:inbox OR pile:starred"\n'
        f'[exports.none]\nfile = "{tmp_path}/none.bib"\nquery = "tag:none"\n',
    )

    result = filled("export", "--all")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"refs\t{tmp_path}/refs.bib\t1 paper",
        f"vault\t{tmp_path}/vault\t3 papers",
    ]
    assert "none: finds no paper" in result.stderr
    assert len(list((tmp_path / "vault").glob("*.md"))) == 3


def test_only_what_changed_is_printed_again(filled: CommandLine, tmp_path: Path) -> None:
    write_settings(filled, f'[exports.refs]\nfile = "{tmp_path}/refs.bib"\n')
    filled("export", "--all")
    before = (tmp_path / "refs.bib").stat()

    again = filled("export", "--all", "refs")

    assert (again.exit_code, again.stdout) == (0, "")
    assert "up to date" in again.stderr
    assert (tmp_path / "refs.bib").stat().st_mtime_ns == before.st_mtime_ns
    filled("move", "read", "1")
    assert filled("export", "--all").stdout.endswith("2 papers\n")


def test_a_file_of_her_own_is_brought_up_to_date(filled: CommandLine, tmp_path: Path) -> None:
    own = tmp_path / "own.bib"
    own.write_text("% mine\n@misc{other,\n  title = {Other},\n}\n", encoding="utf-8")
    write_settings(filled, f'[exports.own]\nfile = "{own}"\nupdate = true\n')

    assert filled("export", "--all").exit_code == 0

    text = own.read_text(encoding="utf-8")
    assert text.startswith("% mine\n@misc{other,\n  title = {Other},\n}\n")
    assert text.count("\n@") == 2


def test_without_any_and_with_a_wrong_name(filled: CommandLine) -> None:
    assert "name no export" in filled("export", "--all").stderr
    wrong = filled("export", "--all", "thesis")

    assert wrong.exit_code == 2
    assert "no export called thesis" in wrong.stderr


def test_what_is_wrong_in_the_settings_fails_a_makefile(
    filled: CommandLine, tmp_path: Path
) -> None:
    for text, why in (
        (f'[exports.a]\nfile = "{tmp_path}/a.bib"\n[exports.b]\n', "line 3: [exports.b] names no"),
        ("[exports", "This is not TOML"),
    ):
        write_settings(filled, text)
        result = filled("export", "--all")
        assert result.exit_code == 1
        assert why in result.stderr
        assert "name no export" not in result.stderr
    assert (tmp_path / "a.bib").exists()


def test_force_replaces_what_was_edited(filled: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "refs.bib"
    file.write_text("mine")
    write_settings(filled, f'[exports.refs]\nfile = "{file}"\n')

    assert "--force" in filled("export", "--all").stderr
    assert file.read_text() == "mine"
    assert filled("export", "--all", "--force").exit_code == 0
    assert file.read_text().startswith("@")
    assert filled("export", "--watch", "--force").exit_code == 2
