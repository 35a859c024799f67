"""What a new note begins with: the user's templates, in the folder `templates` of her settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.errors import UsageError

if TYPE_CHECKING:
    from papertray.core.model import Entry
    from papertray.core.templating import Given


class Templates:
    """The templates in one config folder. There is none until the user writes one."""

    def __init__(self, config: Path) -> None:
        self._folder = config / "templates"

    def of_note(self, entry: Entry, today: str) -> str:
        """Return what the first note on a paper begins with, by `note.md`; empty without one.

        The names it may use are those of `values_of`, and `date`, which is today. Raises
        `UsageError` where the template cannot be read or used.
        """
        return self._rendered("note.md", lambda: {**values_of(entry), "date": today})

    def of_day(self, day: str) -> str:
        """Return what the note of a local date begins with, by `daily.md`; empty without one.

        Its names: date (``2026-11-23``), year, month, day (numbers) and weekday (``Monday``).
        Raises as `of_note`.
        """
        return self._rendered("daily.md", lambda: _values_of_day(day))

    def _rendered(self, name: str, values: Callable[[], Mapping[str, Given]]) -> str:
        file = self._folder / name
        try:
            source = file.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise UsageError(f"The template {file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"The template {file} is not UTF-8 text.") from error
        from papertray.core.templating import Template  # Jinja2 is for those who have templates

        return Template(source, str(file)).render(values())


def values_of(entry: Entry) -> dict[str, Given]:
    """Return what a template may say of a paper, by name; texts are empty where nothing is known.

    title, authors (names, in reading order), first_author (a surname), year, month, day, venue,
    type, citekey, doi, arxiv_id, url, pdf_url, code_urls, tags, pile, added (a date), abstract and
    comment.
    """
    work = entry.work
    authors = [author for author in work.authors if not author.stands_for_others]
    return {
        "title": work.title,
        "authors": [author.display for author in authors],
        "first_author": authors[0].short if authors else "",
        "year": work.year,
        "month": work.month,
        "day": work.day,
        "venue": work.venue.short or work.venue.name,
        "type": work.type,
        "citekey": entry.citekey,
        "doi": work.doi,
        "arxiv_id": work.arxiv_id,
        "url": work.url,
        "pdf_url": work.pdf_url,
        "code_urls": list(work.code_urls),
        "tags": list(entry.tags),
        "pile": str(entry.pile),
        "added": entry.added[:10],
        "abstract": work.abstract,
        "comment": work.comment,
    }


def _values_of_day(day: str) -> dict[str, Given]:
    when = date.fromisoformat(day)
    return {
        "date": day, "year": when.year, "month": when.month, "day": when.day,
        "weekday": f"{when:%A}",
    }  # fmt: skip
