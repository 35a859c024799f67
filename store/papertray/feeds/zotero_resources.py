"""The resources of Zotero's RDF, put together: an item with its journal, notes, files and tags."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from papertray.core.json_fields import whole_number
from papertray.feeds.written_dates import written_date
from papertray.feeds.xml_records import Element, line_of, local_name, plain_text
from papertray.feeds.zotero_words import ZoteroAttachment, ZoteroCreator, ZoteroItem, ZoteroNote


@dataclass(slots=True)
class Resource:
    """One resource: what it is, how it is called, what it says and what it names.

    `values` are (name, text), `names` are (how, the other's name); `parts` are resources that are
    told within it, by how they belong to it. `size` is about what it takes in memory.
    """

    kind: str
    about: str
    place: str
    values: list[tuple[str, str]] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    parts: list[tuple[str, Resource]] = field(default_factory=list)
    creators: list[ZoteroCreator] = field(default_factory=list)
    size: int = 200

    def value(self, name: str) -> str:
        """Return the first value of that name, or an empty text."""
        return next((text for other, text in self.values if other == name), "")


_CREATORS = {
    "authors": "author", "editors": "editor", "contributors": "contributor",
    "seriesEditors": "seriesEditor", "translators": "translator", "inventors": "inventor",
    "presenters": "presenter", "programmers": "programmer", "directors": "director",
    "artists": "artist", "performers": "performer", "reviewedAuthors": "reviewedAuthor",
    "bookAuthors": "bookAuthor", "interviewees": "interviewee", "podcasters": "podcaster",
    "cartographers": "cartographer", "sponsors": "sponsor", "composers": "composer",
}  # fmt: skip
"""Lists of names → Zotero's types of creators; others are called as they are."""

_DEEPEST = 8


def resource_of(element: Element, depth: int = _DEEPEST) -> Resource:
    """Return what an element tells of a resource. Below `depth` levels only text is taken."""
    about = _attribute(element, "about") or _attribute(element, "ID")
    found = Resource(local_name(element), about, f"line {element.sourceline}")
    for child in element:
        name, target = local_name(child), _attribute(child, "resource")
        if target:
            found.names.append((name, target))
        elif any(local_name(one) == "Seq" for one in child):
            found.creators += _creators(_CREATORS.get(name, name.removesuffix("s")), child)
        elif len(child) and depth:
            part = resource_of(child[0], depth - 1)
            # A value may be told by itself, or by a resource that has nothing else.
            found.parts.append((name, part))
            found.size += part.size
        elif text := plain_text(child).strip():
            found.values.append((name, text))
        found.size += 100
    if not len(element) and (text := plain_text(element).strip()):
        found.values.append(("value", text))
    found.size += sum(len(text) for _, text in found.values)
    return found


def _attribute(element: Element, name: str) -> str:
    """Return an attribute of RDF's own, or one without a namespace as old exports have it."""
    for key in ("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}" + name, name):
        if value := element.get(key):
            return str(value)
    return ""


def _creators(type_: str, group: Element) -> Iterator[ZoteroCreator]:
    for person in group.iter("{*}Person", "{*}Organization"):
        said = {local_name(part).lower(): line_of(part) for part in person}
        first = said.get("givenname") or said.get("firstname", "")
        last = said.get("surname") or said.get("lastname") or said.get("name", "")
        if first or last:
            yield ZoteroCreator(type_, first, last, is_whole=not first)


_TYPES = {
    "Article": "journalArticle", "Book": "book", "BookSection": "bookSection", "Thesis": "thesis",
    "Report": "report", "Patent": "patent", "Manuscript": "manuscript", "Document": "document",
    "Memo": "note", "Attachment": "attachment",
}  # fmt: skip
"""Classes → Zotero's types, for exports that do not say them."""

_FIELDS = {
    "abstract": "abstractNote", "description": "extra", "number": "issue",
    "alternative": "journalAbbreviation", "coverage": "archiveLocation",
    "dateSubmitted": "accessDate", "citationkey": "citationKey",
}  # fmt: skip
"""Names → Zotero's fields; others are called as they are."""

_CONTAINER_TITLES = {
    "Journal": "publicationTitle", "Periodical": "publicationTitle",
    "Newspaper": "publicationTitle", "Book": "bookTitle", "Website": "websiteTitle",
    "Blog": "blogTitle", "Forum": "forumTitle", "Series": "series", "Conference": "conferenceName",
}  # fmt: skip
"""Classes of what an item is part of → the field for its title."""

_COLLECTIONS = ("Collection",)
_NOT_ITEMS = frozenset(["note", "attachment", ""])


class Resources:
    """Resources that name one another. `links` counts what binds items, which nobody takes."""

    def __init__(self, held: list[Resource]) -> None:
        self._held = held
        self._by_name = {one.about: one for one in held if one.about}
        self._named = Counter(target for one in held for target in _targets(one))
        self._collections = self._collection_paths()
        self.links = sum(how == "relation" for one in held for how, _ in one.names)
        self.loose_files = sum(
            _type(one) == "attachment" and not self._named[one.about] for one in held
        )

    def items(self) -> Iterator[Resource]:
        """Yield the resources that are works, in the order of the file."""
        return (
            one for one in self._held if _type(one) not in _NOT_ITEMS and not self._is_part(one)
        )

    def _is_part(self, one: Resource) -> bool:
        return one.kind in _CONTAINER_TITLES and not one.value("itemType") and (
            self._named[one.about] > 0 or one.kind not in _TYPES
        )  # fmt: skip

    def free_notes(self) -> Iterator[ZoteroNote]:
        """Yield the notes that belong to no item."""
        for one in self._held:
            if _type(one) == "note" and not self._named[one.about]:
                yield _note(one)

    def item(self, one: Resource) -> ZoteroItem:
        """Return a work in Zotero's words, with all that it names."""
        fields: dict[str, str] = {}
        tags: list[str] = []
        automatic: list[str] = []
        self._take(one, fields)
        for name, text in one.values:
            if name == "subject":
                tags.append(text)
        for name, part in one.parts:
            if name == "subject":
                text = part.value("value")
                if part.kind == "LCC":
                    fields.setdefault("callNumber", text)
                elif text:
                    (automatic if part.kind == "AutomaticTag" else tags).append(text)
        attached = [self._by_name[to] for _, to in one.names if to in self._by_name]
        return ZoteroItem(
            key=one.about,
            type=_type(one),
            fields=fields,
            creators=tuple(one.creators),
            tags=tuple(tags),
            automatic_tags=tuple(automatic),
            collections=tuple(self._collections.get(one.about, ())),
            notes=tuple(_note(other) for other in attached if _type(other) == "note"
                        and ("isReferencedBy", other.about) in one.names),
            attachments=tuple(
                _attachment(other) for other in attached if _type(other) == "attachment"
            ),
        )  # fmt: skip

    def _take(self, one: Resource, fields: dict[str, str]) -> None:
        """Take the fields of an item: its own, and those of what it is part of."""
        for name, text in one.values:
            _put(fields, name, text)
        for name, part in one.parts:
            self._take_part(name, part, fields)
        for name, target in one.names:
            if name in _PART_OF and (whole := self._by_name.get(target)) is not None:
                self._take_part(name, whole, fields, is_shared=self._named[target] > 1)
        if "date" in fields and (date := written_date(fields["date"])).year:
            # As the database has it: for a machine, then as it was written.
            told = f"{date.year:04}-{date.month or 0:02}-{date.day or 0:02}"
            fields["date"] = told if date.is_whole else f"{told} {fields['date']}"

    def _take_part(
        self, name: str, part: Resource, fields: dict[str, str], *, is_shared: bool = False
    ) -> None:
        if name == "publisher":
            _set(fields, "publisher", part.value("name"))
            for _, address in part.parts:
                _set(fields, "place", address.value("locality"))
        elif name == "identifier" and part.kind == "URI":
            _set(fields, "url", part.value("value"))
        elif name in _PART_OF:
            for of_part, text in part.values:
                if of_part == "title":
                    _set(fields, _CONTAINER_TITLES.get(part.kind, "proceedingsTitle"), text)
                elif not (is_shared and text.upper().startswith("DOI ")):
                    _put(fields, of_part, text)
            for of_part, inner in part.parts:
                self._take_part(of_part, inner, fields)

    def _collection_paths(self) -> dict[str, list[str]]:
        """Return the paths of the collections that each item lies in: ``parent/child``."""
        collections = {one.about: one for one in self._held if one.kind in _COLLECTIONS}
        above = {
            target: one.about
            for one in collections.values()
            for _, target in one.names
            if target in collections
        }
        paths: dict[str, list[str]] = defaultdict(list)
        for about, one in collections.items():
            path = "/".join(reversed(list(_names_upwards(about, collections, above))))
            for how, target in one.names:
                if how == "hasPart" and target not in collections and path:
                    paths[target].append(path)
        return paths


_PART_OF = frozenset(["isPartOf", "presentedAt"])


def _names_upwards(
    about: str, collections: dict[str, Resource], above: dict[str, str]
) -> Iterator[str]:
    seen: set[str] = set()
    while about in collections and about not in seen:
        seen.add(about)
        yield collections[about].value("title")
        about = above.get(about, "")


def _targets(one: Resource) -> Iterator[str]:
    """Yield what a resource names as a part of its own: not what it is merely related to."""
    for how, target in one.names:
        if how not in ("relation", "hasPart"):
            yield target
    for _, part in one.parts:
        yield from _targets(part)


def _type(one: Resource) -> str:
    if one.kind in _COLLECTIONS:
        return ""
    return one.value("itemType") or _TYPES.get(one.kind, "document")


_NUMBERED = frozenset(["DOI", "ISSN", "ISBN"])


def _put(fields: dict[str, str], name: str, text: str) -> None:
    """Set the field for a value; ``DOI 10.1/x`` says itself which one it is."""
    if name == "identifier":
        scheme, _, number = text.partition(" ")
        if scheme.upper() in _NUMBERED and number:
            name, text = scheme.upper(), number
            fields[name] = f"{fields[name]} {text}" if name in fields and name != "DOI" else text
            return
    if name not in ("itemType", "subject"):
        _set(fields, _FIELDS.get(name, name), text)


def _set(fields: dict[str, str], name: str, text: str) -> None:
    if text:
        fields.setdefault(name, text)


def _note(one: Resource) -> ZoteroNote:
    return ZoteroNote("", one.value("value") or one.value("description"))


def _attachment(one: Resource) -> ZoteroAttachment:
    mode = whole_number(one.value("linkMode"))
    path = next((target for how, target in one.names if how == "resource"), "")
    url = next((part.value("value") for how, part in one.parts if how == "identifier"), "")
    return ZoteroAttachment(
        key=one.about,
        title=one.value("title"),
        path=path,
        media_type=one.value("type"),
        link_mode=-1 if mode is None else mode,
        url=url,
        note=one.value("description"),
    )
