"""Rules: what becomes of papers as they arrive."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertray.core.errors import QueryError
from papertray.core.model import Json, Pile
from papertray.notebook.interrupts import uninterrupted
from papertray.store import rules as stored
from papertray.store.journal import Batch, Origin
from papertray.store.rules import Action, Rule, Use
from papertray.store.tray import Connection, Tray
from papertray.store.writing import Outcome, decide, relabel, start

if TYPE_CHECKING:  # who has no rules does not wait for what they need
    from papertray.core.query import Query

__all__ = ["Action", "Applied", "Rule", "Rules", "Use", "apply_rules"]

CHUNK = 500
"""New papers of which one transaction holds what all rules did to them."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What rules did with what arrived: how many papers they moved to `skip`, moved elsewhere, and
    tagged. `problems` are sentences on rules that could not be applied."""

    muted: int = 0
    moved: int = 0
    tagged: int = 0
    problems: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """Say it as ``3 muted, 12 tagged by rules``; empty where nothing was done."""
        told = ", ".join(f"{count:,} {did}" for did, count in self._counts().items())
        return f"{told} by rules" if told else ""

    def as_json(self) -> Json:
        """Return it as an object that holds only what there is."""
        problems: dict[str, Json] = {"problems": [*self.problems]} if self.problems else {}
        return {**self._counts(), **problems}

    def _counts(self) -> dict[str, int]:
        told = {"muted": self.muted, "moved": self.moved, "tagged": self.tagged}
        return {did: count for did, count in told.items() if count}


class Rules:
    """The rules of a tray.

    They see papers that arrive in the inbox after they were made; what waits there already only
    when told to. They never move a paper that was decided about.
    """

    def __init__(self, tray: Tray, origin: Origin) -> None:
        self._tray = tray
        self._origin = origin

    def all(self) -> list[Rule]:
        """Return the rules in the order in which they are applied."""
        return stored.all_rules(self._tray.reader())

    def find(self, number: int) -> Rule:
        """Return the rule of a number. Raises `UsageError` when there is none."""
        return stored.get_rule(self._tray.reader(), number)

    def uses(self) -> dict[int, Use]:
        """Return what each rule that was ever used has done, by its number."""
        return stored.uses(self._tray.reader())

    def add(self, query: str, action: Action) -> Rule | None:
        """Make a rule of a query as typed; None if there is the same already.

        Raises `QueryError` for a query that cannot be understood, and what every decision raises.
        """
        from papertray.core.query_parser import parse

        parse(query, typing=False)
        made = 0

        def act(connection: Connection, batch: Batch) -> int:
            nonlocal made
            made = stored.make(connection, batch, query, action, self._tray.new_uid)
            return bool(made)

        label = f"add a rule: {action.done_to(f'what {query} finds')}"
        outcome = decide(self._tray, self._origin, label, act)
        return None if outcome.batch is None else self.find(made)

    def remove(self, number: int) -> Outcome:
        """Take a rule away; what it did stays. Undo brings it back.

        Raises `UsageError` when there is none, and what every decision raises.
        """
        rule = self.find(number)

        def act(connection: Connection, batch: Batch) -> int:
            stored.remove(connection, batch, stored.get_rule(connection, number))
            return 1

        return decide(self._tray, self._origin, f"remove rule {number}: {rule.query}", act)

    def apply_to(self, rule: Rule, paper_ids: list[int]) -> Outcome:
        """Do what a rule does to papers at hand, as one batch of origin `rule`.

        A paper that has left the inbox meanwhile is not moved. Raises what every decision raises.
        """

        def act(connection: Connection, batch: Batch) -> int:
            stored.aim(connection, rule.action, paper_ids)
            return stored.act(connection, batch, rule.action)

        return decide(self._tray, Origin.RULE, rule.label, act, reason=rule.query)

    def apply(self) -> Applied:
        """Apply the rules to what arrived since this was last done; see `apply_rules`."""
        return apply_rules(self._tray)


def apply_rules(tray: Tray) -> Applied:
    """Apply the rules to what arrived since this was last done, whoever brought it.

    To be called at the end of everything that brings papers, also when it brought none: what a
    kill kept rules from is caught up with. Each rule that changes something gets one batch of
    origin `rule`. All rules see the papers as they arrived, in the order of their numbers; the
    first that moves a paper decides where to. Raises what every decision raises; what was done
    until then stays, the rest waits for the next time.
    """
    rules = stored.all_rules(tray.reader())
    return _Application(tray, rules).run() if rules else Applied()


class _Application:
    """One use of all rules on its way: chunks of new papers, for each rule a batch when needed."""

    def __init__(self, tray: Tray, rules: list[Rule]) -> None:
        self._tray = tray
        self._rules = rules
        self._queries: dict[int, Query] = {}
        self._problems: list[str] = []
        self._batches: dict[int, Batch] = {}
        self._counts: Counter[int] = Counter()

    def run(self) -> Applied:
        """Apply the rules to all that is new."""
        if stored.newest(self._tray.reader()) > stored.seen(self._tray.reader()):
            self._understand()
            while self._take_chunk():
                pass
        did: Counter[str] = Counter()
        for rule in self._rules:
            pile = rule.action.pile
            did["tagged" if pile is None else "muted" if pile is Pile.SKIP else "moved"] += (
                self._counts[rule.id]
            )
        return Applied(did["muted"], did["moved"], did["tagged"], tuple(self._problems))

    def _understand(self) -> None:
        """Parse the queries; a saved search that one of them names may be gone."""
        from papertray.core.query_parser import parse
        from papertray.store.saved_searches import expanded

        for rule in self._rules:
            try:
                query = parse(rule.query, typing=False)
                self._queries[rule.id] = expanded(self._tray.reader(), query)
            except QueryError as error:
                self._problems.append(f"Rule {rule.id} was not applied: {error}")

    def _take_chunk(self) -> bool:
        """Apply the rules to the next new papers; return whether there may be more."""
        from papertray.store.rule_matching import matching
        from papertray.store.search import days_of

        reader = self._tray.reader()
        seen = stored.seen(reader)
        came = stored.arrivals(reader, seen, CHUNK)
        if came.until <= seen:
            return False
        found = matching(reader, self._queries, list(came.batches), days_of(self._tray))
        with uninterrupted(), self._tray.write() as connection:
            if stored.seen(connection) != seen:
                return True  # another process was faster; what is left is the next chunk
            undecided = stored.still_undecided(connection, came.batches)
            for rule in self._rules:
                wanted = [
                    paper_id
                    for paper_id in found.get(rule.id, ())
                    if paper_id in undecided and came.batches[paper_id] > rule.since
                ]
                if wanted and stored.aim(connection, rule.action, wanted):
                    self._use(connection, rule)
            stored.remember_seen(connection, came.until)
        return True

    def _use(self, connection: Connection, rule: Rule) -> None:
        """Do what a rule does to the papers that were aimed at, in its batch of this time."""
        if rule.id not in self._batches:
            self._batches[rule.id] = start(self._tray, connection, Origin.RULE, reason=rule.query)
        batch = self._batches[rule.id]
        self._counts[rule.id] += stored.act(connection, batch, rule.action)
        relabel(connection, batch.id, rule.label(self._counts[rule.id]))
