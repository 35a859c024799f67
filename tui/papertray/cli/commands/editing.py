"""Correcting what the tray says of a paper: `edit`."""

from __future__ import annotations

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import find_paper, presentable
from papertray.cli.work_toml import assign, fields_of, from_toml, to_toml, work_of
from papertray.core.errors import PapertrayError, UsageError
from papertray.core.model import Entry, Json
from papertray.notebook.editor import edit_text


@click.command()
@click.argument("key")
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Change one field, for scripts; an empty value takes it away.",
)
@pass_invocation
def edit(invocation: Invocation, key: str, assignments: tuple[str, ...]) -> None:
    """Correct what the tray says of a paper.

    Opens its fields, the citation key among them, in $VISUAL or $EDITOR. With --set, the fields
    are citekey, title, authors ("Family, Given; Family, Given"), type (article, inproceedings,
    book …), year, month and day (numbers), doi, arxiv_id, url, pdf_url, code_urls (one link; more
    in the editor), primary_class, categories ("cs.LG cs.CL"), comment, abstract, venue, and
    venue.type (journal, conference, workshop, book), venue.short, venue.publisher, venue.volume,
    venue.number, venue.pages.
    """
    papers = invocation.notebook.papers
    entry = papers.entry(find_paper(invocation.notebook, key))
    if assignments:
        fields = fields_of(entry)
        for assignment in assignments:
            assign(fields, presentable(assignment))
        _save(invocation, entry, fields)
        return
    before = to_toml(fields_of(entry))
    draft = edit_text(before, ".toml", invocation.environment)
    if draft.text != before:
        try:
            _save(invocation, entry, from_toml(draft.text))
        except PapertrayError as error:
            kept = f"Nothing was changed; what you wrote is in {draft.path}"
            raise UsageError(f"{error} {kept}") from error
    else:
        output.say("Nothing was changed.")
    draft.discard()


def _save(invocation: Invocation, entry: Entry, fields: dict[str, Json]) -> None:
    work, citekey = work_of(fields, entry)
    outcome = invocation.notebook.papers.edit(entry.id, work, base=entry.work, citekey=citekey)
    if outcome.changed:
        output.write(f"{output.counted(outcome.changed, 'field')} changed")
    else:
        output.say("Nothing was changed.")
