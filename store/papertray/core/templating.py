"""Templates that users write, in a box: Jinja2, as far as it only puts given values together.

A template may come from somebody else. So there are no calls, no arithmetic, no lists of its own,
no macros and no other files: only values, ``if``, ``for``, ``set``, ``~`` and the filters here. How
long a loop runs and how long a text gets is bounded. The language is that of Jinja2 3.1
(https://jinja.palletsprojects.com/en/stable/templates/).
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

Given: TypeAlias = "str | int | Iterable[str] | None"
"""What a template may be given under a name."""

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

_BUDGET = "_rounds_left"

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
    left = context[_BUDGET]
    for value in values:
        left[0] -= 1
        if left[0] < 0:
            raise _TooMuch(f"its loops take more than {MOST_ROUNDS:,} rounds")
        yield value


def _finalize(value: object) -> str:
    """Return how a value is written: nothing for None, lists with commas."""
    if value is None:
        return ""
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
        filters: Mapping[str, Callable[[str], str]] | None = None,
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

    def render(self, values: Mapping[str, Given]) -> str:
        """Return the template with its values. Raises `UsageError`: an unknown name, too long."""
        pieces: list[str] = []
        length = 0
        try:
            for piece in self._template.generate(**{**values, _BUDGET: [MOST_ROUNDS]}):
                length += len(piece)
                _check(length)
                pieces.append(piece)
        except TemplateError as error:
            raise self._wrong(_sentence(error)) from error
        except _OF_FILTERS as error:
            raise self._wrong(_sentence(error)) from error
        return "".join(pieces)

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


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())
