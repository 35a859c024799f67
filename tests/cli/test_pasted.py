"""`add` of names: looked up where there is a network, kept and completed later where not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines
from local_server import LocalServer, Reply
from named_works import PATHS, Known, Services, arxiv_answer

OYSTERS = Known("On Oysters and Their Sorting by Size", version=3)
PEARLS = Known("Pearls, Considered as a Problem of Search", author="Bob Writer", year=2019)
DOI = "10.1000/shells.7"
NUMBERS = count()


@pytest.fixture
def services(papertray: CommandLine) -> Iterator[Services]:
    """Services that know two works; the command line's settings lead there."""
    with LocalServer() as server:
        known = Services(server)
        known.arxiv["2510.06638"] = OYSTERS
        known.crossref[DOI] = PEARLS
        known.expect(f"/works/{DOI}", f"/doi/{DOI}")
        settle(papertray, known.settings)
        yield known


def settle(papertray: CommandLine, settings: str) -> None:
    """Give the command line a settings file."""
    folder = Path(papertray.environment["PAPERTRAY_CONFIG"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(settings)


def go_offline(papertray: CommandLine) -> None:
    """Let the services have names that lead nowhere, as on a train."""
    # New names each time: this process asks a host at its pace, whichever test it is at.
    number = next(NUMBERS)
    lines = [f'{name} = "http://{name}-{number}.invalid"' for name in PATHS]
    settle(papertray, "\n".join(["[services]", *lines]))


def titles(papertray: CommandLine, *query: str) -> list[str]:
    """Return the titles of the papers that a query finds, by number."""
    found = papertray.json("list", *query, "--format", "json")
    return [paper["title"] for paper in sorted(found, key=lambda paper: paper["id"])]


def test_a_name_brings_the_paper(papertray: CommandLine, services: Services) -> None:
    result = papertray("add", "arXiv:2510.06638v1", f"https://doi.org/{DOI}")

    assert (result.exit_code, result.stdout) == (0, "2 added, 0 merged, 0 known, 0 failed\n")
    assert result.stderr == "In the inbox. Undo: papertray undo --batch 1\n"
    oysters = papertray.json("show", "2510.06638", "--format", "json")
    assert (oysters["title"], oysters["abstract"]) == (OYSTERS.title, OYSTERS.abstract)
    assert papertray.json("show", DOI, "--format", "json")["year"] == 2019


def test_a_train_journey(papertray: CommandLine, services: Services) -> None:
    go_offline(papertray)
    result = papertray("add", "2510.06638", DOI)
    assert (result.exit_code, result.stdout) == (0, "2 added, 0 merged, 0 known, 0 failed\n")
    assert "no network: 2 papers are completed with the next" in result.stderr.splitlines()
    assert titles(papertray) == ["arXiv:2510.06638", f"doi:{DOI}"]
    assert "Awaited since" in papertray("show", "2510.06638").stdout

    papertray("move", "starred", "2510.06638")
    papertray("tag", DOI, "--add", "shells")
    papertray("note", DOI, "Recommended on the train.")
    assert "arXiv:2510.06638" in papertray("export", "--to", "bibtex").stdout
    papertray("move", "read", DOI)

    settle(papertray, services.settings)
    papertray("add", "10.1000/unknown")
    assert titles(papertray) == [OYSTERS.title, PEARLS.title]
    assert titles(papertray, "oysters") == [OYSTERS.title]
    oysters, pearls = (papertray.json("show", key, "--format", "json") for key in ("1", "2"))
    assert (oysters["pile"], pearls["pile"], pearls["tags"]) == ("starred", "read", ["shells"])
    # The key of the one that was exported stays; the other's was provisional.
    assert oysters["citekey"] == "ArXiv251006638"
    assert pearls["citekey"] == "writerPearlsConsideredProblem2019"
    assert "Recommended on the train." in papertray("show", "2").stdout
    assert "Awaited" not in papertray("show", "1").stdout
    assert len(papertray.lines("history", "1")) == 1  # starring: completing is no decision


def test_the_installed_command_offline_and_then_with_a_network(
    papertray: CommandLine, services: Services
) -> None:
    go_offline(papertray)
    offline = papertray.process("add", "2510.06638")
    assert (offline.returncode, offline.stderr.decode().splitlines()[0]) == (
        0, "no network: 1 paper is completed with the next",
    )  # fmt: skip
    settle(papertray, services.settings)

    online = papertray.process("feeds", "fetch")

    assert "1 paper was completed." in online.stderr.decode().splitlines()
    assert titles(papertray) == [OYSTERS.title]
    assert papertray.lines("history")[0].endswith(f"complete “{OYSTERS.title}”")


def test_undo_takes_away_what_was_named_also_once_it_is_complete(
    papertray: CommandLine, services: Services
) -> None:
    go_offline(papertray)
    papertray("add", "2510.06638", DOI)
    papertray("move", "starred", DOI)
    settle(papertray, services.settings)
    papertray("feeds", "fetch")
    assert titles(papertray) == [OYSTERS.title, PEARLS.title]

    papertray("undo", "--batch", "1")

    assert titles(papertray) == [PEARLS.title]


def test_what_was_taken_away_is_not_asked_for(papertray: CommandLine, services: Services) -> None:
    go_offline(papertray)
    papertray("add", "2510.06638")
    papertray("undo", "--batch", "1")
    settle(papertray, services.settings)

    papertray("feeds", "fetch")
    assert services.asked == []

    result = papertray("add", "2510.06638")
    assert result.stdout == "1 added, 0 merged, 0 known, 0 failed\n"
    assert titles(papertray) == [OYSTERS.title]


def test_a_feed_that_brings_the_paper_completes_it(
    papertray: CommandLine, services: Services, tmp_path: Path
) -> None:
    go_offline(papertray)
    papertray("add", "2510.06638", "--pile", "starred")
    (tmp_path / "day.xml").write_bytes(arxiv_answer([("2510.06638", OYSTERS)]))

    result = papertray("add", "day.xml")

    assert result.stdout == "0 added, 1 merged, 0 known, 0 failed\n"
    paper = papertray.json("show", "2510.06638", "--format", "json")
    assert (paper["title"], paper["pile"]) == (OYSTERS.title, "starred")
    assert paper["citekey"] == "authorOystersTheirSorting2025"
    settle(papertray, services.settings)
    papertray("feeds", "fetch")
    assert services.asked == ["/pdf/2510.06638"], "what is known is not asked for"


def test_a_title_that_the_user_gave_stays(papertray: CommandLine, services: Services) -> None:
    go_offline(papertray)
    papertray("add", "2510.06638", "--pile", "starred")
    editor = "sed -i 's/^title = .*/title = \"What Mira sent\"/'"
    assert papertray("edit", "2510.06638", editor=editor).exit_code == 0
    settle(papertray, services.settings)

    papertray("feeds", "fetch")

    paper = papertray.json("show", "2510.06638", "--format", "json")
    assert (paper["title"], paper["abstract"]) == ("What Mira sent", OYSTERS.abstract)
    assert paper["pile"] == "starred"


def test_what_is_unknown_is_a_failure_and_leaves_nothing(
    papertray: CommandLine, services: Services
) -> None:
    services.expect("/works/10.1000/no", "/doi/10.1000/no")

    result = papertray("add", "2511.00001", "10.1000/no")

    assert (result.exit_code, result.stdout) == (2, "0 added, 0 merged, 0 known, 2 failed\n")
    assert "arxiv.org has no arXiv:2511.00001." in result.stderr.splitlines()
    assert "10.1000/no answers 404 Not Found." in result.stderr
    assert titles(papertray) == []


def test_what_is_unknown_later_is_told_once_and_asked_for_after_days(
    papertray: CommandLine, services: Services
) -> None:
    go_offline(papertray)
    papertray("add", "2511.00001")
    settle(papertray, services.settings)

    first, second = papertray("feeds", "fetch"), papertray("feeds", "fetch")

    assert "arxiv.org has no arXiv:2511.00001." in first.stderr
    assert "2511.00001" not in second.stderr
    assert services.asked == ["/api/query"]
    shown = " ".join(papertray("show", "2511.00001").stdout.split())
    assert "asked for once" in shown
    assert "it is asked for again. arxiv.org has no arXiv:2511.00001." in shown
    # Named again, it is asked for at once.
    services.arxiv["2511.00001"] = PEARLS
    papertray("add", "2511.00001")
    assert titles(papertray) == [PEARLS.title]


def test_a_service_that_is_down_is_told_and_the_paper_waits(
    papertray: CommandLine, services: Services
) -> None:
    services.server.answers("/api/query", Reply(b"<html><title>Log in</title></html>"))

    result = papertray("add", "2510.06638", DOI)

    assert (result.exit_code, result.stdout) == (0, "2 added, 0 merged, 0 known, 0 failed\n")
    assert "this network may want a login first." in result.stderr
    assert "1 paper is completed with the next fetch or add." in result.stderr.splitlines()
    assert titles(papertray) == [PEARLS.title, "arXiv:2510.06638"]


def test_two_names_of_one_work_become_one_paper(papertray: CommandLine, services: Services) -> None:
    services.crossref[DOI] = OYSTERS
    go_offline(papertray)
    papertray("add", "2510.06638", DOI)
    papertray("note", DOI, "Read on the train.")
    papertray("tag", "2510.06638", "--add", "shells")
    papertray("move", "starred", "2510.06638")
    settle(papertray, services.settings)

    result = papertray("feeds", "fetch")

    assert "merged" in result.stderr
    (paper,) = papertray.json("list", "--format", "json")
    assert (paper["title"], paper["pile"], paper["tags"]) == (OYSTERS.title, "starred", ["shells"])
    assert (paper["arxiv_id"], paper["doi"]) == ("2510.06638", DOI)
    assert "Read on the train." in papertray("show", DOI).stdout


def test_a_name_of_a_paper_that_is_here_joins_it(
    papertray: CommandLine, services: Services
) -> None:
    known = {"title": OYSTERS.title, "authors": ["Ada Author"], "year": 2025, "doi": DOI}
    papertray("add", "-", stdin=json_lines(known))
    go_offline(papertray)
    papertray("add", "2510.06638")
    papertray("note", "2510.06638", "The preprint.")
    settle(papertray, services.settings)

    papertray("feeds", "fetch")

    (paper,) = papertray.json("list", "--format", "json")
    assert (paper["arxiv_id"], paper["doi"]) == ("2510.06638", DOI)
    assert "The preprint." in papertray("show", "1").stdout


def test_a_name_of_a_known_paper_awaits_nothing(papertray: CommandLine) -> None:
    papertray("add", "-", stdin=json_lines({"title": OYSTERS.title, "arxiv_id": "2510.06638"}))
    go_offline(papertray)

    result = papertray("add", "2510.06638", "--pile", "starred")

    assert result.stdout == "0 added, 0 merged, 1 known, 0 failed\n"
    assert "completed" not in result.stderr
    assert titles(papertray, "pile:starred") == [OYSTERS.title]


def test_a_list_of_names(papertray: CommandLine, services: Services, tmp_path: Path) -> None:
    pasted = f"# from Mira\n\n2510.06638\nhttps://doi.org/{DOI}\n"

    assert papertray("add", "-", stdin=pasted).stdout == "2 added, 0 merged, 0 known, 0 failed\n"
    assert titles(papertray) == [OYSTERS.title, PEARLS.title]
    (tmp_path / "more.txt").write_text(f"{pasted}who knows\n")
    result = papertray("add", "--from", "names", "more.txt")
    assert (result.exit_code, result.stdout) == (1, "0 added, 0 merged, 2 known, 1 failed\n")
    assert "more.txt, line 5: this is no arXiv id, DOI or address of a paper" in result.stderr


def test_a_list_of_names_without_a_network(papertray: CommandLine, services: Services) -> None:
    go_offline(papertray)

    result = papertray("add", "-", stdin=f"2510.06638\n{DOI}\n")

    assert "no network: 2 papers are completed with the next" in result.stderr
    assert titles(papertray) == ["arXiv:2510.06638", f"doi:{DOI}"]


def test_a_file_of_that_name_wins(papertray: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "2510.06638").write_text(json_lines({"title": "What Lies in a File"}))

    papertray("add", "2510.06638")

    assert titles(papertray) == ["What Lies in a File"]


def test_a_page_is_read_like_a_file(papertray: CommandLine, services: Services) -> None:
    text = json_lines({"title": "One From a Page, and No File"})
    services.server.answers("/papers.jsonl", Reply(text.encode(), content_type="text/plain"))

    result = papertray("add", services.server.url("/papers.jsonl"))

    assert result.stdout == "1 added, 0 merged, 0 known, 0 failed\n"


def test_a_page_for_people_is_named_as_one(papertray: CommandLine, services: Services) -> None:
    services.server.answers("/blog", Reply(b"<!doctype html><html><body>Hello</body></html>"))
    address = services.server.url("/blog")

    result = papertray("add", address)

    assert result.exit_code == 2
    assert f"{address} is an HTML page, not a list of papers" in result.stderr
    assert "papertray feeds add" in result.stderr


def test_a_page_without_a_network(papertray: CommandLine) -> None:
    result = papertray("add", "http://nowhere.invalid/papers.bib")

    assert result.exit_code == 2
    assert result.stderr == (
        "No network: http://nowhere.invalid/papers.bib was not fetched; add it again when there "
        "is one.\n"
    )


def test_a_dry_run_asks_and_keeps_nothing(papertray: CommandLine, services: Services) -> None:
    result = papertray("add", "2510.06638", "--dry-run")

    assert result.stdout == "1 added, 0 merged, 0 known, 0 failed\n"
    assert titles(papertray) == []


def test_a_text_that_is_nothing_says_what_is_taken(papertray: CommandLine) -> None:
    result = papertray("add", "missing.txt")

    assert result.stderr.splitlines()[0] == (
        "There is no file missing.txt; add takes a file, a folder, an arXiv id (2510.06638), a DOI "
        "(10.1145/…) or a web address."
    )
