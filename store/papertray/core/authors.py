"""Authors. Apart from the model, which takes longer to import than a list to draw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """One author: either a person (`family` and the rest) or a body (`literal`).

    ``Author(literal="et al.")``, last in a list, stands for the authors a source left out.
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def stands_for_others(self) -> bool:
        """True for the ``et al.`` that ends an incomplete list."""
        return self.literal == "et al."

    @property
    def display(self) -> str:
        """The whole name in reading order: ``Laurens van der Maaten``."""
        if self.literal:
            return self.literal
        return " ".join(p for p in (self.given, self.particle, self.family, self.suffix) if p)

    @property
    def short(self) -> str:
        """What a list shows: the surname with its particle, or the body's name."""
        return self.literal or " ".join(p for p in (self.particle, self.family) if p) or self.given
