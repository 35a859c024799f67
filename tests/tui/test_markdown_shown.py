"""Notes as they are read: Markdown becomes paragraphs, hostile text stays text."""

from __future__ import annotations

from papertray.tui.markdown_shown import shown_markdown
from papertray.tui.text import Look, lines_of


def drawn(text: str, width: int = 40) -> list[str]:
    """Return the lines that a note takes on the screen."""
    return [
        line.before + line.text
        for paragraph in shown_markdown(text)
        for line in lines_of(paragraph, width)
    ]


def test_blocks_are_told_apart() -> None:
    text = (
        "# Head\n\nsome *words*\nhere\n\n- [ ] one\n- two that is rather long, so that it wraps\n"
        "  1. three\n\n> said\n> so\n\n```\ncode  [x]\n```\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    assert drawn(text) == [
        "Head", "", "some words here",
        "- [ ] one", "- two that is rather long, so that it", "  wraps", "  1. three",
        "│ said so", "", "code  [x]", "a  |  b", "c  |  d",
    ]  # fmt: skip


def test_looks_stand_where_the_words_are() -> None:
    [paragraph] = shown_markdown("a **bold *both* b** `co[de]` ~~gone~~ [name](http://x.org)")
    found = {(paragraph.text[span.start : span.end], span.look) for span in paragraph.spans}
    assert found == {
        ("bold both b", Look.STRONG), ("both", Look.EMPHASIS), ("co[de]", Look.CODE),
        ("gone", Look.GONE), ("name", Look.LINK),
    }  # fmt: skip


def test_hostile_text_stays_text() -> None:
    shown = "\n".join(drawn("<SEG> [MASK] [/] \x1b[31m \u202e <!-- x --> <b>", 80))
    assert shown == "<SEG> [MASK] [/] \ufffd[31m  <!-- x --> <b>"
