"""A question in one line: tags, a file to add, where to export to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from papertray.core.clean import clean
from papertray.tui.text import Paragraph, wrap
from papertray.tui.typing_ahead import was_handed_on
from papertray.tui.widgets.answer_line import AnswerLine, Completer
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.pane import Pane


class Prompt(ModalScreen[str | None]):
    """Asks for a line of text. Enter gives it, Esc gives None; what is wrong can be mended."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    Prompt {
        align: center bottom;
        background: $background 0%;
        & > Vertical { height: auto; background: $panel; padding: 0; }
        & #explanation { height: auto; max-height: 6; background: $panel; }
        & #question { background: $panel; text-style: bold; }
        & AnswerLine, & AnswerLine:focus { background: $panel; }
    }
    """

    def __init__(
        self,
        question: str,
        answer: str = "",
        explanation: str = "",
        *,
        is_proposal: bool = False,
        complete: Completer | None = None,
        history: Sequence[str] = (),
        check: Callable[[str], str] = lambda answer: "",
        picks: Sequence[str] = (),
    ) -> None:
        """`question` is one clean line, `answer` what stands there already.

        A proposal is replaced by what is typed; other answers are gone on with. Tab completes by
        `complete`, ^P goes back through `history` (oldest first). `check` returns at once what is
        wrong with an answer, in a sentence: then it is shown and the answer stays, to be mended.
        In an empty line the digits 1 to 9 give the answers `picks` at once.
        """
        super().__init__()
        self._is_proposal = is_proposal
        self._complete = complete
        self._history = history
        self._check = check
        self._picks = picks
        self._question = question
        self._answer = answer
        self._explanation = explanation

    def compose(self) -> ComposeResult:
        """Lay out the question above the line."""
        with Vertical():
            yield Line(id="question")
            yield Pane(id="explanation")
            yield AnswerLine(
                self._answer,
                is_proposal=self._is_proposal,
                complete=self._complete,
                history=self._history,
                picks=self._picks,
            )

    def on_mount(self) -> None:
        """Show the words and take the keys."""
        self.query_one("#question", Line).show(f" {self._question}", "Enter ok  Esc no ")
        self._explain(self._explanation)
        self.query_one(AnswerLine).focus()

    def _explain(self, text: str) -> None:
        pane = self.query_one("#explanation", Pane)
        pane.display = bool(text)
        pane.styles.height = len(wrap(text, self.app.size.width - 2))
        pane.show([Paragraph(text, is_quiet=True)])

    @on(AnswerLine.Offered)
    def _offered(self, event: AnswerLine.Offered) -> None:
        shown = [f"[{word}]" if i == event.chosen else word for i, word in enumerate(event.words)]
        self._explain(clean("  ".join(shown)) if shown else self._explanation)

    def _give(self, answer: str) -> None:
        wrong = self._check(answer)
        if wrong:
            self._explain(clean(wrong))
            self.query_one(AnswerLine).ask(self._history)
        else:
            self.dismiss(answer)

    def on_key(self, event: events.Key) -> None:
        """Enter gives the answer, Esc gives up; the other keys of the papers are dead here."""
        if was_handed_on(self, event):
            return
        line = self.query_one(AnswerLine)
        picked = line.picked(event.character)
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == "enter":
            self._give(line.value)
        elif picked is not None:
            self._give(picked)
        elif not line.take(event) and event.key not in ("tab", "shift+tab"):
            return
        event.stop()
        event.prevent_default()
