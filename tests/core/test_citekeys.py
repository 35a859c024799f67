"""Keys as Better BibTeX makes them, and what happens where there is little to make them of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis.strategies import sampled_from

from papertray.core.citekeys import PRESETS, USUAL, citekey, fold_key, parse_formula, suffixed
from papertray.core.errors import UsageError
from papertray.core.model import Author, Work
from papertray.core.names import parse_author

from strategies import texts, works


@pytest.mark.parametrize(
    ("author", "title", "year", "key"),
    [
        ("Ashish Vaswani", "Attention Is All You Need", 2017, "vaswaniAttentionAllNeed2017"),
        (
            "Bo Zheng",
            "ExLM: Rethinking the Impact of [MASK] Tokens in Masked Language Models",
            2025,
            "zhengExLMRethinkingImpact2025",
        ),
        (
            "Jacob Devlin",
            "BERT: Pre-training of Deep Bidirectional Transformers",
            2019,
            "devlinBERTPretrainingDeep2019",
        ),
        ("Ann Smith", "Scaling Laws for Models", 2024, "smithScalingLawsModels2024"),
        (
            "Laurens van der Maaten",
            "Visualizing Data Using t-SNE",
            2008,
            "vandermaatenVisualizingDataTSNE2008",
        ),
        ("Łukasz Müller-Øst", "Über Größe", 2020, "mullerostUberGrosse2020"),
        ("OpenAI", "GPT-4 Technical Report", 2023, "openaiGPT4TechnicalReport2023"),
        ("Ann Smith", "$k$NN-LM and $\\mathcal{O}(n^2)$", None, "smithKNNLMOn2"),
        ("", "Mask More and Mask Later", None, "MaskMoreMask"),
        ("", "1984", None, "paper1984"),
        ("Ann Smith", "", 2024, "smith2024"),
        ("王小明", "Deep Learning", 2024, "DeepLearning2024"),
        ("Zoë Ünal", "{\"What\"}, (is) = 100%~#'\\ this?", 2024, "unal1002024"),
    ],
)  # fmt: skip
def test_citekey(author: str, title: str, year: int | None, key: str) -> None:
    authors = (parse_author(author),) if author else ()
    assert citekey(Work(title, authors=authors, year=year), "uid") == key


def test_without_latin_letters_the_arxiv_id_names_the_paper() -> None:
    work = Work("深度学习", authors=(Author(literal="王小明"),), year=2024, arxiv_id="2401.00001")
    assert citekey(work, "uid") == "paper240100001"
    assert citekey(Work("", arxiv_id="hep-ph/9609357"), "uid") == "paperhepph9609357"


def test_without_anything_the_uid_does() -> None:
    key = citekey(Work("深度学习"), "one")
    assert re.fullmatch(r"paper[0-9a-f]{8}", key)
    assert key == citekey(Work(""), "one") != citekey(Work(""), "two")


def test_those_left_out_are_no_author() -> None:
    authors = (Author(literal="et al."),)
    assert citekey(Work("Deep Learning", authors=authors), "uid") == "DeepLearning"


@pytest.mark.parametrize(
    ("number", "key"),
    [(0, "x"), (1, "xa"), (26, "xz"), (27, "xaa"), (52, "xaz"), (53, "xba"), (703, "xaaa")],
)
def test_suffixed(number: int, key: str) -> None:
    assert suffixed("x", number) == key


def test_suffixes_never_repeat() -> None:
    assert len({suffixed("x", n) for n in range(2000)}) == 2000


def test_keys_that_bibtex_takes_for_one_fold_alike() -> None:
    assert fold_key("smithLAWS2024") == fold_key("smithLaws2024")


@given(works(), texts(1))
def test_any_work_has_a_safe_key(work: Work, uid: str) -> None:
    key = citekey(work, uid)
    assert re.fullmatch(r"[A-Za-z0-9-]{1,110}", key)
    assert not key.isdigit()


@pytest.mark.parametrize(
    ("key", "is_one"),
    [
        ("vaswaniAttentionAllNeed2017", True), ("knuth:1984", True), ("DBLP:conf/nips/X", True),
        ("müller2020", True), ("a.b+c_d-e", True), ("", False), ("1706", False), ("a b", False),
        ("a}b", False), ("a,b", False), ("a%b", False), ("\x1b[31m", False), ("-a", False),
        ("a" * 201, False), ("a\n", False),
    ],
)  # fmt: skip
def test_a_key_from_outside_is_taken_only_if_it_breaks_nothing(key: str, is_one: bool) -> None:
    from papertray.core.citekeys import is_citekey

    assert is_citekey(key) is is_one


VASWANI = Work(
    "Attention Is All You Need",
    authors=(
        Author("Vaswani", "Ashish"), Author("Shazeer", "Noam"), Author("Parmar", "Niki"),
    ),
    year=2017,
    arxiv_id="1706.03762",
)  # fmt: skip


def key_by(formula: str, work: Work = VASWANI) -> str:
    """Return the key of a work by a formula."""
    return citekey(work, "uid", parse_formula(formula))


@pytest.mark.parametrize(
    ("formula", "key"),
    [
        ("better-bibtex", "vaswaniAttentionAllNeed2017"),
        ("google-scholar", "vaswani2017attention"),
        ("acl-anthology", "vaswani-etal-2017-attention"),
        ("{author}{year}", "Vaswani2017"),
        ("{author:upper}{year:2}", "VASWANI17"),
        ("{author:4:lower}-{title:2:dashed}", "vasw-Attention-All"),
        ("{title:9:lower:dashed}", "attention-all-need"),
        ("{authors:3}X{year}", "Vaswani-Shazeer-ParmarX2017"),
        ("{authors:1:lower}{year}", "vaswani-etal2017"),
        ("ref-{title:1}--", "ref-Attention"),
    ],
)
def test_a_formula_makes_the_key(formula: str, key: str) -> None:
    assert key_by(formula) == key


def test_of_two_authors_both_are_named() -> None:
    two = Work("On Things", authors=VASWANI.authors[:2], year=2020)
    assert key_by("acl-anthology", two) == "vaswani-shazeer-2020-things"
    cut = Work("On Things", authors=(VASWANI.authors[0], Author(literal="et al.")), year=2020)
    assert key_by("acl-anthology", cut) == "vaswani-etal-2020-things"


def test_what_is_missing_leaves_no_hyphens_behind() -> None:
    assert key_by("acl-anthology", Work("On Things")) == "things"
    assert key_by("{author}-{year}-{title}", Work("On Things", year=2020)) == "2020-Things"


@pytest.mark.parametrize("formula", [*PRESETS, "{author}{year}"])
def test_without_latin_letters_every_formula_falls_back_to_the_arxiv_id(formula: str) -> None:
    work = Work("深度学习", authors=(Author(literal="王小明"),), year=2024, arxiv_id="2401.00001")
    assert key_by(formula, work) == "paper240100001"


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("betterbibtex", "'betterbibtex' is no formula of keys: take better-bibtex, "
         "google-scholar, acl-anthology, or a template with {author}, {authors} or {title}."),
        ("{year}", "'{year}' is no formula of keys: "),
        ("", "'' is no formula of keys: "),
        ("{titel}{year}", "'{titel}{year}' holds {titel}; a key is made of {author}, {authors}, "
         "{title}, {year}."),
        ("{title:0}", "'{title:0}' holds {title:0}; after title and a colon comes a number from "
         "1 to 99, lower, dashed or upper."),
        ("{author:dashed}", "'{author:dashed}' holds {author:dashed}; after author and a colon "
         "comes a number from 1 to 99, lower or upper."),
        ("{author}_{year}", "'{author}_{year}' holds '_'; beside parts such as {author} there are "
         "only ASCII letters, digits and hyphens in a key."),
        ("{author", "'{author' holds braces that do not match; "),
        ("ä{author}", "'ä{author}' holds 'ä'; "),
        ("{author}" * 30, "{author}{author}{author}{autho… is too long"),
    ],
)  # fmt: skip
def test_a_wrong_formula_says_what_is_wrong(formula: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_formula(formula)
    assert str(error.value).startswith(problem)


def test_a_formula_without_a_number_is_the_usual_one() -> None:
    assert citekey(VASWANI, "uid") == key_by(USUAL)


@given(works(), sampled_from([*PRESETS, "{authors:9}{title:99:dashed}-{year}", "x{title:upper}"]))
def test_any_formula_makes_safe_keys(work: Work, formula: str) -> None:
    key = key_by(formula, work)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,119}", key)
    assert not key.isdigit()
