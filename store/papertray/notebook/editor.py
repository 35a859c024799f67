"""The user's editor on a text, and what comes back."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from papertray.core.errors import UsageError

_USUAL = ("sensible-editor", "nano", "vim", "vi")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that came back from the editor, and the file it is still in."""

    path: Path
    text: str

    def discard(self) -> None:
        """Remove the file: its text is safe elsewhere."""
        self.path.unlink(missing_ok=True)


def edit_text(text: str, suffix: str, environment: Mapping[str, str]) -> Draft:
    """Let the user edit `text` in a temporary file; return once the editor has ended.

    The file stays until `Draft.discard`, so that no edit is lost to what goes wrong later. Raises
    `UsageError` when there is no editor, it fails, or what it leaves is no UTF-8.
    """
    command = _editor(environment)
    handle, name = tempfile.mkstemp(prefix="papertray-", suffix=suffix)
    path = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    try:
        code = subprocess.run([*command, name], check=False).returncode
    except OSError as error:
        path.unlink()
        raise UsageError(
            f"The editor {command[0]} cannot be started ({error.strerror}); set EDITOR to another."
        ) from error
    if code:
        raise UsageError(f"The editor ended with code {code}; what you wrote is in {path}.")
    try:
        return Draft(path, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"What you wrote, in {path}, cannot be read as UTF-8.") from error


def _editor(environment: Mapping[str, str]) -> list[str]:
    named = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        if command := shlex.split(named):
            return command
    except ValueError as error:
        raise UsageError(f"EDITOR is not a command: {named}.") from error
    for usual in _USUAL:
        if found := shutil.which(usual):
            return [found]
    raise UsageError("There is no editor; set EDITOR to the command of one.")
