"""The chat in the terminal, with a real prompt_toolkit on a pipe instead of a keyboard."""

import io
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from assembled import router_of
from bot.adapters.console.terminal import CommandCompleter, Terminal, TerminalMessenger
from bot.core.effects import Tone
from bot.core.stories.competencies import Catalogue, Competency, Scope
from bot.service.conversation.router import Router
from bot.service.ports.messages import Message
from bot.storage import SqlStore
from fakes import FakeClock, FakeMessenger, said
from sample_bank import CORE, UNIFORM, sample_bank

HERE = "console:local"
SCOPE = Scope("a task", "a project", "a direction")
CATALOGUE = Catalogue((Competency("conflict", "Conflict", "", ("Tell me about a conflict.",), SCOPE, (), (), ()),))
ENTER, NEW_LINE, LEAVE = "\r", "\x1b\r", "\x04"


async def typed(
    keys: str, store: SqlStore, folder: Path, begun_with: str = "/mock fundamentals"
) -> tuple[FakeMessenger, Router, Terminal]:
    messenger = FakeMessenger()
    clock = FakeClock()
    router = router_of(store, sample_bank(), messenger, clock, lambda: CATALOGUE)
    await router.handle(said(begun_with, HERE, HERE))
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys)
        terminal = Terminal(router, HERE, clock, folder / "typed")
        await terminal.run()
    return messenger, router, terminal


async def test_enter_sends_and_leaving_keeps_the_interview(sqlite_store: SqlStore, tmp_path: Path) -> None:
    _, router, _ = await typed(f"{CORE}{ENTER}{LEAVE}", sqlite_store, tmp_path)
    session = await router.interviews.session(HERE)
    assert session
    assert session.turn.text == CORE


async def test_alt_enter_makes_a_new_line_in_one_message(sqlite_store: SqlStore, tmp_path: Path) -> None:
    _, router, _ = await typed(f"{CORE}{NEW_LINE}{UNIFORM}{ENTER}{LEAVE}", sqlite_store, tmp_path)
    session = await router.interviews.session(HERE)
    assert session
    assert [answer.text for answer in session.turn.answers] == [f"{CORE}\n{UNIFORM}"]


async def test_commands_work_and_quit_leaves(sqlite_store: SqlStore, tmp_path: Path) -> None:
    messenger, _, _ = await typed(f"/hint{ENTER}{ENTER}/quit{ENTER}", sqlite_store, tmp_path)
    assert messenger.last.startswith("Hint 1 of 3")


async def test_what_was_typed_is_remembered_for_the_arrow_keys(sqlite_store: SqlStore, tmp_path: Path) -> None:
    await typed(f"{CORE}{ENTER}{LEAVE}", sqlite_store, tmp_path)
    assert CORE in (tmp_path / "typed").read_text()


async def test_the_toolbar_shows_the_time_left(sqlite_store: SqlStore, tmp_path: Path) -> None:
    _, _, terminal = await typed(LEAVE, sqlite_store, tmp_path)
    assert terminal._toolbar().startswith("Question 1 of 7. 6 minutes left.")


async def test_the_toolbar_shows_the_time_while_a_story_is_told(sqlite_store: SqlStore, tmp_path: Path) -> None:
    _, _, terminal = await typed(LEAVE, sqlite_store, tmp_path, "/star")
    assert terminal._toolbar().startswith("15 minutes left. 0 words so far")


def test_the_orders_after_star_complete_as_well() -> None:
    found = list(CommandCompleter().get_completions(Document("/star s"), CompleteEvent()))
    assert [completion.text for completion in found] == ["/star show", "/star share"]
    assert not list(CommandCompleter().get_completions(Document("/mock s"), CompleteEvent()))


def test_a_slash_completes_to_the_commands_with_their_meaning() -> None:
    found = list(CommandCompleter().get_completions(Document("/re"), CompleteEvent()))
    assert [completion.text for completion in found] == ["/repeat", "/resume", "/report"]
    assert not list(CommandCompleter().get_completions(Document("an answer / more"), CompleteEvent()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one line\nanother line", "one line\nanother line"),
        ("see `x_i` and:\n```python\nx = 1\n```", "x = 1"),
        ("[bold]no markup[/bold]", "[bold]no markup[/bold]"),
        ("a [/] b", "a [/] b"),
    ],
)
async def test_messages_are_rendered_and_markup_stays_text(text: str, shown: str) -> None:
    messenger = TerminalMessenger()
    messenger._console = Console(file=io.StringIO(), width=80, highlight=False)
    await messenger.send(Message(1, HERE, Tone.QUESTION, text, ()))
    output = messenger._console.file.getvalue()  # type: ignore[attr-defined]
    lines = "\n".join(line.rstrip() for line in output.splitlines())
    assert shown in lines
