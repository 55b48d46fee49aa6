"""How many files of bot/ one message passes through, and how often the work moves from one file into another.

Three messages are counted: a typed answer, `/done` and `/settings`, each from the moment the Telegram adapter takes
the update apart until the bot's first message has arrived at a local Bot API server. The program runs with its own
parts, on SQLite; somebody else has had the same turns before, so that nothing is loaded for the first time. Each count
is the median of several people, as a tick of the schedule may fall into one. `/done` scores the whole sample answer.

A file is one of bot/ in which a function ran. A move is a call from a function in one file to a function in another:
whatever the standard library or a framework does between the two is passed over, and a coroutine that goes on after it
waited is not called anew. What runs in bot/app is left out, as it only puts the parts together and hands out the clock.

Run: `python tests/bench/count_moves.py`. It prints a Markdown table and exits with 1 when an aim is missed.
"""

from __future__ import annotations

import asyncio
import dis
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from statistics import median
from types import CodeType, FrameType

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bot.adapters.telegram import platform  # noqa: E402 - found by the lines above
from bot.app import run  # noqa: E402 - as above
from bot.banks.compiled import Content  # noqa: E402 - as above
from bot.config import Settings  # noqa: E402 - as above
from bot.core.stories.competencies import Catalogue  # noqa: E402 - as above
from bot.storage import open_store  # noqa: E402 - as above
from botapi import BotApi, Chat  # noqa: E402 - as above
from sample_bank import FULL_ANSWER, sample_bank  # noqa: E402 - as above

# What is counted, what is sent for it, and the most files and moves it should take.
COUNTED = (("a typed answer", FULL_ANSWER, 20, 60), ("/done", "/done", 35, 180), ("/settings", "/settings", 18, 50))
OPENING = "/mock fundamentals untimed 60"
PEOPLE = 6  # of whom the first warms up
QUIET = 0.4  # seconds in which what belongs to the turn before comes to its end
_BOT = f"{ROOT / 'bot'}/"
_ENTRANCE = "adapters/telegram/translate.py"
_LEFT_OUT = "app/"


class Count:
    """The files and moves of what runs between `start` and `stop`, from the adapter's entrance on."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.moves = 0

    def start(self) -> None:
        """Watch every call from now on."""
        sys.setprofile(self._see)

    def stop(self) -> None:
        """Watch no more."""
        sys.setprofile(None)

    def _see(self, frame: FrameType, event: str, _value: object) -> None:
        file = _file_of(frame)
        if event != "call" or not file or (not self.files and file != _ENTRANCE):
            return
        self.files.add(file)
        caller = _caller(frame)
        self.moves += bool(caller and caller != file and not _goes_on(frame))


def _file_of(frame: FrameType) -> str:
    """The file of bot/ that a frame runs in; empty when it is none, or one that is left out."""
    name = frame.f_code.co_filename
    file = name.removeprefix(_BOT)
    return "" if file == name or file.startswith(_LEFT_OUT) else file


def _caller(frame: FrameType) -> str:
    """The file of bot/ that called, directly or through somebody else's code."""
    back = frame.f_back
    while back and not _file_of(back):
        back = back.f_back
    return _file_of(back) if back else ""


def _goes_on(frame: FrameType) -> bool:
    """Whether a coroutine or generator goes on, rather than begins."""
    return frame.f_lasti > _beginning(frame.f_code)


@cache
def _beginning(code: CodeType) -> int:
    return next(instruction.offset for instruction in dis.get_instructions(code) if instruction.opname == "RESUME")


@asynccontextmanager
async def program(server: BotApi, folder: Path) -> AsyncIterator[None]:
    """The program's own parts on Telegram, without Telegram's pacing, and with the same questions each time."""
    platform.budgets = lambda *_: ()
    run.seed = lambda: 1
    url = f"sqlite+aiosqlite:///{folder / 'mockbot.db'}"
    wanted = {"telegram_token": server.token, "telegram_api": server.url, "database_url": url}
    store = await open_store(url)
    settings = Settings(_env_file=None, **wanted)
    async with run._running(settings, store, Content(sample_bank(), Catalogue)) as running:
        hearing = asyncio.create_task(running._keep("telegram"))
        yield
        await server.settled()
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing
    await store.close()


async def counted(chat: Chat, text: str) -> Count:
    """What it takes from `text` to the bot's next message."""
    await asyncio.sleep(QUIET)
    count = Count()
    count.start()
    try:
        await chat.says(chat.person, text)
        await chat.next_message(30)
    finally:
        count.stop()
    return count


async def conversation(chat: Chat) -> list[Count]:
    """An interview begins, and each message that is counted is sent once."""
    await chat.says(chat.person, OPENING)
    while "Question 1" not in (await chat.next_message(30)).text:
        continue
    return [await counted(chat, text) for _, text, _, _ in COUNTED]


async def measure() -> list[list[Count]]:
    """For each message the counts of several people, the first of whom does not count."""
    with tempfile.TemporaryDirectory() as name:
        async with BotApi(judging=False) as server, program(server, Path(name)):
            _, *people = [
                await conversation(server.private(server.user(7 + number, "Kim"))) for number in range(PEOPLE)
            ]
    return [list(counts) for counts in zip(*people, strict=True)]


def main() -> None:
    """Count and print."""
    print("| what | files | moves | aim |\n|---|---|---|---|")
    met = []
    for (what, _, files, moves), counts in zip(COUNTED, asyncio.run(measure()), strict=True):
        found = median(len(count.files) for count in counts), median(count.moves for count in counts)
        print(f"| {what} | {found[0]} | {found[1]} | {files} and {moves} |")
        met += [found[0] <= files, found[1] <= moves]
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
