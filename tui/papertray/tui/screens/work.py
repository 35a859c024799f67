"""What the keys beside the decisions do: note, tags, key, link, add, export, help, palette."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.core.errors import PapertrayError
from papertray.tui.preview import links

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from collections.abc import Sequence
    from pathlib import Path

    from papertray.notebook.exports import Exported
    from papertray.notebook.feeds import AddReport
    from papertray.store.writing import Outcome
    from papertray.tui.screens.triage import TriageScreen


def edit_note(screen: TriageScreen) -> None:
    """Open the note of the paper under the cursor."""
    paper_id = screen.paper_id
    if paper_id is None:
        screen.say("no paper here")
        return
    entry = screen.notebook.papers.entry(paper_id)
    _open_note(screen, f"{entry.citekey}  {entry.work.title}".strip(), paper_id, None)


def _open_note(screen: TriageScreen, title: str, paper_id: int | None, note_id: int | None) -> None:
    # The editor costs some 60 ms to import: not before somebody writes.
    from papertray.tui.screens.note import NoteScreen

    def closed(has_saved: bool | None) -> None:
        if has_saved:
            screen.changed([paper_id] if paper_id is not None else [], "note saved")

    editor = NoteScreen(screen.papertray, title=title, paper_id=paper_id, note_id=note_id)
    screen.app.push_screen(editor, closed)


def show_notes(screen: TriageScreen) -> None:
    """List the notes, those of the search if there is one, and open the one chosen."""
    from papertray.tui.screens.notes import MOST, NotesScreen

    notebook = screen.notebook
    found = screen.found_notes()
    notes = notebook.notes.recent(MOST) if found is None else notebook.notes.by_id(found[:MOST])
    if not notes:
        screen.say("no notes here yet: e on a paper begins one")
        return
    papers = {
        note.paper_id: notebook.papers.entry(note.paper_id).work.title
        for note in notes
        if note.paper_id is not None
    }

    def chosen(note_id: int | None) -> None:
        for note in notes:
            if note.id == note_id:
                title = note.title or papers.get(note.paper_id or 0, "")
                _open_note(screen, title, note.paper_id, note.id)

    heading = "Notes" if found is None else f"Notes found: {len(notes)}"
    listed = [(note, papers.get(note.paper_id or 0, "")) for note in notes]
    screen.app.push_screen(NotesScreen(heading, listed), chosen)


def edit_tags(screen: TriageScreen) -> None:
    """Ask for the tags of the paper, all in one line."""
    from papertray.tui.screens.prompt import Prompt

    paper_id = screen.paper_id
    if paper_id is None:
        screen.say("no paper here")
        return
    present = screen.notebook.papers.entry(paper_id).tags
    shown = ", ".join(present)
    known = [tag for tag, _ in screen.notebook.papers.tags()][:12]
    explanation = f"in use: {', '.join(known)}" if known else ""

    def answered(answer: str | None) -> None:
        if answer is None:
            return
        wanted = parse_tags(answer)
        # A tag from elsewhere may hold commas or end in blanks: it stays while all of it stays.
        add = [tag for tag in wanted if tag not in parse_tags(shown)]
        remove = [tag for tag in present if not set(parse_tags(tag)) <= set(wanted)]
        papers = screen.notebook.papers

        def done(outcome: Outcome) -> None:
            screen.changed([paper_id], outcome.label or "tags as they were")

        screen.papertray.writer.write(
            lambda: papers.change_tags([paper_id], add=add, remove=remove), done, screen.refused
        )

    prompt = Prompt("Tags, with commas between", shown, clean(explanation))
    screen.app.push_screen(prompt, answered)


def parse_tags(text: str) -> list[str]:
    """Return the tags of a line, each once: separated by commas, blanks at the ends left out."""
    return list(dict.fromkeys(tag for tag in (part.strip() for part in text.split(",")) if tag))


def copy_key(screen: TriageScreen) -> None:
    """Copy the citation key, which from now on never changes."""
    paper_id = screen.paper_id
    if paper_id is None:
        screen.say("no paper here")
        return

    def done(key: str) -> None:
        screen.app.copy_to_clipboard(key)
        screen.changed([paper_id], f"copied {key}")

    papers = screen.notebook.papers
    screen.papertray.writer.write(lambda: papers.use_citekey(paper_id), done, screen.refused)


def open_link(screen: TriageScreen) -> None:
    """Open the first link in the desktop's browser, or copy it where there is none."""
    paper_id = screen.paper_id
    found = links(screen.notebook.papers.entry(paper_id).work) if paper_id is not None else ()
    if not found:
        screen.say("this paper has no link")
        return
    import shutil
    import subprocess
    import threading

    url = found[0]
    opener = shutil.which("xdg-open") or shutil.which("open")
    has_desktop = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if opener and (has_desktop or opener.endswith("/open")):
        # A browser that writes to our terminal would draw over the screen.
        browser = subprocess.Popen(
            [opener, url], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=browser.wait, name="papertray-browser", daemon=True).start()
        screen.say(f"opened {url}")
    else:
        screen.app.copy_to_clipboard(url)
        screen.say(f"no browser here: copied {url}")


