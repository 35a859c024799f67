"""Saved searches: names, replacing, what the journal gets, and `search:NAME` in a query."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.core.errors import QueryError, UsageError
from papertray.notebook.notebook import Notebook

from trays import add_lines, open_notebook, works


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    opened = open_notebook(tmp_path)
    add_lines(opened, works(4))
    return opened


def _saved(notebook: Notebook) -> dict[str, str]:
    return {search.name: search.query for search in notebook.searches.all()}


def test_what_is_saved_is_listed_replaced_removed_and_comes_back(notebook: Notebook) -> None:
    notebook.searches.save("Ones", "number 1")
    notebook.searches.save("others", "-number")
    assert list(_saved(notebook).items()) == [("Ones", "number 1"), ("others", "-number")]
    assert notebook.searches.save("ones", "number 1").batch is None
    notebook.searches.save("ONES", "number 2")
    assert _saved(notebook)["Ones"] == "number 2"
    notebook.searches.remove("ones")
    assert list(_saved(notebook)) == ["others"]
    notebook.searches.save("ones", "number 3")
    assert _saved(notebook) == {"ones": "number 3", "others": "-number"}


def test_every_change_is_taken_back_by_one_undo(notebook: Notebook) -> None:
    states = [_saved(notebook)]
    for name, query in (("Ones", "number 1"), ("ones", "number 2"), ("ONES", ""), ("ones", "1")):
        save, remove = notebook.searches.save, notebook.searches.remove
        outcome = save(name, query) if query else remove(name)
        assert outcome.batch is not None
        states.append(_saved(notebook))
    for state in reversed(states[:-1]):
        notebook.journal.undo()
        assert _saved(notebook) == state


@pytest.mark.parametrize("name", ["", "  ", "a\nb" * 20, "x" * 41, "a\x07", '"a"', "a\u202eb"])
def test_what_cannot_be_a_name(notebook: Notebook, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        notebook.searches.save(name, "number")
    assert _saved(notebook) == {}


def test_a_saved_search_stands_for_its_query(notebook: Notebook) -> None:
    notebook.searches.save("Low ones", "year:<2022")
    notebook.searches.save("both", '"search:Low" OR search:"low ones"')
    low = list(notebook.search.search("year:<2022").ids)
    assert low
    for text in ('search:"low ones"', "search:both", "number search:both", "number (search:both)"):
        assert sorted(notebook.search.search(text).ids) == sorted(low)
    others = notebook.search.search("-search:both").ids
    assert sorted([*others, *low]) == [1, 2, 3, 4]


def test_wrong_ones_are_explained_and_never_asked_twice(notebook: Notebook) -> None:
    notebook.searches.save("ones", "number 1")
    with pytest.raises(QueryError, match="did you mean ones"):
        notebook.search.search("search:onse")
    with pytest.raises(QueryError, match="There is no field"):
        notebook.searches.save("bad", "titel:x")
    with pytest.raises(QueryError, match="leads back to itself"):
        notebook.searches.save("self", "search:self OR number")
    notebook.searches.save("two", "search:ones OR number")
    with pytest.raises(QueryError, match="leads back to itself"):
        notebook.searches.save("ONES", "search:two")
    half_typed = notebook.search.search("number search:on", typing=True)
    assert len(half_typed.ids) == 4
    assert "no saved search" in half_typed.remarks[0]
