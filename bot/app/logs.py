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

from bot.service.log_context import logged_ids
from bot.service.ports.store import StoreFailedError

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
    """Write from `level` upwards; libraries speak from WARNING."""
    handler = Lines()
    handler.setFormatter(formatter(secrets, plain=sys.stderr.isatty()))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


class Lines(logging.StreamHandler[Any]):
    """Writes lines to stderr; of one that cannot be written it does not show the parts, as logging itself would."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """Only say whose line it was, and what kind of error came up."""
        sys.stderr.write(f"A log line of {record.name} could not be written: {type(sys.exception()).__name__}.\n")


def formatter(secrets: Sequence[str], *, plain: bool) -> logging.Formatter:
    """A line for each record, ours and those of libraries alike."""
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


def tell_of_task(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody awaited and what broke in a callback; asyncio itself would print the error with its words."""
    _LOGGER.error("%s", context["message"].partition(":")[0], exc_info=context.get("exception"))


def _labelled(_logger: object, _name: str, line: EventDict) -> EventDict:
    """The fields in the order in which they are read."""
    return {**{name: line[name] for name in _FIRST}, **logged_ids(), **line}


def _redacting(secrets: Sequence[str]) -> Processor:
    """Blots out every secret, wherever in a line one turns up; also as an address spells it, and a token's own half."""
    hidden = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
    hidden |= {half for secret in secrets if len(half := secret.partition(":")[2]) > len("password")}
    blot = _blotting(sorted(hidden, key=len, reverse=True))

    def redact(_logger: object, _name: str, line: EventDict) -> EventDict:
        return {name: value if isinstance(value, int | float) else blot(str(value)) for name, value in line.items()}

    return redact


def _blotting(hidden: Sequence[str]) -> Callable[[str], str]:
    def blot(text: str) -> str:
        for secret in hidden:
            text = text.replace(secret, "[secret]")
        return text

    return blot


def _traceback(exc_info: ExcInfo) -> str:
    return "".join(_lines(exc_info[1])).rstrip()


def _lines(error: BaseException) -> Iterator[str]:
    """A traceback, what led to it first, with the message of an error only where that cannot quote anybody."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier:
        yield from _lines(earlier)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__qualname__}{f': {error}' if isinstance(error, _HARMLESS) else ''}\n"
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield "of which one is\n"
        yield from _lines(part)
