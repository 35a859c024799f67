"""What a settings file says, and what is said of its mistakes."""

from __future__ import annotations

import tomllib

import pytest

from papertray.core.citekeys import USUAL
from papertray.core.settings import (
    SETTINGS,
    Problem,
    parse_settings,
    settings_text,
    usual_settings,
)

TABLES = ", ".join(dict.fromkeys(f"[{setting.table}]" for setting in SETTINGS))


def test_an_empty_file_changes_nothing() -> None:
    assert parse_settings("") == usual_settings()
    assert usual_settings().values == {one.id: one.usual for one in SETTINGS}


def test_what_the_file_says_counts() -> None:
    settings = parse_settings('[backups]\ndaily = 3\n[keys]\n"decide.skip" = "X"\n')

    assert settings.values == {**usual_settings().values, "backups.daily": 3}
    assert settings.keys == {"decide.skip": "X"}
    assert settings.key_lines == {"decide.skip": 4}
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\n[backup]", Problem(2, "There is no setting [backup]; did you mean [backups]?")),
        ("zzz = 1",
         Problem(1, "There is no setting [zzz]; there are "
                    f"{TABLES}, [keys], [commands], [exports].")),
        ("[backups]\n\ndayly = 1",
         Problem(3, "There is no setting dayly; did you mean daily?")),
        ("[backups]\nzzz = 1",
         Problem(2, "There is no setting zzz; there are daily, weekly.")),
        ("backups = 7", Problem(1, "backups must be a table, [backups].")),
        ('keys = ["x"]', Problem(1, "keys must be a table, [keys].")),
        *[
            (f"backups.daily = {value}",
             Problem(1, "backups.daily must be a whole number, 1 or more."))
            for value in ("0", "-1", "true", "1.5", '"7"', "[7]", "{a = 1}")
        ],
        *[
            (f"triage.reasons = {value}",
             Problem(1, "triage.reasons must be a list of lines, each in quotation marks."))
            for value in ('"weak"', "7", "[7]", '["weak", 7]', '["a\\nb"]', '[" "]', "{a = 1}")
        ],
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_the_usual_counts(text: str, problem: Problem) -> None:
    settings = parse_settings(text)

    assert settings.problems == (problem,)
    assert settings.values == usual_settings().values
    assert settings.keys == {}


@pytest.mark.parametrize("text", ["a", "[keys", "a = 1\na = 2", "a = " + "[" * 5000])
def test_what_is_no_toml_changes_nothing(text: str) -> None:
    settings = parse_settings(text)

    assert not settings.is_readable
    assert settings.values == usual_settings().values
    (problem,) = settings.problems
    assert problem.line == 0
    assert problem.text.startswith("This is ")


def test_a_list_of_texts_is_taken_as_it_stands() -> None:
    settings = parse_settings('[triage]\nreasons = ["too old", "[/] no code"]\n')

    assert settings.texts("triage.reasons") == ("too old", "[/] no code")
    assert parse_settings("triage.reasons = []").texts("triage.reasons") == ()


def test_one_mistake_leaves_the_rest_alone() -> None:
    settings = parse_settings('[backups]\ndaily = "x"\nweekly = 9\n[other]\n[keys]\na = "b"')

    assert settings.values["backups.weekly"] == 9
    assert settings.keys == {"a": "b"}
    assert [problem.line for problem in settings.problems] == [2, 4]


def test_the_written_file_explains_everything_and_changes_nothing() -> None:
    text = settings_text(['"decide.skip" = ["x", "d"]'])

    assert parse_settings(text) == usual_settings()
    uncommented = [line.removeprefix("# ") for line in text.splitlines()]
    changed = tomllib.loads(
        "\n".join(line for line in uncommented if line[:1] in "[" or "=" in line)
    )
    for setting in SETTINGS:
        value = changed[setting.table][setting.name]
        assert (tuple(value) if isinstance(value, list) else value) == setting.usual
        assert f"# {setting.comment}\n" in text
    assert changed["keys"] == {"decide.skip": ["x", "d"]}


def test_a_formula_of_keys_is_a_preset_or_a_template() -> None:
    said = parse_settings('citekeys.formula = "{author:lower}-{year}"')
    assert said.text("citekeys.formula") == "{author:lower}-{year}"

    wrong = parse_settings('[citekeys]\nformula = "{auhtor}"')
    assert wrong.problems == (
        Problem(
            2,
            "citekeys.formula: '{auhtor}' holds {auhtor}; a key is made of {author}, {authors}, "
            "{title}, {year}.",
        ),
    )
    assert wrong.text("citekeys.formula") == USUAL
