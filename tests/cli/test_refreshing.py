"""`refresh`, and what a citation key goes through: provisional, final, pinned, old."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines

VASWANI = "vaswaniAttentionAllNeed2017"
HE = "heDeepResidualLearning2016"


def use_formula(papertray: CommandLine, formula: str) -> None:
    """Write a formula into the settings."""
    settings = papertray.folder / "config" / "settings.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(f'[citekeys]\nformula = "{formula}"\n')


def key_of(papertray: CommandLine, paper: str) -> str:
    """Return the present key of a paper; it stays provisional if it was."""
    return str(papertray.json("show", paper, "--format", "json")["citekey"])


def test_a_formula_counts_for_keys_that_are_given_from_then_on(papertray: CommandLine) -> None:
    use_formula(papertray, "acl-anthology")
    page = json_lines({"title": "On Things", "authors": ["Ann Smith", "Bo Jones"], "year": 2020})
    papertray("add", "-", "--pile", "read", stdin=page)
    assert key_of(papertray, "1") == "smith-jones-2020-things"
    use_formula(papertray, "google-scholar")
    assert key_of(papertray, "1") == "smith-jones-2020-things"
    papertray("edit", "1", "--set", "year=2021")  # a provisional key is made anew
    assert key_of(papertray, "1") == "smith2021things"


def test_refreshing_tells_old_and_new_and_both_find_the_paper(kept: CommandLine) -> None:
    kept("export", "--to", "bibtex")  # the keys are final
    use_formula(kept, "google-scholar")
    result = kept("refresh", "--query", "pile:read OR pile:starred")
    assert result.stdout == f"{VASWANI} → vaswani2017attention\n{HE} → he2016deep\n"
    assert result.stderr == "2 keys changed.\n"
    for key in (VASWANI, "VASWANI2017attention"):
        assert kept.json("show", key, "--format", "json")["id"] == 1
    assert kept("refresh", "1", "3").stdout == ""
    biblatex = kept("export", "--to", "biblatex").stdout
    assert "@online{vaswani2017attention,\n" in biblatex
    assert f"  ids = {{{VASWANI}}},\n" in biblatex


def test_a_refresh_is_one_batch_and_is_undone_and_redone(kept: CommandLine) -> None:
    use_formula(kept, "google-scholar")
    kept("refresh", "1", "3")
    kept("undo")
    assert [key_of(kept, "1"), key_of(kept, "3")] == [VASWANI, HE]
    kept("redo")
    assert [key_of(kept, "1"), key_of(kept, "3")] == ["vaswani2017attention", "he2016deep"]
    assert kept.json("show", VASWANI, "--format", "json")["id"] == 1


def test_a_formula_that_is_taken_back_gives_the_old_keys_again(kept: CommandLine) -> None:
    use_formula(kept, "google-scholar")
    kept("refresh", "1")
    use_formula(kept, "better-bibtex")
    assert kept("refresh", "1").stdout == f"vaswani2017attention → {VASWANI}\n"


def test_a_pinned_key_changes_only_when_it_is_named(kept: CommandLine) -> None:
    kept("edit", "1", "--set", "citekey=mine")
    result = kept("refresh", "--query", "attention")
    assert result.stdout == ""
    assert "1 key left alone" in result.stderr
    assert kept("refresh", "mine").stdout == f"mine → {VASWANI}\n"


def test_a_paper_that_was_never_kept_gets_no_key(kept: CommandLine) -> None:
    kept("add", "-", stdin=json_lines({"title": "Never Looked At"}))
    result = kept("refresh", "4")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 paper without a key" in result.stderr
    assert kept.json("show", "4", "--format", "json")["citekey"] is None


def test_refresh_wants_keys_or_a_query(kept: CommandLine) -> None:
    assert kept("refresh").exit_code == 2
    assert kept("refresh", "1", "--query", "x").exit_code == 2
    assert kept("refresh", "nobody").exit_code == 2
    assert kept("refresh", "nobody", "1").exit_code == 1


def twins(papertray: CommandLine) -> None:
    """Add three papers that would all have one key, whatever its case."""
    page = json_lines(
        *(
            {"title": title, "authors": ["Ann Smith"], "year": 2024, "doi": f"10.1/{title[-1]}"}
            for title in ("Scaling Laws: A", "SCALING LAWS: B", "Scaling laws: C")
        )
    )
    papertray("add", "-", "--pile", "read", stdin=page)


def test_keys_that_differ_in_case_only_are_kept_apart(papertray: CommandLine) -> None:
    use_formula(papertray, "{author:lower}{title:2}{year}")
    twins(papertray)
    keys = [key_of(papertray, paper) for paper in "123"]
    assert keys == ["smithScalingLaws2024", "smithSCALINGLAWS2024a", "smithScalingLaws2024b"]
    assert papertray("refresh", "1", "2", "3").stdout == ""  # each has what it would get


@pytest.mark.parametrize("undone", [False, True])
def test_a_key_is_never_given_again(papertray: CommandLine, undone: bool) -> None:
    use_formula(papertray, "{author:lower}{title:2:lower}{year}")
    twins(papertray)
    papertray("export", "--to", "bibtex")
    papertray("remove", "1")
    papertray("merge", "2", "3")
    papertray("edit", "2", "--set", "citekey=mine")
    if undone:
        for _ in range(3):
            papertray("undo")
    page = json_lines({"title": "Scaling Laws: D", "authors": ["Smith, Bo"], "year": 2024})
    papertray("add", "-", "--pile", "read", stdin=page)
    assert key_of(papertray, "4") == "smithscalinglaws2024c"
    assert papertray("edit", "4", "--set", "citekey=smithScalingLaws2024").exit_code == 2
    found = [
        papertray.json("show", key, "--format", "json")["id"]
        for key in ("smithscalinglaws2024", "smithscalinglaws2024a", "smithscalinglaws2024b")
    ]
    assert found == ([1, 2, 3] if undone else [1, 2, 2])


def test_keys_of_a_bibliography_are_kept_and_those_of_records_come_back(
    papertray: CommandLine, tmp_path: Path
) -> None:
    bibliography = tmp_path / "mine.bib"
    bibliography.write_text("@article{Smith_20:x, title={On Things}, author={Ann Smith}}")
    papertray("add", str(bibliography))
    assert key_of(papertray, "1") == "Smith_20:x"
    papertray("edit", "1", "--set", "citekey=second")
    lines = papertray("export", "--to", "jsonl").stdout
    other = CommandLine(tmp_path / "other")
    other("add", "-", "--decisions", stdin=lines)
    assert key_of(other, "1") == "second"
    assert other.json("show", "smith_20:X", "--format", "json")["id"] == 1
