"""Feeds that keep coming: `feeds add`, `list`, `change`, `remove`, `import` and `export`.

`feeds fetch` and `feeds rule` have modules of their own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import checked_tag, format_option, presentable
from papertray.core.clean import clean_text
from papertray.core.subscriptions import days_of
from papertray.notebook.lazy_group import LazyGroup

PARTS = {
    "add": "feeding:add",
    "fetch": "fetching:fetch",
    "list": "feeding:list_feeds",
    "change": "feeding:change",
    "remove": "feeding:remove",
    "rule": "ruling:rule",
    "import": "feeding:import_feeds",
    "export": "feeding:export_feeds",
}
"""The sub-commands in the order of the help: module in `papertray.cli.commands`, and name."""

MOST_TOLD = 20
"""Lines about what cannot be a feed: a file of another kind has nothing but those."""


@click.group(cls=LazyGroup)
def feeds() -> None:
    """Feeds that keep coming: addresses, searches and folders that bring papers."""


for _name, _target in PARTS.items():  # each is imported when it is called
    feeds.add_lazy_command(_name, f"papertray.cli.commands.{_target}")


def _expire(ctx: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Return ``30d``, ``4w`` or ``never`` in days, 0 for never."""
    if value is None:
        return None
    days = days_of(value)
    if days is None:
        raise click.BadParameter("say how many days, such as 30d, or never.", ctx, parameter)
    return days


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[NAME] LOCATION")
@click.option(
    "--expire",
    callback=_expire,
    metavar="30d",
    help="Move what nobody decided about in so many days to skip.",
)
@click.option(
    "--tag", "tags", multiple=True, metavar="T", help="Label the feed; feed:T finds its papers."
)
@click.option("--fetch", "fetches", is_flag=True, help="Fetch it now.")
@pass_invocation
def add(
    invocation: Invocation,
    words: tuple[str, ...],
    expire: int | None,
    tags: tuple[str, ...],
    fetches: bool,
) -> int:
    """Subscribe to an address, a search or a folder.

    LOCATION is the address of an RSS or Atom feed, the path of a folder, or a search: arxiv:cs.CL,
    arxiv:au:smith AND cat:cs.LG, hf:daily, openalex:WORDS, s2:WORDS, biorxiv:CATEGORY,
    medrxiv:CATEGORY or issn:1234-5679. Its words are joined by spaces. Without a NAME the feed is
    called after it.
    """
    from papertray.feeds.fetching.locations import split_name

    name, location = map(presentable, split_name(words, Path()))
    added = invocation.notebook.subscriptions.add(
        location.strip(), name, expire=expire or 0, tags=map(checked_tag, tags)
    )
    if added.note:
        output.say(added.note)
    one = added.subscription
    told = f"Added feed {one.name}: {one.location}"
    if one.kind == "folder":
        output.say(f"{told}. `papertray watch` and the open screen read what lies there.")
    elif not fetches:
        output.say(f"{told}. `papertray feeds fetch` brings its papers.")
    else:
        from papertray.cli.commands.fetching import fetch

        output.say(told)
        code: int = click.get_current_context().invoke(fetch, names=(one.name,))
        return code
    return 0


@click.command("list")
@format_option
@pass_invocation
def list_feeds(invocation: Invocation, format_name: str) -> None:
    """List the feeds: when each was fetched, what it brought, what waits in the inbox."""
    from papertray.cli.feed_lines import as_json, as_table

    subscriptions = invocation.notebook.subscriptions
    found = subscriptions.all()
    if format_name == "json":
        click.echo(as_json(found))
        return
    for line in as_table(found, subscriptions.now):
        click.echo(line)
    if not found:
        output.say("There are no feeds; `papertray feeds add NAME LOCATION` adds one.")


