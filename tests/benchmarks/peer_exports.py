"""How long another library takes to write papers as BibTeX, abstracts escaped.

``python peer_exports.py NAME < papers.json`` runs in the environment that has the library, knows
nothing of papertray, and prints seconds: what it takes to turn finished objects into text, the
second time.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

Papers = list[dict[str, Any]]


def papis(papers: Papers) -> Callable[[], object]:
    """papis, with its default settings: LaTeX by pylatexenc."""
    from_data = import_module("papis.document").from_data
    to_bibtex = import_module("papis.exporters.bibtex").to_bibtex

    documents = [
        from_data({**_flat(paper), "ref": f"p{number}", "type": "article"})
        for number, paper in enumerate(papers)
    ]
    return lambda: "\n\n".join(map(to_bibtex, documents))


def cobib(papers: Papers) -> Callable[[], object]:
    """coBib, with its default settings: only what is not ASCII is encoded."""
    entry = import_module("cobib.database").Entry
    entries = [
        entry(f"p{number}", {**_flat(paper), "ENTRYTYPE": "article"})
        for number, paper in enumerate(papers)
    ]
    parser = import_module("cobib.parsers").BibtexParser()
    return lambda: "\n".join(map(parser.dump, entries))


def pybtex(papers: Papers) -> Callable[[], object]:
    """pybtex, which encodes by latexcodec."""
    library = import_module("pybtex.database")
    data = library.BibliographyData(
        {
            f"p{number}": library.Entry(
                "article",
                [item for item in _flat(paper).items() if item[0] != "author"],
                persons={"author": [library.Person(name) for name in paper["authors"]]},
            )
            for number, paper in enumerate(papers)
        }
    )
    return lambda: data.to_string("bibtex")


def bibtexparser(papers: Papers) -> Callable[[], object]:
    """bibtexparser 2, with its middleware for LaTeX."""
    library = import_module("bibtexparser")
    model = import_module("bibtexparser.model")
    middlewares = import_module("bibtexparser.middlewares")
    made = library.Library(
        [
            model.Entry(
                "article", f"p{number}", [model.Field(*item) for item in _flat(paper).items()]
            )
            for number, paper in enumerate(papers)
        ]
    )
    middleware = [middlewares.LatexEncodingMiddleware(allow_inplace_modification=False)]
    return lambda: library.write_string(made, prepend_middleware=middleware)


def _flat(paper: dict[str, Any]) -> dict[str, str]:
    authors = " and ".join(paper["authors"])
    return {
        **{name: value for name, value in paper.items() if name != "authors"},
        "author": authors,
    }


def main() -> None:
    """Print the seconds of the library that the command line names."""
    logging.disable(logging.CRITICAL)
    export = {"papis": papis, "cobib": cobib, "pybtex": pybtex, "bibtexparser": bibtexparser}
    try:
        action = export[sys.argv[1]](json.load(sys.stdin))
    except ImportError as error:
        sys.exit(f"it is not installed ({error})")
    action()
    started = time.perf_counter()
    action()
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
