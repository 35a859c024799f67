"""HTML and JATS markup in titles and abstracts becomes plain text: ``H<sub>2</sub>O`` → ``H₂O``.

The dialect of CSL-JSON and Crossref: a text with a few known tags in it. Only these are taken for
markup; ``<EOS>`` and whatever else stands between angle brackets stays as it is, like every word.
"""

from __future__ import annotations

import html
import re
import unicodedata


def decode_markup(text: str) -> str:
    """Return `text` in NFC without known tags and with named characters (``&amp;``) decoded.

    Paragraphs and headings become lines of their own, except a heading that only says "Abstract".
    Raised and lowered numbers keep their place where Unicode has them: ``10<sup>6</sup>`` is no
    106. Never raises.
    """
    if "<" in text and (_BLOCK.search(text) or _TAG.search(text)):
        text = _HEADING.sub("", " ".join(text.split()))
        text = _TAG.sub("", _SCRIPT.sub(_moved, _BLOCK.sub("\n", text)))
        lines = (" ".join(line.split()) for line in text.split("\n"))
        text = "\n".join(line for line in lines if line)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return unicodedata.normalize("NFC", text)


_PREFIX = r"(?:jats:)?"
_REST = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*"""
_BLOCK = re.compile(
    rf"</?{_PREFIX}(?:p|sec|title|list|list-item|div|br|li|ul|ol|break){_REST}\s*/?>", re.IGNORECASE
)
_TAG = re.compile(
    rf"</?(?:{_PREFIX}(?:i|b|em|strong|italic|bold|u|underline|sc|scp|tt|monospace|sub|sup|span|"
    r"roman|strike|a|ext-link|xref|uri|inline-formula|disp-formula|alternatives|tex-math|label|"
    rf"named-content|inline-graphic|related-article|inline-supplementary-material)|mml:\w+){_REST}"
    r"\s*/?>",
    re.IGNORECASE,
)
_HEADING = re.compile(
    rf"<{_PREFIX}title{_REST}>\s*Abstract[.:]?\s*</{_PREFIX}title\s*>", re.IGNORECASE
)
_SCRIPT = re.compile(rf"<{_PREFIX}(su[bp]){_REST}>([0-9+\-−()=]+)</{_PREFIX}\1\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def _moved(found: re.Match[str]) -> str:
    return found[2].translate(_RAISED if found[1].lower() == "sup" else _LOWERED)
