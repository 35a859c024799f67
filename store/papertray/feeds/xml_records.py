"""Elements of an XML stream, one record after the other, and what is in them.

lxml does the parsing, with the network off and without any DTD: `papertray.feeds.xml_stream` cuts
them out on the way in, so there are no entities to blow up or to get lost. All is read inside some
elements of ours: so several documents in one file are all read, and a cut one is noticed.

lxml is imported when the first stream is read: it is not needed to recognise a format.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from papertray.core.model import Json, Unread
from papertray.feeds.xml_stream import LONGEST_TAG, TagTooLong, harmless

if TYPE_CHECKING:
    from lxml import etree

Element: TypeAlias = "etree._Element"

LONGEST = 4 << 20
"""Bytes that one record may have: of the smallest elements, that many take some 200 MB."""

KEPT = 1 << 16
"""Bytes of what could not be read that are kept."""

_AROUND = 50
"""Elements of ours around all: a closing tag too many closes one of them, and not the document."""

_OPENING = b"<papertray>" * _AROUND + b"<papertray-begin/>"
# Without a namespace: in a cut record it would be of that one's, and not be noticed.
_CLOSING = b'<papertray-end xmlns=""/>' + b"</papertray>" * _AROUND
_OURS, _BEGIN, _END = "papertray", "papertray-begin", "papertray-end"


def elements(
    stream: BinaryIO, names: Collection[str], within: str = ""
) -> Iterator[Element | Unread]:
    """Yield the elements of a stream of XML whose tag is in `names`, when they are whole.

    Arguments: `names` are local names (``entry``), which stand for any namespace, or
    ``{namespace}local``; ``*`` stands for all. `within` is the local name of the element that they
    must be children of, if they can be parts of one another.

    An element is emptied after it was yielded: take from it what is needed at once. Its ancestors
    keep their attributes, but no earlier children. Where a record is cut, too long or not closed,
    or the rest is broken beyond mending, there is an Unread.
    """
    from lxml import etree

    records = _Records(names, within)
    tags = [name if name.startswith("{") else "{*}" + name for name in names]
    parser = etree.XMLPullParser(
        events=("end",), tag=[*tags, _BEGIN, _END], recover=True, resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    line = 1
    try:
        for chunk in chain([_OPENING], harmless(stream), [_CLOSING]):
            parser.feed(chunk)
            for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                if element.tag == _BEGIN:
                    records.root = list(element.iterancestors())[-1]
                elif element.tag == _END:
                    yield from records.not_closed(element, line)
                    return
                elif records.is_record(element):
                    line = cast(int, element.sourceline)
                    if not records.is_passed_over(element):
                        yield element
                    records.close(element)
            too_long = records.prune(len(chunk))
            if too_long is not None:
                yield unread(too_long, f"it has more than {LONGEST >> 20} MB")
    except TagTooLong:
        reason = f"a tag has more than {LONGEST_TAG >> 20} MB"
        yield Unread(f"after line {line}", reason, breaks_off=True)
        return
    except etree.XMLSyntaxError:  # nothing at all of it is XML
        pass
    reason = "the rest cannot be read: it is broken here"
    yield Unread(f"after line {line}", reason, breaks_off=True)


class _Records:
    """Which elements are records, and what of the tree is still to be kept for them."""

    def __init__(self, names: Collection[str], within: str) -> None:
        self._names = names
        self._within = within
        self.root: Element | None = None
        self._last: Element | None = None
        self._passed_over: list[Element] = []
        self._size = 0

    def is_record(self, element: Element) -> bool:
        """Tell whether an element is one of those asked for."""
        name = local_name(element)
        if not (name in self._names or element.tag in self._names or "*" in self._names):
            return False
        parent = element.getparent()
        is_within = parent is not None and local_name(parent) == self._within
        return name != _OURS and (not self._within or is_within)

    def is_passed_over(self, element: Element) -> bool:
        """Tell whether a record was too long to keep."""
        return element in self._passed_over

    def close(self, element: Element) -> None:
        """Empty a record that has ended."""
        element.clear()
        self._last = element
        if element in self._passed_over:
            self._passed_over.remove(element)
        else:
            self._size = 0

    def prune(self, size: int) -> Element | None:
        """Drop all that is closed or not asked for; return the open record if it is too long.

        `size` is what was read since the last time, in bytes.
        """
        self._size += size
        unfinished = None if self.root is None else self._pruned(self.root)
        if unfinished is None:
            self._size = 0
        elif self._size > LONGEST:
            self._passed_over.append(unfinished)
            self._size = 0
            return unfinished
        return None

    def _pruned(self, node: Element) -> Element | None:
        while len(node):
            del node[:-1]
            node = node[-1]
            node.tail = None
            if node is self._last:
                return None
            if self.is_record(node) and node not in self._passed_over:
                return node
            node.text = None
        return None

    def not_closed(self, end: Element, line: int) -> Iterator[Unread]:
        """Yield an Unread for each record that is open at the `end` of a stream.

        `line` is that of the last record.
        """
        around = [element for element in end.iterancestors() if element.tag != _OURS]
        if not around:
            return
        around[0].remove(end)
        records = [element for element in around if self.is_record(element)]
        for element in reversed(records):
            reason = "it is not closed: the file is cut or broken here"
            yield unread(element, reason, breaks_off=True)
        if not records:
            reason = "the file ends in the middle: it was cut here"
            yield Unread(f"after line {line}", reason, breaks_off=True)


def unread(element: Element, reason: str, *, breaks_off: bool = False) -> Unread:
    """Return a record that could not be read, with its line, the `reason`, and how it begins.

    `breaks_off`: see `Unread`.
    """
    from lxml import etree

    data = etree.tostring(element, encoding="utf-8", with_tail=False)[:KEPT]
    return Unread(f"line {element.sourceline}", reason, data, breaks_off)


def local_name(element: Element) -> str:
    """Return the tag of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None) -> dict[str, list[Element]]:
    """Return the child elements by local name, in their order; none for None."""
    found: dict[str, list[Element]] = {}
    for child in element if element is not None else ():
        if isinstance(child.tag, str):
            found.setdefault(child.tag.rpartition("}")[2], []).append(child)
    return found


