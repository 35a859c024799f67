"""`show` and `open`."""

from __future__ import annotations

import webbrowser

import pytest

from cli.command_line import CommandLine
from papertray.cli.commands.opening import link_of
from papertray.core.model import Work


def test_text_holds_what_is_known(filled: CommandLine) -> None:
    filled("note", "3", "Skip *connections*.")
    filled("tag", "3", "--add", "vision")

    text = filled("show", "3").stdout

    head, facts, label, note = text.rstrip("\n").split("\n\n")
    assert head == "Deep Residual Learning\nKaiming He\n2016"
    assert "Pile:     starred" in facts
    assert "Tags:     vision" in facts
    assert "Code:     https://example.org/code" in facts
    assert (label, note) == ("Note:", "Skip *connections*.")


def test_markdown_leaves_out_what_is_private(filled: CommandLine) -> None:
    filled("note", "3", "Open.\n\n## private\n\nSecret.")

    text = filled("show", "3", "--format", "markdown").stdout

    assert "## Deep Residual Learning" in text
    assert "Open." in text
    assert "Secret" not in text
    assert "Secret" in filled("show", "3").stdout


def test_open_prints_the_address_and_starts_the_browser(
    filled: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def pretend(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", pretend)

    assert filled.lines("open", "1") == ["https://arxiv.org/abs/1706.03762"]
    assert filled.lines("open", "2", "--print") == ["https://example.org/s"]
    assert opened == ["https://arxiv.org/abs/1706.03762"]


def test_no_browser_is_a_failure_that_still_prints(
    filled: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)

    result = filled("open", "1")

    assert (result.exit_code, result.stdout) == (1, "https://arxiv.org/abs/1706.03762\n")


@pytest.mark.parametrize(
    ("work", "address"),
    [
        (Work("t", url="https://a.org/x", arxiv_id="2401.00001"), "https://a.org/x"),
        (Work("t", doi="10.1/x"), "https://doi.org/10.1/x"),
        (Work("t", code_urls=("https://a.org/c",)), "https://a.org/c"),
        (Work("t", url="file:///etc/passwd", code_urls=("http://a.org/c",)), "http://a.org/c"),
        (Work("t", url="javascript:alert(1)"), ""),
        (Work("t", url="https://"), ""),
        (Work("t", url="https://a.org/\x1b[31m"), ""),
        (Work("t", url="https://a.org/a b"), ""),
        (Work("t", url="https://[a.org"), ""),
        (Work("t", url="--help"), ""),
    ],
)
def test_only_web_addresses_are_opened(work: Work, address: str) -> None:
    assert link_of(work) == address
