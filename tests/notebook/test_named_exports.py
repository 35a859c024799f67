"""Files that the settings name: written on demand, and again once the tray has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.notebook.named_exports import Written
from papertray.notebook.notebook import Notebook

from trays import add_lines, open_notebook, works


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    """Three papers, the first of which is starred."""
    with open_notebook(tmp_path / "home") as opened:
        add_lines(opened, works(3))
        opened.papers.move([1], Pile.STARRED)
        yield opened


def settings(notebook: Notebook, **files: Path) -> None:
    """Name an export for each of `files`."""
    lines = [f'[exports.{name}]\nfile = "{file}"' for name, file in files.items()]
    notebook.places.settings.parent.mkdir(parents=True, exist_ok=True)
    notebook.places.settings.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write(notebook: Notebook, name: str) -> Written:
    """Write one of them."""
    (one,) = notebook.named_exports.chosen([name])
    return notebook.named_exports.write(one)


def test_a_file_has_what_is_kept_in_the_format_of_its_name(
    notebook: Notebook, tmp_path: Path
) -> None:
    settings(notebook, refs=tmp_path / "refs.bib", reading=tmp_path / "list.md")

    first = write(notebook, "refs")

    assert first == Written("refs", tmp_path / "refs.bib", papers=1, changed=True)
    assert write(notebook, "refs") == Written("refs", tmp_path / "refs.bib", papers=1)
    assert (tmp_path / "refs.bib").read_text(encoding="utf-8").count("\n}") == 1
    assert write(notebook, "reading").changed
    assert (tmp_path / "list.md").read_text(encoding="utf-8").startswith("---\ntitle:")


def test_a_file_of_somebody_else_and_a_query_without_papers_are_left_alone(
    notebook: Notebook, tmp_path: Path
) -> None:
    own = tmp_path / "own.bib"
    own.write_text("mine\n", encoding="utf-8")
    settings(notebook, own=own, none=tmp_path / "none.bib", odd=tmp_path / "odd")
    with notebook.places.settings.open("a", encoding="utf-8") as file:
        file.write('[exports.empty]\nfile = "/nowhere/a.bib"\nquery = "tag:nothing"\n')
        file.write('[exports.homeless]\nfile = "~nobody-of-that-name/a.bib"\n')

    assert "was not written by papertray" in write(notebook, "own").problem
    assert own.read_text(encoding="utf-8") == "mine\n"
    assert write(notebook, "empty").problem == "finds no paper, so it was left alone."
    assert "must say its format" in write(notebook, "odd").problem
    assert "cannot be written" in write(notebook, "homeless").problem
    with pytest.raises(UsageError, match=r"did you mean none\?"):
        write(notebook, "nine")


def test_the_whole_tray_and_one_pile(notebook: Notebook, tmp_path: Path) -> None:
    notebook.notes.new(None, "Idea", "Free.\n")
    settings(notebook, tray=tmp_path / "tray.jsonl", inbox=tmp_path / "inbox.bib")
    text = notebook.places.settings.read_text(encoding="utf-8")
    text = text.replace('tray.jsonl"', 'tray.jsonl"\npile = "all"')
    notebook.places.settings.write_text(f'{text}pile = "inbox"\n', encoding="utf-8")

    tray, inbox = write(notebook, "tray"), write(notebook, "inbox")

    assert (tray.papers, tray.notes, inbox.papers) == (3, 1, 2)
    assert '"record": "note"' in (tmp_path / "tray.jsonl").read_text(encoding="utf-8")


class Waiting:
    """Stands for time: each look may do something to the tray, and the last one ends it."""

    def __init__(self, *looks: Callable[[], object] | None) -> None:
        self.looks = list(looks)

    def __call__(self, seconds: float) -> bool:
        if not seconds:  # asked between two files
            return False
        if not self.looks:
            return True
        if (look := self.looks.pop(0)) is not None:
            look()
        return False


def test_a_file_follows_the_tray_once_it_is_quiet(notebook: Notebook, tmp_path: Path) -> None:
    settings(notebook, refs=tmp_path / "refs.bib")
    papers, told = notebook.papers, list[Written]()
    waiting = Waiting(
        None,
        lambda: papers.move([2], Pile.READ),
        lambda: papers.move([3], Pile.READ),
        None,
        None,
        None,
    )

    notebook.named_exports.follow(waiting, told.append, notebook.named_exports.all)

    assert [(one.papers, one.changed) for one in told] == [(1, True), (3, True)]
    assert (tmp_path / "refs.bib").read_text(encoding="utf-8").count("\n}") == 3
