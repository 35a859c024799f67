"""Services that answer as the real ones do, with papers that are made up: one title a paper.

Each holds `papers`: a title and the UTC day that the service tells them by. Answers are pages of
`PAGE` papers, found by the parameters that the real service knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

from local_server import Ask, LocalServer, Reply

PAGE = 5


@dataclass
class Service:
    """What all of them share."""

    papers: list[tuple[str, date]] = field(default_factory=list)

    def within(self, first: str, last: str) -> list[tuple[str, date]]:
        days = date.fromisoformat(first), date.fromisoformat(last)
        found = [paper for paper in self.papers if days[0] <= paper[1] <= days[1]]
        return sorted(found, key=lambda paper: paper[1])

    def answer(self, ask: Ask) -> Reply:
        raise NotImplementedError


def number(title: str) -> int:
    """Return a number that only papers of this title have."""
    return int.from_bytes(title.encode()[-3:], "big") % 90000 + 10000


def json_reply(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), content_type="application/json")


@dataclass
class ArxivOai(Service):
    """`created` holds when a paper was first submitted, where it was only touched later.

    The tokens in `expired` are not known any more; each expires once.
    """

    created: dict[str, date] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)

    def answer(self, ask: Ask) -> Reply:
        assert ask.query["verb"] == "ListRecords"
        token = ask.query.get("resumptionToken", "")
        if token in self.expired:
            self.expired.remove(token)
            return oai('<error code="badResumptionToken">It expired.</error>')
        if token:
            assert set(ask.query) == {"verb", "resumptionToken"}
            first, last, start = token.split("|")
        else:
            assert ask.query["metadataPrefix"] == "arXiv"
            first, last, start = ask.query["from"], ask.query["until"], "0"
        found = self.within(first, last)
        if not found:
            return oai('<error code="noRecordsMatch">Nothing.</error>')
        end = int(start) + PAGE
        records = "".join(self._record(*paper) for paper in found[int(start) : end])
        rest = f"{first}|{last}|{end}" if end < len(found) else ""
        mark = f'<resumptionToken cursor="{start}">{rest}</resumptionToken>'
        return oai(f"<ListRecords>{records}{mark}</ListRecords>")

    def _record(self, title: str, day: date) -> str:
        return (
            f"<record><header><identifier>oai:arXiv.org:2611.{number(title)}</identifier>"
            f"<datestamp>{day}</datestamp></header><metadata>"
            f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2611.{number(title)}</id>'
            f"<created>{self.created.get(title, day)}</created><authors><author>"
            "<keyname>Ito</keyname></author></authors>"
            f"<title>{title}</title><categories>cs.CL</categories></arXiv></metadata></record>"
        )


def oai(inner: str) -> Reply:
    return Reply(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2026-11-23T07:00:00Z</responseDate>{inner}</OAI-PMH>\n".encode()
    )


@dataclass
class ArxivApi(Service):
    """The pages that begin at one of `empty` are empty, once for each time it is in there."""

    empty: list[int] = field(default_factory=list)

    def answer(self, ask: Ask) -> Reply:
        query, _, window = ask.query["search_query"].rpartition(" AND submittedDate:")
        assert (query[0], query[-1]) == ("(", ")")
        first, last = (
            f"{day[:4]}-{day[4:6]}-{day[6:8]}" for day in window.strip("[]").split(" TO ")
        )
        found = self.within(first, last)
        start = int(ask.query["start"])
        page = found[start : start + PAGE]
        if start in self.empty:
            self.empty.remove(start)
            page = []
        return atom("".join(map(entry, page)), len(found))


def entry(paper: tuple[str, date]) -> str:
    title, day = paper
    return (
        f"<entry><id>http://arxiv.org/abs/2611.{number(title)}v1</id><title>{title}</title>"
        f"<published>{day}T10:00:00Z</published><updated>{day}T10:00:00Z</updated>"
        "<summary>We show it.</summary><author><name>Ada Ito</name></author></entry>"
    )


def atom(entries: str, total: int) -> Reply:
    return Reply(
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>\n".encode()
    )


class HuggingFace(Service):
    def answer(self, ask: Ask) -> Reply:
        day = ask.query["date"]
        return json_reply([self._listing(*paper) for paper in self.within(day, day)])

    def _listing(self, title: str, day: date) -> dict[str, object]:
        paper = {
            "id": f"2611.{number(title)}", "title": title, "summary": "We show it.", "upvotes": 3,
            "authors": [{"name": "Ada Ito"}], "publishedAt": f"{day}T00:00:00.000Z",
        }  # fmt: skip
        return {"paper": paper, "publishedAt": f"{day}T10:00:00.000Z", "title": title}


class SemanticScholar(Service):
    def answer(self, ask: Ask) -> Reply:
        found = self.within(*ask.query["publicationDateOrYear"].split(":"))
        start = int(ask.query.get("token", "0"))
        page, end = found[start : start + PAGE], start + PAGE
        token = str(end) if end < len(found) else None
        return json_reply({"total": len(found), "token": token, "data": list(map(self._of, page))})

    def _of(self, paper: tuple[str, date]) -> dict[str, object]:
        title, day = paper
        return {"paperId": f"{number(title):040x}", "title": title, "publicationDate": str(day)}


class OpenAlex(Service):
    def answer(self, ask: Ask) -> Reply:
        first, last = (part.partition(":")[2] for part in ask.query["filter"].split(","))
        found = self.within(first, last)
        start = int(ask.query["cursor"].replace("*", "0"))
        works = [
            {"id": f"https://openalex.org/W{number(title)}", "title": title}
            for title, _ in found[start : start + PAGE]
        ]
        cursor = str(start + PAGE) if works else None
        meta = {"count": len(found), "db_response_time_ms": 9, "next_cursor": cursor}
        return json_reply({"meta": meta, "results": works})


@dataclass
class Biorxiv(Service):
    """`versions` holds the version of a paper that is not its first."""

    versions: dict[str, int] = field(default_factory=dict)

    def answer(self, ask: Ask) -> Reply:
        server, first, last, start, _ = ask.path.removeprefix("/details/").split("/")
        found = self.within(first, last)
        page = found[int(start) : int(start) + PAGE]
        if not page:
            return json_reply({"messages": [{"status": "no posts found"}], "collection": []})
        message = {"status": "ok", "cursor": int(start), "count": len(page)}
        preprints = [self._of(server, *paper) for paper in page]
        return json_reply(
            {"messages": [message | {"total": str(len(found))}], "collection": preprints}
        )

    def _of(self, server: str, title: str, day: date) -> dict[str, object]:
        return {
            "doi": f"10.1101/2026.11.01.{number(title)}", "title": title, "authors": "Ito, A.;",
            "date": str(day), "version": str(self.versions.get(title, 1)), "server": server,
        }  # fmt: skip


class Crossref(Service):
    def answer(self, ask: Ask) -> Reply:
        first, last = (part.partition(":")[2] for part in ask.query["filter"].split(","))
        rows = int(ask.query["rows"])
        found = self.within(first, last)
        start = int(ask.query["cursor"].replace("*", "0"))
        works = [
            {"DOI": f"10.1000/{number(title)}", "title": [title], "type": "journal-article"}
            for title, _ in found[start : start + rows]
        ]
        message = {"items": works, "next-cursor": str(start + rows), "total-results": len(found)}
        return json_reply({"status": "ok", "message-type": "work-list", "message": message})


ADDRESSES = {
    "arxiv-oai": "/oai", "arxiv-api": "/api/query", "hugging-face": "/hf",
    "semantic-scholar": "/graph/v1", "openalex": "/openalex", "biorxiv": "",
    "crossref": "/crossref",
}  # fmt: skip
"""Where on a server each service is, by its name in the settings."""


def addresses(server: LocalServer) -> dict[str, str]:
    return {name: server.url(path) for name, path in ADDRESSES.items()}
