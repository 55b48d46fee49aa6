"""The other processes of bench_telegram.py and bench_pushes.py: the Bot API server with the people, bots to compare.

Run by them as `python tests/bench/telegram_parts.py serve`, `echo URL`, `unpaced` or `offline`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botapi import BotApi, Chat

ROOT = Path(__file__).parent.parent.parent
TOKEN = "123456:TEST-TOKEN-of-the-benchmark"  # noqa: S105 - of the server below
PATIENCE = 180.0  # seconds for one message
OPENING = "/mock rapid-fire untimed 30"  # 20 questions, one message each
ANSWERS = (
    "regularisation shrinks the weights, so the variance falls while the bias grows a little",
    "I would look at the residuals on a held-out set first, and compare them with the training error",
    "it is the expected loss over the data distribution, which we estimate with a validation set",
    "leakage: a feature that is only known after the label, so the offline score is too good to be true",
    "I am not sure, but I think the gradient vanishes because the derivatives are multiplied layer by layer",
)


# The server's process: Telegram, and the people.


class Crowd:
    """The people who talk with the bot, told what to do by lines of JSON."""

    def __init__(self, api: BotApi, sends: Any) -> None:  # noqa: ANN401 - a class made where it is loaded
        self.api = api
        self.sends = sends
        self.talking = False
        self.chats: list[Chat] = []
        self.numbers = 1000

    async def join(self, count: int) -> None:
        """Other people take over, whom the bot does not know yet."""
        self.chats = []
        for _ in range(count):
            self.numbers += 1
            self.chats.append(self.api.private(self.api.user(self.numbers, "Kim")))

    async def open(self) -> None:
        """Everybody begins an interview, and gets its opening and its first question."""
        for chat in self.chats:
            await chat.says(chat.person, OPENING)
        await asyncio.gather(*(_numbers_of(chat, 2) for chat in self.chats))

    async def talk(self, turns: int) -> None:
        """Everybody says so much, all of it before the bot gets to see any."""
        for turn in range(turns):
            for chat in self.chats:
                await chat.says(chat.person, answer(turn))

    async def hear(self, turns: int) -> dict[str, float]:
        """Wait for so many messages to each; how long it took, and in how many chats none was missing or misplaced."""
        began = time.perf_counter()
        numbers = await asyncio.gather(*(_numbers_of(chat, turns) for chat in self.chats))
        seconds = time.perf_counter() - began
        return {"seconds": seconds, "in_order": sum(n == list(range(n[0], n[0] + turns)) for n in numbers)}

    async def alternate(self, turns: int) -> dict[str, float]:
        """Everybody says so much, one at a time: nobody speaks before the last answer has come. As `hear` tells it."""
        began, in_order = time.perf_counter(), 0
        for chat in self.chats:
            numbers = []
            for turn in range(turns):
                await chat.says(chat.person, answer(turn))
                numbers += await _numbers_of(chat, 1)
            in_order += numbers == list(range(numbers[0], numbers[0] + turns))
        return {"seconds": time.perf_counter() - began, "in_order": in_order}

    async def state(self) -> dict[str, int]:
        """How many messages nobody has waited for yet, and how many updates are not confirmed."""
        return {"unread": sum(c.arrivals.qsize() for c in self.chats), "pending": len(self.api.updates.pending)}

    async def delay(self, seconds: float) -> None:
        """Answer every request so much later."""
        self.api.latency = seconds

    async def enforce(self) -> None:
        """Refuse from now on what comes faster than Telegram allows."""
        self.api.rates = self.sends

    async def pushed(self, first: int, count: int, pause: float) -> dict[str, Any]:
        """So many people, numbered from the first on, get a message each, while everybody else talks.

        What was sent from the first to the last of these messages, and the seconds each answer took.
        """
        waiting = [self.api.private(self.api.user(number, "Lee")) for number in range(first, first + count)]
        self.talking, took = True, []
        offsets = (pause * place / len(self.chats) for place in range(len(self.chats)))
        talks = [asyncio.create_task(self._talk(*one, pause, took)) for one in zip(self.chats, offsets, strict=True)]
        await asyncio.gather(*(chat.next_message(PATIENCE) for chat in waiting))
        self.talking = False
        await asyncio.gather(*talks)
        await asyncio.sleep(2)  # whoever gets something twice has it by then
        pushes = [at for at, chat in self.sends.taken if first <= chat < first + count]
        sent = sum(pushes[0] <= at <= pushes[-1] for at, _ in self.sends.taken)
        return {"sent": sent, "seconds": pushes[-1] - pushes[0], "refused": self.sends.refused,
                "twice": sum(chat.arrivals.qsize() for chat in waiting), "took": took}  # fmt: skip

    async def _talk(self, chat: Chat, offset: float, pause: float, took: list[float]) -> None:
        """Say something every `pause` seconds, or when the answer before has come."""
        await asyncio.sleep(offset)
        turn = 0
        while self.talking:
            began = time.perf_counter()
            await chat.says(chat.person, answer(turn))
            await chat.next_message(PATIENCE)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(max(0.0, pause - took[-1]))
            turn += 1


async def _numbers_of(chat: Chat, count: int) -> list[int]:
    """The first number in each of the next messages: of the answer that is echoed, or of the question."""
    messages = [await chat.next_message(PATIENCE) for _ in range(count)]
    return [int(found[0]) if (found := re.search(r"\d+", m.text)) else -1 for m in messages]


def answer(turn: int) -> str:
    """What everybody says in a turn."""
    return f"Answer {turn}: {ANSWERS[turn % len(ANSWERS)]}."


async def serve() -> None:
    """Be the server; commands come on standard input."""
    sys.path.insert(0, str(ROOT / "tests"))
    from botapi import BotApi  # noqa: PLC0415 - brings Telegram's own library along, which no other process needs
    from botapi.faults import Rates  # noqa: PLC0415 - as above
    from botapi.nouns import ApiError  # noqa: PLC0415 - as above

    class Watched(BotApi):
        polled = asyncio.Event()

        async def _bot(self, request: Any) -> Any:  # noqa: ANN401 - as the server has it
            if request.match_info["method"].lower() == "getupdates":
                self.polled.set()
            return await super()._bot(request)

    class Sends(Rates):
        refused = 0

        def __init__(self) -> None:
            super().__init__(time.monotonic)
            self.taken: list[tuple[float, int]] = []

        def take(self, chat: int) -> None:
            try:
                super().take(chat)
            except ApiError:
                self.refused += 1
                raise
            self.taken.append((self.clock(), chat))

    async with Watched(token=TOKEN, judging=False, recording=False) as api:
        crowd = Crowd(api, Sends())
        _reply(api.url)
        while line := await asyncio.to_thread(sys.stdin.readline):
            name, *arguments = json.loads(line)
            if name == "polled":  # from now on
                api.polled.clear()
                await api.polled.wait()
                _reply(time.monotonic())
            else:
                _reply(await getattr(crowd, name)(*arguments))


def _reply(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


# The bots' processes.


def echo(url: str) -> None:
    """The baseline: what anybody's first bot looks like."""
    from telegram import Update  # noqa: PLC0415 - only here
    from telegram.ext import Application, ContextTypes, MessageHandler, filters  # noqa: PLC0415 - only here

    async def reply(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, reply))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


def unpaced() -> None:
    """`mockbot run` without Telegram's budgets."""
    sys.path.insert(0, str(ROOT))
    from bot import cli  # noqa: PLC0415 - only here
    from bot.adapters.telegram import platform  # noqa: PLC0415 - only here

    platform.budgets = lambda *_: ()
    sys.argv[1:] = ["run"]
    cli.main()


def offline() -> None:
    """`mockbot run` with a Discord that is put together as always and then never logs in."""
    sys.path.insert(0, str(ROOT))
    from bot import cli  # noqa: PLC0415 - only here
    from bot.adapters.discord.platform import DiscordPlatform  # noqa: PLC0415 - only here

    async def wait(_platform: DiscordPlatform) -> None:
        await asyncio.Event().wait()

    DiscordPlatform.run = wait
    os.environ["MOCKBOT_DISCORD_TOKEN"] = "none"  # noqa: S105 - nobody is asked
    sys.argv[1:] = ["run"]
    cli.main()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case ["echo", address]:
            echo(address)
        case ["unpaced"]:
            unpaced()
        case ["offline"]:
            offline()
