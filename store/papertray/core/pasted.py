"""What somebody pastes to name a work: an arXiv id, a DOI, the address of a paper's page.

Pure: what cannot be told from the text alone is not guessed. A work of which only its name is known
has a placeholder for a title, until somebody tells more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from papertray.core.identifiers import bare_doi, doi_name, split_arxiv_id
from papertray.core.model import Record, Work


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A work by one name: an identifier as the tray spells it. A DOI keeps its letters' case.

    `scheme` is ``arxiv``, ``doi``, ``openreview``, ``acl`` or ``pubmed``.
    """

    scheme: str
    value: str

    @property
    def pair(self) -> tuple[str, str]:
        """The (scheme, value) by which the tray knows the work."""
        return doi_name(self.value) if self.scheme == "doi" else (self.scheme, self.value)

    @property
    def title(self) -> str:
        """The placeholder that stands for its title: ``arXiv:2510.06638``."""
        return f"{_SHOWN[self.scheme]}:{self.value}"

    @property
    def site(self) -> str:
        """The host that the work is known from: the feed of what is added by its name."""
        return _SITES[self.scheme]


_SHOWN = {
    "arxiv": "arXiv", "doi": "doi", "openreview": "openreview", "acl": "acl", "pubmed": "pubmed",
}  # fmt: skip
SCHEMES = frozenset(_SHOWN)
"""The schemes that a `Named` may have."""

_SITES = {
    "arxiv": "arxiv.org", "doi": "doi.org", "openreview": "openreview.net",
    "acl": "aclanthology.org", "pubmed": "pubmed.ncbi.nlm.nih.gov",
}  # fmt: skip
_PAGES = {
    "openreview": "https://openreview.net/forum?id={}",
    "acl": "https://aclanthology.org/{}",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}/",
}
"""The page of a work whose name no field of ours holds, so that it can be opened."""

_SCHEMES = {shown: scheme for scheme, shown in _SHOWN.items()}
_BEGINNINGS = tuple(f"{shown}:" for shown in _SCHEMES)


def named_by_placeholder(title: str) -> Named | None:
    """Return what a title names that is a placeholder, None for a title that somebody gave."""
    if not title.startswith(_BEGINNINGS) or " " in title:  # so nearly all: before anything else
        return None
    shown, _, value = title.partition(":")
    found = parse_pasted(f"{shown}:{value}") if shown in ("arXiv", "doi") else None
    if found is None and shown not in ("arXiv", "doi") and value:
        found = Named(_SCHEMES[shown], value)
    return found if found is not None and found.title == title else None


def is_placeholder(title: str) -> bool:
    """Tell whether a title only says by what name a work was asked for."""
    return named_by_placeholder(title) is not None


def placeholder(named: Named) -> Record:
    """Return a work of which nothing is known but its name."""
    page = _PAGES.get(named.scheme)
    return Record(
        Work(
            named.title,
            doi=named.value if named.scheme == "doi" else "",
            arxiv_id=named.value if named.scheme == "arxiv" else "",
            url=page.format(named.value) if page else "",
        ),
        identifiers=() if named.scheme in ("doi", "arxiv") else (named.pair,),
    )


WHAT_IS_TAKEN = "a file, a folder, an arXiv id (2510.06638), a DOI (10.1145/…) or a web address"
"""What can be added, for messages."""


def is_web_address(text: str) -> bool:
    """Tell an address of the web, which can be fetched, from all else."""
    return _split(text) is not None


def parse_pasted(text: str) -> Named | None:
    """Return the work that a pasted text names, or None.

    Taken are arXiv ids (``2510.06638v2``, ``arXiv:…``, ``math/0309136``; the version is left out),
    DOIs (``10.1145/…``, ``doi:…``) and the addresses of pages and PDFs of arXiv and those who show
    its papers, Hugging Face, OpenReview, the ACL Anthology, PubMed, doi.org, and of publishers who
    have the DOI in their addresses. The same DOI that arXiv gave is an arXiv id.
    """
    text = _bare(text)
    if not text or len(text) > _LONGEST or any(sign.isspace() for sign in text):
        return None
    found = _arxiv(text) or _doi(text)
    if found is None and (address := _split(text) or _split_known(text)):
        found = _by_address(address)
    return found


