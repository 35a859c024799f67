"""Authors as arXiv tells them: parts of names, names, lines; collaborations put together again."""

from __future__ import annotations

import pytest

from papertray.core.model import Author
from papertray.feeds.arxiv_authors import authors_in, authors_of_names, authors_of_parts

Parts = tuple[str, str, str]


def parts(*names: str) -> list[Parts]:
    """Read ``family|given|suffix``."""
    return [(*name.split("|"), "", "")[:3] for name in names]  # type: ignore[misc]


OF_PARTS = [
    (["Öztürk|Ada"], ["Ada Öztürk"]),
    (["Array|Keck", "Collaborations|BICEP2", ":", "Ade|P."],
     ["Keck Array and BICEP2 Collaborations", "P. Ade"]),
    (["Collaboration|Super-Kamiokande", ":", "Abe|K."],
     ["Super-Kamiokande Collaboration", "K. Abe"]),
    (["Planck Collaboration", "Wang|J."], ["Planck Collaboration", "J. Wang"]),
    (["Maria Signal for the IceCube Collaboration"], ["Maria Signal", "IceCube Collaboration"]),
    (["Sinya for JLQCD Collaboration"], ["Sinya", "JLQCD Collaboration"]),
    (["Kernel|O.", "Collaboration|for the DES"], ["O. Kernel", "DES Collaboration"]),
    (["Kernel|O.", "Collaboration|Ida Vector for the CMS"],
     ["O. Kernel", "Ida Vector", "CMS Collaboration"]),
    (["NuPRISM|Mark Scott for the", "collaborations|Hyper-K"],
     ["Mark Scott", "NuPRISM and Hyper-K collaborations"]),
    # Not sure enough: two persons before a body, a colon behind a person, one body after another.
    (["Kernel|O.", "Collaboration|DES", ":", "Abe|K."],
     ["O. Kernel", "DES Collaboration", "K. Abe"]),
    (["Kernel|O.", ":", "Abe|K."], ["O. Kernel", "K. Abe"]),
    (["Collaboration|ATLAS", "Collaborations|CMS", ":", "Abe|K."],
     ["ATLAS Collaboration", "CMS Collaborations", "K. Abe"]),
    (["Person|Somebody for the"], ["Somebody for the Person"]),
    ([":", "", "Plato"], ["Plato"]),
]  # fmt: skip


@pytest.mark.parametrize(("names", "displayed"), OF_PARTS)
def test_authors_told_in_parts(names: list[str], displayed: list[str]) -> None:
    assert [author.display for author in authors_of_parts(parts(*names))] == displayed


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("King|M. L.|Jr.", Author("King", "M. L.", suffix="Jr.")),
        ("van der Berg|L.", Author("Berg", "L.", "van der")),
        ("García Márquez|G.", Author("García Márquez", "G.")),
        (r"Bal\'azs|C.", Author("Balázs", "C.")),
        ("Mu\u0308ller|J.", Author("Müller", "J.")),
        ("  Lee |  Ann  B. ", Author("Lee", "Ann B.")),
        ("O'Brien|F.", Author("O'Brien", "F.")),
        ("Group|Ann", Author(literal="Ann Group")),
    ],
)
def test_the_parts_of_a_name(name: str, author: Author) -> None:
    assert authors_of_parts(parts(name)) == (author,)


def test_names_told_whole_are_mended_too() -> None:
    found = authors_of_names(["Keck Array", "BICEP2 Collaborations", ":", "P. A. R. Ade", " "])
    assert found == (
        Author(literal="Keck Array and BICEP2 Collaborations"), Author("Ade", "P. A. R."),
    )  # fmt: skip


LINES = [
    ("Ada Öztürk, Alan Kernel and Mia Vector", ["Ada Öztürk", "Alan Kernel", "Mia Vector"]),
    ("Ada Öztürk, Alan Kernel, and Mia Vector", ["Ada Öztürk", "Alan Kernel", "Mia Vector"]),
    (r"C. Bal\'azs (House, Paris (FR)), E. B{\"o}hlen", ["C. Balázs", "E. Böhlen"]),
    ("Alan Magnet, Jr., Ida Signal", ["Alan Magnet Jr.", "Ida Signal"]),
    ("The Lamp Collaboration: K. Abe, Y. Suzuki",
     ["The Lamp Collaboration", "K. Abe", "Y. Suzuki"]),
    ("Keck Array, BICEP2 Collaborations: P. Ade",
     ["Keck Array and BICEP2 Collaborations", "P. Ade"]),
    ("A. Person (1), B. Other (2) ((1) House, (2) Garden)", ["A. Person", "B. Other"]),
    ("A. Person (never closed, B. Other", ["A. Person (never closed", "B. Other"]),
    ("Sandra Anderson", ["Sandra Anderson"]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("line", "displayed"), LINES)
def test_a_line_of_authors(line: str, displayed: list[str]) -> None:
    assert [author.display for author in authors_in(line)] == displayed


def test_a_long_line_takes_no_longer_than_its_length() -> None:
    for piece in ("(", ", and ", "A. Person for the ", ", Jr.", "Collaboration: ", "\\'", " "):
        assert authors_in("Ann Lee, Bo Ek" + piece * 10_000)
