"""`export --update`: a bibliography of the user's own stays her own."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import copytree

import pytest

from cli.command_line import CommandLine, json_lines
from papertray.core.errors import ExportRefused
from papertray.notebook import bib_file

HERS = b"""% Mine. Do not sort.
@string{neurips = "Advances in Neural Information Processing Systems"}

@article{mine2001,
\ttitle   = "A {Thing} of \xe9clat",
\tauthor  = "Doe, Jane",
\tyear    = 2001, % sure?
\trating  = {5}
}

@comment{jabref-meta: databaseType:bibtex;}
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tray of two papers that are read and starred."""
    folder = tmp_path_factory.mktemp("tray")
    records = json_lines(
        {
            "title": "Attention Is All You Need",
            "authors": ["Vaswani, Ashish", "Noam Shazeer"],
            "year": 2017,
            "arxiv_id": "1706.03762",
            "abstract": "The dominant models are recurrent.",
        },
        {"title": "Deep Residual Learning", "authors": ["He, Kaiming"], "year": 2016},
    )
    assert CommandLine(folder)("add", "-", "--pile", "read", stdin=records).exit_code == 0
    return folder


@pytest.fixture
def filled(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line on a tray of its own with those papers."""
    copytree(template, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path)


@pytest.fixture
def hers(filled: CommandLine) -> Path:
    """A file that its owner keeps by hand, beside the tray."""
    path = filled.folder / "mine.bib"
    path.write_bytes(HERS)
    return path


def updated(filled: CommandLine, *options: str, exit_code: int = 0) -> str:
    result = filled("export", "--update", "mine.bib", "--no-abstracts", *options)
    assert result.exit_code == exit_code, result.output
    assert result.stdout == ""
    return result.stderr


def test_new_papers_are_appended_and_nothing_else_is_touched(
    filled: CommandLine, hers: Path
) -> None:
    said = updated(filled)

    assert said.startswith("2 papers as bibtex")
    assert said.endswith("\nmine.bib: 2 entries appended\n")
    entries, comment = HERS.split(b"\n\n@comment")
    data = hers.read_bytes()
    assert data.startswith(entries + b"\n\n@misc{he")
    assert data.endswith(b"\n}\n\n@comment" + comment)
    assert b",\n\ttitle = {Attention Is All You Need},\n" in data


def test_a_second_update_does_not_even_write(filled: CommandLine, hers: Path) -> None:
    updated(filled)
    before = hers.stat().st_mtime_ns, hers.stat().st_ino

    assert updated(filled).endswith("\nmine.bib stays as it is: 2 entries left as they were\n")

    assert (hers.stat().st_mtime_ns, hers.stat().st_ino) == before


def test_what_papertray_wrote_follows_the_paper(filled: CommandLine, hers: Path) -> None:
    updated(filled)
    before = hers.read_text("latin-1")
    assert filled("edit", "1", "--set", "year=2018", "--set", "doi=10.1000/x").exit_code == 0
    assert "2 fields brought up to date, 1 entry left as it was" in updated(filled)
    between = hers.read_text("latin-1")
    assert filled("edit", "1", "--set", "year=2017", "--set", "doi=").exit_code == 0
    assert "2 fields brought up to date, 1 entry left as it was" in updated(filled)

    last = "\turl = {https://arxiv.org/abs/1706.03762}"
    assert between == before.replace("{2017}", "{2018}").replace(
        last, f"{last},\n\tdoi = {{10.1000/x}}"
    )
    assert hers.read_text("latin-1") == before.replace(last, f"{last},")


def test_hand_edits_win_and_are_told(filled: CommandLine, hers: Path) -> None:
    updated(filled)
    text = hers.read_text("latin-1").replace("year = {2017}", "year = {1999}")
    text = text.replace("\tauthor = {Vaswani, Ashish and Shazeer, Noam},\n", "")
    hers.write_text(text, "latin-1")
    filled("edit", "1", "--set", "year=2018")

    said = updated(filled)

    assert "year: the file has {1999}, papertray has {2018}" in said
    assert said.endswith("1 hand edit kept\n")
    assert hers.read_text("latin-1") == text

    said = updated(filled, "--force")

    assert "year: {1999} became {2018}" in said
    assert "year = {2018}" in hers.read_text("latin-1")
    assert "Vaswani, Ashish" in hers.read_text("latin-1")
    assert (hers.parent / "mine.bib.before1").read_text("latin-1") == text