_LONGEST = 1000
_TAIL = ".,;:"


def _bare(text: str) -> str:
    """Return a text without what a sentence puts around it."""
    text = text.strip().removeprefix("<").removesuffix(">").rstrip(_TAIL)
    while text[-1:] in (")", "]") and text.count(text[-1]) > text.count("(["[text[-1] == "]"]):
        text = text[:-1].rstrip(_TAIL)
    return text


# Of before 2007: nothing else with a slash and digits (a path) is an id.
_ARCHIVES = frozenset(
    """acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas
    cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex
    nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con""".split()
)
_MONTHS = frozenset(f"{month:02d}" for month in range(1, 13))


def _arxiv(text: str) -> Named | None:
    """Return the arXiv paper that an id, or an address that only adds to it, names."""
    parsed = split_arxiv_id(text)
    if parsed is None:
        return None
    archive, _, number = parsed[0].rpartition("/")
    if number[2:4] not in _MONTHS or (archive and archive not in _ARCHIVES):
        return None
    # The months of 2007 to 2014 have four digits, all later ones five.
    if not archive and (number[:4] < "1501") is not (len(number) == len("1412.0001")):
        return None
    return Named("arxiv", parsed[0])


def _doi(text: str) -> Named | None:
    doi = bare_doi(text)
    if not doi:
        return None
    scheme, value = doi_name(doi)
    return Named("arxiv", value) if scheme == "arxiv" else Named("doi", doi)


def _split(text: str) -> SplitResult | None:
    if not text.lower().startswith(("http://", "https://")) or not text.isprintable():
        return None
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket that opens no address of IPv6
        return None
    return parts if parts.hostname and not any(map(str.isspace, text)) else None


def _split_known(text: str) -> SplitResult | None:
    """Split an address that came without ``https://``, where its host is one that we know."""
    parts = _split(f"https://{text}")
    return parts if parts is not None and _host(parts) in _KNOWN else None


def _host(address: SplitResult) -> str:
    host = (address.hostname or "").removeprefix("www.")
    return "onlinelibrary.wiley.com" if host.endswith(".onlinelibrary.wiley.com") else host


_OF_ARXIV = frozenset(
    """arxiv.org export.arxiv.org de.arxiv.org cn.arxiv.org ar5iv.org ar5iv.labs.arxiv.org
    alphaxiv.org browse.arxiv.org""".split()
)
_ARXIV_PATH = re.compile(
    r"/(?:abs|pdf|html|ps|format|overview|resources|src|e-print)/(.+?)(?:\.pdf)?/?"
)
_HUGGING_FACE = re.compile(r"/papers/([0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?/?")
_ACL = re.compile(
    r"/(?:anthology/)?([A-Z][0-9]{2}-[0-9]{4,5}|[0-9]{4}\.[\w-]+\.[0-9]+)(?:v[0-9]+)?"
    r"(?:\.(?:pdf|bib|xml|endf))?/?",
    re.ASCII,
)
_OPENREVIEW = re.compile(r"[\w-]{4,40}", re.ASCII)
_PUBMED = re.compile(r"/(?:pubmed/)?([0-9]{1,9})/?")


def _by_address(address: SplitResult) -> Named | None:
    host, path = _host(address), unquote(address.path)
    if host in _OF_ARXIV:
        found = _ARXIV_PATH.fullmatch(path)
        return _arxiv(found[1]) if found else None
    if host in ("huggingface.co", "hf.co"):
        found = _HUGGING_FACE.fullmatch(path)
        return _arxiv(found[1]) if found else None
    if host == "openreview.net" and path in ("/forum", "/pdf", "/attachment"):
        (value, *_) = parse_qs(address.query).get("id", [""])
        return Named("openreview", value) if _OPENREVIEW.fullmatch(value) else None
    if host in ("aclanthology.org", "aclweb.org"):
        found = _ACL.fullmatch(path)
        return Named("acl", found[1]) if found else None
    is_pubmed = host == "pubmed.ncbi.nlm.nih.gov" or (
        host == "ncbi.nlm.nih.gov" and path.startswith("/pubmed/")
    )
    if is_pubmed and (found := _PUBMED.fullmatch(path)):
        return Named("pubmed", found[1].lstrip("0"))
    return _by_publisher(host, path, address.query)


