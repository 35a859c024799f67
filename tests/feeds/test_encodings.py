"""Encodings: found, stated, and no bad byte spoils a file."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import Record
from papertray.feeds.encodings import Utf8, declared_encoding, likely_encoding, wide_encoding
from papertray.feeds.source import open_source

DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nonexistent"))

GERMAN = "Über die Größe – eine „Übersicht“"
CHINESE = "基于深度学习的文本分类方法研究综述,计算机学报"
JAPANESE = "ニューラルネットワークによる文書の分類とその応用について"
KOREAN = "딥러닝을 이용한 문서 분류 방법에 관한 연구"
TAIWANESE = "以深度學習進行文件分類之研究方法與應用"
RUSSIAN = "О методах классификации текстов и их применении"


def decoded(data: bytes, size: int = 1 << 16) -> tuple[str, str]:
    """Return what bytes that come in pieces are read as: the text, and the encoding."""
    pieces = Utf8(data[place : place + size] for place in range(0, len(data), size))
    return b"".join(pieces).decode("utf-8"), pieces.found


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (GERMAN, "utf-8", "UTF-8"),
        (GERMAN, "utf-8-sig", "UTF-8"),
        (GERMAN, "utf-16", "UTF-16"),
        (GERMAN, "utf-32", "UTF-32"),
        (GERMAN, "utf-16-le", "UTF-16"),
        (GERMAN, "utf-16-be", "UTF-16"),
        (GERMAN, "utf-32-be", "UTF-32"),
        (GERMAN, "cp1252", "windows-1252"),
        ("año, naïve, Ångström", "latin-1", "windows-1252"),
        (CHINESE, "gbk", "GB18030"),
        (JAPANESE, "shift_jis", "Shift-JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (TAIWANESE, "big5", "Big5"),
        (KOREAN, "euc_kr", "EUC-KR"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_an_encoding_is_found_and_stated(text: str, codec: str, name: str, size: int) -> None:
    whole = f'@article{{key,\n  title = "{text}",\n  year = 2001\n}}\n' * 3
    if size > 1 or codec not in ("gbk", "shift_jis", "euc_jp", "big5", "euc_kr"):
        assert decoded(whole.encode(codec), size) == (whole, name)


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="{}"?><x>',
        "% Encoding: {}\n",
        "% !TeX encoding = {}\n",
        "% -*- coding: {} -*-\n",
    ],
)
@pytest.mark.parametrize(
    ("codec", "name"), [("windows-1251", "windows-1251"), ("koi8-r", "koi8-r")]
)
def test_a_declaration_is_believed_where_nothing_else_tells(
    declaration: str, codec: str, name: str
) -> None:
    text = declaration.format(codec) + RUSSIAN
    assert decoded(text.encode(codec)) == (text, name)


@pytest.mark.parametrize("declared", ["cp1252", "GBK", "UTF-16", "nonsense", "rot13"])
def test_a_declaration_may_lie(declared: str) -> None:
    text = f"% Encoding: {declared}\n{GERMAN}"
    assert decoded(text.encode("utf-8")) == (text, "UTF-8")
    text = f"% Encoding: UTF-8\n{GERMAN}"
    assert decoded(text.encode("cp1252")) == (text, "windows-1252")


def test_one_bad_byte_spoils_nothing_else() -> None:
    data = "Müller ".encode() * 1000 + "Böhlen".encode("cp1252") + " Müller".encode() * 1000
    text, name = decoded(data, 100)
    assert text == "Müller " * 1000 + "Böhlen" + " Müller" * 1000
    assert name == "UTF-8 with some bytes of windows-1252"


@pytest.mark.parametrize("text", [GERMAN, "ÄÖÜ ÉÈÀ ÇÑ", "naïve façade résumé coöperate", RUSSIAN])
def test_european_texts_are_not_taken_for_asian_ones(text: str) -> None:
    for codec in ("cp1252", "cp1251", "koi8-r", "cp1250"):
        assert likely_encoding((text * 5).encode(codec, "ignore")) == ""


def test_what_is_no_text_is_no_utf_16() -> None:
    assert wide_encoding(b"SQLite format 3\x00" + bytes(4000)) == ""
    assert wide_encoding(bytes(range(256)) * 16) == ""
    assert declared_encoding(b"encoding: utf-8") == ""


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_become_text_however_they_are_cut(data: bytes, size: int) -> None:
    text, _ = decoded(data, size)
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\x00" not in data:
        assert len(text) >= len(data) // 4


@given(st.text(max_size=200), st.integers(1, 50))
def test_utf_8_is_never_changed(text: str, size: int) -> None:
    data = ("x" + text.replace("\x00", "")).encode("utf-8", "ignore")
    assert decoded(data, size) == (data.decode("utf-8"), "UTF-8")


def test_a_source_says_what_it_was_read_as(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(f'{{"title": "{GERMAN}"}}\n'.encode("cp1252"))
    with open_source(str(path), io.BytesIO()) as source:
        (item,) = source.items()
        assert isinstance(item, Record)
        assert item.work.title == GERMAN
        assert source.encoding() == "windows-1252"


@pytest.mark.skipif(not DATA.exists(), reason="PAPERTRAY_TEST_DATA names no folder of real files")
@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("jabref_encoding-utf-16BE-with-header.bib", "UTF-16"),
        ("jabref_encoding-windows-1252-but-utf-8-declared--decoding-fails.bib", "windows-1252"),
        ("jabref_encoding-windows-1252-with-header.bib", "windows-1252"),
        ("jabref_tiny-BE-withBOM.bib", "UTF-16"),
        ("jabref_utf8-bom.bib", "UTF-8"),
        ("biblatex-examples.bib", "UTF-8"),
    ],
)
def test_real_files_are_read_as_what_they_are(name: str, encoding: str) -> None:
    text, found = decoded((DATA / "bibtex" / name).read_bytes())
    assert found == encoding
    assert "\ufffd" not in text
