r"""TeX formulas in running text, shown as Unicode where that is exact: ``$\alpha_i$`` → ``αᵢ``."""

from __future__ import annotations

from functools import lru_cache


def shown_tex(text: str) -> str:
    """Return a clean text with those formulas as Unicode that can be; the rest as it stands."""
    return _shown(text) if "$" in text else text


@lru_cache(maxsize=1_024)
def _shown(text: str) -> str:
    # The first paint does not wait for its tables.
    from papertray.tui.tex_formulas import with_formulas

    return with_formulas(text)
