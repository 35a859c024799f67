"""What kinds of works are called, by RIS's codes and in words, and our types for them."""

from __future__ import annotations

import re

_NAMES = {
    "preprint": "preprint prep ppr eprint workingpaper unpb",
    "article": (
        "jour jfull ejour inpr mgzn news journalarticle journal journalpaper article "
        "articleinpress "
        "electronicarticle magazinearticle newspaperarticle newspaper periodical review "
        "reviewarticle researcharticle originalarticle originalarticles letter note shortsurvey "
        "journalelectronic abstract meetingabstract editorial editorialmaterial journals j "
        "ieeejournals ieeemagazines ieeeearlyaccessarticles ietjournals"
    ),
    "inproceedings": (
        "conf cpaper conferencepaper conferenceproceedings conferenceproceeding proceedingspaper "
        "proceedings inproceedings conferencearticle conferences meetingpaper conference "
        "ieeeconferences ietconferences vdeconferences"
    ),
    "book": "book ebook edbook editedbook wholebook bookwhole electronicbook monograph books b",
    "chapter": (
        "chap echap bookchapter chapter booksection bookpart encyc dict inbook incollection "
        "encyclopediaarticle dictionaryentry electronicbooksection sectioninbook "
        "chapterreferenceworkentry referenceworkentry"
    ),
    "thesis": "thes thesis dissertation dissertationthesis phdthesis mastersthesis "
    "dissertationabstract",
    "report": "rprt report techreport technicalreport governmentdocument govdoc",
    "dataset": "data dataset datapaper datastudy",
    "software": "comp software computerprogram computerprogramme",
    "": "gen generic other unknown unspecified document html pdf citation",
}
_TYPES = {name: type_ for type_, names in _NAMES.items() for name in names.split()}
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def type_called(text: str) -> str:
    """Return our type of what a source calls a work; of several the first that is known.

    Other kinds (a map, a patent) are ``misc``; a generic one says nothing and is empty.
    """
    pieces = [text, *re.split(r"[;|\n]|\.\s", text)]
    folded = [_NOT_LETTERS.sub("", piece).lower() for piece in pieces if piece.strip()]
    if not any(folded):
        return ""
    return next((_TYPES[name] for name in folded if name in _TYPES), "misc")
