"""One command grammar for every platform: what a line of text asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.events import Command
from bot.core.refusal import UsageError
from bot.core.text import usage

_SLASH = re.compile(r"^/([a-z_]{1,32})(?:@\w+)?(?:\s+(.*))?$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Request:
    """A command that is not part of an interview: `name` without the slash, and the rest of the line."""

    name: str
    rest: str


REQUESTS = ("mock", "daily", "star", "report", "history", "settings", "privacy", "export", "forget", "start")


def is_quit(line: str) -> bool:
    """Whether a line of the terminal leaves the chat; the interview stays open."""
    return line.strip().lower() in {"/quit", "/exit"}


def parse(text: str) -> Command | Request | str:
    """A command of the interview, a request beside it, or plain text; UsageError for an unknown command.

    A slash that starts no word, such as a path or a comment, is plain text.
    """
    match = _SLASH.match(text.strip())
    if not match:
        return text
    name, rest = match.group(1).lower().replace("_", "-"), (match.group(2) or "").strip()
    if name in {command.value for command in Command}:
        if rest:
            raise UsageError(usage.stands_alone(name))
        return Command(name)
    if name in REQUESTS:
        return Request(name, rest)
    raise UsageError(usage.unknown_command(name, [*REQUESTS, *(c.value for c in Command)]))
