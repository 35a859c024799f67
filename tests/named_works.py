"""Services that know some works by their names, on a local server, in their own formats.

::

    with LocalServer() as server:
        services = Services(server)
        services.arxiv["2510.06638"] = Known("On Oysters and Their Sorting")
        ...
        assert services.asked == ["/api/query?id_list=2510.06638"]
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.sax.saxutils import escape

from local_server import Ask, LocalServer, Reply

PATHS = {
    "arxiv": "", "arxiv-api": "/api/query", "crossref": "", "doi": "/doi", "openreview-api": "",
    "openreview-old": "/old", "acl": "/acl", "pubmed": "/eutils",
}  # fmt: skip
"""Where on the server each service is, by its name in the settings."""

NOTHING = Reply(b"not here", status=404)


@dataclass(frozen=True)
class Known:
    """A work as its service tells of it."""

    title: str
    author: str = "Ada Author"
    year: int = 2025
    abstract: str = "We look at it. It follows."
    doi: str = ""
    version: int = 1


@dataclass
class Services:
    """What each service knows, by the names of works; DOIs in lower case."""

    server: LocalServer
    arxiv: dict[str, Known] = field(default_factory=dict)
    crossref: dict[str, Known] = field(default_factory=dict)
    resolver: dict[str, Known] = field(default_factory=dict)
    openreview: dict[str, Known] = field(default_factory=dict)
    openreview_old: dict[str, Known] = field(default_factory=dict)
    acl: dict[str, Known] = field(default_factory=dict)
    pubmed: dict[str, Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.answers("/api/query", self._arxiv)
        self.server.answers("/notes", self._openreview)
        self.server.answers("/old/notes", self._openreview_old)
        self.server.answers("/eutils/efetch.fcgi", self._pubmed)

    def expect(self, *paths: str) -> None:
        """Have addresses answered that name a work in their path: ``/works/10.1000/x``."""
        for path in paths:
            self.server.answers(path, self._by_path)

    @property
    def addresses(self) -> dict[str, str]:
        """The settings that lead to these services."""
        return {name: self.server.url(path) for name, path in PATHS.items()}

    @property
    def settings(self) -> str:
        """The text of a settings file that leads to these services."""
        lines = [f'{name} = "{address}"' for name, address in self.addresses.items()]
        return "\n".join(["[services]", *lines, ""])

    @property
    def asked(self) -> list[str]:
        """What was asked, path by path."""
        return [ask.path for ask in self.server.asked]

    def _by_path(self, ask: Ask) -> Reply:
        path = unquote(ask.path)
        if path.startswith("/works/"):
            return self._crossref(path.removeprefix("/works/"))
        if path.startswith("/doi/"):
            return self._resolver(path.removeprefix("/doi/"), ask)
        return self._acl(path.removeprefix("/acl/").removesuffix(".bib"))

    def _arxiv(self, ask: Ask) -> Reply:
        known = [(id_, self.arxiv[id_]) for id_ in ask.query["id_list"].split(",")
                 if id_ in self.arxiv]  # fmt: skip
        return Reply(arxiv_answer(known))

    def _crossref(self, doi: str) -> Reply:
        work = self.crossref.get(doi.lower())
        if work is None:
            return NOTHING
        given, _, family = work.author.rpartition(" ")
        told = {
            "DOI": doi, "type": "journal-article", "title": [work.title], "prefix": "10.1000",
            "author": [{"given": given, "family": family, "sequence": "first"}],
            "issued": {"date-parts": [[work.year]]}, "container-title": ["Journal of Shells"],
            "abstract": work.abstract,
        }  # fmt: skip
        return _json({"status": "ok", "message-type": "work", "message": told})

    def _resolver(self, doi: str, ask: Ask) -> Reply:
        work = self.resolver.get(doi.lower())
        if work is None or "csl+json" not in ask.headers["accept"]:
            return NOTHING
        given, _, family = work.author.rpartition(" ")
        return _json(
            {
                "type": "dataset", "id": f"https://doi.org/{doi}", "DOI": doi.upper(),
                "title": work.title, "author": [{"given": given, "family": family}],
                "issued": {"date-parts": [[work.year]]}, "categories": ["Shells", "Sorting"],
            }
        )  # fmt: skip

    def _openreview(self, ask: Ask) -> Reply:
        work = self.openreview.get(ask.query["id"])
        if work is None:
            return Reply(json.dumps({"name": "NotFoundError"}).encode(), status=404)
        told = {"title": work.title, "authors": [work.author], "abstract": work.abstract,
                "venue": f"ICLR {work.year}"}  # fmt: skip
        content = {name: {"value": value} for name, value in told.items()}
        id_ = ask.query["id"]
        return _json({"notes": [{"id": id_, "forum": id_, "content": content}], "count": 1})

    def _openreview_old(self, ask: Ask) -> Reply:
        work = self.openreview_old.get(ask.query["id"])
        if work is None:
            return Reply(b'{"notes": [], "count": 0}', content_type="application/json")
        id_, content = ask.query["id"], {"title": work.title, "authors": [work.author]}
        return _json({"notes": [{"id": id_, "forum": id_, "content": content}], "count": 1})

    def _acl(self, id_: str) -> Reply:
        work = self.acl.get(id_)
        if work is None:
            return NOTHING
        entry = (
            f"@inproceedings{{{work.author.split()[-1].lower()}-{work.year}-shells,\n"
            f'    title = "{work.title}",\n    author = "{work.author}",\n'
            f'    year = "{work.year}",\n'
            f'    booktitle = "Proceedings of Shells",\n'
            f'    url = "https://aclanthology.org/{id_}/",\n'
            f'    abstract = "{work.abstract}",\n}}\n'
        )
        return Reply(entry.encode(), content_type="text/plain")

    def _pubmed(self, ask: Ask) -> Reply:
        known = [(id_, self.pubmed[id_]) for id_ in ask.query["id"].split(",")
                 if id_ in self.pubmed]  # fmt: skip
        articles = "".join(
            f"<PubmedArticle><MedlineCitation><PMID>{id_}</PMID><Article>"
            f"<Journal><JournalIssue><PubDate><Year>{work.year}</Year></PubDate></JournalIssue>"
            f"<Title>Shells</Title></Journal><ArticleTitle>{escape(work.title)}</ArticleTitle>"
            "<AuthorList><Author><LastName>Author</LastName><ForeName>Ada</ForeName></Author>"
            "</AuthorList></Article></MedlineCitation></PubmedArticle>"
            for id_, work in known
        )
        return Reply(
            f"<?xml version='1.0'?><PubmedArticleSet>{articles}</PubmedArticleSet>".encode()
        )


def arxiv_answer(known: list[tuple[str, Known]]) -> bytes:
    """Return an answer of arXiv's API that holds some works, by their ids."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{id_}v{work.version}</id>"
        f"<title>{escape(work.title)}</title><summary>{escape(work.abstract)}</summary>"
        f"<published>{work.year}-10-08T04:00:00Z</published>"
        f"<updated>{work.year}-10-0{min(7 + work.version, 9)}T04:00:00Z</updated>"
        f"<author><name>{escape(work.author)}</name></author>"
        + (f"<arxiv:doi>{work.doi}</arxiv:doi>" if work.doi else "")
        + '<arxiv:primary_category term="cs.CL"/><category term="cs.CL"/></entry>'
        for id_, work in known
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom"><id>http://arxiv.org/api/x</id>'
        f"<title>arXiv Query</title>{entries}</feed>"
    ).encode()


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), content_type="application/json")
