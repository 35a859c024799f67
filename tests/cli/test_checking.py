"""`check`: what a manuscript cites against what the tray holds; and `export --cited`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines

VASWANI = "vaswaniAttentionAllNeed2017"
HE = "heDeepResidualLearning2016"


def write(name: str, text: str) -> str:
    """Write a file of the manuscript beside the tray; return its name."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return name


def findings(papertray: CommandLine, *files: str) -> list[tuple[str, str, str]]:
    """Return the kind, key and other key of all that is found."""
    found = json.loads(papertray("check", *files, "--format", "json").stdout)
    return [(one["finding"], one["key"], one["other"]) for one in found]


def test_all_is_well(kept: CommandLine) -> None:
    result = kept("check", write("paper.tex", rf"\cite{{{VASWANI},{HE}}}"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "paper.tex: 2 keys cited, all known.\n"


def test_what_is_found_has_a_heading_a_line_and_places(kept: CommandLine) -> None:
    write("parts/one.tex", "\\citep{vaswaniAttentoinAllNeed2017}\n\\input{paper}")
    file = write("paper.tex", f"\n\\cite{{{VASWANI}}}\n\\input{{parts/one}}\n\\cite{{{VASWANI}}}")
    result = kept("check", file)
    assert result.exit_code == 1
    assert result.stdout == (
        "Cited but unknown (1)\n"
        f"  vaswaniAttentoinAllNeed2017  nearest: {VASWANI}  parts/one.tex:1\n"
        "\n"
        "Starred but not cited (1)\n"
        f"  {HE}  Deep Residual Learning\n"
    )
    assert result.stderr == "paper.tex in 2 files: 2 keys cited, 1 of them unknown.\n"


def test_files_are_taken_in_from_the_main_folder_and_from_their_own(kept: CommandLine) -> None:
    write("parts/one.tex", r"\input{two}\input{parts/three.tex}\subimport{deep/}{four}")
    for name in ("parts/two", "parts/three", "parts/deep/four"):
        write(f"{name}.tex", rf"\cite{{{name}}}\input{{parts/one}}")
    found = findings(kept, write("paper.tex", r"\input{parts/one}"), "paper.tex")
    assert [key for _, key, _ in found] == ["parts/two", "parts/three", "parts/deep/four", HE]


def test_files_that_take_in_each_other_without_end_are_read(kept: CommandLine) -> None:
    for number in range(1100):
        write(f"{number}.tex", rf"\input{{{number + 1}}}\input{{{number - 1}}}")
    result = kept("check", write("0.tex", r"\input{1}"))
    assert result.stderr.startswith("0.tex in 1,100 files: 0 keys cited")
    assert "  1100  1099.tex:1\n" in result.stdout


def test_each_thing_is_found(kept: CommandLine) -> None:
    kept("export", "--to", "bibtex", "--pile", "all")
    kept("edit", "1", "--set", "citekey=vaswani17")
    write("refs.bib", "@book{knuth84, title={TeX}}")
    skipped = kept.json("show", "2", "--format", "json")["citekey"]
    file = write(
        "paper.tex",
        rf"\cite{{{VASWANI},vaswani17,{skipped},knuth84,1706.03762,zzz}}"
        r"\include{gone}\bibliography{refs}",
    )
    assert findings(kept, file) == [
        ("unknown", "1706.03762", "vaswani17"),
        ("unknown", "zzz", ""),
        ("missing", "gone", ""),
        ("changed", VASWANI, "vaswani17"),
        ("twice", "vaswani17", VASWANI),
        ("skipped", skipped, ""),
        ("elsewhere", "knuth84", ""),
        ("uncited", HE, ""),
    ]
    kept("remove", "3")
    assert ("skipped", HE, "") in findings(kept, write("other.md", f"[@{HE}]"))


def test_other_case_is_another_key_for_biber(kept: CommandLine) -> None:
    file = write("paper.md", f"@{HE.upper()} and [@{VASWANI}]")
    assert findings(kept, file) == [("changed", HE.upper(), HE)]


def test_everything_in_the_bibliography_leaves_nothing_uncited(kept: CommandLine) -> None:
    assert findings(kept, write("paper.tex", r"\nocite{*}")) == []


def test_a_preprint_that_appeared_is_told_by_the_bibliography(kept: CommandLine) -> None:
    kept("edit", "1", "--set", "venue=NeurIPS")
    write("refs.bib", f"@misc{{{VASWANI}, eprint={{1706.03762}}, archiveprefix={{arXiv}}}}")
    file = write("paper.tex", rf"\cite{{{VASWANI},{HE}}}\addbibresource{{refs.bib}}")
    result = kept("check", file)
    assert result.exit_code == 0
    assert "  refs.bib has the preprint; it appeared in NeurIPS  paper.tex:1\n" in result.stdout
    write("refs.bib", f"@inproceedings{{{VASWANI}, booktitle={{NeurIPS}}, eprint={{1706.03762}}}}")
    assert kept("check", file).stdout == ""


def test_a_preprint_that_appeared_is_told_by_another_paper_of_the_tray(kept: CommandLine) -> None:
    page = json_lines(
        {"title": "Attention is all you need", "authors": ["Ashish Vaswani"], "year": 2023,
         "venue": "JMLR", "doi": "10.1/x"}
    )  # fmt: skip
    kept("add", "-", "--pile", "read", stdin=page)
    file = write("paper.tex", rf"\cite{{{VASWANI},{HE}}}")
    assert findings(kept, file) == [("preprint", VASWANI, "vaswaniAttentionAllNeed2023")]


def test_checking_writes_nothing(kept: CommandLine) -> None:
    before = kept("history").stdout
    kept("check", write("paper.tex", rf"\cite{{{VASWANI}}}"))
    assert kept("history").stdout == before
    kept("edit", "1", "--set", "year=2018")  # the key is still provisional
    assert kept("show", "vaswaniAttentionAllNeed2018").exit_code == 0
    assert kept("show", VASWANI).exit_code == 2


@pytest.mark.parametrize("name", ["nothing.tex", "folder.tex", "paper.docx"])
def test_a_file_that_cannot_be_read_is_named(kept: CommandLine, name: str) -> None:
    Path("folder.tex").mkdir()
    write("paper.docx", "x")
    result = kept("check", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert name.rpartition(".")[2] in result.stderr


def test_what_is_cited_is_exported_each_under_the_key_that_is_cited(kept: CommandLine) -> None:
    kept("export", "--to", "bibtex")
    kept("edit", "1", "--set", "citekey=vaswani17")
    old = write("old.tex", rf"\cite{{{VASWANI}}}")
    both = write("both.tex", rf"\cite{{{VASWANI},vaswani17}}")

    def keys(file: str, format_: str) -> list[str]:
        lines = kept.lines("export", "--cited", file, "--to", format_)
        return [line for line in lines if line.startswith("@") or "ids" in line or '"id"' in line]

    assert keys(old, "bibtex") == [f"@misc{{{VASWANI},"]
    assert keys(both, "bibtex") == ["@misc{vaswani17,", f"@misc{{{VASWANI},"]
    assert keys(both, "biblatex") == ["@online{vaswani17,", f"  ids = {{{VASWANI}}},"]
    kept("export", "--cited", both, "--update", "mine.bib", "--to", "bibtex")
    assert re.findall(r"@misc\{(\w+)", Path("mine.bib").read_text()) == ["vaswani17", VASWANI]
    kept("export", "--cited", old, "--update", "other.bib", "--to", "bibtex")
    assert re.findall(r"@misc\{(\w+)", Path("other.bib").read_text()) == [VASWANI]
    assert "stays as it is" in kept("export", "--cited", both, "--update", "mine.bib").stderr
    upper = write("upper.tex", rf"\cite{{{VASWANI.upper()}}}")
    assert keys(upper, "biblatex") == ["@online{vaswani17,", f"  ids = {{{VASWANI.upper()}}},"]
    assert keys(upper, "bibtex") == [f"@misc{{{VASWANI.upper()},"]


def test_unknown_keys_are_named_and_the_rest_is_written(kept: CommandLine) -> None:
    file = write("paper.md", f"[@{VASWANI}; @nobody]")
    result = kept("export", "--cited", file, "-o", "refs.bib")
    assert result.exit_code == 1
    assert "paper.md:1 cites nobody, which no paper is called" in result.stderr
    assert Path("refs.bib").read_text().count("@") == 1
    nothing = kept("export", "--cited", write("none.md", "@nobody"), "--to", "bibtex")
    assert (nothing.exit_code, nothing.stdout) == (1, "")


def test_nocite_all_exports_all_that_is_kept(kept: CommandLine) -> None:
    lines = kept.lines("export", "--cited", write("a.tex", r"\nocite{*}"), "--to", "bibtex")
    assert [line for line in lines if line[:1] == "@"] == [f"@misc{{{HE},", f"@misc{{{VASWANI},"]


def test_cited_says_by_itself_which_papers(kept: CommandLine) -> None:
    file = write("paper.tex", rf"\cite{{{VASWANI}}}")
    assert kept("export", "attention", "--cited", file, "--to", "bibtex").exit_code == 2
    assert kept("export", "--cited", "nothing.tex", "--to", "bibtex").exit_code == 2