def add_file(screen: TriageScreen) -> None:
    """Ask for a file or folder and add what is in it, or for the name of a work.

    A work that is named is here at once, by its name alone; the network completes it.
    """
    from papertray.tui.screens.prompt import Prompt

    def answered(answer: str | None) -> None:
        if answer is None or not answer.strip():
            return
        from io import BytesIO

        names, pages = _sources(os.path.expanduser(answer.strip()))
        screen.say(f"adding {' '.join(names + pages)} …")
        if pages and not screen.papertray.background.look_up(*pages):
            screen.say("nothing is fetched here")
        feeds = screen.notebook.feeds
        if names:
            screen.papertray.writer.write(
                lambda: feeds.add(names, BytesIO()),
                lambda report: _added(screen, report),
                screen.refused,
            )

    explanation = "or arXiv ids, DOIs, addresses of papers"
    screen.app.push_screen(Prompt("Add a file or folder", "", explanation), answered)


def _sources(answer: str) -> tuple[list[str], list[str]]:
    """Return what an answer names: a path, or works by their names; and pages to be fetched."""
    from papertray.core.pasted import is_web_address, parse_pasted

    def is_named(word: str) -> bool:
        return is_web_address(word) or parse_pasted(word) is not None

    words = answer.split()
    if os.path.lexists(answer) or not all(map(is_named, words)):
        return [answer], []
    pages = [word for word in words if parse_pasted(word) is None]
    return [word for word in words if word not in pages], pages


def _added(screen: TriageScreen, report: AddReport) -> None:
    counts = report.counts
    failures = report.failures
    if failures and report.read_nothing:
        screen.say("")
        screen.papertray.warn(failures[0].reason)
        return
    said = f"{counts.added} added, {counts.merged} merged, {counts.known} known"
    if report.rules.summary:
        said += f", {report.rules.summary}"
    if report.awaited:
        said += ", to be completed"
        screen.papertray.background.look_up()
    if failures:
        first = failures[0]
        said += f", {report.failed} failed ({first.place}: {first.reason})"
    screen.papertray.follow_index()
    screen.reload_all(said)


def export(screen: TriageScreen) -> None:
    """Ask for a file and write the papers of the list to it: of a search, all that it finds."""
    from papertray.tui.screens.prompt import Prompt

    if not len(screen.ids):
        screen.say("nothing here to export")
        return
    formats = screen.notebook.exports.formats()
    papers = counted(len(screen.ids), "paper")
    if _finds_more(screen):
        papers = "all papers"
    question = f"Export {papers} of {screen.title_of_list} to"

    def answered(answer: str | None) -> None:
        from pathlib import Path

        if answer is not None and answer.strip():
            _export_to(screen, Path(answer.strip()).expanduser())

    explanation = "\n".join(f"{f.suffix}  {f.description}" for f in formats)
    screen.app.push_screen(
        Prompt(clean(question), "papers.bib", explanation, is_proposal=True), answered
    )


def _export_to(screen: TriageScreen, path: Path) -> None:
    from papertray.exporters.exporter import ExportOptions

    exports = screen.notebook.exports
    try:
        format_ = exports.of_file(path) or exports.find(path.suffix)
    except PapertrayError as error:
        screen.papertray.warn(str(error))
        return
    ids: Sequence[int] = list(screen.ids)
    query = screen.finding.hits.query if screen.finding.hits and _finds_more(screen) else None
    options = ExportOptions(notes=format_.notes)

    def write() -> Exported:
        found = ids if query is None else screen.notebook.search.find(query).ids
        return exports.to_file(found, format_, options, path)

    def done(exported: Exported) -> None:
        notes = f", {counted(exported.notes, 'note')}" if exported.notes else ""
        screen.changed(
            list(ids[:1000]),
            f"{counted(exported.papers, 'paper')}{notes} written to {exported.path}",
        )

    screen.say(f"writing {path} …")
    screen.papertray.writer.write(write, done, screen.refused)


def _finds_more(screen: TriageScreen) -> bool:
    """Return whether the list shows only the first hits of a search."""
    hits = screen.finding.hits
    return hits is not None and not hits.is_complete


def show_help(screen: TriageScreen) -> None:
    """Show every key."""
    from papertray.tui.screens.help import HelpScreen, table

    paragraphs = table(screen.papertray.key_map)
    screen.app.push_screen(HelpScreen("Keys", "rebind them in settings.toml", paragraphs))


def show_palette(screen: TriageScreen) -> None:
    """Find an action by name."""
    from papertray.tui.screens.palette import palette

    screen.app.push_screen(palette(screen, screen.papertray.key_map))