def test_an_entry_that_was_taken_out_stays_out(filled: CommandLine, hers: Path) -> None:
    updated(filled)
    hers.write_bytes(HERS)

    said = updated(filled)

    assert "Taken out of mine.bib by you" in said
    assert hers.read_bytes() == HERS
    assert "2 entries appended" in updated(filled, "--force")


def test_entries_of_her_own_are_left_alone(filled: CommandLine, hers: Path) -> None:
    text = (
        "@misc{Transformer,\n  eprint={1706.03762},\n archiveprefix = {arXiv},\n"
        "  title = {attention}}\n"
        "@article{He:2016, author = {K. He}, title = {Deep residual learning}, year = {2015}}\n"
    )
    hers.write_text(text)

    said = updated(filled)

    assert hers.read_text() == text
    assert "(Transformer)" in said
    assert "(He:2016)" in said
    assert "of your own, which stay as they are: " in said


def test_a_key_that_means_another_work_is_told(filled: CommandLine, hers: Path) -> None:
    key = filled.json("show", "2", "--format", "json")["citekey"]
    text = f"@book{{{key.upper()}, title = {{Cooking for Two}}, year = 1950}}\n"
    hers.write_text(text)

    said = updated(filled, exit_code=1)

    assert f"{key} is the key of another work in mine.bib ({{Cooking" in said.replace("(Co", "({Co")
    assert hers.read_text().startswith(text)
    assert "Residual" not in hers.read_text()


def test_a_file_that_an_export_wrote_is_papertrays(filled: CommandLine) -> None:
    assert filled("export", "-o", "mine.bib", "--no-abstracts").exit_code == 0
    filled("edit", "2", "--set", "year=2015")

    assert "1 field brought up to date" in updated(filled)


def test_an_entry_that_says_just_what_papertray_says_is_papertrays(
    filled: CommandLine, hers: Path
) -> None:
    pasted = filled("export", "--to", "bibtex", "--no-abstracts").stdout
    hers.write_text(f"% mine\n{pasted}")
    updated(filled)
    filled("edit", "2", "--set", "year=2015")

    assert "1 field brought up to date" in updated(filled)
    assert hers.read_text() == f"% mine\n{pasted}".replace("{2016}", "{2015}")


def test_abstracts_that_are_not_asked_for_stay(filled: CommandLine, hers: Path) -> None:
    assert filled("export", "--update", "mine.bib").exit_code == 0
    before = hers.read_bytes()
    assert b"recurrent" in before

    assert "2 entries left as they were" in updated(filled)

    assert hers.read_bytes() == before


def test_a_renamed_key_is_still_the_same_entry(filled: CommandLine, hers: Path) -> None:
    updated(filled)
    key = filled.json("show", "1", "--format", "json")["citekey"]
    hers.write_bytes(hers.read_bytes().replace(key.encode(), b"transformer"))
    filled("edit", "1", "--set", "year=2018")

    said = updated(filled)

    assert f"Keys that differ in mine.bib, and stay: {key} (transformer)." in said
    assert "1 field brought up to date" in said


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"\n@misc{a, title = {A}\n", (), "mine.bib, line 2: this entry is never closed"),
        (HERS, ("--to", "jsonl"), "--to bibtex or biblatex"),
        (HERS, ("-o", "x.bib"), "Either --update"),
    ],
)
def test_what_cannot_be_done_ends_with_two(
    filled: CommandLine, hers: Path, content: bytes, arguments: tuple[str, ...], words: str
) -> None:
    hers.write_bytes(content)

    assert words in updated(filled, *arguments, exit_code=2)

    assert hers.read_bytes() == content


