"""What can happen to an index, told apart from bugs. None of it reaches the user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class IndexBusy(Exception):
    """Another thread or process is writing. A normal event: it will pick our changes up."""


class IndexBroken(Exception):
    """The index failed in whatever way. It is rebuilt; until then the database answers."""


@contextmanager
def index_errors() -> Iterator[None]:
    """Turn what the index library raises into `IndexBusy` or `IndexBroken`.

    Only calls into that library belong inside. It panics with an exception that derives from
    BaseException and cannot be imported, so that one is known by its name.
    """
    try:
        yield
    except (IndexBroken, NameError, AttributeError, AssertionError):
        raise  # the last three are bugs of ours, never the library's
    except Exception as error:
        if "LockBusy" in str(error):
            raise IndexBusy(str(error)) from error
        raise IndexBroken(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexBroken(f"panic: {error}") from error
