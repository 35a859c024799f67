"""Moving in on the command line: one command, its report, one undo."""

from __future__ import annotations

import json
from pathlib import Path

from cli.command_line import CommandLine
from feeds.golden import FOLDER
from feeds.zotero_library import build_small


def test_a_zotero_library_moves_in_with_a_report_and_out_again(
    papertray: CommandLine, tmp_path: Path
) -> None:
    library = build_small(tmp_path / "Zotero")

    added = papertray("add", str(library))

    assert added.exit_code == 1  # one item could not be read
    assert added.stdout == "3 added, 0 merged, 0 known, 1 failed\n"
    assert "item NOTITLE1: it has no title" in added.stderr
    assert "With them came 4 notes, 3 tags and 2 attachments." in added.stderr
    assert "items in the trash: 1 (you had thrown them away" in added.stderr
    assert "In read. Undo: papertray undo --batch 1" in added.stderr
    assert papertray.lines("list", 'tag:"ml/ranking"', "--format", "citekeys") == [
        "bloemAttention2017"
    ]
    shown = papertray("show", "bloemAttention2017").stdout
    assert f"File:     {library}/storage/PDFGARD1/garden.pdf" in shown
    assert "Note: Annotations" in shown
    file, *_ = papertray.json("show", "bloemAttention2017", "--format", "json")["files"]
    assert file == {
        "path": f"{library}/storage/PDFGARD1/garden.pdf", "media_type": "application/pdf",
        "exists": True,
    }  # fmt: skip

    papertray("undo", "--batch", "1")
    assert papertray.lines("list", "--format", "citekeys") == []


def test_the_report_is_in_the_json_too(papertray: CommandLine, tmp_path: Path) -> None:
    library = build_small(tmp_path / "Zotero")
    report = json.loads(papertray("add", "--json", str(library / "zotero.sqlite")).stdout)
    assert (report["notes"], report["tags"], report["attachments"]) == (4, 3, 2)
    assert {"what": "items of groups", "number": 1,
            "reason": "they are the group's; copy what you want into My Library"} in (
        report["left_behind"]
    )  # fmt: skip


def test_a_papis_library_moves_in(papertray: CommandLine) -> None:
    added = papertray("add", str(FOLDER / "papis" / "library"))
    assert added.stdout == "2 added, 0 merged, 0 known, 1 failed\n"
    assert "nested/broken/info.yaml: line 1: tags are not read" in added.stderr
    assert papertray.lines("list", "tag:hoes", "--format", "citekeys") == ["Rake:2021"]


def test_a_dry_run_counts_and_keeps_nothing(papertray: CommandLine, tmp_path: Path) -> None:
    library = build_small(tmp_path / "Zotero")
    dry = papertray("add", "--dry-run", str(library))
    assert dry.stdout.startswith("3 added")
    assert papertray.lines("list", "--format", "citekeys") == []
