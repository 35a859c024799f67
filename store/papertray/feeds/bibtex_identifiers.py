"""The identifiers of one entry, wherever its program wrote them: ``eprint``, ``journal``, ``url``.

An arXiv id may stand in ``eprint`` (with ``archiveprefix`` or ``eprinttype``), in a journal called
``arXiv preprint arXiv:1706.03762`` or ``CoRR``, in ``number``, ``note``, a DOI or an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from papertray.core.identifiers import bare_doi, split_arxiv_id

_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s,;]+")
# What is copied along with a DOI: the query of an address, or the rest of a JSON object.
_AFTER_DOI = re.compile(r"(?:\?[a-z_]{2,20}=|\").*", re.DOTALL | re.IGNORECASE)
_DOI_HOST = re.compile(
    r"https?://(?:[\w-]+\.)*(?:doi|doi\.acm|dx\.doi)\.org/(10\..+)", re.IGNORECASE
)
_ID = r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?"
_ARXIV_ID = re.compile(rf"(?:arxiv\s*:\s*|(?:https?://)?arxiv\.org/(?:abs|pdf)/)?({_ID})(?:\.pdf)?"
                       r"(?:\s*\[[^\]]*\])?\.?", re.IGNORECASE)  # fmt: skip
_ARXIV_VENUE = re.compile(
    rf"(?:arxiv(?:\.org)?(?:\s*\(cornell university\))?(?:\s+e-?prints?|\s+preprints?)?|corr)"
    rf"(?:[\s,:(]+(?:arxiv\s*:\s*|abs/)?({_ID})\)?)?(?:\s*[\[(][^\])]*[\])])?\.?",
    re.IGNORECASE,
)
_ARXIV_IN_TEXT = re.compile(rf"arxiv\s*:\s*({_ID})(?![\w.]\w)", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."
_ABS = re.compile(r"(?:abs/)?(\S+)")
_PMID = re.compile(r"PMID:?\s*([0-9]{4,9})\b", re.IGNORECASE)
_PMCID = re.compile(r"PMC[0-9]{4,9}\b")
_ISSN = re.compile(r"\b[0-9]{4}[-–]?[0-9]{3}[0-9Xx](?![0-9-])")
_ISBN = re.compile(r"\b(?:97[89][- –]?)?(?:[0-9][- –]?){9}[0-9Xx]\b")
_ACL = re.compile(
    r"aclanthology\.org/(?:anthology/)?([A-Z][0-9]{2}-[0-9]{4}|[0-9]{4}\.[\w-]+\.[0-9]+)"
)
_OPENREVIEW = re.compile(r"openreview\.net/(?:forum|pdf)\?id=([\w-]+)")
_DBLP = re.compile(r"dblp\.[\w.-]+/rec/(?:bib/)?((?:conf|journals|books|phd|series)/[^\s.{}]+)")
_URL_COMMAND = re.compile(
    r"\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}|\\href\s*\{([^{}]*)\}\s*\{[^{}]*\}"
)
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+", re.IGNORECASE)
_VERBATIM = re.compile(
    r"\{?\$\s*\\(?:sim|backslash)\s*\$\}?|\{\\textasciitilde(?:\{\})?\}|\\textasciitilde(?:\{\})?\s?"
    r"|\{\\~(?:\{\})?\}|\\~\{\}|\{?\\text(less|greater|underscore|backslash)(?:\{\})?\}?"
    r"|\{\\([_&%#$^])(?:\{\})?\}|\\([_&%#${}^~])(?:\{\})?|\{?\$([<>])\$\}?|[{}]"
)
_SPELLED = {"less": "<", "greater": ">", "underscore": "_", "backslash": "\\"}


def verbatim(text: str) -> str:
    """Return an address, DOI or path without the TeX that programs put around its characters."""
    text = " ".join(text.split())
    if "\\" not in text and "{" not in text and "$" not in text:
        return text

    def plain(found: re.Match[str]) -> str:
        if found[1]:
            return _SPELLED[found[1]]
        character = found[2] or found[3] or found[4]
        if character:
            return character
        if "sim" in found[0] or "~" in found[0] or "tilde" in found[0]:
            return "~"
        return "\\" if "backslash" in found[0] else ""

    return _VERBATIM.sub(plain, text).strip()


class Identifiers:
    """What names the work of an entry; the fields that say it are taken out of `left`."""

    def __init__(self, left: dict[str, str]) -> None:
        self._left = left
        self._others: list[tuple[str, str]] = []
        self.arxiv_id = self.primary_class = self.pdf_url = ""
        self.arxiv_version: int | None = None
        self.url = self._address()
        self.doi = self._find_doi()
        self._find_arxiv()

    def identifiers(self, key: str) -> Iterator[tuple[str, str]]:
        """Yield (scheme, value) of all others; `key` is the entry's: DBLP makes it of its own."""
        found = dict.fromkeys((*self._others, *self._numbers(), *self._services(key)))
        yield from found

    def _address(self) -> str:
        left = self._left
        for name in ("howpublished", "note"):
            value = left.get(name, "")
            command = _URL_COMMAND.search(value) if "\\" in value else None
            bare = command is None and _ADDRESS.fullmatch(value.strip(" {}"))
            if (command or bare) and "url" not in left:
                left["url"] = (command[1] or command[2]) if command else value
                rest = _URL_COMMAND.sub("", value) if command else ""
                if not re.search(r"[^\W_]", rest):
                    del left[name]
        pdf = verbatim(left.get("pdf", ""))
        if pdf.lower().startswith(("http:", "https:")) and " " not in pdf:
            self.pdf_url = pdf
            del left["pdf"]
        value = left.get("url", "")
        command = _URL_COMMAND.fullmatch(value.strip())
        url = verbatim((command[1] or command[2]) if command else value)
        if not url:
            return ""
        addresses = url.split()
        if len(addresses) > 1 and not all(_ADDRESS.fullmatch(one) for one in addresses[:2]):
            addresses = [url.replace(" ", "")] if _ADDRESS.match(url) else [url]
        if len(addresses) == 1:
            del left["url"]
        return addresses[0].rstrip(",;")

    def _find_doi(self) -> str:
        value = _AFTER_DOI.sub("", verbatim(self._left.get("doi", "")))
        doi = bare_doi(value)
        if not doi and (found := _DOI.search(value)):
            doi = found[0].rstrip(".")
        if doi:
            del self._left["doi"]
            return doi
        host = _DOI_HOST.fullmatch(self.url)
        return bare_doi(self.url) or (bare_doi(host[1]) if host else "")

    def _set_arxiv(self, text: str) -> bool:
        found = _ARXIV_ID.fullmatch(text.strip())
        split = split_arxiv_id(found[1]) if found else None
        if split and not self.arxiv_id:
            self.arxiv_id, self.arxiv_version = split
        return split is not None and split[0] == self.arxiv_id

    def _find_arxiv(self) -> None:
        left = self._left
        self._from_eprint()
        for name in ("arxivid", "arxiv", "arxiv_id"):
            if name in left and self._set_arxiv(verbatim(left[name])):
                del left[name]
        self._from_venue()
        number = verbatim(left.get("number", ""))
        if number.lower().startswith("arxiv:") and self._set_arxiv(number):
            del left["number"]
        for name in ("note", "howpublished", "type"):
            if name in left and (found := _ARXIV_IN_TEXT.search(left[name])):
                self._set_arxiv(found[1])
        doi = self.doi.lower()
        if doi.startswith(_ARXIV_DOI):
            self._set_arxiv(doi.removeprefix(_ARXIV_DOI))
        if "arxiv.org/" in self.url.lower() and not self.arxiv_id:
            found_id = split_arxiv_id(self.url.split("#")[0].split("?")[0])
            if found_id:
                self.arxiv_id, self.arxiv_version = found_id

    def _from_eprint(self) -> None:
        left = self._left
        eprint = verbatim(left.get("eprint", ""))
        kinds = [name for name in ("archiveprefix", "eprinttype") if name in left]
        kind = verbatim(left[kinds[0]]).lower() if kinds else ""
        if not eprint:
            return
        if kind in ("", "arxiv", "arxiv.org") and self._set_arxiv(eprint):
            for name in ("eprint", *kinds):
                del left[name]
            for name in ("primaryclass", "eprintclass"):
                if name in left:
                    self.primary_class = self.primary_class or verbatim(left.pop(name))
        elif kind in ("pubmed", "pmid") and eprint.isdecimal():
            self._others.append(("pubmed", eprint))
        elif kind in ("pmc", "pmcid", "hal") and eprint.isalnum():
            self._others.append((kind[:3], eprint))

    def _from_venue(self) -> None:
        """Take arXiv out of the journal, where the id stands there or is known otherwise."""
        left = self._left
        for name in ("journal", "journaltitle", "booktitle", "howpublished", "publisher"):
            value = left.get(name, "")
            found = _ARXIV_VENUE.fullmatch(verbatim(value)) if value else None
            if found is None:
                continue
            if found[1]:
                self._set_arxiv(found[1])
            volume = _ABS.fullmatch(verbatim(left.get("volume", "")))
            if volume and self._set_arxiv(volume[1]):
                del left["volume"]
            if self.arxiv_id:
                del left[name]
                number = left.get("number", "")
                if number and self._set_arxiv(verbatim(number)):
                    del left["number"]

    def _numbers(self) -> Iterator[tuple[str, str]]:
        left = self._left
        for name, scheme, pattern in (("isbn", "isbn", _ISBN), ("issn", "issn", _ISSN)):
            value = verbatim(left.get(name, "")) if name in left else ""
            yield from ((scheme, number) for number in pattern.findall(value))
            if value and not re.search(r"[^\W_]", pattern.sub("", value)):
                del left[name]
        pmid = verbatim(left.get("pmid", ""))
        if pmid.isdecimal():
            del left["pmid"]
            yield "pubmed", pmid
        elif "PMID" in left.get("note", "") and (found := _PMID.search(verbatim(left["note"]))):
            yield "pubmed", found[1]
        for name in ("pmcid", "pmc"):
            number = _PMCID.fullmatch(verbatim(left.get(name, "")))
            if number:
                del left[name]
                yield "pmc", number[0]

    def _services(self, key: str) -> Iterator[tuple[str, str]]:
        if found := _ACL.search(self.url):
            yield "acl", found[1]
        if found := _OPENREVIEW.search(self.url):
            yield "openreview", found[1]
        if key.startswith("DBLP:") and key.count("/") == 2:
            yield "dblp", key.removeprefix("DBLP:")
        elif found := _DBLP.search(verbatim(self._left.get("biburl", ""))):
            yield "dblp", found[1]
