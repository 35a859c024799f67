"""What papertray writes as BibTeX, it reads again as the same works."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings

from papertray.core.model import Author, Entry, Record, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters import biblatex
from papertray.exporters.bibtex import write
from papertray.exporters.exporter import ExportOptions
from papertray.feeds import bibtex

from strategies import entries, entry, folded, keyed, note, sample_titles, to_be_printed

NASTY = [
    "The Impact of [MASK] Tokens & 100% of #tags in snake_case",
    "<SEG> and <EOS>: |x| ~ 5^2 \\faGithub~ C:\\temp",
    "na\\\"ive is not naïve, 45\\% is not 45%",
    "a lone { brace, a lone } brace, {both} and {{twice}}",
    "}{", "{{", "\\", "$", "$$", "a $5 and $10 bill",
    "$k$NN with $O(n \\log n)$ and $\\mathcal{O}(n^2)$",
    "cost -- or --- that; a–b—c", "“quoted” and ‘single’ it's", "what?` where!`",
    "&amp; is an entity, &lt;b&gt; too", "<i>not markup</i> H<sub>2</sub>O",
    "Łukasz, Çağlar, Nguyễn, Ørsted, Straße, ǰ and 김", "α → β², −5° × 3 ≤ ∞ ℝ",
    "@article{key, title = {x}}", "a = {b}, c = {d}", "% not a comment", 'say "this" # that',
    "GPT-4, U-Net and BERT: A Survey", "学习 🤗 § €", "\\par \\input{x} \\emph{y}", "--", "x,,y",
]  # fmt: skip


# In an address two hyphens are two hyphens, as nearly all .bib files mean them there.
_DASH_IN_ADDRESS = re.compile(r"(?:https?://|ftp://|www\.)\S*[–—]", re.IGNORECASE)


def read_back(*kept: Entry) -> list[Record]:
    options = ExportOptions(notes=True, private=True)
    text = "".join(write(kept, options))
    items = list(bibtex.read(io.BytesIO(text.encode())))
    records = [item for item in items if isinstance(item, Record)]
    assert len(records) == len(items) == len(kept), text
    return records


def same(text: str) -> str:
    """Fold what TeX itself does not tell apart."""
    return " ".join(to_be_printed(text).translate(_TWINS).split())


# Two characters with one command, of which one comes back.
_TWINS = str.maketrans("ϵϕ⋆★∼△⁻–", "εφ★★~△⁻–") | {0xA0: " "}


@pytest.mark.parametrize("title", NASTY)
def test_a_nasty_title_comes_back(title: str) -> None:
    (record,) = read_back(entry(Work(title, abstract=f"We show: {title}")))
    assert same(record.work.title) == same(title)
    assert same(record.work.abstract) == same(f"We show: {title}")


def test_real_titles_come_back_as_they_were() -> None:
    titles = sample_titles()
    records = read_back(*keyed([entry(Work(title)) for title in titles]))
    assert [folded(record.work.title) for record in records] == [
        folded(unicodedata.normalize("NFC", title)) for title in titles
    ]


def test_a_published_preprint_comes_back_whole() -> None:
    venue = Venue("Proceedings of NAACL", "conference", "NAACL", "ACL", "1", "2", "4171-4186")
    work = Work(
        "BERT: Pre-training of Deep Transformers",
        abstract="We introduce $n$-grams.",
        authors=(
            parse_author("Laurens van der Maaten"),
            parse_author("Martin Luther King, Jr."),
            parse_author("OpenAI"),
            parse_author("AT&T Labs, Inc."),
            parse_author("danah boyd"),
            parse_author("王小明"),
            Author(literal="et al."),
        ),
        type="inproceedings",
        year=2019,
        month=6,
        venue=venue,
        doi="10.18653/v1/N19-1423",
        arxiv_id="1810.04805",
        primary_class="cs.CL",
        url="https://example.org/~bert/a_b?x=1&y=2",
    )
    kept = entry(work, "devlin2019", tags=("nlp", "R&D"), notes=(note("One & two.\n\nThree"),))
    (record,) = read_back(kept)
    assert record.work == work
    assert record.citekey == "devlin2019"
    assert record.decisions.tags == ("R&D", "nlp")
    assert [one.body for one in record.decisions.notes] == ["One & two.\n\nThree"]
    assert record.extra == {}


def test_a_paper_comes_back_whole_from_biblatex() -> None:
    work = Work(
        "BERT: Pre-training of Deep Transformers",
        authors=(Author("Van Dyke", "Dick"), parse_author("Łukasz Kaiser"), parse_author("OpenAI")),
        type="inproceedings",
        year=2019,
        month=6,
        day=2,
        venue=Venue("Proceedings of NAACL", "conference", "NAACL", "ACL", "1", "2", "4171-4186"),
        doi="10.18653/v1/N19-1423",
        arxiv_id="1810.04805",
        primary_class="cs.CL",
        url="https://example.org/~bert/a_b?x=1&y=2",
    )
    kept = entry(work, "devlin2019", older_keys=("devlin19", "bert"))
    text = "".join(biblatex.write([kept], ExportOptions()))
    (record,) = bibtex.read(io.BytesIO(text.encode()))
    assert isinstance(record, Record)
    assert record.work == work
    assert record.older_keys == ("devlin19", "bert")
    assert record.extra == {}


def test_a_report_is_from_its_publisher_where_it_names_no_institution() -> None:
    text = b"@techreport{k, title = {T}, publisher = {Atlantic Council}, number = {18}}"
    (record,) = bibtex.read(io.BytesIO(text))
    assert isinstance(record, Record)
    assert record.work.venue == Venue("Atlantic Council", number="18")
    assert [one.work.venue for one in read_back(entry(record.work))] == [record.work.venue]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries())
@example(entry(Work("a", venue=Venue("{", "journal"))))
def test_any_paper_comes_back(kept: Entry) -> None:
    work = kept.work
    texts = f"{work.title} {work.abstract}"
    # A tie is read as one between words only: elsewhere a tilde is more often meant as such.
    if not same(work.title) or _DASH_IN_ADDRESS.search(texts) or "\xa0" in texts:
        return
    (record,) = read_back(kept)
    assert same(record.work.title) == same(work.title)
    assert same(record.work.abstract) == same(work.abstract)
    assert record.work.year == work.year
    assert record.citekey == kept.citekey


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries())
def test_the_tags_of_any_paper_come_back(kept: Entry) -> None:
    if not same(kept.work.title):
        return
    (record,) = read_back(kept)
    spelled = {same(re.sub("[,;]", " ", tag)) for tag in kept.tags} - {""}
    assert {same(tag) for tag in record.decisions.tags} == spelled
