"""The fields of the index, and making and opening one. Titles and texts stay in the database.

A document is a paper (key ``p12``, id 12), a note (key ``n5``, id -5, so that one field of ids
serves both) or the checkpoint: the `seq` and `nonce` of the last change that the index knows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tantivy

from papertray.store.index.errors import IndexBroken, index_errors
from papertray.store.index.text import ENGLISH, PLAIN, analyzer

VERSION = 1
"""Counted up whenever the fields, the tokens or the documents change: names the folder."""

CHECKPOINT = "checkpoint"
PAPER = "paper"
NOTE = "note"


@cache
def schema() -> tantivy.Schema:
    """Return the fields. Ids are signed: deleting by an unsigned number silently does nothing."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "kind"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "abstract", "note", "comment"):
        builder.add_text_field(name, tokenizer_name=ENGLISH)
    for name in ("author", "venue"):  # names have no plural: Williams is not William
        builder.add_text_field(name, tokenizer_name=PLAIN)
    builder.add_text_field("words", tokenizer_name=PLAIN, index_option="basic")
    builder.add_integer_field("id", indexed=True, fast=True)
    for name in ("seq", "nonce"):
        builder.add_integer_field(name, fast=True)
    return builder.build()


def library_version() -> str:
    """Return the version of the index library, whose files another version may not read."""
    from tantivy import tantivy as library

    return library.__version__


def open_index(folder: Path, *, create: bool = False) -> tantivy.Index:
    """Open the index in `folder`, or make a new one there.

    It does not watch for commits of others by itself: call `reload`. The library's own watching
    is ended here, but one last look of it may come later, from a thread that nobody can wait for.
    All that it writes is an empty `.tantivy-meta.lock`. Raises `IndexBroken`.
    """
    with index_errors():
        if create:
            folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(schema(), str(folder), reuse=False)
        else:
            index = tantivy.Index.open(str(folder))
            if index.schema != schema():
                raise IndexBroken("other fields")
        # Analyzers are not kept in the files.
        index.register_tokenizer(ENGLISH, analyzer(ENGLISH))
        index.register_tokenizer(PLAIN, analyzer(PLAIN))
        index.config_reader(reload_policy="manual")
        return index
