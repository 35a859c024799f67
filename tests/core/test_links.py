"""Links in running text: what belongs to them and what to the sentence around."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.links import find_links

LINKS = [
    ("Code: https://github.com/owner/name", ["https://github.com/owner/name"]),
    ("at https://github.com/owner/name.", ["https://github.com/owner/name"]),
    ("at https://github.com/owner/name.git.", ["https://github.com/owner/name.git"]),
    ("(https://github.com/owner/name).", ["https://github.com/owner/name"]),
    ("see https://a.github.io/page/.", ["https://a.github.io/page/"]),
    ("at github.com/owner/some_name", ["https://github.com/owner/some_name"]),
    ("available athttps://github.com/owner/name.", ["https://github.com/owner/name"]),
    (
        "https://github.com/owner/name{github.com/owner/name}.",
        ["https://github.com/owner/name"],
    ),
    ("(https://x.org/drive/1f?usp=sharing).", ["https://x.org/drive/1f?usp=sharing"]),
    ("https://www.robots.ox.ac.uk/~vgg/x/.", ["https://www.robots.ox.ac.uk/~vgg/x/"]),
    ("https://en.wikipedia.org/wiki/A_(b) is", ["https://en.wikipedia.org/wiki/A_(b)"]),
    ("(https://en.wikipedia.org/wiki/A_(b)),", ["https://en.wikipedia.org/wiki/A_(b)"]),
    ("(https://a.org/x),(https://b.org/y)", ["https://a.org/x", "https://b.org/y"]),
    ("https://a.org/x(see there", ["https://a.org/x"]),
    ("https://a.org/x;https://b.org/y!", ["https://a.org/x", "https://b.org/y"]),
    (
        "https://web.archive.org/web/1/https://a.org/",
        ["https://web.archive.org/web/1/https://a.org/"],
    ),
    ("https://a.org/x, a.github.io.", ["https://a.org/x", "https://a.github.io"]),
    ("**https://a.org/x**, 'https://b.org'", ["https://a.org/x", "https://b.org"]),
    ("[code](https://a.org/x)", ["https://a.org/x"]),
    ("<https://a.org/x>", ["https://a.org/x"]),
    ("代码在https://github.com/a/b。谢谢", ["https://github.com/a/b"]),
    ("https://a.org:8080/x?y=1#z", ["https://a.org:8080/x?y=1#z"]),
    ("HTTPS://GitHub.com/a/b", ["HTTPS://GitHub.com/a/b"]),
    ("https://a.org/x and http://a.org/x/", ["https://a.org/x"]),
    ("https://b.org https://a.org https://b.org", ["https://b.org", "https://a.org"]),
    ("http://a.org", ["http://a.org"]),
    # no links
    ("we build on github.com and huggingface.co", []),
    ("ftp://github.com/a/b, git@github.com:a/b", []),
    ("notgithub.com/a/b, example.com/a", []),
    ("mailto:me@github.io, https://, http://localhost", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), LINKS)
def test_links_are_found_without_their_surroundings(text: str, expected: list[str]) -> None:
    assert list(find_links(text)) == expected


@given(
    st.lists(
        st.tuples(
            st.from_regex(
                r"https?://[a-z]{1,8}\.(org|io)(/[A-Za-z0-9_\-]{1,9}){0,3}", fullmatch=True
            ),
            st.sampled_from([". ", ", ", ") ", " ", ".\n", "; ", "'' ", "}. ", "。"]),
        ),
        unique_by=lambda pair: pair[0].partition("://")[2],
    )
)
def test_links_in_a_sentence_come_back_in_order(pairs: list[tuple[str, str]]) -> None:
    text = "".join(f"see ({link}{after}" for link, after in pairs)
    assert list(find_links(text)) == [link for link, _ in pairs]


@given(st.lists(st.sampled_from([*"()/.:;a~", "https://", "github.com", "x.org"])).map("".join))
def test_any_text_gives_links_with_a_scheme(text: str) -> None:
    for link in find_links(text):
        assert link.lower().startswith(("http://", "https://"))
        assert not link.endswith((".", ",", ";", ":"))
