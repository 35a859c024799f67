"""One paper as a reference that people read, without a citation processor.

Not a style of any journal: those are CSL's, and pandoc's to apply.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from papertray.core.model import Work
from papertray.core.segments import one_line
from papertray.exporters.cited_work import address_of, doi_address, kind_of, venue_names
from papertray.exporters.markdown_text import autolink, literal

MOST_NAMED = 6
"""Authors that are named; where there are more, the first of them and ``et al.``"""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a form writes text as it stands, what is slanted, and a link that shows its address."""

    text: Callable[[str], str]
    slanted: Callable[[str], str]
    link: Callable[[str], str]


def _html(text: str) -> str:
    return html.escape(one_line(text))


def _html_link(address: str) -> str:
    return f'<a href="{_html(address)}">{_html(address)}</a>'


_FORMS: Mapping[str, _Form] = {
    "text": _Form(one_line, one_line, one_line),
    "markdown": _Form(literal, lambda text: f"*{literal(text)}*", autolink),
    "html": _Form(_html, lambda text: f"<i>{_html(text)}</i>", _html_link),
}

FORMS = tuple(_FORMS)
"""What a reference can be written as."""


def reference(work: Work, form: str = "text") -> str:
    """Return a paper as one line in one of `FORMS`; HTML without an element around it.

    ``Authors (year). Title. Venue, volume(number), pages. Link``, as far as it is known: the link
    is the DOI's, else arXiv's, else the paper's own.
    """
    return " ".join(_sentences(work, _FORMS[form]))


def _sentences(work: Work, form: _Form) -> Iterator[str]:
    year = f"({work.year})" if work.year else ""
    if byline := " ".join(filter(None, (_authors(work, form), year))):
        yield _ended(byline)
    if title := form.text(work.title):
        yield _ended(title)
    if venue := _venue(work, form):
        yield _ended(venue)
    if address := _link(work):
        yield form.link(address)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."


def _authors(work: Work, form: _Form) -> str:
    persons = [author for author in work.authors if not author.stands_for_others]
    is_cut = len(persons) > MOST_NAMED or len(persons) < len(work.authors)
    names = filter(None, (form.text(author.display) for author in persons[:MOST_NAMED]))
    return " ".join(filter(None, (", ".join(names), "et al." if is_cut else "")))


def _venue(work: Work, form: _Form) -> str:
    """Return ``Journal of Machine Learning Research, 15(1), 1929–1958``."""
    venue = work.venue
    name = venue_names(work)[0]
    if not name and kind_of(work) == "preprint":
        return form.text(f"arXiv:{work.arxiv_id}") if work.arxiv_id else ""
    number = f"({venue.number})" if venue.number else ""
    parts = (
        form.slanted(name) if name else "",
        form.text(f"{venue.volume}{number}"),
        form.text(venue.pages.replace("--", "–")),
        "" if name else form.text(venue.publisher),
    )
    return ", ".join(filter(None, parts))


def _link(work: Work) -> str:
    """Return the address by which a paper is cited: of its DOI, else arXiv's, else its own."""
    if work.doi:
        return doi_address(work)
    return address_of(replace(work, url="") if work.arxiv_id else work)


def markdown_link(work: Work) -> str:
    """Return the title of a paper as a Markdown link to it, or the title where it has no link."""
    address = autolink(_link(work))
    if not address.startswith("<"):
        return literal(work.title)
    # Without its angle brackets a parenthesis would end the link.
    target = address if "(" in address or ")" in address else address[1:-1]
    return f"[{literal(work.title)}]({target})"
