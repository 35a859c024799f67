"""Markup in titles and abstracts: what is decoded, and what is no markup."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papertray.core.markup import decode_markup, has_markup
from papertray.core.segments import segments

HTML = [
    ("On <i>Drosophila</i> and <b>More</b>", "On Drosophila and More"),
    ('The <span class="nocase">iPhone</span> Effect', "The iPhone Effect"),
    ('Small <span style="font-variant:small-caps;">Caps</span>', "Small Caps"),
    ("H<sub>2</sub>O, 10<sup>6</sup> and x<sup>n</sup>", "H₂O, 10⁶ and x$^n$"),
    ("Ca<sup>2+</sup>, 10<sup>−6</sup>, T<sub><i>c</i></sub>", "Ca²⁺, 10⁻⁶, T$_c$"),
    ("the 19<sup>th</sup> of k<sub>max</sub>", "the 19th of k$_{max}$"),
    ("Brand<sup>®</sup> and <sub>a text: long, low</sub>", "Brand® and a text: long, low"),
    ("<p>One<br/>two</p>", "One\ntwo"), ("<p>One<p>two <b>bold", "One\ntwo <b>bold"),
    ("<h3>Abstract</h3><p>Text</p><ul><li>a<li>b</ul>", "Text\na\nb"),
    ("<p>See <a href='https://x.org?a=1&amp;b=2'>this</a>.</p>", "See this."),
    ("<style>p {color: red}</style>T <!-- <p>not</p> -->ext", "T ext"),
    ("<i>One</i>\n  wrapped\n\n  Two", "One wrapped\nTwo"),
    ("&lt;i&gt;E. coli&lt;/i&gt; &lt;EOS&gt;", "E. coli <EOS>"),
    ("<p>Use &lt;b&gt;bold&lt;/b&gt; for it</p>", "Use <b>bold</b> for it"),
]  # fmt: skip

JATS = [
    ("<jats:p>First.</jats:p><jats:p>Second\n   line.</jats:p>", "First.\nSecond line."),
    ("<jats:title>Abstract</jats:title><jats:p>Text</jats:p>", "Text"),
    ("<jats:title>ABSTRACT:</jats:title>\n  <jats:p>Text", "Text"),
    ("<jats:sec>\n <jats:title>Aims</jats:title>\n <jats:p>T</jats:p></jats:sec>\n"
     "<jats:sec><jats:title>Methods.</jats:title><jats:p>U</jats:p><jats:p>V</jats:p></jats:sec>",
     "Aims: T\nMethods: U\nV"),
    ("<sec><title>What is new?</title><p>All</p></sec>", "What is new? All"),
    ("<jats:sec><jats:title>Methods</jats:title><jats:sec><jats:title>Design</jats:title>"
     "<jats:p>T</jats:p></jats:sec></jats:sec>", "Methods: Design: T"),
    ("<jats:p>T</jats:p><jats:sec><jats:title>End</jats:title></jats:sec>", "T\nEnd"),
    ("<jats:p>Two:<jats:list><jats:list-item><jats:label>1.</jats:label><jats:p>a</jats:p>"
     "</jats:list-item><jats:list-item><jats:p>b</jats:p></jats:list-item></jats:list></jats:p>",
     "Two:\n1. a\nb"),
    ("<scp>DNA</scp> repair", "DNA repair"),
    ("<jats:italic>p</jats:italic> &amp;lt; 0.05 &amp;amp; &amp;#x3b1;", "p < 0.05 & α"),
    ("<jats:p>the &lt;i&gt;in vivo&lt;/i&gt; case</jats:p>", "the in vivo case"),
    ("<jats:p>where <jats:inline-formula><jats:inline-graphic xlink:href='x.gif'/>"
     "</jats:inline-formula> is large</jats:p>", "where […] is large"),
]  # fmt: skip

_DOCUMENT = (
    r"\documentclass[12pt]{minimal} \usepackage{amsmath} \setlength{\oddsidemargin}{-69pt} "
    r"\begin{document}$$%s$$\end{document}"
)
FORMULAS = [
    ("in <tex-math>O(n^2)</tex-math> time", "in $O(n^2)$ time"),
    ("<jats:tex-math>$$x \\le 3$$</jats:tex-math>", r"$x \le 3$"),
    ("<tex-math><![CDATA[" + _DOCUMENT % r"\alpha &lt; 1" + "]]></tex-math>", r"$\alpha < 1$"),
    ("<tex-math>k</tex-math>-NN, <tex-math>$a$ and $b$</tex-math>", "k-NN, $a$ and $b$"),
    ("<jats:inline-formula><jats:alternatives><jats:tex-math>" + _DOCUMENT % "x^2"
     + "</jats:tex-math><mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup>"
     "</mml:math><jats:inline-graphic/></jats:alternatives></jats:inline-formula>!", "$x^2$!"),
    ("<inline-formula><mml:math><mml:mi>x</mml:mi></mml:math><tex-math>x</tex-math>"
     "</inline-formula>", "x"),
    ("<mml:math><mml:mi>x</mml:mi></mml:math> grows", "x grows"),
    ("<mml:math><mml:mi>α</mml:mi></mml:math>-helix", "α-helix"),
    ("<math display='inline'><mn>10</mn></math>", "10"),
    ("<math><mi>GeV</mi></math>, <math><mtext>if &amp; only</mtext></math>", "GeV, if & only"),
]  # fmt: skip

MATHML = [
    ("<msub><mi mathvariant='normal'>H</mi><mn>2</mn></msub><mi>O</mi>", "$H_2O$"),
    ("<msup><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mrow><mo>−</mo><mi>n</mi></mrow></msup>",
     "${x+1}^{-n}$"),
    ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "$x_i^2$"),
    ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"
     "<mi>a</mi>", r"$\sum_{i=1}^na$"),
    ("<mover><mi>x</mi><mo>¯</mo></mover><mover accent='true'><mrow><mi>A</mi><mi>B</mi></mrow>"
     "<mo>→</mo></mover>", r"$\bar{x}\overrightarrow{AB}$"),
    ("<munder><mi>lim</mi><mrow><mi>n</mi><mo>→</mo><mi>∞</mi></mrow></munder>",
     r"$\lim_{n\to\infty}$"),
    ("<mfrac><mi>a</mi><mn>2</mn></mfrac>", r"$\frac{a}{2}$"),
    ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt><mroot><mi>x</mi><mn>3</mn></mroot>",
     r"$\sqrt{a+b}\sqrt[3]{x}$"),
    ("<mfenced open='[' separators=';,'><mi>a</mi><mi>b</mi><mi>c</mi></mfenced>", "$[a;b,c)$"),
    ("<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd>"
     "<mtd><mn>0</mn></mtd></mtr></mtable>", r"$\begin{matrix}a & b \\ c & 0\end{matrix}$"),
    ("<mi>p</mi><mo>&lt;</mo><mn>0.05</mn><mtext> or </mtext><mi>α</mi><mi>x</mi>",
     r"$p<0.05\text{ or }\alpha x$"),
    ("<mo>{</mo><mi>x</mi><mo>}</mo><mo>%</mo>", r"$\lbrace x\rbrace\%$"),
    ("<mi mathvariant='double-struck'>R</mi><mi>𝑥</mi><mi>sin</mi><mi>y</mi>",
     r"$\mathbb{R}x\sin y$"),
    ("<mmultiscripts><mi>He</mi><none/><none/><mprescripts/><none/><mn>3</mn></mmultiscripts>",
     r"${}^3\mathrm{He}$"),
    ("<semantics><mrow><mi>a</mi><mi>b</mi></mrow><annotation encoding='application/x-tex'>a \\, b"
     "</annotation></semantics>", r"$a \, b$"),
    ("<semantics><mrow><mi>a</mi><mi>b</mi></mrow><annotation-xml><ci>a</ci><mi>b</mi>"
     "</annotation-xml></semantics>", "$ab$"),
    ("<munknown>two</munknown><msup><mi>x</mi></msup>", "$<munknown>two</munknown>x$"),
    ("<mrow>", ""), ("</mrow><mi>x", "x"), ("x+y", "$x+y$"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), [*HTML, *JATS, *FORMULAS])
def test_known_markup_is_decoded(text: str, plain: str) -> None:
    assert decode_markup(text) == plain


@pytest.mark.parametrize(("inner", "plain"), MATHML)
@pytest.mark.parametrize("prefix", ["", "mml:"])
def test_mathml_becomes_tex(inner: str, plain: str, prefix: str) -> None:
    if "munknown" in inner and prefix:
        return
    written = inner.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")
    assert decode_markup(f"<{prefix}math>{written}</{prefix}math>") == plain


@pytest.mark.parametrize("plain", [plain for _, plain in MATHML if plain.startswith("$\\")])
def test_formulas_are_formulas_to_exporters(plain: str) -> None:
    (found,) = segments(plain)
    assert found.is_math


OTHER = [
    "a <EOS> token", "<SEG> and {<m{>}", "x < y > z", "AT&T and R&D", "&unknown; words",
    "$a<b$ and $c>d$", "if p<i and i>q", "Two  spaces\nand a line", "<indeed>", "",
    "a<b>c", "the <s> and </s> tokens", "<mi> and <math> stay", "<!-- open", "&notit;", "<think>",
]  # fmt: skip


@pytest.mark.parametrize("text", OTHER)
def test_everything_else_stays(text: str) -> None:
    assert decode_markup(text) == text
    assert not has_markup(text)


def test_characters_by_name_are_decoded() -> None:
    text = "Smith &amp; Sons &lt; 5 &#233;&#xe9; &nbsp;&ouml; cafe\u0301 AT&amp;T;"
    assert decode_markup(text) == "Smith & Sons < 5 éé \xa0ö café AT&T;"


_PLAIN = st.text(st.characters(blacklist_characters="&", blacklist_categories=["Cs"]), max_size=80)


@given(_PLAIN, st.sampled_from(["<EOS>", "<3", "<unk>", "<m>", "</x>", "<", ">"]))
def test_text_without_known_tags_is_unchanged(text: str, token: str) -> None:
    whole = f"{text}{token}{text}"
    if not has_markup(whole):
        assert decode_markup(whole) == unicodedata.normalize("NFC", whole)


_PIECES = st.sampled_from(
    """<p> </p> <i> </i> <sub> </sub> <jats:title> </jats:title> <math> </math> <mml:msup> <mi>
    </mi> </mml:msup> <mml:math> </mml:math> <alternatives> </alternatives> <tex-math> </tex-math>
    $$ \\begin{document} <jats:list> <![CDATA[ ]]> <!-- --> &lt;i&gt; &amp;lt; <script> </script>
    <mml:mprescripts/> <mml:mmultiscripts> <mfrac> x 2 word < > &""".split()
)


@given(st.lists(_PIECES, max_size=30).map(" ".join))
@example("<alternatives></alternatives>")
def test_it_never_raises_and_keeps_every_word_outside_brackets(text: str) -> None:
    assert decode_markup("word " + text).startswith("word")


BOMBS = [
    "<i>", "<i>x</i>", "<jats:sup>", "<mml:math><mml:msup>", "<mml:mrow>", "<!--", "&amp;", "&",
    "<a b='c' ", "<![CDATA[", "<tex-math>", "<p><jats:title>", "&lt;i&gt;", "\n ", "<", "$<sub>",
]  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_do_no_harm(bomb: str) -> None:
    text = bomb * (400_000 // len(bomb))
    assert len(decode_markup(text)) <= 3 * len(text)
    decode_markup(f"<mml:math>{text[:50_000]}")
