"""Templates that users write, in a box: Jinja2, as far as it only puts given values together.

A template may come from somebody else. So there are no calls, no arithmetic, no lists of its own,
no macros and no other files: only values, ``if``, ``for``, ``set``, ``~`` and the filters here. How
long a loop runs and how long a text gets is bounded. A loop over `OneByOne`, such as all papers,
may be as long as it likes: what is bounded is what is made of each. The language is that of Jinja2
3.1 (https://jinja.palletsprojects.com/en/stable/templates/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from papertray.core.errors import UsageError

LONGEST_TEMPLATE = 20_000
"""Characters of a template."""

LONGEST_TEXT = 1_000_000
"""Characters of what comes of a template, and of any text on the way."""

MOST_ROUNDS = 10_000
"""Rounds of all loops together, in one go."""

Given: TypeAlias = "str | int | Iterable[Given] | Mapping[str, Given] | None"
"""What a template may be given under a name."""


class OneByOne:
    """Values without end, for a template that goes through them once: nothing holds them all."""

    def __init__(self, values: Iterable[Given]) -> None:
        self._values: Iterable[Given] | None = values

    def __iter__(self) -> Iterator[Given]:
        if self._values is None:
            raise _TooMuch("it goes through all papers twice; they can be gone through once")
        values, self._values = self._values, None
        return iter(values)


class _Budget:
    """How many rounds and characters are left."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew: at the next of the values that come one by one."""
        self._rounds = MOST_ROUNDS
        self._characters = LONGEST_TEXT

    def take_round(self) -> None:
        """Take one round of a loop."""
        self._rounds -= 1
        if self._rounds < 0:
            raise _TooMuch(f"its loops take more than {MOST_ROUNDS:,} rounds")

    def take_text(self, text: str) -> str:
        """Take the characters of a text, and return it."""
        self._characters -= len(text)
        _check(LONGEST_TEXT - self._characters)
        return text


FILTERS = (
    "capitalize", "d", "default", "first", "int", "last", "length", "list", "lower", "reverse",
    "sort", "title", "trim", "truncate", "unique", "upper",
)  # fmt: skip
"""The filters of Jinja2 that a template may use, beside `join` and `replace`."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.Filter, nodes.Test, nodes.If, nodes.For, nodes.Assign, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Keyword,
    nodes.Neg, nodes.Slice,
)  # fmt: skip

_BUDGET = "_budget"

_FILE = "<template>"
"""What Jinja2 calls the file of a template that came as text, in tracebacks."""

_OF_FILTERS = (
    TypeError, ValueError, LookupError, AttributeError, AssertionError, ArithmeticError,
    RecursionError,
)  # fmt: skip
"""What Jinja2's filters raise where a template uses them on what they are not for."""


class _TooMuch(TemplateError):
    """A loop or a text that does not end."""


def _join(value: Iterable[object], between: str = "") -> str:
    parts = [_finalize(part) for part in value]
    _check(sum(map(len, parts)) + len(parts) * len(str(between)))
    return str(between).join(parts)


def _replace(text: object, old: str, new: str) -> str:
    text = str(text)
    _check(len(text) + (text.count(old) * len(new)))
    return text.replace(old, new)


def _check(length: int) -> None:
    if length > LONGEST_TEXT:
        raise _TooMuch(f"it makes a text of more than {LONGEST_TEXT:,} characters")


def _checked(function: Callable[..., object]) -> Callable[..., object]:
    """Return a filter that gives no endless text."""
    from functools import wraps

    @wraps(function)  # keeps what Jinja2 notes on a filter: that it takes the environment first
    def filtered(*arguments: object, **named: object) -> object:
        result = function(*arguments, **named)
        if isinstance(result, str):
            _check(len(result))
        return result

    return filtered


@pass_context
def _counted(context: Context, values: Iterable[object]) -> Iterator[object]:
    """Yield the values of a loop as long as there are rounds left."""
    budget = context[_BUDGET]
    take = budget.renew if isinstance(values, OneByOne) else budget.take_round
    for value in values:
        take()
        yield value


