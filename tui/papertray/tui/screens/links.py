"""What `o` does: open the links of the paper under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertray.core.counting import counted
from papertray.tui.preview import links

if TYPE_CHECKING:
    from papertray.tui.dispatch import Press
    from papertray.tui.screens.triage import TriageScreen


def open_link(screen: TriageScreen, press: Press) -> None:
    """Open the link with the number of the count, the first without one."""
    paper_id = screen.paper_id
    found = links(screen.notebook.papers.entry(paper_id).work) if paper_id is not None else ()
    if not found:
        screen.say("this paper has no link")
    elif not 0 < press.times <= len(found):
        screen.say(f"this paper has {counted(len(found), 'link')}")
    else:
        open_outside(screen, found[press.times - 1])


def open_outside(screen: TriageScreen, target: str) -> None:
    """Have the desktop open a web address or a file; copy it where there is no desktop."""
    import threading

    from papertray.notebook.desktop import start_opening

    try:
        opening = start_opening(target)
    except OSError:
        opening = None
    if opening is None:
        screen.copy(target, f"no desktop here: copied {target}")
        return
    threading.Thread(target=opening.wait, name="papertray-desktop", daemon=True).start()
    screen.say(f"opened {target}")
