"""Citation keys made anew: `refresh`."""

from __future__ import annotations

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import Named, find, find_papers, parse_query, presentable


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--query", metavar="Q", help="Refresh the keys of what this finds.")
@pass_invocation
def refresh(invocation: Invocation, keys: tuple[str, ...], query: str | None) -> int:
    """Give papers new citation keys, by the formula of the settings.

    Prints each key that changed, old and new. Old keys still find their papers, and BibLaTeX files
    list them, so that texts which cite them go on to compile. Keys that you chose or that came in
    a bibliography change only where KEYs name them.
    """
    if bool(keys) == (query is not None):
        raise click.UsageError("Name the papers either by KEYs or by --query.")
    notebook = invocation.notebook
    if query is None:
        named = find_papers(notebook, keys)
    else:
        hits = find(notebook, parse_query([presentable(query)], None, ()))
        named = Named(tuple(hits.ids), 0)
    if not named.ids:
        return named.exit_code
    done = notebook.papers.refresh_citekeys(named.ids, pinned=query is None)
    for old, new in done.changed:
        output.write(f"{old} → {new}")
    output.say(f"{output.counted(len(done.changed), 'key')} changed.")
    if done.pinned:
        output.say(
            f"{output.counted(done.pinned, 'key')} left alone, chosen by hand or brought by a "
            "bibliography; to change one, name it as KEY."
        )
    if done.keyless:
        output.say(f"{output.counted(done.keyless, 'paper')} without a key: never kept so far.")
    return named.exit_code