def _finalize(value: object) -> str:
    """Return how a value is written: nothing for None, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, OneByOne | Mapping):
        raise TemplateError("something that holds several values is written; name one of them")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


class _Box(ImmutableSandboxedEnvironment):
    """An environment without anything but values and filters."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Only a loop has attributes; the keys of a mapping are looked up, not these."""
        return isinstance(obj, LoopContext) and super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: object) -> bool:
        """Nothing can be called."""
        return False


class Template:
    """A template that was read and found harmless. `render` may be called by any thread."""

    def __init__(
        self,
        source: str,
        name: str,
        filters: Mapping[str, Callable[..., str]] | None = None,
    ) -> None:
        """`name` is what errors call it, a path for one; `filters` are more filters, by name.

        Raises `UsageError` for what is no template, or may not be in one.
        """
        if len(source) > LONGEST_TEMPLATE:
            raise UsageError(
                f"The template {name} has {len(source):,} characters; "
                f"{LONGEST_TEMPLATE:,} are the most."
            )
        self._name = name
        box = _Box(
            undefined=StrictUndefined, finalize=_finalize, trim_blocks=True, lstrip_blocks=True,
            keep_trailing_newline=True, autoescape=False,
        )  # fmt: skip
        box.globals.clear()
        known = {each: _checked(box.filters[each]) for each in FILTERS}
        box.filters = {**known, "join": _join, "replace": _replace, **(filters or {})}
        box.filters["_counted"] = _counted
        try:
            tree = box.parse(source)
            for node in tree.find_all(nodes.Node):
                self._check_node(node)
            self._template = box.from_string(_Bounding().visit(tree))
        except TemplateSyntaxError as error:
            raise self._wrong(f"line {error.lineno}: {error.message}") from error
        except TemplateError as error:
            raise self._wrong(_sentence(error)) from error
        except RecursionError as error:
            raise self._wrong("it is nested too deeply") from error

    def render(self, values: Mapping[str, Given | OneByOne]) -> str:
        """Return the template with its values. Raises `UsageError`: an unknown name, too long."""
        return "".join(self.pieces(values))

    def pieces(self, values: Mapping[str, Given | OneByOne]) -> Iterator[str]:
        """Yield the template with its values as it goes along. Raises as `render`."""
        budget = _Budget()
        try:
            for piece in self._template.generate(**{**values, _BUDGET: budget}):
                yield budget.take_text(piece)
        except (TemplateError, *_OF_FILTERS) as error:
            line = _line_of(error)
            raise self._wrong(
                f"line {line}: {_sentence(error)}" if line else _sentence(error)
            ) from error

    def _check_node(self, node: nodes.Node) -> None:
        is_target = isinstance(node, nodes.Tuple) and node.ctx == "store"
        is_hidden = isinstance(node, nodes.Name) and (
            node.name.startswith("_") or node.name == "self"
        )
        is_inner = isinstance(node, nodes.Filter) and node.name.startswith("_")
        is_recursive = isinstance(node, nodes.For) and node.recursive
        if is_hidden or is_inner or is_recursive or not (is_target or isinstance(node, _ALLOWED)):
            what = type(node).__name__.lower()
            raise TemplateSyntaxError(f"{what} may not be used here", node.lineno or 1)

    def _wrong(self, what: str) -> UsageError:
        return UsageError(f"The template {self._name} cannot be used: {what.rstrip('.')}.")


class _Bounding(NodeTransformer):
    """Has loops be counted, and texts that are put together be measured first."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        """Put the counting filter on what a loop goes through."""
        self.generic_visit(node)
        assert isinstance(node.iter, nodes.Expr)
        node.iter = _filter("_counted", node.iter)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        """Have the filter `join` do what ``~`` does."""
        self.generic_visit(node)
        return _filter("join", nodes.List(node.nodes, lineno=node.lineno))


def _filter(name: str, node: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _line_of(error: Exception) -> int:
    """Return the line of the template in which something was raised, 0 where none is known."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _sentence(error: Exception) -> str:
    # What Jinja2 calls a dict object is a paper to those who write templates.
    return " ".join(str(error).split()).replace("'dict object' has no attribute", "there is no")
