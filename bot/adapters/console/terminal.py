"""A chat in the terminal: multi-line input, history, completion, the time left, Markdown and code rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.markdown import Markdown

from bot.core.commands.grammar import is_quit
from bot.core.effects import Tone
from bot.core.place import AT_CONSOLE, Chat
from bot.core.rules.table import TABLE
from bot.core.session import Rehearsal, Session
from bot.core.text import question_text, rehearsal_text, replies
from bot.core.text.story_text import ORDERS
from bot.service.conversation.router import Router
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.messages import Clock, Message

WIDEST = 100  # columns; longer lines are hard to read
_FENCE = re.compile(r"(```.*?(?:```|\Z))", re.DOTALL)
_STYLES = {Tone.QUESTION: "bold cyan", Tone.NOTICE: "dim", Tone.DEBRIEF: "bold green"}


class TerminalMessenger:
    """Shows messages above the input line."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, force_terminal=True)

    async def send(self, message: Message) -> None:
        """Show one message."""
        width = min(self._console.width, WIDEST)
        self._console.print(f"[{_STYLES[message.tone]}]interviewer[/]")
        self._console.print(Markdown(_hard_breaks(message.text)), width=width)
        self._console.print()


def _hard_breaks(text: str) -> str:
    """Line breaks of prose kept as they are, code left alone."""
    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else part.replace("\n", "  \n") for part in parts)


class CommandCompleter(Completer):
    """Completes slash commands at the start of a line, and what can be ordered after `/star`."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The commands that begin with what was typed."""
        del complete_event
        typed = document.text_before_cursor
        if typed.startswith("/"):
            orders = {f"/star {order}": meaning for order, meaning in ORDERS.items()}
            commands_ = {f"/{name}": meaning for name, meaning in replies.all_commands()}
            for line, meaning in (orders if " " in typed else commands_).items():
                if line.startswith(typed):
                    yield Completion(line, start_position=-len(typed), display_meta=meaning)


class Terminal:
    """The input side of the chat."""

    def __init__(self, router: Router, place: Chat, clock: Clock, history: Path) -> None:
        self._router = router
        self._place = place
        self._clock = clock
        self._session: Session | None = None
        self._prompt: PromptSession[str] = PromptSession(
            "you> ",
            multiline=True,
            key_bindings=_keys(),
            history=FileHistory(str(history)),
            completer=CommandCompleter(),
            bottom_toolbar=self._toolbar,
            refresh_interval=1.0,
            prompt_continuation="   > ",
        )

    async def run(self) -> None:
        """Take messages until the person leaves."""
        with patch_stdout(raw=True):
            while True:
                self._session = await self._router.interviews.session(self._place)
                try:
                    text = await self._prompt.prompt_async()
                except (EOFError, KeyboardInterrupt):
                    return
                if is_quit(text):
                    return
                if text.strip():
                    await self._router.handle(Incoming("", self._place, AT_CONSOLE, self._clock(), Said(text)))

    def _toolbar(self) -> str:
        keys = "Enter sends, Alt+Enter makes a new line, Ctrl+D leaves and keeps the interview"
        session = self._session
        if session is None or not session.turns or not TABLE[session.state].is_timed:
            return keys
        if isinstance(session.activity, Rehearsal):
            return f"{rehearsal_text.time_left(session, self._clock())}  {keys}"
        return f"{question_text.time_left(session, session.turn, self._clock())}  {keys}"


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
