"""A reading list in Org that is text wherever papers and notes could be taken for Org."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.model import Entry, Pile, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters import org_text
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.org import write
from papertray.exporters.org_notes import org_of_markdown

from strategies import entries, entry, keyed, note, texts, visible_line

EVERYTHING = ExportOptions(notes=True, private=True, bibliography="refs.bib")


def reading_list(*found: Entry, options: ExportOptions = EVERYTHING) -> str:
    return "".join(write(found, options))


def marked(org: str) -> str:
    """The word joiner, to be seen in tests."""
    return org.replace(org_text.JOINER, "¦")


def test_a_reading_list() -> None:
    work = Work(
        "Attention & [MASK]",
        abstract="It costs $5, $O(n)$.",
        authors=(parse_author("Ashish Vaswani"), parse_author("et al.")),
        year=2017,
        venue=Venue("NeurIPS"),
        doi="10.1/x",
        url="javascript:alert(1)",
        code_urls=("https://github.com/a/b", "not a link"),
    )
    kept = [
        entry(work, "a", pile=Pile.STARRED, tags=("nlp", "R D"), notes=(note("# Mine\nGood."),)),
        entry(Work("TODO :x:"), "b", done="2026-11-23"),
    ]
    assert marked(reading_list(*kept)) == (
        "#+title: Reading list\n#+bibliography: refs.bib\n#+options: H:6\n\n"
        "* Starred\n\n"
        "** Attention & [¦MASK] :nlp:\n"
        ":PROPERTIES:\n:CUSTOM_ID: a\n:AUTHOR: Ashish Vaswani and others\n:YEAR: 2017\n"
        ":VENUE: NeurIPS\n:DOI: 10.1/x\n:URL: javascript:alert(1)\n:KEYWORDS: R D\n:END:\n\n"
        "Ashish Vaswani, et al. (2017). NeurIPS\n\n"
        "[cite:@a]\n\n"
        "# papertray:keep\n# /papertray:keep\n\n"
        "- [[https://doi.org/10.1/x]]\n"
        "- javascript¦:alert(1)\n"
        "- Code: [[https://github.com/a/b]]\n"
        "- Code: not a link\n\n"
        "#+begin_quote\nIt costs \\dollar{}5, \\(O(n)\\).\n#+end_quote\n\n"
        "*** Note\n\n"
        "**** Mine\n\nGood.\n\n"
        "* Read\n\n"
        "** ¦TODO :x¦:¦\n"
        ":PROPERTIES:\n:CUSTOM_ID: b\n:READ: 2026-11-23\n:END:\n\n"
        "[cite:@b]\n\n"
        "# papertray:keep\n# /papertray:keep\n\n"
        "* References\n#+print_bibliography:\n"
    )


def test_options() -> None:
    kept = entry(Work("t", abstract="An abstract."), notes=(note("shown\n# private\nsecret"),))
    plain = reading_list(kept, options=ExportOptions(title="#+x", abstracts=False, group=""))
    assert marked(plain).startswith("#+title: ¦#+x\n#+options: H:6\n\n** t\n")
    assert not re.search("abstract|shown|bibliography", plain)
    with_notes = reading_list(kept, options=ExportOptions(notes=True))
    assert "shown" in with_notes
    assert "secret" not in with_notes


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("*b* /i/ _u_ =v= ~c~ +s+ a*b*c", "¦*b* ¦/i/ ¦_¦u_ ¦=v= ¦~c~ ¦+s+ a*b*c"),
        ("snake_case a^2 x_{y}", "snake_¦case a^¦2 x_¦{y}"),
        (r"\alpha \input{x} \\", r"\¦alpha \¦input{x} \¦\¦"),
        ("[[x]] [fn:1] [cite:@x] a[i] b", "[¦[¦x]¦] [¦fn¦:1] [¦cite¦:@x] a[¦i] b"),
        ("<2026-11-23> <<t>> <%%(x)> a < b", "<¦2026-11-23> <¦<¦t>> <¦%%(x)> a < b"),
        ("{{{m(x)}}} @@html:<b>@@", "{¦{¦{m(x)}}} @¦@html¦:<¦b>@¦@"),
        ("call_f() src_sh{ls}", "call_¦f() src_¦sh{ls}"),
        ("http://a.b elisp:(x) a: b", "http¦://a.b elisp¦:(x) a: b"),
        ("a -- b ... a :: b", "a -¦- b .¦.¦. a :¦: b"),
        ("Saving $5 and $10{x}", r"Saving \dollar{}5 and \dollar{}10{x}"),
        ("${x}", r"\dollar{}¦{x}"),
        (r"$O(n)$, $k$NN $a%b$", r"\(O(n)\), \(k\)NN \dollar{}a%b\dollar{}"),
        (r"$\input{x}$", r"\dollar{}\¦input{x}\dollar{}"),
        ("* x", "¦* x"),
        ("- x", "¦- x"),
        ("1. x", "¦1. x"),
        ("| x |", "¦| x |"),
        ("#+begin_src", "¦#+begin_¦src"),
        ("%%(x)", "¦%%(x)"),
        (":END:", "¦:END¦:"),
        ("C# & 100% of it's \"so\"", "C# & 100% of it's \"so\""),
        (" two\n lines\x1b[0m \u202e", "two lines[¦0m"),
    ],
)  # fmt: skip
def test_literal(text: str, source: str) -> None:
    assert marked(org_text.literal(text)) == source


@pytest.mark.parametrize("word", ["TODO x", "COMMENT x", "COMMENTx", "NEXT", "x :tag:"])
def test_headlines_have_no_keywords_and_no_tags(word: str) -> None:
    guarded = marked(org_text.heading(word))
    assert guarded.startswith("¦") or guarded.endswith("¦")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("nlp", "nlp"), ("to_read@2", "to_read@2"), ("Ökologie", "Ökologie"), ("a-b", ""), ("", ""),
     ("a b", ""), ("noexport", ""), ("ARCHIVE", "")],
)  # fmt: skip
def test_tags(text: str, expected: str) -> None:
    assert org_text.tag(text) == expected


@pytest.mark.parametrize(
    ("markdown", "org"),
    [
        ("**b** *i* ~~s~~ `a=b` `c` ***x***", "*b* /i/ +s+ ~a=b~ =c= /*x*/"),
        ("*un*usual **a*b** *and/or*", "/un/\u200busual a*b and/or"),
        ("`=a~`", "¦=a~"),
        ("[x](https://a.b/c_d)", "[[https://a.b/c_d][x]]"),
        ("<mailto:a@b.c>", "[[mailto:a@b.c][mailto¦:a@b.c]]"),
        ("[x](javascript:a) ![i](http://x/y.png)", "[¦x](javascript¦:a) [[http://x/y.png][i]]"),
        ("# A\n\nB\n---\n\n***", "**** A\n\n***** B\n\n-----"),
        ("* a\n  * b\n\n3. c\n4. d", "- a\n\n  - b\n\n3. [@3] c\n4. d"),
        ("- [ ] a\n- [x] b", "- [ ] a\n- [X] b"),
        ("> a\n> > b\n> # c", "#+begin_quote\na\n\nb\n\n*c*\n#+end_quote"),
        ("```py\n* a\n#+end_src\n```", "#+begin_src py\n,* a\n,#+end_src\n#+end_src"),
        ("    * a", "#+begin_example\n,* a\n#+end_example"),
        ("|a|b|\n|-|-|\n|1|2|", "#+begin_example\n|a|b|\n|-|-|\n|1|2|\n#+end_example"),
        ("\\* a\n\\#+x: b\n:END:", "¦* a\n¦#+x: b\n¦:END¦:"),
        ("so[^1]\n\n[^1]: foot", "so[¦^¦1]\n\n[¦^¦1]: foot"),
        ("<b>x</b>\n\n<!-- y", "<¦b>x<¦/b>\n\n<¦!-¦- y"),
        ("a\\\nb", "a\\\\\nb"),
    ],
)  # fmt: skip
def test_notes(markdown: str, org: str) -> None:
    assert marked(org_of_markdown(markdown, 3)) == org


@settings(max_examples=150, deadline=None)
@given(texts())
def test_what_is_seen_of_a_text_is_the_text(text: str) -> None:
    shown = org_text.literal(text)
    assert "\n" not in shown
    assert not re.match(r"\*+ |[ \t]*(?:#|\||:|[-+] |\d+[.)] )", shown)
    plain = shown.replace(org_text.JOINER, "").replace("\\dollar{}", "$")
    line = visible_line(text).replace(org_text.JOINER, "")
    assert re.sub(r"\\[()]", "$", plain) == re.sub(r"\\[()]", "$", line)


@settings(max_examples=60, deadline=None)
@given(st.lists(entries(), max_size=3))
def test_any_entries_are_as_many_headlines(found: list[Entry]) -> None:
    lines = reading_list(*keyed(found)).split("\n")
    assert sum(line.startswith("** ") for line in lines) == len(found)
    assert lines.count(":PROPERTIES:") == lines.count(":END:") == len(found)
    keywords = {line.split(":")[0] for line in lines if line.startswith("#+")}
    assert {k.split()[0] for k in keywords} <= {
        *("#+title", "#+bibliography", "#+options", "#+print_bibliography"),
        *("#+begin_quote", "#+end_quote", "#+begin_src", "#+end_src"),
        *("#+begin_example", "#+end_example"),
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(entries(), min_size=2, max_size=4), st.data())
def test_leaving_one_out_changes_no_other(found: list[Entry], data: st.DataObject) -> None:
    kept = [entry(e.work, e.citekey, notes=e.notes, tags=e.tags) for e in keyed(found)]
    left_out = data.draw(st.integers(0, len(kept) - 1))
    front, pile, *pieces = write(kept, ExportOptions(notes=True))
    del kept[left_out], pieces[left_out]
    assert list(write(kept, ExportOptions(notes=True))) == [front, pile, *pieces]
