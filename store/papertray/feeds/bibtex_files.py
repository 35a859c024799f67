r"""Files that an entry names: ``file`` of JabRef, Zotero and Mendeley, BibDesk's and Papers' own.

JabRef's list is ``description:path:type`` parted by semicolons, with ``\:`` and ``\;`` inside of
a part. Zotero once left the colon of a Windows path bare, Mendeley writes ``$\backslash$:``.
"""

from __future__ import annotations

import base64
import binascii
import plistlib
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.parsers.expat import ExpatError

from papertray.core.model import Attachment

_MEDIA_TYPES = {
    "pdf": "application/pdf", "html": "text/html", "htm": "text/html", "txt": "text/plain",
    "epub": "application/epub+zip", "ps": "application/postscript", "djvu": "image/vnd.djvu",
    "postscript": "application/postscript", "text": "text/plain", "png": "image/png",
    "jpg": "image/jpeg", "doc": "application/msword", "md": "text/markdown",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "word": "application/msword", "markdown": "text/markdown",
}  # fmt: skip

_SEMICOLON = re.compile(r"(?<!\\);")
_COLON = re.compile(r"(?<!\\):")
_BACKSLASH = re.compile(r"\{?\$\s*\\backslash\s*\$\}?|\{?\\textbackslash(?:\{\})?\}?")
_ESCAPED = re.compile(r"\\([:;\\])")
_TEX_ESCAPE = re.compile(r"\{\\([_&%#$~^])(?:\{\})?\}|\\([_&%#${}])|\\([~^])\{\}")
_KIND = re.compile(r"(?:application|text|image|audio|video)/[\w.+-]+|pdf|html", re.IGNORECASE)
_FILE_ADDRESS = re.compile(r"file:(?://[^/]*(?=/))?", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]")


def files_in(value: str) -> tuple[Attachment, ...]:
    """Return the files that a ``file`` field names, in its order."""
    value = _BACKSLASH.sub(r"\\", value)
    value = _TEX_ESCAPE.sub(lambda found: found[1] or found[2] or found[3], value)
    found = (_file(part.strip()) for part in _SEMICOLON.split(value))
    return tuple(file for file in found if file.path)


def _file(text: str) -> Attachment:
    parts = _COLON.split(text)
    if len(parts) > 2:
        path, kind = ":".join(parts[1:-1]), parts[-1]
        if _DRIVE.fullmatch(parts[0]) and parts[1][:1] in "\\/":  # C:\a.pdf:PDF
            path = f"{parts[0]}:{path}"
        # :C\:/a.pdf, the type forgotten
        if kind.startswith(("/", "\\")):
            path, kind = f"{path}:{kind}", ""
    else:
        path, kind = text, ""
        if len(parts) == 2 and not (_DRIVE.fullmatch(parts[0]) or parts[1].startswith("//")):
            path, kind = (parts[0], parts[1]) if _KIND.fullmatch(parts[1]) else (parts[1], "")
            path = path or parts[0]
    path = _ESCAPED.sub(r"\1", path)
    return Attachment(_local(path.strip()), media_type(kind, path))


def media_type(kind: str, path: str) -> str:
    """Return the media type that a program calls `kind`, or else that of the path's suffix."""
    kind = kind.strip().lower()
    if "/" in kind:
        return kind
    return _MEDIA_TYPES.get(kind) or _MEDIA_TYPES.get(path.rpartition(".")[2].lower(), "")


def _local(address: str) -> str:
    """Return the path of a ``file:`` address; everything else as it is."""
    if not address.lower().startswith("file:"):
        return address
    path = unquote(_FILE_ADDRESS.sub("", address))
    return path[1:] if re.match(r"/[A-Za-z]:[/\\]", path) else path


def file_at(value: str) -> tuple[Attachment, ...]:
    """Return the one file at a path or ``file:`` address: ``local-url``, ``pdf``."""
    value = value.strip()
    if not value or value.lower().startswith(("http:", "https:", "ftp:")):
        return ()
    return (Attachment(_local(value), media_type("", value)),)


def bibdesk_file(value: str) -> tuple[Attachment, ...]:
    """Return the file that BibDesk's ``bdsk-file-1`` names: a property list in base64."""
    try:
        content = plistlib.loads(base64.b64decode("".join(value.split()), validate=True))
    except (binascii.Error, plistlib.InvalidFileException, ExpatError, ValueError, TypeError,
            KeyError, IndexError, AttributeError, OverflowError, RecursionError):  # fmt: skip
        return ()
    path = next(_relative_paths(content), "")
    return (Attachment(path, media_type("", path)),) if path else ()


def _relative_paths(content: object) -> Iterator[str]:
    if not isinstance(content, dict):
        return
    path = content.get("relativePath")
    if isinstance(path, str):
        yield path
    objects = content.get("$objects")  # how older versions archive the same
    for value in objects if isinstance(objects, list) else []:
        if isinstance(value, str) and re.fullmatch(r"[^\x00]{1,1000}\.\w{2,5}", value):
            yield value