def test_a_file_that_is_not_there_yet_begins(filled: CommandLine) -> None:
    assert "2 entries appended" in updated(filled)
    assert filled("export", "--to", "bibtex", "--no-abstracts").stdout == (
        filled.folder / "mine.bib"
    ).read_text("utf-8")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_that_was_deleted_or_emptied_begins_anew(
    filled: CommandLine, is_there: bool
) -> None:
    path = filled.folder / "mine.bib"
    updated(filled)
    whole = path.read_bytes()
    path.unlink()  # make clean
    if is_there:
        path.write_text("\n")
    assert "1 entry appended" in updated(filled, "residual")
    assert "1 entry appended, 1 entry left as it was" in updated(filled)
    assert path.read_bytes().strip() == whole.strip()


def test_no_paper_is_no_change(filled: CommandLine, hers: Path) -> None:
    assert "mine.bib stays as it is" in updated(filled, "pile:skip")
    assert hers.read_bytes() == HERS


def test_mode_and_link_stay(filled: CommandLine, hers: Path) -> None:
    hers.chmod(0o640)
    link = filled.folder / "link.bib"
    link.symlink_to(hers)

    assert filled("export", "--update", "link.bib").exit_code == 0

    assert link.is_symlink()
    assert hers.stat().st_mode & 0o777 == 0o640
    assert hers.read_bytes() != HERS
    assert not [name for name in os.listdir(filled.folder) if name.startswith(".mine")]


def test_another_program_that_writes_meanwhile_wins(tmp_path: Path) -> None:
    path = tmp_path / "mine.bib"
    path.write_bytes(HERS)
    file = bib_file.read_bib_file(path)
    path.write_bytes(HERS + b"% saved by an editor\n")

    with pytest.raises(ExportRefused, match="changed by another program"):
        bib_file.replace_bib_file(file, file.text + "ours")

    assert path.read_bytes() == HERS + b"% saved by an editor\n"
    assert os.listdir(tmp_path) == ["mine.bib"]


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (b"", "utf-8"),
        ("é".encode(), "utf-8"),
        ("\ufeffé".encode(), "utf-8"),
        (b"caf\xe9", "cp1252"),
        (b"\xc3\xa9 caf\xe9", "utf-8"),
        (b"caf\x81", "utf-8"),
        (b"% Encoding: windows-1250\n@misc{a, title = {b}}", "cp1250"),
        ("\ufeff@misc{a, title = {é}}".encode("utf-16-le"), "utf-16-le"),
        ("@misc{a, title = {bcdefghijk}}".encode("utf-16-be") * 20, "utf-16-be"),
        (bytes(range(256)), "utf-8"),
    ],
)
def test_any_bytes_come_back(tmp_path: Path, data: bytes, codec: str) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(data)
    file = bib_file.read_bib_file(path)
    assert (file.encoded(file.text), file.codec) == (data, codec)


def test_what_the_encoding_cannot_say_is_not_written(filled: CommandLine, hers: Path) -> None:
    record = {"title": "学习 Graphs Again and Again", "year": 2020}
    filled("add", "-", "--pile", "read", stdin=json_lines(record))

    said = updated(filled, exit_code=1)

    assert "mine.bib has no characters for" in said
    assert "2 entries appended" in said
    assert hers.read_bytes().startswith(HERS[:200])


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_a_bibliography_of_ones_own_brings_no_paper_twice(
    filled: CommandLine, dialect: str
) -> None:
    records = json_lines(
        {"title": "Primer"},
        {"title": "Editorial", "year": 1999, "month": 3, "day": 2, "authors": ["Jane Doe"]},
        {"title": "Using MySQL", "url": "https://aclanthology.org/H89-1042"},
        {"title": "Naïve “Quotes”", "authors": ["Van Haagen, A. J."], "year": 2001},
    )
    filled("add", "-", "--pile", "read", stdin=records)
    filled("export", "--to", dialect, "-o", "own.bib")

    assert filled("add", "own.bib").stdout.startswith("0 added")


def test_one_key_is_not_one_paper_where_titles_or_years_differ(filled: CommandLine) -> None:
    filled("add", "-", "--pile", "read", stdin=json_lines({"title": "Primer", "year": 1999}))
    key = filled.json("show", "3", "--format", "json")["citekey"]
    others = f"@misc{{{key}, title = {{Primer}}, year = 2005}}\n@misc{{{key}, title = {{Primes}}}}"

    result = filled("add", "-", "--from", "bibtex", stdin=others)

    assert result.stdout.startswith("2 added")
