"""The rules of the feeds: what becomes of papers as they arrive, and what each rule did."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.core.errors import PapertrayError
from papertray.tui.feed_lines import RULE_OPTIONS, rule_line, wanted_rule
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.opened import is_open
from papertray.tui.widgets.lines import ListLine

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.notebook.journal import TakenBack
    from papertray.notebook.rules import Rule, Use
    from papertray.tui.screens.triage import TriageScreen


class RulesScreen(ListScreen):
    """One line a rule, in the order in which they are applied. Read in a thread."""

    def __init__(self, papers: TriageScreen) -> None:
        """`papers` is the screen whose list is read anew after an undo."""
        super().__init__(papers.papertray)
        self._papers = papers
        self._rules: Sequence[Rule] = ()
        self._uses: dict[int, Use] = {}
        self._is_read = False

    def heading(self) -> str:
        """Say how many there are."""
        if not self._is_read:
            return "Rules …"
        return f"{counted(len(self._rules), 'rule')} for what arrives in the inbox"

    def lines(self) -> Sequence[ListLine]:
        """The rules in words, with what they did."""
        if not self._rules and self._is_read:
            add = self.papertray.key_map.key_of("list.add")
            return [
                ListLine(f"No rules yet. {add} makes one that mutes, tags or moves what arrives.")
            ]
        return [rule_line(rule, self._uses.get(rule.id)) for rule in self._rules]

    def verbs(self) -> Verbs:
        """Return what can be done with a rule."""
        return {
            "list.open": ("what it finds", self._open),
            "list.add": ("add", lambda chosen: self._add()),
            "list.remove": ("remove", self._remove),
            "list.undo": ("undo", lambda chosen: self._undo()),
        }

    # --- reading

    def on_mount(self) -> None:
        """Show an empty list, and read the rules."""
        super().on_mount()
        self.read()

    def read(self, message: str = "") -> None:
        """Read the rules anew; then say something."""
        _: Worker[None] = self.run_worker(partial(self._read, message), exclusive=True)

    async def _read(self, message: str) -> None:
        rules = self.notebook.rules
        self._rules = await asyncio.to_thread(rules.all)
        self._uses = await asyncio.to_thread(rules.uses)
        self._is_read = True
        if is_open(self):
            self.show_lines()
            if message:
                self.say(message)

    def _rule(self, chosen: str) -> Rule | None:
        return next((rule for rule in self._rules if str(rule.id) == chosen), None)

    # --- what can be done

    def _open(self, chosen: str) -> None:
        if (rule := self._rule(chosen)) is not None:
            self.papertray.show_found(rule.query)

    def _add(self) -> None:
        from papertray.tui.screens.prompt import Prompt

        self.app.push_screen(
            Prompt("What becomes of what arrives", explanation=RULE_OPTIONS, check=_wrong),
            lambda line: self._make(line) if line else None,
        )

    def _make(self, line: str) -> None:
        query, action = wanted_rule(line)
        self.papertray.writer.write(
            lambda: self.notebook.rules.add(query, action), self._made, self.refused
        )

    def _made(self, rule: Rule | None) -> None:
        if rule is None:
            self.say("there is this rule already")
            return
        said = rule.action.done_to(f"what {rule.query} finds")
        self.read(f"rule {rule.id}: {said}, from now on")

    def _remove(self, chosen: str) -> None:
        if (rule := self._rule(chosen)) is None:
            return
        undo = self.papertray.key_map.key_of("list.undo")
        self.papertray.writer.write(
            lambda: self.notebook.rules.remove(rule.id),
            lambda outcome: self.read(
                f"removed rule {rule.id}; what it did stays, {undo} brings it back"
            ),
            self.refused,
        )

    def _undo(self) -> None:
        self.papertray.writer.write(self.notebook.journal.undo, self._undone, self.refused)

    def _undone(self, taken: TakenBack | None) -> None:
        if taken is not None and taken.papers:
            self._papers.viewing.reload_all("")
        self.read(f"undone: {taken.label}" if taken is not None else "nothing to undo")

    def refused(self, error: Exception) -> None:
        """Say why something could not be done."""
        self.papertray.warn(str(error))
        if is_open(self):
            self.read()


def _wrong(line: str) -> str:
    """Return what is wrong with a line that is to make a rule; an empty one gives up."""
    from papertray.core.query_parser import parse

    if not line.strip():
        return ""
    try:
        query, _ = wanted_rule(line)
        parse(query, typing=False)
    except PapertrayError as error:
        return clean(str(error))
    return ""
