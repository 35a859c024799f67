"""Where things lie on this machine. Decided once, at the edge, and passed in everywhere else."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one tray: itself, its disposable index, this machine's state, settings."""

    tray: Path
    cache: Path
    state: Path
    config: Path

    @property
    def database(self) -> Path:
        """The tray's database."""
        return self.tray / "papertray.db"

    @property
    def backups(self) -> Path:
        """The folder of the daily and weekly backups."""
        return self.tray / "backups"

    def backup_of(self, day: str) -> Path:
        """The backup of a local date; a day that has it wants no other."""
        return self.backups / f"{day}.db"

    @property
    def settings(self) -> Path:
        """The user's settings file."""
        return self.config / "settings.toml"


def find_places(tray: Path | None, environment: Mapping[str, str]) -> Places:
    """Return the places of the tray that `tray`, the environment or the platform names.

    `PAPERTRAY_TRAY`, `_CACHE`, `_STATE` and `_CONFIG` override the platform's folders. The
    index lies under the cache, in a folder named after the tray's resolved path, so that two trays
    never share one.
    """
    import platformdirs

    folders = platformdirs.PlatformDirs("papertray", appauthor=False)
    named = str(tray) if tray is not None else environment.get("PAPERTRAY_TRAY", "")
    folder = Path(named).expanduser() if named else Path(folders.user_data_dir)
    cache = Path(environment.get("PAPERTRAY_CACHE") or folders.user_cache_dir).expanduser()
    state = Path(environment.get("PAPERTRAY_STATE") or folders.user_state_dir).expanduser()
    config = Path(environment.get("PAPERTRAY_CONFIG") or folders.user_config_dir).expanduser()
    return Places(folder, cache / hash_of(folder), state, config)


def throw_away_places(folder: Path) -> Places:
    """Return places that all lie inside `folder`: for the tour and for tests."""
    return Places(
        folder / "tray", folder / "cache" / hash_of(folder), folder / "state", folder / "config"
    )


def hash_of(folder: Path) -> str:
    """Return a short name for a folder's resolved path."""
    return hashlib.blake2b(os.fsencode(folder.resolve()), digest_size=8).hexdigest()


def writable_cache(cache: Path) -> Path:
    """Return `cache`, made if need be, or a temporary folder when it cannot be written."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            return cache
    except OSError:
        return Path(tempfile.mkdtemp(prefix="papertray-index-"))
