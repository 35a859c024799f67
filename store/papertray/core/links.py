"""Links in running text: where a paper's abstract says its code or project page is."""

from __future__ import annotations

import re

_CODE_HOSTS = (
    "github.com", "gist.github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sr.ht",
    "git.sr.ht", "gitee.com", "sourceforge.net", "huggingface.co", "hf.co", "modelscope.cn",
    "kaggle.com", "zenodo.org", "osf.io", "figshare.com", "colab.research.google.com",
    "sites.google.com", "anonymous.4open.science", "paperswithcode.com", "replicate.com",
)  # fmt: skip
"""Hosts that count as a link without a scheme, when a path follows."""

_PAGE_HOSTS = ("github.io", "gitlab.io", "readthedocs.io", "netlify.app", "vercel.app")
"""Hosts whose every sub-domain is a project page, with or without a path."""

_NOT_INSIDE = r"(?<![\w@/.\-])"  # a word, an address or another URL goes on here
_LINK = re.compile(
    r"https?://\w[\w-]*(?:\.[\w-]+)+"
    rf"|{_NOT_INSIDE}(?:www\.)?(?:{'|'.join(map(re.escape, _CODE_HOSTS))})(?=/[\w~])"
    rf"|{_NOT_INSIDE}\w[\w-]*\.(?:{'|'.join(map(re.escape, _PAGE_HOSTS))})(?![\w-]|\.\w)",
    re.IGNORECASE | re.ASCII,
)
# What may follow the host. ASCII only: a full-width stop or a Chinese word after a link is text.
# Braces, brackets, quotes and backslashes are left-overs of TeX and Markdown. The limit (browsers
# have it too) keeps the time in proportion on text made to be slow.
_REST = re.compile(r"[:/?#][!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]{0,2000}")
_NEXT_LINK = re.compile(r"(?<![/=])https?://", re.IGNORECASE)
_SENTENCE = ".,;:!?'*$"


def find_links(text: str) -> tuple[str, ...]:
    """Return the web links in `text` in order, each once, all with ``http://`` or ``https://``.

    Punctuation that ends the sentence is not part of a link, nor is a bracket that the link does
    not both open and close: ``(https://x.org/a_(b)).`` gives ``https://x.org/a_(b)``. Known code
    hosts count without scheme too (``github.com/owner/name``); they get ``https://``. Two
    spellings of one address that differ in scheme or final slash are one link: the first.
    """
    found: dict[str, str] = {}
    position = 0
    while match := _LINK.search(text, position):
        run = _REST.match(text, match.end())
        rest, passed = _without_sentence(run[0] if run else "")
        position = match.end() + passed
        link = match[0] + rest if "://" in match[0] else f"https://{match[0]}{rest}"
        found.setdefault(link.partition("://")[2].rstrip("/"), link)
    return tuple(found.values())


def _without_sentence(run: str) -> tuple[str, int]:
    """Cut from the `run` after a host what belongs to the sentence around the link.

    Returns what is left, and how far the search for the next link may step on.
    """
    glued = _NEXT_LINK.search(run)
    if glued:
        run = run[: glued.start()]
    opened: list[int] = []
    for position, character in enumerate(run):
        if character == "(":
            opened.append(position)
        elif character == ")":
            if not opened:
                return run[:position].rstrip(_SENTENCE), position
            opened.pop()
    rest = run[: opened[0]] if opened else run
    return rest.rstrip(_SENTENCE), len(run)
