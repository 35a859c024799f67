"""Where a real file holds another number of records than its list says, and why."""

EXPLAINED: dict[str, tuple[int, str]] = {
    "bibtex/bbt_Import_error_with_character_+_in_BibTeX_field_name_2660.bib": (
        210,
        "73 entries have no title",
    ),
    "bibtex/bbt_web_page_and_other_mendeley_idiocy.bib.gz": (512, "47 more, with an empty key"),
    "bibtex/biber_dateformats.bib": (30, "4 entries have no title"),
    "bibtex/biber_names.bib": (0, "no entry has a title"),
    "bibtex/biber_xdata.bib": (3, "19 are @xdata, what others share, and 4 have no title"),
    "bibtex/biblatex-examples.bib": (90, "2 are @set, lists of other entries"),
    "bibtex/jabref_encoding-utf-16BE-with-header.bib": (1, "UTF-16, in which it was not counted"),
    "bibtex/jabref_encoding-windows-1252-but-utf-8-declared--decoding-fails.bib": (0, "no title"),
    "bibtex/jabref_encoding-windows-1252-with-header.bib": (0, "no title"),
    "bibtex/jabref_tiny-BE-withBOM.bib": (1, "UTF-16, in which it was not counted"),
    "bibtex/pybtex_xampl.bib": (33, "3 entries have no title"),
    "arxiv_api/error_400_bad_id.atom.xml": (0, "its one entry is arXiv's error, and no paper"),
    "paper_lists/openreview_iclr2017.json.gz": (489, "one paper has neither title nor abstract"),
    "crossref_xml/zotero_crossref_unixref_xml_06.xml": (0, "its only article has an empty title"),
    "zotero_rdf/zotero_rdf.xml": (2, "a book and a web page"),
    "csv_imports/asreview_missing_values.csv": (2, "two of its rows have no title"),
    "pubmed_xml/jabref_MedlineImporterTestNbib.xml": (2, "an article, and a book after it"),
    "pubmed_xml/jabref_MedlineImporterTestNbib.expected.bib": (2, "an article and a book"),
    "ris/asreview_baseline_empty_values.ris": (2, "two of its four records have no title"),
    "ris/asreview_baseline_tag-notes_labels.ris": (32, "the first stands behind a byte order mark"),
    "ris/jabref_RisImporterCorrupted.ris": (1, "only its TY is missing, and no fact"),
    "ris/jabref_RisImporterTest1.ris": (1, "one record with eleven types"),
    "ris/zotero_ris_04.ris": (37, "a journal and a letter have no title"),
    "tagged_other/asreview_web_of_science.txt": (10, "the list says no number"),
    "semantic_scholar/get_papers_not_found_warning.json": (3, "the first of four is null: unknown"),
    "semantic_scholar/search_paper_open_access_pdf.json": (0, "no title was asked for"),
    "semantic_scholar/search_paper_publication_types_0.json": (0, "no title was asked for"),
    "semantic_scholar/search_paper_publication_types_1.json": (0, "no title was asked for"),
    "triage/ADHD.csv.gz": (827, "24 of its rows have no title"),
    "triage/Antihistamines.csv.gz": (300, "10 of its rows have no title"),
    "triage/BetaBlockers.csv.gz": (2012, "60 of its rows have no title"),
}
"""Folder and file → (records that are right, the reason)."""

NOT_PAPERS: dict[str, str] = {
    "semantic_scholar/not_found_0.json": "only says that a paper was not found",
    "semantic_scholar/not_found_1.json": "only says that an author was not found",
    "dblp/dblp.dtd": "a document type: it holds no papers",
}
"""Folder and file → why no reader takes it."""
