"""Documents that print a whole bibliography, and what TeX, BibTeX and biber said about it.

Import with ``from .latex_documents import print_with_bibtex, print_with_biber``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .programs import run


@dataclass(frozen=True, slots=True)
class Printed:
    """What went wrong on the way to the printed page, a line each, and how many items came out."""

    complaints: list[str]
    items: int


def print_with_bibtex(
    bibliography: str, style: str, packages: str, folder: Path, *, typeset: bool = True
) -> Printed:
    """Print `bibliography` by a style of BibTeX. Without `typeset` BibTeX alone has its say."""
    (folder / "refs.bib").write_text(bibliography, encoding="utf-8")
    (folder / "document.aux").write_text(
        f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n"
    )
    (folder / "document.tex").write_text(
        f"\\documentclass{{article}}\\usepackage{{amssymb}}{packages}"
        "\\begin{document}\\nocite{*}"
        f"\\bibliographystyle{{{style}}}\\bibliography{{refs}}\\end{{document}}\n"
    )
    ran = run("bibtex", "-min-crossrefs=99", "document", folder=folder)
    complaints = bibtex_complaints(ran.said)
    if ran.code > 1 and not complaints:  # 1 is for warnings, as of a missing field
        complaints = [ran.said[-300:]]
    items = (folder / "document.bbl").read_text(errors="replace").count("\\bibitem")
    if typeset:
        complaints += tex_complaints(_pdftex(folder))
    return Printed(complaints, items)


def print_with_biber(
    bibliography: str, style: str, folder: Path, *, engine: str = "pdflatex"
) -> Printed:
    """Print `bibliography` by a style of BibLaTeX; `engine` is a program that makes PDF of TeX."""
    (folder / "refs.bib").write_text(bibliography, encoding="utf-8")
    fonts = r"\usepackage[T1]{fontenc}\usepackage{lmodern}" if engine == "pdflatex" else ""
    (folder / "document.tex").write_text(
        f"\\documentclass{{article}}\\usepackage{{amssymb}}{fonts}"
        f"\\usepackage[backend=biber,style={style}]{{biblatex}}\\addbibresource{{refs.bib}}"
        "\\usepackage{hyperref}\\begin{document}\\nocite{*}\\printbibliography\\end{document}\n"
    )
    run(engine, "-interaction=batchmode", "document", folder=folder)
    ran = run("biber", "document", folder=folder)
    complaints = biber_complaints(ran.said)
    bbl = folder / "document.bbl"
    entries = re.findall(r"\\entry\{([^{}]*)\}", bbl.read_text("utf-8")) if bbl.exists() else []
    ran = run(engine, "-interaction=nonstopmode", "document", folder=folder)
    return Printed(complaints + tex_complaints(ran.said), len(set(entries)))


def _pdftex(folder: Path) -> str:
    return run("pdflatex", "-interaction=nonstopmode", "document", folder=folder).said


def tex_complaints(said: str) -> list[str]:
    """Return the errors of TeX, each with the lines that say where."""
    return [error[:300] for error in re.findall(r"^! .*(?:\n.*){0,6}", said, re.MULTILINE)]


def bibtex_complaints(said: str) -> list[str]:
    """Return the errors of BibTeX. That a field is missing is a warning, and the paper's fault."""
    return [line for line in said.split("\n") if _BIBTEX_ERROR.search(line)]


def biber_complaints(said: str) -> list[str]:
    """Return warnings and errors of biber, but for fields that the paper does not have."""
    found = re.findall(r"(?:WARN|ERROR) - .*", said)
    return [line for line in found if "Missing mandatory field" not in line]


_BIBTEX_ERROR = re.compile(
    r"error message|I was expecting|I couldn't|I'm skipping|---line|Illegal|unbalanced"
    r"|string longer|Repeated entry|isn't a brace-balanced|too many commas",
    re.IGNORECASE,
)
