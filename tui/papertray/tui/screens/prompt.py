"""A question in one line: tags, a file to add, where to export to."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from papertray.tui.text import Paragraph
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.masking import Masking
from papertray.tui.widgets.pane import Pane


class AnswerLine(Input):
    """Gives its text the moment Enter is pressed: what is typed after it is not part of it."""

    def on_key(self, event: events.Key) -> None:
        """Submit at once; Textual would let the key go all the way up first."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted(self, self.value))


class Prompt(ModalScreen[str | None]):
    """Asks for a line of text. Enter gives it, Esc gives None."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    Prompt {
        align: center bottom;
        background: $background 0%;
        & > Vertical { height: auto; background: $panel; padding: 0; }
        & #explanation { height: auto; max-height: 6; background: $panel; }
        & #question { background: $panel; text-style: bold; }
        & Input, & Input:focus { height: 1; border: none; padding: 0 1; background: $panel; }
    }
    """

    def __init__(
        self, question: str, answer: str = "", explanation: str = "", *, is_proposal: bool = False
    ) -> None:
        """`question` is one clean line, `answer` what stands there already.

        A proposal is replaced by what is typed; other answers are gone on with.
        """
        super().__init__()
        self._is_proposal = is_proposal
        self._question = question
        self._answer = answer
        self._explanation = explanation

    def compose(self) -> ComposeResult:
        """Lay out the question above the line."""
        with Vertical():
            yield Line(id="question")
            if self._explanation:
                yield Pane(id="explanation")
            yield AnswerLine(self._answer, select_on_focus=self._is_proposal, highlighter=Masking())

    def on_mount(self) -> None:
        """Show the words and take the keys."""
        self.query_one("#question", Line).show(f" {self._question}", "Enter ok  Esc no ")
        if self._explanation:
            pane = self.query_one("#explanation", Pane)
            pane.styles.height = 1 + self._explanation.count("\n")
            pane.show([Paragraph(self._explanation, is_quiet=True)])
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def on_key(self, event: events.Key) -> None:
        """Esc gives up; the other keys of the papers are dead here."""
        if self.app.screen is not self:
            return
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.is_printable and event.character:
            # Typed before the line had the keys: after that it takes letters itself.
            event.stop()
            self.query_one(Input).insert_text_at_cursor(event.character)
        elif event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
