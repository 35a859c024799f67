"""What the file of a paper is called where each paper has one."""

from __future__ import annotations

import hashlib

from papertray.core.citekeys import fold_key
from papertray.core.file_names import safe_stem


def page_stem(citekey: str) -> str:
    """Return the name for a paper's file, without a suffix: its citation key where that is safe.

    A key of an imported bibliography may hold ``:`` or ``/``, or be too long for a name. What is
    put in their place gets a digest of the key, so that ``a:b`` and ``a/b`` stay two files.
    """
    stem = safe_stem(citekey)
    if stem == citekey:
        return stem
    digest = hashlib.blake2b(fold_key(citekey).encode("utf-8", "replace"), digest_size=4)
    return f"{stem}-{digest.hexdigest()}".lstrip("-")
