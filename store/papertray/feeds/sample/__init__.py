"""The sample feed: 40 papers to try papertray with, as a saved page of trending papers."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def sample_feed() -> Traversable:
    """Return the sample feed. ``sample_feed().open("rb")`` gives the stream for the reader."""
    return files(__name__) / "sample_feed.txt"
