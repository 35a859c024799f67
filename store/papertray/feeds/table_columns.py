"""What the columns of tables of papers are called, by the programs that export them.

Names are compared folded, by their letters and digits alone: ``Author(s)``, ``author_s`` and
``AUTHORS`` are alike. Known are the exports of Zotero, ASReview, Scopus, Web of Science, Embase,
PubMed, IEEE Xplore, Rayyan, Covidence, Dimensions, Lens, Google Scholar and of papertray.
"""

from __future__ import annotations

import re

from papertray.core.identity import fold
from papertray.feeds.format_names import Names


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TYPES = _columns(
    """itemtype documenttype publicationtype typeofreference referencetype bibliographytype
    worktype contenttype documenttypes documentidentifier dt pt type"""
)
_LABELS = _columns(
    """labelincluded finalincluded includedfinal finaldecision finallabel finaldecisions
    asreviewlabel includedflag included include inclusion decision label relevant relevance
    labelabstractscreening abstractscreening labelabstract abstractdecision
    labeltitlescreening titlescreening"""
)

NAMES = Names(
    format="csv",
    title=_columns(
        """title articletitle documenttitle papertitle primarytitle maintitle itemtitle worktitle
        titles paper titleoriginal ti t1 titre titel titulo titolo originaltitle shorttitle"""
    ),
    abstract=_columns(
        "abstract abstracttext abstractnote abstracts summary ab n2 notesabstract originalabstract "
        "zusammenfassung resume resumen resumo riassunto"
    ),
    authors=_columns(
        """authors author authorfullnames authornames authorsnames authorsfullname
        firstauthors authorshipsauthordisplayname creators creator au a1 auteurs autoren autores
        autori"""
    ),
    type=_TYPES,
    date=_columns(
        """publicationyear pubyear year publishedyear yearpublished yearofpublication py yr date
        publicationdate publisheddate datepublished dateofpublication pubdate issued published
        jahr annee ano anno"""
    ),
    month=_columns("month publicationmonth publishedmonth"),
    day=_columns("day publicationday"),
    journal=_columns(
        """anthologytitle publicationtitle journalbook journal journalname journaltitle sourcetitle
        venue containertitle booktitle conferencename conference secondarytitle source publication
        publicationname primarylocationsourcedisplayname t2 jf jo so zeitschrift revue revista
        rivista"""
    ),
    short=_columns(
        """journalabbreviation abbreviatedsourcetitle journalabbrev journaliso isoabbreviation
        alternatetitle1 venueshort"""
    ),
    publisher=_columns("publisher publishername pb"),
    volume=_columns("volume journalvolume vol bibliovolume vl"),
    number=_columns("issue issuenumber journalissue biblioissue number is"),
    pages=_columns("pages page pagination pagerange"),
    first_page=_columns(
        "startpage pagestart firstpage beginningpage bibliofirstpage artno articlenumber"
    ),
    last_page=_columns("endpage pageend lastpage endingpage bibliolastpage"),
    doi=_columns("doi itemdoi articledoi doilink digitalobjectidentifier do di url link"),
    arxiv=_columns("arxivid arxiv arxivnumber entryid id"),
    url=_columns(
        """url link urls articleurl externalurl openurllink sourceurl weblink fulltexturl
        publisherurl primarylocationlandingpageurl"""
    ),
    files=_columns("fileattachments file files pdf pdflink pdfurl attachments"),
    identifiers={
        **dict.fromkeys(_columns("pmid pubmedid pubmed medlinepmid idspmid pm"), "pubmed"),
        **dict.fromkeys(_columns("pmcid pmc pubmedcentralid"), "pmc"),
        **dict.fromkeys(_columns("openalexid openalex id"), "openalex"),
        **dict.fromkeys(_columns("eid"), "scopus"),
        **dict.fromkeys(
            _columns("utuniquewosid utuniqueid ut wosid accessionnumber uniquewosid"), "wos"
        ),
        **dict.fromkeys(
            _columns("issn eissn issns isbn isbns issnisbn sn issnprint issnelectronic"), "serial"
        ),
        "uid": "uid",
    },
    keywords=_columns(
        """tags manualtags automatictags keywords authorkeywords indexkeywords keyword
        keywordsplus labelstags keywordsdisplayname kw"""
    ),
    notes=_columns(
        "notes note usernotes comments mynotes reviewernotes asreviewnote exportednotes"
    ),
    facts=_columns("extra"),
    labels=_LABELS,
    citekey=_columns("citekey citationkey bibtexkey key identifier"),
    added=_columns("dateadded addedat added createdat"),
    kept=frozenset({*_TYPES, *_LABELS}),
)
"""Folded names of columns, those that are surer first; the last label is the one that counts."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")

KNOWN = frozenset(
    name
    for names in (
        NAMES.title, NAMES.abstract, NAMES.authors, NAMES.date, NAMES.journal, NAMES.doi,
        NAMES.keywords, NAMES.labels, NAMES.type, NAMES.identifiers, NAMES.url, NAMES.volume,
        NAMES.pages, NAMES.publisher,
        _columns("recordid duplicaterecordid pt ut issn pile citationcount cites citedby"),
    )
    for name in names
)  # fmt: skip
"""Columns that tables of papers have: one beside a title tells such a table from others."""


def folded(column: str) -> str:
    """Return the name of a column as it is compared."""
    return _NOT_ALPHANUMERIC.sub("", fold(column))
