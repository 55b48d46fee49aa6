"""What the program writes about itself, to stderr: JSON with ids, never with texts or tokens.

At a terminal it is plain lines instead.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import quote

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from bot.service.ports.store import StoreFailedError
from bot.service.telemetry import logged_ids

_LOUD = (
    "httpx",
    "httpcore",
    "apscheduler",
    "discord",
    "telegram",
    "aiohttp",
    "asyncio",
    "alembic",
    "aiosqlite",
    "sqlalchemy",
    "psycopg",
)  # httpx logs addresses, tokens in them
_FIRST = ("timestamp", "level", "logger", "event")
_LOGGER = logging.getLogger("mockbot")
# Errors whose messages are words of programmers; that of a ValueError, say, may quote what somebody typed, and that of
# another Refusal gives back a whole answer that came too late.
_HARMLESS = (StoreFailedError, OSError, AttributeError, NameError, ImportError, TypeError, AssertionError, RuntimeError)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(level: str, secrets: Sequence[str]) -> None:
    """Log from `level` upwards, libraries from WARNING."""
    handler = Lines()
    handler.setFormatter(formatter(secrets, plain=sys.stderr.isatty()))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


class Lines(logging.StreamHandler[Any]):
    """Writes to stderr; a record that cannot be formatted is not dumped, as logging itself would do."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """Write the logger and the class of the error alone."""
        sys.stderr.write(f"A log line of {record.name} could not be written: {type(sys.exception()).__name__}.\n")


def formatter(secrets: Sequence[str], *, plain: bool) -> logging.Formatter:
    """The formatter of every record, the bot's own and those of libraries."""
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if plain
        else structlog.processors.JSONRenderer()
    )
    return ProcessorFormatter(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_traceback),
            _labelled,
            _redacting(secrets),
            renderer,
        ]
    )


def log_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log errors of tasks and callbacks that nobody handles; asyncio itself would print their messages, too."""
    _LOGGER.error("%s", context["message"].partition(":")[0], exc_info=context.get("exception"))


def _labelled(_logger: object, _name: str, line: EventDict) -> EventDict:
    """The fields in the order in which they are read."""
    return {**{name: line[name] for name in _FIRST}, **logged_ids(), **line}


def _redacting(secrets: Sequence[str]) -> Processor:
    """A processor that replaces every secret, also where it is URL-encoded, and the second half of a token."""
    hidden = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
    hidden |= {half for secret in secrets if len(half := secret.partition(":")[2]) > len("password")}
    replaced = _replacing(sorted(hidden, key=len, reverse=True))

    def redact(_logger: object, _name: str, line: EventDict) -> EventDict:
        return {name: value if isinstance(value, int | float) else replaced(str(value)) for name, value in line.items()}

    return redact


def _replacing(hidden: Sequence[str]) -> Callable[[str], str]:
    def replaced(text: str) -> str:
        for secret in hidden:
            text = text.replace(secret, "[secret]")
        return text

    return replaced


def _traceback(exc_info: ExcInfo) -> str:
    return "".join(_lines(exc_info[1])).rstrip()


def _lines(error: BaseException) -> Iterator[str]:
    """The traceback with its causes first; an error's message is shown only where it cannot quote a person."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier:
        yield from _lines(earlier)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__qualname__}{f': {error}' if isinstance(error, _HARMLESS) else ''}\n"
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield "of which one is\n"
        yield from _lines(part)
