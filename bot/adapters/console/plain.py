"""Lines in, plain text out: for pipes and scripts."""

from __future__ import annotations

import asyncio
from typing import TextIO

from bot.core.commands.grammar import is_quit
from bot.core.place import AT_CONSOLE, Chat
from bot.service.conversation.router import Router
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.messages import Message


class PlainMessenger:
    """Prints every message, with an empty line between two."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    async def send(self, message: Message) -> None:
        """Print one message."""
        self._out.write(f"{message.text}\n\n")
        self._out.flush()


async def read_lines(router: Router, place: Chat, lines: TextIO) -> None:
    """Take every line as one message, until the input ends or says /quit."""
    while line := await asyncio.to_thread(lines.readline):
        if is_quit(line):
            return
        await router.handle(Incoming("", place, AT_CONSOLE, 0, Said(line.rstrip("\r\n"))))
