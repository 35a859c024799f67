"""Where the files of Zotero's attachments lie on this machine."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from papertray.core.model import Attachment
from papertray.feeds.zotero_words import LinkMode, ZoteroAttachment

_STORED = "storage:"
_LINKED = "attachments:"


class ZoteroFiles:
    """Tells the file of an attachment.

    Stored files lie in the library's `folder`, each in one named by its key. Linked files have a
    whole path, or one that begins at the folder `linked` of the user's choice (None: not known).
    """

    def __init__(self, folder: Path, linked: Path | None) -> None:
        self._folder = folder
        self._linked = linked

    def find(self, attachment: ZoteroAttachment) -> Attachment | None:
        """Return the file of `attachment`, whether it is there or not; None for a mere link."""
        path = attachment.path.strip()
        if not path or attachment.link_mode in (LinkMode.LINKED_URL, LinkMode.EMBEDDED_IMAGE):
            return None
        return Attachment(self._whole(path, attachment.key), attachment.media_type)

    def is_missing(self, attachment: ZoteroAttachment) -> bool:
        """Tell whether an attachment has a file, but not on this machine."""
        file = self.find(attachment)
        if file is None:
            return False
        with suppress(OSError, ValueError):  # a path of another system may be none here
            return not os.path.exists(file.path)
        return True

    def _whole(self, path: str, key: str) -> str:
        if path.startswith(_STORED):
            return str(self._folder / "storage" / key / _name(path.removeprefix(_STORED)))
        if path.startswith(_LINKED):
            relative = PurePosixPath(path.removeprefix(_LINKED).replace("\\", "/"))
            inside = [part for part in relative.parts if part not in ("..", "/")]
            return str(self._linked.joinpath(*inside)) if self._linked else path
        return path


def _name(text: str) -> str:
    """Return the last part of a path: a stored file lies in its folder and nowhere else."""
    return PureWindowsPath(text).name or "file"
