"""What manuscripts cite: each way to cite, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.core.citations import Cited, Inclusion, cited_in
from papertray.core.errors import UnreadableSource, UsageError


def keys(text: str, suffix: str) -> list[str]:
    """Return the keys that a text cites, in order."""
    return [citation.key for citation in cited_in(text, suffix).citations]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (r"\cite{a}", "a"),
        (r"\citep[see][p. 3]{a, b}", "a b"),
        (r"\citet*{a} \Citealp{b} \citeauthor*{c}", "a b c"),
        (r"\autocite{a}\parencite{b}\textcite{c}\footcite{d}\fullcite{e}\supercite{f}",
         "a b c d e f"),
        (r"\cites(pre)(post)[1]{a}[2][3]{b}{c}", "a b c"),
        (r"\volcite[see]{2}[5]{a} \Volcite{1}{b}", "a b"),
        (r"\cite<see>[p. 3]{a} \shortcite{b}", "a b"),
        (r"\citep[see {[}1{]} and \emph{x}][]{a}", "a"),
        (r"\nocite{*}", "*"),
        (r"\mycite{a}\newcite{b}\bibentry{c}", "a b c"),
        ("\\cite{a,% why\n  b}", "a b"),
        (r"\cite {DBLP:conf/x+y, müller_2020.1}", "DBLP:conf/x+y müller_2020.1"),
        # Not citing:
        (r"\citetext{some words} \citestyle{nature} \setcitestyle{square}", ""),
        (r"\newcommand{\mine}[1]{\citep[see][]{#1}}", ""),
        (r"50\% of \cite{a} % and \cite{b}", "a"),
        (r"\\% \cite{a}", ""),
        (r"\verb|\cite{a}| \lstinline!\cite{b}! \cite{c}", "c"),
        ("\\begin{verbatim}\\cite{a}\n\\end{verbatim}\\cite{b}", "b"),
        ("\\begin{filecontents}{r.bib}\\cite{a}\\end{filecontents}", ""),
        (r"\begin{comment}\cite{a}", ""),
        (r"\url{http://x.org/a%20b} \cite{a}", "a"),
        (r"\iffalse \cite{a}\ifx x y\cite{b}\fi\cite{c}\else\cite{d}\fi\cite{e}", "d e"),
        (r"\cite{a}\end{document}\cite{b}", "a"),
        (r"\cite{a \cite[b \cites", ""),
        (r"\cite{}", ""),
    ],
)  # fmt: skip
def test_a_tex_file_cites(text: str, cited: str) -> None:
    assert keys(text, ".tex") == cited.split()


def test_a_citation_says_its_line() -> None:
    text = "one\n\\begin{verbatim}\n\\cite{x}\n\\end{verbatim}\n\\cite{a,\n  b}\n\n\\cite{c}"
    found = [(one.key, one.line) for one in cited_in(text, ".tex").citations]
    assert found == [("a", 5), ("b", 6), ("c", 8)]


def test_a_tex_file_takes_in_others_and_names_bibliographies() -> None:
    text = r"""
\input{ch/one} \input two
\include{three} \subfile{four} \import{parts/}{five} \InputIfFileExists{six}{}{}
\input{\jobname-x} \input{|"ls"}
\bibliography{refs, more} \addbibresource[location=remote]{extra.bib}
"""
    found = cited_in(text, ".tex")
    assert found.inclusions == (
        Inclusion("ch/one", 2),
        Inclusion("two", 2),
        Inclusion("three", 3),
        Inclusion("four", 3),
        Inclusion("parts/five", 3),
        Inclusion("six", 3, is_optional=True),
    )
    assert found.bibliographies == ("refs", "more", "extra.bib")


def test_an_aux_file_names_keys_whether_bibtex_or_biber_reads_them() -> None:
    bibtex = "\\relax \n\\citation{a,b}\n\\citation{*}\n\\@input{sub.aux}\n\\bibdata{refs}\n"
    found = cited_in(bibtex, ".aux")
    assert keys(bibtex, ".aux") == ["a", "b", "*"]
    assert (found.inclusions, found.bibliographies) == ((Inclusion("sub.aux"),), ("refs",))

    biber = (
        "\\abx@aux@cite{0}{a}\n\\abx@aux@segm{0}{0}{a}\n\\abx@aux@cite{b}\n\\abx@aux@nociteall\n"
        "\\bibcite{c}{1}\n"
    )
    assert keys(biber, ".aux") == ["a", "b", "*"]


def test_the_control_file_of_biblatex_names_keys() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?>
<bcf:controlfile version="3.9" xmlns:bcf="https://sourceforge.net/projects/biblatex">
  <bcf:bibdata section="0">
    <bcf:datasource type="file" datatype="bibtex">refs.bib</bcf:datasource>
  </bcf:bibdata>
  <bcf:section number="0">
    <bcf:citekey order="1">a</bcf:citekey>
    <bcf:citekey order="2" nocite="1">*</bcf:citekey>
  </bcf:section>
</bcf:controlfile>"""
    assert keys(text, ".bcf") == ["a", "*"]
    assert cited_in(text, ".bcf").bibliographies == ("refs.bib",)
    with pytest.raises(UnreadableSource, match="no control file"):
        cited_in("no XML", ".bcf")