def plain_text(element: Element | None) -> str:
    """Return all text in an element, its tags left out; empty for None."""
    if element is None:
        return ""
    if not len(element):
        return element.text or ""
    return "".join(cast("Iterator[str]", element.itertext()))


def line_of(element: Element | None) -> str:
    """Return all text in an element as one line, blanks around it left out; empty for None."""
    return " ".join(plain_text(element).split())


def markup_text(element: Element | None) -> str:
    """Return what is in an element as text with tags, for the ``html`` dialect of `Texts`.

    Tags have no namespace but ``mml:`` for MathML; beside them, characters that are markup are
    escaped. Text without tags stays as it is: there is nothing that it could be mistaken for.
    """
    if element is None:
        return ""
    if not len(element):
        return element.text or ""
    return "".join(_inner(element))


def markup_line(element: Element | None) -> str:
    """Return `markup_text` as one line, blanks around it left out: a title may be indented."""
    return " ".join(markup_text(element).split())


_MATHML = "{http://www.w3.org/1998/Math/MathML}"


def _inner(element: Element) -> Iterator[str]:
    yield html.escape(element.text or "", quote=False)
    for child in element:
        if isinstance(child.tag, str):
            tag = child.tag
            name = ("mml:" if tag.startswith(_MATHML) else "") + tag.rpartition("}")[2]
            attributes = "".join(
                f' {key.rpartition("}")[2]}="{html.escape(value)}"'
                for key, value in _attributes(child)
            )
            yield f"<{name}{attributes}>"
            yield from _inner(child)
            yield f"</{name}>"
        yield html.escape(child.tail or "", quote=False)


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    return cast("Iterator[tuple[str, str]]", iter(element.items()))


_DEEPEST = 24


def json_of(element: Element, depth: int = _DEEPEST) -> Json:
    """Return an element as JSON, for `extra`: one line of text if it has no more than that.

    Otherwise an object: attributes are ``@name``, children go by local name (a list where there
    are several), text beside them is ``#text``. Below `depth` levels only text is kept.
    """
    if not len(element) and not element.attrib:
        return line_of(element)
    found: dict[str, Json] = {}
    for key, value in _attributes(element):
        found[f"@{key.rpartition('}')[2]}"] = value
    mixed = any(child.tail and not child.tail.isspace() for child in element)
    if depth == 0 or mixed or not len(element):
        text = line_of(element)
        if not found:
            return text
        if text:
            found["#text"] = text
        return found
    for name, group in children(element).items():
        values = [json_of(child, depth - 1) for child in group]
        found[name] = values if len(values) > 1 else values[0]
    if text := " ".join((element.text or "").split()):
        found["#text"] = text
    return found


def json_of_all(elements: Collection[Element]) -> Json:
    """Return elements of one name as JSON: one value, a list of several, or nothing (None)."""
    values: list[Json] = [value for element in elements if (value := json_of(element))]
    return values[0] if len(values) == 1 else values or None
