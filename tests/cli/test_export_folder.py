"""Exports that write a folder, and what users write into their files between two exports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines

KEEP = "<!-- papertray:keep -->\n"


@pytest.fixture
def vault(filled: CommandLine, tmp_path: Path) -> Path:
    """The folder to which the three papers of the tray were exported."""
    assert filled("note", "1", "Good.").exit_code == 0
    assert filled("tag", "2", "--add", "x").exit_code == 0
    exported = said(filled, 0)
    assert exported == [
        "3 papers, 1 note as obsidian",
        f"{tmp_path / 'vault'}: 3 written, 0 unchanged",
    ]
    return tmp_path / "vault"


def said(papertray: CommandLine, code: int, *more: str, to: str = "obsidian") -> list[str]:
    """Export, and return what is said."""
    folder = papertray.folder / "vault"
    result = papertray("export", "--pile", "all", "--to", to, "-o", str(folder), *more)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    return result.stderr.splitlines()


def touched(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}


def paper(vault: Path, number: int) -> Path:
    return sorted(vault.iterdir())[number]


def test_only_what_changed_is_touched(filled: CommandLine, vault: Path) -> None:
    names = [file.name for file in sorted(vault.iterdir())]
    assert len(names) == 3
    assert names[1] == "@heDeepResidualLearning2016.md"
    before = touched(vault)
    assert said(filled, 0)[-1].endswith("0 written, 3 unchanged")
    assert touched(vault) == before
    filled("tag", "3", "--add", "y")
    assert said(filled, 0)[-1].endswith("1 written, 2 unchanged")
    assert [n for n, when in touched(vault).items() if before[n] != when] == [names[1]]


def test_what_is_in_a_region_stays_and_what_is_edited_outside_is_left_alone(
    filled: CommandLine, vault: Path
) -> None:
    kept, edited = paper(vault, 0), paper(vault, 1)
    mine = "Mine, \r\n\tin any bytes: \udcff\n".encode("utf-8", "surrogateescape")
    kept.write_bytes(kept.read_bytes().replace(KEEP.encode(), KEEP.encode() + mine))
    edited.write_text(edited.read_text().replace("# Deep", "# Very deep"))
    filled("tag", "1", "2", "3", "--add", "later")
    lines = said(filled, 1)
    assert lines[-1].endswith("2 written, 0 unchanged, 1 left alone")
    assert lines[1] == f"{edited.name} changed since papertray wrote it."
    assert lines[2].startswith("--force replaces")
    assert "# Very deep" in edited.read_text()
    assert KEEP.encode() + mine in kept.read_bytes()
    assert b"later" in kept.read_bytes()
    edited.write_text(edited.read_text().replace(KEEP, KEEP + "Also mine.\n"))
    assert said(filled, 0, "--force")[-1].endswith("1 written, 2 unchanged")
    assert "# Very deep" not in edited.read_text()
    assert "Also mine." in edited.read_text()


def test_files_of_others_are_left_alone_and_nothing_is_deleted(
    filled: CommandLine, vault: Path
) -> None:
    first, second, third = sorted(vault.iterdir())
    elsewhere = vault.parent / "elsewhere"
    first.rename(elsewhere)
    first.symlink_to(elsewhere)
    second.unlink()
    second.mkdir()
    third.write_text(third.read_text() + f"{KEEP}never closed\n")
    lines = said(filled, 1)
    assert lines[-1].endswith("0 written, 0 unchanged, 3 left alone")
    assert f"{first.name} cannot be read: it is a link." in lines
    assert f"{second.name} cannot be read: it is no file." in lines
    assert any(f"{third.name} has marks that do not pair up: line" in line for line in lines)
    assert "never closed" in third.read_text()
    assert first.is_symlink()
    filled("remove", "3")
    second.rmdir()
    second.write_text("old")
    assert "1 file of papers that are not in this export stayed" in said(filled, 1)[-2]
    assert second.read_text() == "old"


def test_the_same_name_in_other_letters_is_another_file_of_somebody(
    filled: CommandLine, vault: Path
) -> None:
    file = paper(vault, 1)
    other = vault / file.name.upper()
    file.rename(other)
    assert f"{file.name} is there already as {other.name}." in said(filled, 1)
    assert not file.exists()


def test_empty_files_are_made_again_and_equal_ones_taken_for_ones_own(
    filled: CommandLine, vault: Path
) -> None:
    paper(vault, 0).write_text("")  # as a program for notes makes it, or a power cut leaves it
    whole = paper(vault, 1).read_text()
    assert said(filled, 0)[-1].endswith("1 written, 2 unchanged")
    # Another tray with the same papers: what a restored one would find.
    vault.rename(vault.parent / "old")
    said(filled, 0)
    assert paper(vault, 1).read_text() == whole


def test_a_folder_is_needed(filled: CommandLine, tmp_path: Path) -> None:
    result = filled("export", "--to", "obsidian")
    assert result.exit_code == 2
    assert "say into which folder with -o FOLDER" in result.stderr
    (tmp_path / "file").write_text("x")
    for path, why in (("file", "is a file; a folder is needed"), ("file/in", "cannot be made")):
        result = filled("export", "--to", "obsidian", "-o", str(tmp_path / path))
        assert result.exit_code == 2
        assert why in result.stderr
    os.makedirs(tmp_path / "a" / "b")
    assert filled("export", "--to", "logseq", "-o", str(tmp_path / "a/b/c/d")).exit_code == 0
    assert len(list((tmp_path / "a/b/c/d").iterdir())) == 1


def test_keys_that_are_no_names_for_files(papertray: CommandLine, tmp_path: Path) -> None:
    keys = ("a:b", "a/b", "A.b", "con")
    page = json_lines(*({"title": f"On {key} alone", "citekey": key} for key in keys))
    papertray("add", "-", "--decisions", stdin=page)
    assert said(papertray, 0)[-1].endswith("4 written, 0 unchanged")
    names = [file.name for file in sorted((tmp_path / "vault").iterdir())]
    assert "@A.b.md" in names
    assert len({name.casefold() for name in names}) == 4


def test_templates_are_formats(filled: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "tray" / "templates"
    folder.mkdir()
    (folder / "card.txt").write_text("{{ paper.title }}\n")
    (folder / "talk.txt").write_text("{% for p in papers %}{{ p.citekey }}\n{% endfor %}")
    lines = filled.lines("export", "--pile", "all", "--to", "talk")
    assert lines[0] == "heDeepResidualLearning2016"
    assert said(filled, 0, to="card")[-1].endswith("3 written, 0 unchanged")
    assert (tmp_path / "vault" / "heDeepResidualLearning2016.txt").read_text() == (
        "Deep Residual Learning\n"
    )
    (folder / "talk.txt").write_text("{% for p in papers %}\n{{ p.nothing }}{% endfor %}")
    result = filled("export", "--pile", "all", "--to", "talk")
    assert result.exit_code == 2
    assert "talk.txt cannot be used: line 2:" in result.stderr
    assert "Did you mean talk?" in filled("export", "--to", "tlk").stderr
    (folder / "bibtex.txt").write_text("x")
    listed = filled("export", "--list")
    assert "card" in listed.stdout
    assert "bibtex.txt is not used: bibtex is a format of papertray already." in listed.stderr


# --- regions in a single file


@pytest.fixture
def reading_list(filled: CommandLine, tmp_path: Path) -> Path:
    """A reading list in which the user wrote."""
    file = tmp_path / "list.md"
    assert filled("export", "--pile", "all", "-o", str(file)).exit_code == 0
    file.write_text(file.read_text().replace(KEEP, KEEP + "Mine.\n", 1))
    return file


def test_a_list_carries_over_what_is_in_its_regions(
    filled: CommandLine, reading_list: Path
) -> None:
    before = reading_list.read_text()
    assert filled("export", "--pile", "all", "-o", str(reading_list)).exit_code == 0
    assert reading_list.read_text() == before
    own = f"\n{KEEP}Added.\n<!-- /papertray:keep -->\n"
    reading_list.write_text(before + own)
    assert filled("export", "--pile", "all", "-o", str(reading_list)).exit_code == 0
    assert "Mine." in reading_list.read_text()
    assert "Added." in reading_list.read_text()


def test_a_list_edited_outside_of_its_regions_is_left_alone(
    filled: CommandLine, reading_list: Path
) -> None:
    text = reading_list.read_text()
    for edited, why in (
        (text + "More.\n", "changed since papertray wrote it"),
        (text.replace("<!-- /papertray:keep -->\n", "", 1), "opens a region in that of line"),
    ):
        reading_list.write_text(edited)
        result = filled("export", "--pile", "all", "-o", str(reading_list))
        assert (result.exit_code, reading_list.read_text()) == (2, edited)
        assert why in result.stderr
    reading_list.write_text(text + "More.\n")
    assert filled("export", "--pile", "all", "-o", str(reading_list), "--force").exit_code == 0
    assert reading_list.read_text() == text


def test_blank_lines_that_an_editor_adds_are_no_edit(
    filled: CommandLine, reading_list: Path
) -> None:
    reading_list.write_text(reading_list.read_text().rstrip() + "  \n\n\n")
    assert filled("export", "--pile", "all", "-o", str(reading_list)).exit_code == 0


def test_words_about_a_paper_that_left_the_list_stay(
    filled: CommandLine, reading_list: Path
) -> None:
    before = reading_list.read_text()
    assert (
        filled("export", "nothing OR Study", "--pile", "all", "-o", str(reading_list)).exit_code
        == 0
    )
    assert "Mine." in reading_list.read_text()
    assert filled("export", "--pile", "all", "-o", str(reading_list)).exit_code == 0
    assert reading_list.read_text() == before
