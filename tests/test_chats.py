"""Whole conversations played back and compared with what was recorded in `chats/`.

Each file holds what the candidate types behind `> `; everything else is what the router says. After a wanted
change of words: `MOCKBOT_RECORD=1 pytest tests/test_chats.py`, then read the difference.
"""

import os
from pathlib import Path

import pytest

from assembled import router_of
from bot.service.conversation.due import DueWork
from bot.storage import SqlStore
from fakes import FakeClock, FakeMessenger, said
from rows import due_timers
from sample_bank import sample_bank

CHATS = sorted((Path(__file__).parent / "chats").glob("*.txt"))
SECONDS_A_LINE = 20


async def play(store: SqlStore, typed: list[str]) -> str:
    messenger, clock = FakeMessenger(), FakeClock()
    router = router_of(store, sample_bank(), messenger, clock)
    transcript: list[str] = []
    for line in typed:
        clock.forward(SECONDS_A_LINE)
        for timer in await due_timers(store, clock()):
            await DueWork(router.units).ring(timer)
        before = len(messenger.sent)
        if wait := line.removeprefix("(wait ").removesuffix(")") if line.startswith("(wait ") else "":
            clock.forward(int(wait))
            for timer in await due_timers(store, clock()):
                await DueWork(router.units).ring(timer)
        else:
            await router.handle(said(line, "console:here", "console:me"))
        transcript += [f"> {line}", *messenger.texts[before:]]
    return "\n\n".join(transcript) + "\n"


def typed_in(recorded: str) -> list[str]:
    return [line.removeprefix("> ") for line in recorded.splitlines() if line.startswith("> ")]


@pytest.mark.parametrize("path", CHATS, ids=lambda path: path.stem)
async def test_a_conversation_reads_as_it_was_recorded(sqlite_store: SqlStore, path: Path) -> None:
    recorded = path.read_text()
    played = await play(sqlite_store, typed_in(recorded))
    if os.environ.get("MOCKBOT_RECORD"):
        path.write_text(played)
    assert played == path.read_text()


def test_there_is_a_conversation_for_every_stage() -> None:
    stages = {"screen", "coding", "fundamentals", "rapid-fire", "system-design", "behavioral", "full"}
    assert stages <= {path.stem for path in CHATS}
