"""Exports of the settings: what they may say, and what is said of their mistakes."""

from __future__ import annotations

import pytest

from papertray.core.named_exports import NamedExport
from papertray.core.settings import Problem, parse_settings


def test_an_export_has_the_options_of_the_command() -> None:
    settings = parse_settings(
        '[exports.thesis]\nfile = "~/refs.bib"\nquery = "tag:thesis"\nto = "biblatex"\n'
        '[exports.list]\nfile = "/srv/list.md"\nnotes = false\nprivate = true\n'
        'abstracts = false\ngroup = "none"\ntitle = "Mine"\nbibliography = "refs.bib"\n'
        '[exports.own]\nfile = "~/own.bib"\nupdate = true\n'
    )

    assert settings.problems == ()
    assert settings.exports == (
        NamedExport("thesis", "~/refs.bib", query="tag:thesis", to="biblatex"),
        NamedExport(
            "list", "/srv/list.md", notes=False, private=True, abstracts=False, group="none",
            title="Mine", bibliography="refs.bib",
        ),
        NamedExport("own", "~/own.bib", update=True),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('exports = "x"', Problem(1, "exports must be a table, [exports].")),
        ("[exports]\na = 1", Problem(2, "exports.a must be a table, [exports.a].")),
        ('[exports.a]\nto = "bibtex"', Problem(1, "[exports.a] names no file to write.")),
        ('[exports.a]\n\nfile = "refs.bib"',
         Problem(3, "exports.a.file must be a whole path, with / or ~ at its beginning.")),
        ('[exports.a]\nfile = "/a\\nb"',
         Problem(2, "exports.a.file must be a text of one line in quotation marks.")),
        ('[exports.a]\nfile = "/a"\nnotes = "yes"',
         Problem(3, "exports.a.notes must be true or false.")),
        ('[exports.a]\nfile = "/a"\ngroup = "author"',
         Problem(3, "exports.a.group must be one of pile, tag, year, venue, none.")),
        ('[exports.a]\nfile = "/a"\npile = "unread"',
         Problem(3, "exports.a.pile must be one of inbox, read, starred, skip, all.")),
        ('[exports.a]\nfile = "/a"\nformat = "bibtex"',
         Problem(3, "There is no option format of an export; there are file, query, pile, to, "
                    "group, title, bibliography, notes, private, abstracts, update.")),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_nothing_is_written(
    text: str, problem: Problem
) -> None:
    settings = parse_settings(text + '\n[exports.good]\nfile = "/b.bib"' * text.startswith("[ex"))

    assert settings.problems == (problem,)
    assert [one.name for one in settings.exports] == ["good"] * text.startswith("[ex")