def test_a_control_file_reads_nothing_else(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    text = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        '<b:x xmlns:b="u"><b:citekey>&e;</b:citekey></b:x>'
    )
    assert "hidden" not in keys(text, ".bcf")


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("[@a; see @b, p. 3; -@c]", "a b c"),
        ("@a says [p. 3], as @b. And @c: @d's", "a b c d"),
        ("[@{a:b/c}, 7] @Doe:99_x-y. @2401.00001v2", "a:b/c Doe:99_x-y 2401.00001v2"),
        ("[*@a*]{.mark} (@b)", "a b"),
        ("raw \\citep[p. 3]{a}", "a"),
        # Not citing:
        ("me@example.org <you@example.org> \\@ref(fig) @@x", ""),
        ("`@a` and ``x ` @b`` but @c", "c"),
        ("```r\n@a\n```\n@b\n~~~~\n@c\n~~~\n@d\n~~~~", "b"),
        ("text\n\n    @a in code\n\n@b", "b"),
        ("- item\n\n    @a in the item", "a"),
        ("<!-- @a --> @b", "b"),
        ("https://m.org/@a [x](http://m.org/@b) @c", "c"),
        ("@fig-one @tbl-two @sec:three @eq:4", ""),
    ],
)
def test_a_markdown_file_cites(text: str, cited: str) -> None:
    assert keys(text, ".qmd") == cited.split()


def test_the_header_of_markdown_cites_and_names_bibliographies() -> None:
    text = (
        "---\nauthor: '@me'\nnocite: |\n  @a, @b\nbibliography:\n  - refs.bib\n  - 'two.bib'\n"
        "---\n@c\n\n{{< include part.qmd >}}\n\n```{r child='three.Rmd'}\n```\n"
    )
    found = cited_in(text, ".qmd")
    assert [(one.key, one.line) for one in found.citations] == [("a", 4), ("b", 4), ("c", 9)]
    assert found.bibliographies == ("refs.bib", "two.bib")
    assert found.inclusions == (Inclusion("part.qmd", 11), Inclusion("three.Rmd", 13))
    assert keys("---\nnocite: '@*'\n---\n", ".md") == ["*"]


def test_an_org_file_cites() -> None:
    text = (
        "#+bibliography: refs.bib\n#+include: \"one.org\" :lines 5\n[cite:@a]\n"
        "[cite/t:see @b p. 3; @c] [cite:see [x] @d.]\n# [cite:@no]\n: [cite:@no]\n"
        "#+begin_src tex\n[cite:@no]\n#+end_src\n[cite/n:@*] \\citep{e} x@y.org\n"
    )  # fmt: skip
    found = cited_in(text, ".org")
    assert [(one.key, one.line) for one in found.citations] == [
        ("a", 3), ("b", 4), ("c", 4), ("d", 4), ("*", 10), ("e", 10),
    ]  # fmt: skip
    assert found.bibliographies == ("refs.bib",)
    assert found.inclusions == (Inclusion("one.org", 2),)


def test_other_files_are_refused_by_what_is_read() -> None:
    with pytest.raises(UsageError, match=r"\.tex, .*\.org files, not from \.docx"):
        cited_in("", ".docx")


@pytest.mark.parametrize("suffix", [".tex", ".aux", ".md", ".org"])
@pytest.mark.parametrize(
    "piece",
    ["\\cite{", "\\cite[", "\\cite<", "\\verb|", "\\iffalse ", "`", "[cite:", "@{", "<!--", "]("],
)
def test_nothing_that_is_never_closed_takes_long(piece: str, suffix: str) -> None:
    # Were it quadratic, a minute would not be enough.
    assert cited_in(piece * (100_000 // len(piece)), suffix) == Cited()