_BEFORE_DOI = {
    "link.springer.com": r"/(?:article|chapter|book|referenceworkentry|content/pdf|epdf)/",
    "dl.acm.org": r"/(?:doi|doi/(?:abs|pdf|epdf|full|fullHtml|book|proceedings))/",
    "onlinelibrary.wiley.com": r"/doi/(?:(?:abs|full|pdf|epdf|pdfdirect|book)/)?",
    "tandfonline.com": r"/doi/(?:(?:abs|full|pdf|epdf|ref)/)?",
    "journals.sagepub.com": r"/doi/(?:(?:abs|full|pdf|epub|reader)/)?",
    "pubs.acs.org": r"/doi/(?:(?:abs|full|pdf|epdf)/)?",
    "science.org": r"/doi/(?:(?:abs|full|pdf|epdf|reader)/)?",
    "pnas.org": r"/doi/(?:(?:abs|full|pdf|epdf)/)?",
    "epubs.siam.org": r"/doi/(?:(?:abs|full|pdf|epdf|book)/)?",
    "annualreviews.org": r"/doi/(?:(?:abs|full|pdf)/)?",
    "royalsocietypublishing.org": r"/doi/(?:(?:abs|full|pdf|epdf)/)?",
    "pubsonline.informs.org": r"/doi/(?:(?:abs|full|pdf|epdf)/)?",
    "journals.aps.org": r"/[a-z]+/(?:abstract|pdf|references|supplemental)/",
    "iopscience.iop.org": r"/article/",
    "frontiersin.org": r"/(?:journals/[\w-]+/)?articles/",
    "biorxiv.org": r"/content/(?:biorxiv/early/[0-9/]+/)?",
    "medrxiv.org": r"/content/(?:medrxiv/early/[0-9/]+/)?",
}
"""What stands before a DOI in the addresses of those who have all of it there."""

_BY_PUBLISHER = {host: re.compile(before + r"(10\.[0-9]{4,9}/.+)")
                 for host, before in _BEFORE_DOI.items()}  # fmt: skip
_AFTER_DOI = re.compile(
    r"(?:/(?:full|abstract|pdf|epdf|meta|html|summary)|(?:/|\.)full(?:\.pdf|-text|\.html)?"
    r"|\.full-text|\.abstract|\.pdf|\.html)?/?$"
)
_VERSION = re.compile(r"v[0-9]{1,2}$")
_NATURE = re.compile(
    r"/articles/([sd]4[0-9]{4}-[0-9]{3}-[0-9]{5}-[0-9a-z]|(?:nature|ncomms|srep)[0-9]{4,6})"
    r"(?:\.pdf|_reference\.pdf)?/?"
)
_OTHER_PREFIX = ("s41599", "d41599")
"""Of nature.com, but with the DOI prefix of Palgrave."""


def _by_publisher(host: str, path: str, query: str) -> Named | None:
    if host == "nature.com":
        article = _NATURE.fullmatch(path)
        if article is None:
            return None
        prefix = "10.1057" if article[1].startswith(_OTHER_PREFIX) else "10.1038"
        return Named("doi", f"{prefix}/{article[1]}")
    if host == "journals.plos.org":
        (doi, *_) = parse_qs(query).get("id", [""])
        return _doi(doi)
    if host not in _BY_PUBLISHER:
        return None
    found = _BY_PUBLISHER[host].fullmatch(path)
    if found is None:
        return None
    doi = _AFTER_DOI.sub("", found[1], count=1)
    if host in ("biorxiv.org", "medrxiv.org"):
        doi = _VERSION.sub("", doi)
    return _doi(doi)


_KNOWN = _OF_ARXIV | _BY_PUBLISHER.keys() | {
    "huggingface.co", "hf.co", "openreview.net", "aclanthology.org", "aclweb.org",
    "pubmed.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov", "nature.com", "journals.plos.org",
}  # fmt: skip
