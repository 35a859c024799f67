"""Adding what is named and not there as a file: works by their names, pages by their addresses.

A work of which nothing can be learnt now is taken as a placeholder, and awaited from then on: see
`papertray.notebook.completing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from papertray.core.errors import FetchFailed, NoNetwork, UnreadableSource, UsageError
from papertray.core.model import Item, Record
from papertray.core.pasted import Named, placeholder
from papertray.feeds import names
from papertray.feeds.fetching.lookups import Found, look_up
from papertray.feeds.fetching.transport import Request, Transport
from papertray.feeds.looks import looks_like
from papertray.feeds.source import Source
from papertray.notebook.add_job import Job
from papertray.notebook.completing import Completing
from papertray.notebook.network import Network
from papertray.store.awaited import all_awaited
from papertray.store.tray import Tray


def sources_of(works: Iterable[tuple[Named, Record]]) -> Iterator[Source]:
    """Yield works that were named as sources, one for each site that they are known from."""

    def site(work: tuple[Named, Record]) -> str:
        return work[0].site

    for name, some in groupby(sorted(works, key=site), site):
        records: list[Item] = [record for _, record in some]
        yield Source(name, name, names, records.__iter__)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What an add names beside files: works, each with the text that named it, and web pages."""

    works: dict[Named, str]
    pages: Sequence[str]


TakePage = Callable[[Path, str], None]
"""Takes in the copy of a page under its address; raises UnreadableSource."""


def take_pasted(
    tray: Tray,
    job: Job,
    pasted: Pasted,
    take_page: TakePage,
    network: Network | None,
    completing: Completing,
) -> None:
    """Take in what was named: looked up where there is a `network`, else as it stands.

    What a service says that it does not have is a failure in the report, and so is a page that
    cannot be fetched. Where there is a network, papers that are awaited are completed, too.
    """
    left, report = dict(pasted.works), job.report
    report.offline = network is None
    if network is not None:
        hosts = [urlsplit(page).hostname or "" for page in pasted.pages]
        try:
            with network.open(hosts) as transport, TemporaryDirectory() as folder:
                _take_known(job, left, transport, network.services, Path(folder))
                for page in pasted.pages:
                    _take_page(job, page, transport, take_page, Path(folder))
                if not (job.options.dry_run or report.offline):
                    report.completed = completing.complete(transport)
        except UsageError as error:  # a proxy that cannot be used
            report.troubles[str(error)] = None
    _take_placeholders(tray, job, left)


def _take_known(
    job: Job,
    left: dict[Named, str],
    transport: Transport,
    services: dict[str, str],
    folder: Path,
) -> None:
    """Take in the works that their services know; `left` keeps those that can only be awaited."""
    found: list[tuple[Named, Record]] = []
    try:
        for answer in look_up(transport, services, list(left), folder):
            if isinstance(answer, Found):
                found.append((answer.named, answer.record))
                del left[answer.named]
            elif answer.is_answer:
                job.report.fail(left.pop(answer.named), "", answer.reason)
            else:
                job.report.troubles[answer.reason] = None
    except NoNetwork:
        job.report.offline = True
    finally:
        _take(job, found)


def _take_placeholders(tray: Tray, job: Job, left: Iterable[Named]) -> None:
    works = [(named, placeholder(named)) for named in left]
    _take(job, works)
    if job.options.dry_run:
        return
    # Those that the tray knows more of are awaited by nobody.
    waiting = {one.named.pair for one in all_awaited(tray.reader())}
    job.report.awaited = sum(named.pair in waiting for named, _ in works)


def _take(job: Job, works: Iterable[tuple[Named, Record]]) -> None:
    for source in sources_of(works):
        job.source = source.name
        job.take(source, source.name)
        job.report.sources_read += 1


def _take_page(
    job: Job, page: str, transport: Transport, take_page: TakePage, folder: Path
) -> None:
    """Fetch a page and read it like a file."""
    body = folder / "page"
    body.unlink(missing_ok=True)
    job.source = page
    try:
        transport.get(Request(page), body)
        take_page(body, page)
    except NoNetwork:
        reason = f"No network: {page} was not fetched; add it again when there is one."
        job.report.fail(page, "", reason)
    except FetchFailed as error:
        job.report.fail(page, "", str(error))
    except UnreadableSource as error:
        job.report.fail(page, "", _what_it_is(body, page) or str(error))


def _what_it_is(body: Path, page: str) -> str:
    """Return a sentence for what people paste most that is no list of papers."""
    with open(body, "rb") as file:
        looks = looks_like(file.read(4096), "")
    if looks == "an HTML page":
        return (
            f"{page} is an HTML page, not a list of papers; name the paper by its arXiv id or DOI, "
            "or subscribe to the page's feed with `papertray feeds add NAME ADDRESS`."
        )
    if looks == "a PDF":
        return (
            f"{page} is a PDF; name its paper by its arXiv id or DOI, or attach the file with "
            "`papertray attach KEY FILE`."
        )
    return ""
