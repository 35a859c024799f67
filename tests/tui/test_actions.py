"""What is imported when a key first asks for it is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from papertray.tui.screens import actions


def test_what_is_imported_later_is_there() -> None:
    source = Path(actions.__file__).read_text(encoding="utf-8")
    found = re.findall(r'_later\(screen, "(\w+)", "(\w+)"\)', source)
    assert found
    for module, function in found:
        assert callable(getattr(import_module(f"papertray.tui.screens.{module}"), function))
