"""The table of keys: every action of the screen, its keys and what it does. Only data.

A chord is one key (``x``) or several pressed in turn (``g g``), in Textual's names (``ctrl+r``,
``question_mark``). Imports nothing of Textual, so the command line can print the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where keys are pressed: over the papers, in a note, or in a list of other things."""

    PAPERS = "papers"
    NOTE = "note"
    LIST = "list"


class Group(StrEnum):
    """The parts of the table, in the order of the help."""

    MOVE = "Move"
    VIEWS = "Views"
    DECIDE = "Decide, and go to the next paper"
    MARK = "Mark several, then decide about them"
    WORK = "Work on the paper"
    REST = "Everything else"
    OWN = "Commands of your own"
    LIST = "In a list of notes, feeds, history …"
    NOTE = "While a note is open"

    @property
    def scope(self) -> Scope:
        """Where the keys of this part are pressed."""
        return {Group.LIST: Scope.LIST, Group.NOTE: Scope.NOTE}.get(self, Scope.PAPERS)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key can do.

    `id` is what the user's settings rebind. `hint` is the short text of the footer; actions
    without one are not shown there, of the others as many as fit, in the table's order. One that
    `is_everywhere` works in lists of other things, too: they close, and the papers' screen does it.
    """

    id: str
    chords: tuple[str, ...]
    text: str
    group: Group
    hint: str = ""
    is_everywhere: bool = False

    def is_in(self, scope: Scope) -> bool:
        """Return whether the keys of this action are alive in a scope."""
        if scope is Scope.LIST and (self.is_everywhere or self.group is Group.MOVE):
            return True
        return self.group.scope is scope


ACTIONS = (
    Action("move.down", ("j", "down"), "next paper", Group.MOVE),
    Action("move.up", ("k", "up"), "previous paper", Group.MOVE),
    Action("move.top", ("g g", "home"), "first paper", Group.MOVE),
    Action("move.bottom", ("G", "end"), "last paper", Group.MOVE),
    Action("move.half-down", ("ctrl+d",), "half a page down", Group.MOVE),
    Action("move.half-up", ("ctrl+u",), "half a page up", Group.MOVE),
    Action("move.page-down", ("ctrl+f", "pagedown"), "a page down", Group.MOVE),
    Action("move.page-up", ("ctrl+b", "pageup"), "a page up", Group.MOVE),
    Action("view.next", ("tab", "l", "right"), "next pile", Group.VIEWS),
    Action("view.previous", ("shift+tab", "h", "left"), "previous pile", Group.VIEWS),
    Action("view.inbox", ("g i",), "inbox", Group.VIEWS, is_everywhere=True),
    Action("view.read", ("g r",), "read, not done yet", Group.VIEWS, is_everywhere=True),
    Action("view.starred", ("g s",), "starred", Group.VIEWS, is_everywhere=True),
    Action("view.skip", ("g x",), "skipped", Group.VIEWS, is_everywhere=True),
    Action("view.done", ("g d",), "read and done", Group.VIEWS, is_everywhere=True),
    Action("view.notes", ("g n",), "notes", Group.VIEWS, is_everywhere=True),
    Action("view.tasks", ("g o",), "open tasks of all notes", Group.VIEWS, is_everywhere=True),
    Action("view.today", ("g e",), "the note of today", Group.VIEWS, is_everywhere=True),
    Action("view.feeds", ("g f",), "feeds", Group.VIEWS, is_everywhere=True),
    Action(
        "view.history", ("g h",), "history: what was decided, when", Group.VIEWS, is_everywhere=True
    ),
    Action("view.statistics", ("g t",), "statistics", Group.VIEWS, is_everywhere=True),
    Action("view.messages", ("g m",), "what was told lately", Group.VIEWS, is_everywhere=True),
    Action(
        "view.duplicates", ("g u",), "papers that may be one work", Group.VIEWS, is_everywhere=True
    ),
    Action(
        "view.saved",
        tuple(f"g {number}" for number in range(1, 10)),
        "saved search 1 to 9",
        Group.VIEWS,
        is_everywhere=True,
    ),
    Action("view.sort", ("S",), "sort or group this view", Group.VIEWS),
    Action("decide.read", ("r",), "worth reading", Group.DECIDE, "read"),
    Action("decide.star", ("s",), "star", Group.DECIDE, "star"),
    Action("decide.skip", ("x", "d"), "skip", Group.DECIDE, "skip"),
    Action("decide.skip-because", ("X",), "skip, with a reason", Group.DECIDE),
    Action("decide.undo", ("u",), "undo, to any depth", Group.DECIDE, "undo"),
    Action("decide.redo", ("ctrl+r",), "redo", Group.DECIDE),
    Action("decide.inbox", ("i",), "back to the inbox", Group.DECIDE),
    Action("decide.snooze", ("z",), "snooze until a date", Group.DECIDE),
    Action("decide.done", ("m",), "mark done", Group.DECIDE),
    Action("decide.repeat", ("full_stop",), "repeat the last decision", Group.DECIDE),
    Action("mark.one", ("v",), "mark this paper, or unmark it", Group.MARK),
    Action("mark.range", ("V",), "mark a range: here and where it is pressed again", Group.MARK),
    Action("mark.all", ("asterisk",), "mark the whole view", Group.MARK),
    Action("work.card", ("enter",), "card: the whole abstract, and back", Group.WORK, "card"),
    Action("work.page", ("space",), "page the abstract, then the next paper", Group.WORK),
    Action("work.note", ("e",), "note", Group.WORK, "note"),
    Action("work.tags", ("t",), "tags", Group.WORK, "tags"),
    Action("work.copy-key", ("y",), "copy the citation key", Group.WORK),
    Action("work.copy", ("Y",), "copy more: key, link, title, BibTeX …", Group.WORK),
    Action("work.open", ("o",), "open the link", Group.WORK),
    Action("work.pdf", ("p",), "open the PDF, or fetch it", Group.WORK),
    Action("work.pipe", ("vertical_line",), "pipe as JSON into a command", Group.WORK),
    Action("rest.search", ("slash",), "search papers and notes", Group.VIEWS, "search"),
    Action("rest.narrow", ("backslash",), "narrow this view", Group.VIEWS),
    Action("rest.save-search", ("ctrl+s",), "save the search under a name", Group.VIEWS),
    Action("view.next-hit", ("n",), "next hit, else the next undecided paper", Group.VIEWS),
    Action(
        "view.previous-hit", ("N",), "previous hit, else the undecided paper before", Group.VIEWS
    ),
    Action("rest.clear", ("escape",), "clear the search, leave the card", Group.VIEWS),
    Action("rest.add", ("a",), "add a file", Group.WORK, "add"),
    Action("rest.fetch", ("R",), "fetch the feeds now", Group.WORK),
    Action("rest.export", ("E",), "export this view", Group.WORK),
    Action("rest.help", ("question_mark",), "every key", Group.REST, "keys", is_everywhere=True),
    Action("rest.command", ("colon",), "any command of papertray", Group.REST, is_everywhere=True),
    Action("rest.palette", ("ctrl+p",), "find an action by name", Group.REST, is_everywhere=True),
    Action("rest.theme", ("g c",), "colours: the next theme", Group.REST, is_everywhere=True),
    Action("rest.redraw", ("ctrl+l",), "draw the screen anew", Group.REST, is_everywhere=True),
    Action("rest.cancel", ("ctrl+c",), "cancel what takes long", Group.REST),
    Action("rest.never-all", ("A", "C"), "nothing: no key decides about all at once", Group.REST),
    Action("rest.suspend", ("ctrl+z",), "suspend", Group.REST, is_everywhere=True),
    Action("rest.quit", ("q",), "back, then quit", Group.REST, "quit"),
    Action("list.open", ("enter",), "open", Group.LIST),
    Action("list.find", ("slash",), "find in the list", Group.LIST),
    Action("list.back", ("q", "escape"), "back to the papers", Group.LIST),
    Action("list.cancel", ("ctrl+c",), "cancel what takes long", Group.LIST),
    Action("list.add", ("a",), "add one", Group.LIST),
    Action("list.remove", ("D",), "remove it", Group.LIST),
    Action("list.edit", ("e",), "edit it", Group.LIST),
    Action(
        "list.toggle", ("space",), "tick it, or take the tick away; of two papers: page", Group.LIST
    ),
    Action("list.undo", ("u",), "undo it", Group.LIST),
    Action("list.fetch", ("R",), "fetch the feeds now", Group.LIST),
    Action("list.rules", ("r",), "rules of the feeds, and what they did", Group.LIST),
    Action("list.merge", ("m",), "merge the two", Group.LIST),
    Action("list.apart", ("x",), "keep the two apart", Group.LIST),
    Action("list.restore", ("p",), "put this text back", Group.LIST),
    Action("note.finish", ("escape",), "end editing; again: go back", Group.NOTE, "finish"),
    Action("note.edit", ("i", "e"), "edit again, once editing has ended", Group.NOTE, "edit"),
    Action("note.back", ("q",), "back to the papers, once editing has ended", Group.NOTE, "back"),
    Action("note.save", ("ctrl+s",), "save now (it saves by itself, too)", Group.NOTE, "save"),
    Action("note.external", ("ctrl+o",), "edit in $EDITOR", Group.NOTE, "$EDITOR"),
    Action(
        "note.revisions",
        ("ctrl+r",),
        "earlier texts, and putting one back",
        Group.NOTE,
        "revisions",
    ),
    Action("note.abstract", ("ctrl+g",), "show or hide the abstract", Group.NOTE, "abstract"),
    Action(
        "note.toggle", ("space",), "tick the chosen task, or the next open one", Group.NOTE, "tick"
    ),
    Action("note.next", ("tab",), "choose the next task or link", Group.NOTE, "choose"),
    Action("note.previous", ("shift+tab",), "choose the task or link before", Group.NOTE),
    Action(
        "note.follow", ("enter",), "open the chosen link, or that of a number", Group.NOTE, "open"
    ),
    Action("note.down", ("j", "down"), "scroll down", Group.NOTE),
    Action("note.up", ("k", "up"), "scroll up", Group.NOTE),
    Action("note.page-down", ("ctrl+f", "ctrl+d", "pagedown"), "a page down", Group.NOTE),
    Action("note.page-up", ("ctrl+b", "ctrl+u", "pageup"), "a page up", Group.NOTE),
    Action("note.cancel", ("ctrl+c",), "cancel what takes long", Group.NOTE),
    Action("note.quit", ("ctrl+q",), "save and quit papertray", Group.NOTE, "quit"),
)
"""The table, in the order of the help; the footer shows hints in this order."""

ALWAYS_HINTED = ("rest.help", "rest.quit", "note.quit")
"""Ids of the actions whose hints are the last to go: how to get help, and out."""
