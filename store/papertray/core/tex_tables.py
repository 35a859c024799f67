"""What `papertray.core.tex` knows of TeX: letters, symbols, font commands, accents."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


def _table(pairs: str) -> dict[str, str]:
    words = _words(pairs)
    return dict(zip(words[::2], words[1::2], strict=True))


ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361",
}  # fmt: skip

LETTERS = _table(
    "i ı j ȷ ss ß SS ẞ ae æ AE Æ oe œ OE Œ aa å AA Å o ø O Ø l ł L Ł dh ð DH Ð th þ TH Þ dj đ DJ Đ "
    "ng ŋ NG Ŋ"
)

SYMBOLS = _table(
    """alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
    kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ
    phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ
    Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ infty ∞ partial ∂ nabla ∇ times × div ÷ pm ± mp ∓
    cdot · ast ∗ star ⋆ circ ∘ bullet • leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ ll ≪ gg ≫ approx ≈ sim ∼
    simeq ≃ cong ≅ equiv ≡ propto ∝ in ∈ notin ∉ subset ⊂ subseteq ⊆ supset ⊃ cup ∪ cap ∩ forall ∀
    exists ∃ emptyset ∅ land ∧ lor ∨ neg ¬ oplus ⊕ otimes ⊗ perp ⊥ sqrt √ sum ∑ prod ∏ int ∫
    to → rightarrow → longrightarrow ⟶ Rightarrow ⇒ leftarrow ← Leftarrow ⇐ leftrightarrow ↔
    Leftrightarrow ⇔ mapsto ↦ uparrow ↑ downarrow ↓ ldots … dots … textellipsis … cdots ⋯
    textendash – textemdash — textquoteleft ‘ textquoteright ’ textquotedblleft “
    textquotedblright ” guillemotleft « guillemotright » quotesinglbase ‚ quotedblbase „
    backslash \\ lbrace { rbrace }
    textbackslash \\ textasciitilde ~ textasciicircum ^ textunderscore _ textless < textgreater >
    textbar | textbraceleft { textbraceright } textdollar $ textbullet • textperiodcentered ·
    textdegree ° textmu µ texttimes × textpm ± textsection § textparagraph ¶ S § P ¶ dag † dagger †
    textdagger † ddag ‡ ddagger ‡ textdaggerdbl ‡ copyright © textcopyright © textregistered ®
    texttrademark ™ pounds £ textsterling £ euro € texteuro € textyen ¥ textcent ¢ checkmark ✓
    textonehalf ½ textonequarter ¼ degree ° TeX TeX LaTeX LaTeX LaTeXe LaTeX2ε
    BibTeX BibTeX wedge ∧ vee ∨ ni ∋ supseteq ⊇ odot ⊙ surd √ Re ℜ Im ℑ langle ⟨ rangle ⟩ lceil ⌈
    rceil ⌉ lfloor ⌊ rfloor ⌋ top ⊤ bot ⊥ vdash ⊢ triangle △ textquotesingle ' textquotedbl "
    textasciigrave ` textcelsius ℃ textnumero № textohm Ω textperthousand ‰ textonesuperior ¹
    texttwosuperior ² textthreesuperior ³ textordfeminine ª textordmasculine º textexclamdown ¡
    textquestiondown ¿"""
)

SWITCHES = frozenset(
    _words(
        """em it bf sc rm sf tt sl itshape bfseries scshape rmfamily sffamily ttfamily slshape
        upshape mdseries normalfont tiny scriptsize footnotesize small normalsize large Large LARGE
        huge Huge"""
    )
)

COMMANDS = frozenset(
    _words(
        """emph textbf textit textsc texttt textsf textrm textsl textup textmd textnormal text mbox
        hbox underline uline url path nolinkurl enquote"""
    )
)
