"""Lists of names: what is one, and what it gives."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Record, Unread
from papertray.feeds import names
from papertray.feeds.table import READERS


def test_a_list_gives_a_placeholder_for_each_name() -> None:
    text = "# from Mira\n\n  2510.06638v2\r\nhttps://aclanthology.org/N19-1423/\nnobody\n10.1000/X"

    items = list(names.read(io.BytesIO(text.encode())))

    told = [(i.place, i.work.title) for i in items if isinstance(i, Record)]
    assert told == [
        ("line 3", "arXiv:2510.06638"), ("line 4", "acl:N19-1423"), ("line 6", "doi:10.1000/X"),
    ]  # fmt: skip
    assert [i.place for i in items if isinstance(i, Unread)] == ["line 5"]


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"2510.06638\n", True),
        (b"\xef\xbb\xbf10.1000/x\n\n# and\nhttps://arxiv.org/abs/2510.06638", True),
        (b"2510.06638\n" * 8000, True),
        (b"# nothing\n", False),
        (b"", False),
        (b"2510.06638\nSee you tomorrow.\n", False),
        (b'{"title": "10.1000/x"}', False),
        (b"doi\n10.1000/x\n", False),
        (b"https://example.org/feed.xml\n", False),
    ],
)
def test_what_is_a_list_of_names(head: bytes, is_one: bool) -> None:
    head = head[: 1 << 16]
    reader = READERS.recognise(head, "paste.txt")

    assert names.recognise(head, "paste.txt") == is_one
    assert (reader is not None and reader.NAME == "names") == is_one
