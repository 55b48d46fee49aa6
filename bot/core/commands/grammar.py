"""One command grammar for every platform: what a line of text asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.events import Command
from bot.core.preferences import PREFERENCES
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


def parse_setting(rest: str) -> tuple[str, str]:
    """The name and value in the rest of a `/settings` line; UsageError when there is no such setting or value."""
    words = rest.lower().split()
    name = words[0] if words else ""
    if name not in PREFERENCES:
        raise UsageError(usage.no_setting(name, PREFERENCES))
    if len(words) != 2 or words[1] not in PREFERENCES[name]:  # noqa: PLR2004 - a name and a value
        raise UsageError(usage.no_such_value(name, PREFERENCES[name]))
    return name, words[1]
