"""arXiv's categories: their names as arXiv spells them, and its sets for harvesting.

The taxonomy: https://arxiv.org/category_taxonomy; the sets: https://info.arxiv.org/help/oa/.
"""

from __future__ import annotations

import re

_ARCHIVES = {
    "cs": "cs", "econ": "econ", "eess": "eess", "math": "math", "q-bio": "q-bio",
    "q-fin": "q-fin", "stat": "stat",
    **dict.fromkeys(
        """astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex nucl-th
        physics quant-ph""".split(),
        "physics",
    ),
}  # fmt: skip
"""Archives, and the group that each belongs to."""

_LARGE = {"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat", "astro-ph", "nlin"}
"""Archives whose subjects are two capital letters."""

_SMALL = {
    "cond-mat": """dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el
        supr-con""".split(),
    "physics": """acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an
        ed-ph flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph
        space-ph""".split(),
}
"""Archives whose subjects are words, and these."""

_SHAPE = re.compile(r"[a-z]+(?:-[a-z]+)?\.[A-Z]{2}")


def looks_like_category(text: str) -> bool:
    """Tell whether `text` can only be meant as a category, be there one of that name or not."""
    archive, dot, subject = text.partition(".")
    is_within_archive = archive.lower() in _ARCHIVES and subject.replace("-", "").isalpha()
    return (
        category_named(text) != ""
        or (bool(dot) and is_within_archive)
        or bool(_SHAPE.fullmatch(text))
    )


def category_named(text: str) -> str:
    """Return a category or archive as arXiv spells it (``cs.CL`` for ``CS.cl``), else empty.

    New subjects of an archive whose subjects are two capital letters are taken by their shape.
    """
    archive, dot, subject = text.partition(".")
    archive = archive.lower()
    if archive not in _ARCHIVES:
        return ""
    if not dot:
        return archive
    if archive in _LARGE:
        is_one = bool(re.fullmatch(r"[A-Za-z]{2}", subject))
        return f"{archive}.{subject.upper()}" if is_one else ""
    subject = subject.lower()
    return f"{archive}.{subject}" if subject in _SMALL.get(archive, ()) else ""


def set_of(category: str) -> str:
    """Return the set that a category is harvested by: ``cs:cs:CL``, ``physics:hep-th``, ``cs``."""
    archive, _, subject = category.partition(".")
    group = _ARCHIVES[archive]
    if subject:
        return f"{group}:{archive}:{subject}"
    return archive if group == archive else f"{group}:{archive}"