@click.command()
@click.argument("feed", metavar="NAME")
@click.option("--name", metavar="NAME", help="Call it so.")
@click.option("--location", metavar="LOCATION", help="Read it from there.")
@click.option(
    "--expire",
    callback=_expire,
    metavar="30d",
    help="Move what nobody decided about in so many days to skip, or never.",
)
@click.option("--tag", "tags", multiple=True, metavar="T", help="Add a label.")
@click.option("--untag", "untags", multiple=True, metavar="T", help="Take a label away.")
@pass_invocation
def change(
    invocation: Invocation,
    feed: str,
    name: str | None,
    location: str | None,
    expire: int | None,
    tags: tuple[str, ...],
    untags: tuple[str, ...],
) -> None:
    """Change a feed: its name, location, labels, or when its papers expire.

    Its papers stay. From another location it is read from the beginning.
    """
    from papertray.notebook.subscriptions import Change

    if name is None and location is None and expire is None and not (tags or untags):
        raise click.UsageError("Say what to change: --name, --location, --expire, --tag, --untag.")
    wanted = Change(
        None if name is None else presentable(name),
        None if location is None else presentable(location).strip(),
        expire,
        tuple(map(checked_tag, tags)),
        tuple(map(presentable, untags)),
    )
    subscriptions = invocation.notebook.subscriptions
    changed = subscriptions.change(presentable(feed), wanted)
    if changed.note:
        output.say(changed.note)
    if changed.batch is None:
        output.say("Nothing was changed.")
        return
    one = changed.subscription
    expires = f", expires after {output.counted(one.expire, 'day')}" if one.expire else ""
    tagged = f", tagged {', '.join(one.tags)}" if one.tags else ""
    output.say(f"Changed feed {one.name}: {one.location}{expires}{tagged}")


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@pass_invocation
def remove(invocation: Invocation, names: tuple[str, ...]) -> None:
    """Remove feeds. Their papers stay, and undo brings the feeds back."""
    done = invocation.notebook.subscriptions.remove(list(map(presentable, names)))
    output.say(f"Removed {output.counted(done.changed, 'feed')}; the papers stay.")


@click.command("import")
@click.argument("source", type=click.File("rb"), metavar="FILE")
@pass_invocation
def import_feeds(invocation: Invocation, source: BinaryIO) -> int:
    """Subscribe to the feeds of an OPML file or of newsboat's urls.

    Folders and categories become labels. What is a feed here already stays as it is; what cannot be
    one is told. - reads from standard input.
    """
    called = presentable(str(getattr(source, "name", "<stdin>")))
    done = invocation.notebook.subscriptions.import_list(source.read(), called)
    for one in done.left[:MOST_TOLD]:
        output.say(f"{called}, {one.place}: {one.reason}")
    if len(done.left) > MOST_TOLD:
        output.say(f"{called}: {len(done.left) - MOST_TOLD:,} more cannot be feeds either.")
    told = f"{output.counted(len(done.added), 'feed')} added from {done.format_name}"
    told += f", {done.known:,} there already" if done.known else ""
    told += f", {len(done.left):,} left behind" if done.left else ""
    theirs = "its" if len(done.added) == 1 else "their"
    step = f" `papertray feeds fetch` brings {theirs} papers." if done.added else ""
    output.say(f"{told}.{step}")
    if not done.left:
        return 0
    return 1 if done.added or done.known else 2


@click.command("export")
@click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path), metavar="FILE", help="Write here."
)
@click.option("--force", is_flag=True, help="Replace a FILE that papertray did not write.")
@pass_invocation
def export_feeds(invocation: Invocation, path: Path | None, force: bool) -> None:
    """Write the feeds as OPML, which other feed readers take.

    `feeds import` gives them back, searches and folders too.
    """
    subscriptions = invocation.notebook.subscriptions
    number = len(subscriptions.all())
    if not number:
        output.say("There are no feeds, so nothing was written.")
        return
    if path is None:
        text = subscriptions.as_opml()
        sys.stdout.write(clean_text(text) if output.is_terminal() else text)
        return
    changed = subscriptions.export(path, force=force)
    left = output.counted(number, "feed")
    output.say(f"{left} written to {path}" if changed
               else f"{path} already held exactly that: {left}.")  # fmt: skip
