"""What the program writes about itself: to stderr, with numbers and never with texts or tokens."""

from __future__ import annotations

import logging
from collections.abc import Sequence

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
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
)  # httpx logs addresses, tokens in them


class Redacting(logging.Formatter):
    """Writes a log line with every secret blotted out, wherever in it one turns up."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__(_FORMAT)
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """The line, a traceback included."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def configure(level: str, secrets: Sequence[str]) -> None:
    """Write from `level` upwards; libraries speak from WARNING."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
