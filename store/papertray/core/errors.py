"""Everything that can go wrong in a way a user can cause, as one tree.

::

    PapertrayError
    ├── UsageError            what was asked cannot be done as asked
    │   ├── UnknownPaper      a KEY that names no paper, or more than one
    │   ├── UnknownFormat     a format nobody reads or writes
    │   ├── QueryError        a search that cannot be understood
    │   └── ExportRefused     a file that papertray did not write
    │       ├── ForeignFile   the same, where force would replace it
    │       └── BrokenRegion  marks of kept regions that do not pair up
    ├── UnreadableSource      a file, folder or page nothing could be read from
    ├── FetchFailed           an address that gave no answer
    │   ├── NoNetwork         nothing can be reached now, which is a normal state
    │   ├── AskedToWait       the server wants to be asked later
    │   ├── FetchRefused      an address that may not be asked
    │   └── Interrupted       the user ended it
    ├── PluginFailed          what somebody else added to papertray went wrong
    └── TrayError             the tray itself
        ├── TrayLocked        another process holds it for longer than we wait
        ├── TrayReadOnly      no permission to write
        ├── DiskFull          no room to write
        ├── TrayNewer         written by a newer papertray
        ├── TrayReplaced      another one was restored in its place
        └── TrayDamaged       not a tray, or a broken one

Every message is one sentence that names the thing, what is wrong with it and what to do. Whatever
is not in this tree is a bug, and is left to crash.
"""

from __future__ import annotations


class PapertrayError(Exception):
    """Base of all errors whose message is meant for the user as it stands."""


class UsageError(PapertrayError):
    """What was asked cannot be done as asked."""


class UnknownPaper(UsageError):
    """A KEY names no paper."""


class UnknownFormat(UsageError):
    """No reader or exporter has this name."""


class QueryError(UsageError):
    """A search that cannot be understood. Only raised where typing has ended (the command line)."""


class ExportRefused(UsageError):
    """Writing would replace a file that papertray did not write, or that changed since."""


class ForeignFile(ExportRefused):
    """There is a file that papertray did not write, or that changed since; force replaces it.

    `how` is why it is not ours any more, as the end of a sentence about it.
    """

    def __init__(self, path: object, how: str) -> None:
        others = (
            "bring it up to date with --update, or replace it with --force"
            if str(path).endswith(".bib")
            else "choose another file, or replace it with --force"
        )
        super().__init__(f"{path} {how} and was left alone; {others}.")
        self.how = how


class UnreadableSource(PapertrayError):
    """Nothing could be read from a file, folder or stream."""


class BrokenRegion(ExportRefused):
    """Marks of kept regions that do not pair up: what is to be kept cannot be told.

    `line` counts from 1; `how` is what is wrong there, as the end of a sentence about the line.
    """

    def __init__(self, line: int, how: str, path: object = "the file") -> None:
        super().__init__(
            f"{path} was left alone: line {line} {how}. Mend its papertray:keep lines, "
            "or export to another file."
        )
        self.line = line
        self.how = how


class FetchFailed(PapertrayError):
    """An address gave no answer that is of use.

    `is_lasting` says that another day will not help: nothing is there, or it is too large.
    """

    def __init__(self, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(message)
        self.is_lasting = is_lasting


class NoNetwork(FetchFailed):
    """Nothing can be reached: no network, or no host of that name. A normal state."""


class AskedToWait(FetchFailed):
    """The server wants to be asked later. `not_before` is the instant (text) from which on."""

    def __init__(self, message: str, not_before: str) -> None:
        super().__init__(message)
        self.not_before = not_before


class FetchRefused(FetchFailed):
    """An address that may not be asked: no web address, or on this machine or its network."""


class Interrupted(FetchFailed):
    """The user ended it, or the program ends."""


class PluginFailed(PapertrayError):
    """An exporter or a command of a plugin raised what it should not. The message names the plugin.

    A reader that does so is an `UnreadableSource`: the other sources are still read.
    """


class TrayError(PapertrayError):
    """The tray cannot be opened, read or written."""


class TrayLocked(TrayError):
    """Another process has been writing for longer than the time-out. Nothing was changed."""


class TrayReadOnly(TrayError):
    """The tray, or the disk it lies on, does not let us write. Nothing was changed."""


class DiskFull(TrayError):
    """There is no room left. The transaction was rolled back."""


class TrayNewer(TrayError):
    """The tray was written by a newer papertray; writing to it could lose what that one knows."""


class TrayReplaced(TrayError):
    """Another tray was restored in its place since we looked. Nothing was changed."""


class TrayDamaged(TrayError):
    """The file is not a tray, or SQLite finds it broken."""
