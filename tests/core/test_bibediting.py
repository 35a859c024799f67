"""Changing single places of a .bib file: nothing else moves, and new pieces look like the old."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.bibediting import (
    BibText,
    Style,
    add_fields,
    append_entries,
    bare,
    changed,
    read_file,
    remove_field,
    replace_type,
    replace_value,
)

DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nowhere"))

HERS = """\
% My library, do not sort.
@string{acl = "Proc. of ACL"}

@Article {Smith:2019,
\tauthor    = "John Smith",
\ttitle     = {The {First} One}, % first
\tyear      = 2019,
\tbooktitle = acl # " (short)"
}
@comment{jabref-meta: databaseType:bibtex;}
"""

_PIECES = st.sampled_from(
    ["@article{", "@misc(", "key,", "\n", "\r\n", "\r", "@", "{", "}", '"', "title = ", ",", "%",
     "x", "é", " ", "\x00", "\udce9", "\ufeff", "@comment{", "@string{a = {b}}", ")", "#", "\\{",
     "@misc{good,\n  title = {Good},\n}\n"]
)  # fmt: skip


def only(file: BibText) -> str:
    (entry,) = file.entries
    return file.text[entry.start : entry.end]


@given(st.lists(_PIECES))
def test_any_text_is_read_and_stays(pieces: list[str]) -> None:
    text = "".join(pieces)
    file = read_file(text)
    assert changed(text, []) == text
    places = [place for entry in file.entries for place in (entry.start, entry.end)]
    assert places == sorted(places)
    for entry in file.entries:
        for name, span in entry.spans.items():
            assert entry.start < span.start < span.value <= span.end <= entry.end
            assert text[span.start : span.start + len(name)].lower() == name
            assert text[span.value : span.end] == entry.fields[name]


@pytest.mark.long
@pytest.mark.skipif(not DATA.is_dir(), reason="PAPERTRAY_TEST_DATA names no folder")
def test_real_files_stay_whatever_ends_their_lines() -> None:
    files = sorted(DATA.glob("*/*.bib*"))
    assert len(files) > 40
    for path in files:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode(
            "utf-8", "surrogateescape"
        )
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        expected = [(entry.type, entry.key) for entry in read_file(lines).entries]
        for end in ("\n", "\r\n", "\r"):
            variant = lines.replace("\n", end)
            file = read_file(variant)
            assert [(entry.type, entry.key) for entry in file.entries] == expected, path
            for entry in file.entries:
                for name, span in entry.spans.items():
                    assert variant[span.start : span.start + len(name)].lower() == name


def test_what_an_entry_holds() -> None:
    (entry,) = read_file(HERS).entries
    assert (entry.type, entry.key) == ("article", "Smith:2019")
    assert entry.fields == {
        "author": '"John Smith"',
        "title": "{The {First} One}",
        "year": "2019",
        "booktitle": 'acl # " (short)"',
    }
    assert entry.values["booktitle"] == "Proc. of ACL (short)"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{a  {b}\n c}", "a {b} c"),
        ('"a {"} b"', 'a {"} b'),
        ("2019", "2019"),
        ("{a} # {b}", "{a} # {b}"),
        ('"a" # "b"', '"a" # "b"'),
        ("{{a}}", "{a}"),
        ("{}", ""),
    ],
)
def test_what_a_value_says(value: str, said: str) -> None:
    assert bare(value) == said


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("year", "{2020}", "= 2019,", "= 2020,"),
        ("author", "{Jane {\\o} Smith}", '= "John Smith"', '= "Jane {\\o} Smith"'),
        ("author", '{a " b}', '= "John Smith"', '= {a " b}'),
        ("title", "{Another}", "= {The {First} One}, % first", "= {Another}, % first"),
        ("booktitle", "{ACL}", 'acl # " (short)"', "{ACL}"),
    ],
)
def test_a_new_value_stands_as_the_old_one_did(
    name: str, value: str, before: str, after: str
) -> None:
    file = read_file(HERS)
    text = changed(HERS, [replace_value(file.entries[0], name, value)])
    assert text == HERS.replace(before, after)


def test_another_type() -> None:
    file = read_file(HERS)
    text = changed(HERS, [replace_type(file.entries[0], "inproceedings")])
    assert text == HERS.replace("@Article {", "@inproceedings {")


def test_a_field_goes_with_its_line() -> None:
    file = read_file(HERS)
    text = changed(HERS, [remove_field(HERS, file.entries[0], "year")])
    assert text == HERS.replace("\tyear      = 2019,\n", "")
    text = changed(HERS, [remove_field(HERS, file.entries[0], "title")])
    assert text == HERS.replace("title     = {The {First} One}, % first", "% first")
    line = "@misc{k, title = {A}, year = 2019, note = {b}}"
    file = read_file(line)
    assert changed(line, [remove_field(line, file.entries[0], "year")]) == (
        "@misc{k, title = {A}, note = {b}}"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HERS, HERS.replace(' (short)"\n', ' (short)",\n\tdoi       = {10.1/x}\n')),
        ("@misc{k,\n  a = {b},\n}", "@misc{k,\n  a = {b},\n  doi = {10.1/x},\n}"),
        ("@misc{k,\r\n  a = {b}\r\n}", "@misc{k,\r\n  a = {b},\r\n  doi = {10.1/x}\r\n}"),
        ("@misc{k,\r a = {b},\r}", "@misc{k,\r a = {b},\r doi = {10.1/x},\r}"),
        ("@misc{k, a = {b}}", "@misc{k, a = {b}, doi = {10.1/x}}"),
        ("@misc(k, a={b})", "@misc(k, a={b}, doi={10.1/x})"),
        ("@misc{k,\n a = 1, % one\n}", "@misc{k,\n a = 1, % one\n doi = {10.1/x},\n}"),
        ("@misc{k,\n a = 1 % one\n}", "@misc{k,\n a = 1, % one\n doi = {10.1/x}\n}"),
    ],
)
def test_a_new_field_looks_like_the_others(before: str, after: str) -> None:
    file = read_file(before)
    text = changed(before, [add_fields(before, file.entries[0], [("doi", "{10.1/x}")])])
    assert text == after
    assert read_file(text).entries[0].fields["doi"] == "{10.1/x}"


NEW = "@misc{new,\n  title = {New},\n  year = {2020},\n}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", NEW),
        ("\n", "\n" + NEW),
        ("% only text", "% only text\n\n" + NEW),
        ("@misc{k,\n  a = {b},\n}\n", "@misc{k,\n  a = {b},\n}\n\n" + NEW),
        ("@misc{k,\n  a = {b},\n}", "@misc{k,\n  a = {b},\n}\n\n" + NEW.rstrip("\n")),
        (
            "@misc{k,\r\n\ta = {b}\r\n}\r\n% end\r\n",
            "@misc{k,\r\n\ta = {b}\r\n}\r\n\r\n@misc{new,\r\n\ttitle = {New},\r\n\tyear = {2020}"
            "\r\n}\r\n% end\r\n",
        ),
        (
            "@misc{k,\n  a = {b},\n} % k\n@comment{jabref-meta: x;}\n",
            "@misc{k,\n  a = {b},\n} % k\n\n" + NEW + "@comment{jabref-meta: x;}\n",
        ),
    ],
)
def test_new_entries_stand_behind_the_last(before: str, after: str) -> None:
    assert changed(before, [append_entries(read_file(before), [NEW])]) == after


def test_the_style_is_that_of_most_entries() -> None:
    text = "@a{x,\r\n\tb = 1\r\n}\r\n@a{y,\r\n\tb = 1\r\n}\n@a{z,\n  b = 1,\n}\n"
    assert read_file(text).style == Style("\r\n", "\t", trailing_comma=False)
    assert read_file("").style == Style("\n", "  ", trailing_comma=True)


@pytest.mark.parametrize(
    ("text", "is_biblatex"),
    [
        ("", False),
        ("@article{k, journal = {x}, year = 2019}", False),
        ("@article{k, journaltitle = {x}, date = {2019}}", True),
        ("@online{k, title = {x}, year = 2019}", True),
        ("@misc{k, eprint = {1}, eprinttype = {arxiv}}", True),
        ("@misc{k, year = 1}@misc{l, year = 2}@misc{m, date = {3}}", False),
        ("@misc{k, year = 1}\n@Comment{jabref-meta: databaseType:biblatex;}", True),
    ],
)
def test_bibtex_or_biblatex(text: str, is_biblatex: bool) -> None:
    assert read_file(text).is_biblatex is is_biblatex


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@misc{a, title = {A}}\n\n@misc{k, title = {A}\n", 3),
        ("\r\r@misc{k,\r title = {A\r}\r@misc{b, title = {B}}\r", 3),
        ("@misc{k,\n title = {A},\n", 1),
        ("@misc{k, title = {A}}\n@comment{x\n", 2),
        ("@misc{k, title = {A}}, year = {2019}}\n", 0),
        (HERS, 0),
    ],
)
def test_an_entry_that_is_never_closed_is_found(text: str, line: int) -> None:
    assert read_file(text).never_closed == line


_NAMES = ("title", "year", "Doi", "x-note", "author+an")
_VALUES = ('"a {b} c"', "{a\n  b}", "2019", "acl", 'acl # " b"', "{}", "{é \udce9}")


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(_VALUES)), max_size=4),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([",", ""]),
    st.data(),
)
def test_only_what_is_meant_changes(
    entries: list[list[tuple[str, str]]], end: str, comma: str, data: st.DataObject
) -> None:
    text = end.join(
        f"% {number}{end}@misc{{k{number},{end}"
        + f",{end}".join(f"  {name} = {value}" for name, value in dict(fields).items())
        + f"{comma if fields else ''}{end}}}"
        for number, fields in enumerate(entries)
    )
    file = read_file(text)
    assert len(file.entries) == len(entries)
    entry = data.draw(st.sampled_from(file.entries))
    if not entry.spans:
        return
    name = data.draw(st.sampled_from(sorted(entry.spans)))
    kind = data.draw(st.sampled_from(["replace", "remove", "add"]))
    expected = dict(entry.fields)
    if kind == "replace":
        edit = replace_value(entry, name, "{New}")
        expected[name] = edit.text
    elif kind == "remove":
        edit = remove_field(text, entry, name)
        del expected[name]
    else:
        edit, expected["new"] = add_fields(text, entry, [("new", "{New}")]), "{New}"
    after = read_file(changed(text, [edit]))
    for one, other in zip(file.entries, after.entries, strict=True):
        assert other.fields == (expected if one is entry else one.fields)
        assert (one.type, one.key) == (other.type, other.key)
    assert changed(text, [edit]).startswith(text[: entry.start])
    assert changed(text, [edit]).endswith(text[entry.end :])
