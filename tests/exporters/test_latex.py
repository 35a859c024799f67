"""What comes in is what TeX prints."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from papertray.core.model import Author
from papertray.core.names import parse_author
from papertray.exporters import latex, latex_names
from papertray.exporters.latex_spelling import ASCII, UNICODE, Spelling

from strategies import authors, braces_balance, printed, texts, to_be_printed


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Plug & Play, 100% of C# in snake_case", r"Plug \& Play, 100\% of C\# in snake\_case"),
        (r"\faGithub~ P* ^ [MASK]",
         r"{\textbackslash}faGithub{\textasciitilde} P* {\textasciicircum} [MASK]"),
        ("<SEG>|x", "{$<$}SEG{$>$}{$|$}x"),
        ("na\\\"ive 45\\%", "na{\\textbackslash}\"ive 45{\\textbackslash}\\%"),
        ("{x} {y {z}}", r"\{x\} \{y \{z\}\}"),
        ("lone { open", r"lone \{\vphantom{\}} open"),
        ("lone } close", r"lone \vphantom{\{}\} close"),
        ("}{", r"\vphantom{\{}\}\{\vphantom{\}}"),
        ("Saving $5 and $10", r"Saving \$5 and \$10"),
        ("cost $\\mathcal{O}(n^2)$, 10%", r"cost $\mathcal{O}(n^2)$, 10\%"),
        ("$50\\%$ of $a%b & c$", r"$50\%$ of $a\%b \& c$"),
        ("$\\begin{array}a & b\\end{array}$", r"$\begin{array}a & b\end{array}$"),
        ("$a\\\\%b$", r"$a\\\%b$"),
        ("$\\°$", r"\${\textbackslash}{$^\circ$}\$"),
        ("$α ≤ 1$", r"${\alpha} {\leq} 1$"),
        ("$\\input{/etc/passwd}$", r"\${\textbackslash}input\{/etc/passwd\}\$"),
        ("$x^^5cinput y$", r"\$x{\textasciicircum}{\textasciicircum}5cinput y\$"),
        ("{$z$} and {a $x$", r"\{$z$\} and \{\vphantom{\}}a $x$"),
        ("$\\left( x$", r"\${\textbackslash}left( x\$"),
        ("--- a--b – c—d ––", "-{}-{}- a-{}-b -- c---d --{}--"),
        ("``x'' “x” ‘x’ it's ?`", "``x'' ``x'' `x' it's ?{}`"),
        ("jürgen Çağlar íñ ůż ầ",
         "j{\\\"u}rgen {\\c{C}}a{\\u{g}}lar {\\'i}{\\~n} {\\r{u}}{\\.z} ầ"),
        ("e\u0301", r"{\'e}"),
        ("Łø ß å…", r"{\L}{\o} {\ss} {\aa}{\dots}"),
        ("α → β², 3×3 at −5°",
         r"{$\alpha$} {$\rightarrow$} {$\beta$}{$^2$}, 3{$\times$}3 at {$-$}5{$^\circ$}"),
        ("学习 🤗 § €", "学习 🤗 § €"),
        ("a\u00a0b\u200bc\u200dd\u00ad", "a~bcd"),
        ("\x1b[31mred\x07 \u202eback\ud800", "[31mred back\ufffd"),
        ("an @article{x, @BERT{", r"an @article\{\vphantom{\}}x, @BERT\{\vphantom{\}}"),
        ("@x<y", "{@}x{$<$}y"),
        ("@@<", "{@}{@}{$<$}"),
        (" two\n lines ", "two lines"),
        ("", ""),
    ],
)  # fmt: skip
def test_escape(text: str, source: str) -> None:
    assert latex.escape(text) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Jürgen Çağlar, Łø ß…", "Jürgen Çağlar, Łø ß…"),
        ("“x” – ‘y’ — z", "“x” – ‘y’ — z"),
        ("α ≤ 3×3 at 5°", r"{$\alpha$} {$\leq$} 3×3 at 5°"),
        ("R&D 100% <b> {", r"R\&D 100\% {$<$}b{$>$} \{\vphantom{\}}"),
        ("e\u0301 a\u00a0b -- c", r"é a~b -{}- c"),
    ],
)
def test_escape_for_biblatex(text: str, source: str) -> None:
    assert latex.escape(text, UNICODE) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("GPT-4, LLaMA and U-Net beat ImageNet with 3D CNNs: A Survey",
         "{GPT-4}, {LLaMA} and {U-Net} beat {ImageNet} with {3D} {CNNs}: A Survey"),
        ("Bayesian Optimization and Gaussian Processes for English and Chinese",
         "{Bayesian} Optimization and {Gaussian} Processes for {English} and {Chinese}"),
        ("Self-Supervised Pre-Training of Non-Markovian Models",
         "Self-Supervised Pre-Training of {Non-Markovian} Models"),
        ("$k$NN-LM and $O(n \\log n)$ Attention", "{$k$NN-LM} and {$O(n \\log n)$} Attention"),
        ("On ($k$-means), Vitamin C", "On ({$k$-means}), Vitamin {C}"),
        ("BERT: “NASA” (BERT)", "{BERT}: ``{NASA}'' ({BERT})"),
        ("ŁukBERT and Łuk", r"{{\L}ukBERT} and {\L}uk"),
        ("See #NASA", r"See {{\#NASA}}"),
        ("A I {NASA} Test", r"A {I} \{{NASA}\} Test"),
        ("The Impact of [MASK] Tokens", "The Impact of [{MASK}] Tokens"),
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("Stochastic Bellows in Indigo", "Stochastic Bellows in Indigo"),
    ],
)  # fmt: skip
def test_title(text: str, source: str) -> None:
    assert latex.title(text) == source


@pytest.mark.parametrize(
    ("author", "source"),
    [
        ("Laurens van der Maaten", "van der Maaten, Laurens"),
        ("Martin Luther King, Jr.", "King, Jr., Martin Luther"),
        ("Luc Van Gool", "Van Gool, Luc"),
        ("OpenAI", "{OpenAI}"),
        ("Barnes and Noble Research", "{Barnes and Noble Research}"),
        ("AT&T Labs, Inc.", r"{AT}{\&}{T Labs, Inc.}"),
        ("Zürich AI Lab", r"{Z}{\"u}{rich AI Lab}"),
        ("danah boyd", "{boyd}, danah"),
        ("Øyvind Åsen", r"{\AA}sen, {\O}yvind"),
        ("王小明", "{王小明}"),
        ("王 小明", "{王小明}"),
        (
            "Bob {Tables}_50%",
            r"{Bob }{\ensuremath{\lbrace}}{Tables}{\ensuremath{\rbrace}}{\_}{50}{\%}",
        ),
        (
            "a { and } & <c>",
            r"{a }{\ensuremath{\lbrace}}{ and }{\ensuremath{\rbrace}}{ }{\&}{ }"
            r"{\ensuremath{<}}{c}{\ensuremath{>}}",
        ),
        ("The $\\mu$BooNE Collaboration", r"{The }{\ensuremath{\mu}}{BooNE Collaboration}"),
    ],
)
def test_name(author: str, source: str) -> None:
    assert latex_names.name(parse_author(author)) == source


@pytest.mark.parametrize(
    ("author", "source"),
    [
        (Author("García Márquez", "Gabriel"), r"Garc{\'i}a M{\'a}rquez, Gabriel"),
        (Author("Lopes dos Santos", "Ana"), "{Lopes dos Santos}, Ana"),
        (Author("Marks, and Spencer", "Sir and"), "{Marks, and Spencer}, {Sir and}"),
        (Author("García Márquez"), r"{Garc}{\'i}{a M}{\'a}{rquez}"),
        (Author("King", suffix="Jr."), "{King Jr.}"),
        (Author(given="Plato"), "{Plato}"),
        (Author("\x07", "\u202e"), ""),
    ],
)
def test_structured_name(author: Author, source: str) -> None:
    assert latex_names.name(author) == source


@pytest.mark.parametrize(
    ("author", "source"),
    [
        ("Jürgen Schmidhuber", "Schmidhuber, Jürgen"),
        ("Zürich AI Lab", "{Zürich AI Lab}"),
        ("AT&T Labs, Inc.", r"{AT}{\&}{T Labs, Inc.}"),
        ("\\ Group", r"{\ensuremath{\backslash}}{ Group}"),
    ],
)
def test_name_for_biblatex(author: str, source: str) -> None:
    assert latex_names.name(parse_author(author), UNICODE) == source


def test_of_too_many_names_the_first_are_written() -> None:
    authors = [Author(f"F{number}", "G") for number in range(4)]
    assert latex_names.names(authors, most=4) == "F0, G and F1, G and F2, G and F3, G"
    assert latex_names.names(authors, most=2) == "F0, G and F1, G and others"
    others = [*authors, Author(literal="et al.")]
    assert latex_names.names(others, most=2) == "F0, G and F1, G and others"


def test_names_end_with_others_and_skip_the_nameless() -> None:
    others = Author(literal="et al.")
    assert latex_names.names([others, Author("Doe", "Jo"), Author()]) == "Doe, Jo and others"
    assert latex_names.names([others]) == ""


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://example.org/a_b%20c/~user?x=1&y=2#frag",) * 2,
        ("https://example.org/{x} y/é|^`", "https://example.org/%7Bx%7Dy/%C3%A9%7C%5E%60"),
        ('x\\"<>\ud800\x07', "x%5C%22%3C%3E%EF%BF%BD"),
    ],
)
def test_url(address: str, written: str) -> None:
    assert latex.url(address) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("https://doi.org/10.1038/nature14539", "10.1038/nature14539"),
        ("doi: 10.1/a_b", "10.1/a_b"),
        ("10.1002/1%3C1::AID%3E3.0", "10.1002/1<1::AID>3.0"),
        ("10.1/a%b", ""),
        ("10.1/\u00e9", ""),
        ("10.1002/(SICI)1<1::AID>3.0.CO;2-{1\\}", "10.1002/(SICI)1<1::AID>3.0.CO;2-1"),
    ],
)
def test_doi(text: str, written: str) -> None:
    assert latex.doi(text) == written


@pytest.mark.parametrize("spelling", [ASCII, UNICODE])
@given(text=texts())
def test_any_text_prints_as_itself(spelling: Spelling, text: str) -> None:
    source = latex.escape(text, spelling)
    assert printed(source) == to_be_printed(text)
    assert braces_balance(source)


@pytest.mark.parametrize("spelling", [ASCII, UNICODE])
@given(text=texts())
def test_any_title_prints_as_itself(spelling: Spelling, text: str) -> None:
    source = latex.title(text, spelling)
    assert printed(source) == to_be_printed(text)
    assert braces_balance(source)


@pytest.mark.parametrize("spelling", [ASCII, UNICODE])
@given(author=authors())
def test_any_name_stays_one_name(spelling: Spelling, author: Author) -> None:
    written = latex_names.name(author, spelling)
    assert braces_balance(written)
    depth, outside = 0, []
    for character in written.replace("\\{", "{").replace("\\}", "}"):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            outside.append(character)
    assert not re.search(r"(?i)\band\b", "".join(outside))
    assert "".join(outside).count(",") <= 2


def test_ten_thousand_characters() -> None:
    text = "BERT{" * 2000
    assert printed(latex.title(text)) == text
    assert printed(latex.title("$x$ " * 2500)) == ("$x$ " * 2500).strip()


def test_the_parts_of_a_name_begin_no_entry_together() -> None:
    assert latex_names.name(Author("{", "B", particle="@")).startswith("{@} {")
