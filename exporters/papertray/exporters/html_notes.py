"""Notes as HTML: their Markdown, without HTML of its own, images, or links but to the web and mail.

Whatever is not allowed stays as the text that was typed.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from papertray.exporters.note_markdown import note_parser


def html_of_markdown(body: str, level: int) -> str:
    """Return the Markdown text `body` as HTML, its headings below those of `level`."""
    shown = str(_parser().render(body, {_LEVEL: level}))
    return _TASK.sub(lambda task: task[1] + ("☐ " if task[2] == " " else "☑ "), shown)


_LEVEL = "papertray_level"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = note_parser()
    parser.validateLink = _is_link  # type: ignore[assignment,method-assign]  # its documented way
    for name, rule in (
        ("heading_open", _heading),
        ("heading_close", _heading),
        ("link_open", _link),
        ("image", _image),
        ("th_open", _cell),
        ("td_open", _cell),
    ):
        parser.add_render_rule(name, rule)
    return parser


def _is_link(address: str) -> bool:
    return _LINK.match(address) is not None


def _heading(
    self: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, int],
) -> str:
    token = tokens[place]
    rank = min(6, env[_LEVEL] + int(token.tag[1]))
    return f"<h{rank}>" if token.nesting == 1 else f"</h{rank}>\n"


def _link(
    self: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, int],
) -> str:
    return f'<a href="{escape(str(tokens[place].attrs["href"]))}" rel="noopener noreferrer">'


def _image(
    self: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, int],
) -> str:
    """Return a link: the page asks nobody for anything."""
    address = str(tokens[place].attrs["src"])
    shown = tokens[place].content or address
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(shown)}</a>'


def _cell(
    self: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, int],
) -> str:
    # Without the style that says how to align it, which the page's policy would refuse.
    return f"<{tokens[place].tag}>"


# Whatever was typed has no tag that is not escaped.
_TASK = re.compile(r"(<li>\s*(?:<p>)?)\[([ xX])\] ")
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
