"""What goes wrong on purpose: errors, lost connections, delays and Telegram's rates."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from botapi.nouns import ApiError

TOO_MANY = 429


@dataclass(slots=True)
class Fault:
    """One failure to come; it hits `times` requests of a method, of one chat if that is given."""

    method: str
    code: int = 0
    description: str = ""
    retry_after: int = 0
    drop: Literal["", "before", "after"] = ""
    delay: float = 0
    times: int = 1
    chat: int | None = None

    def hits(self, method: str, chat: int) -> bool:
        """Whether this request fails."""
        return self.times > 0 and self.method.lower() in {"*", method} and self.chat in {None, chat}

    def error(self) -> ApiError:
        """The failure as an answer."""
        if self.code == TOO_MANY:
            return too_many(self.retry_after or 1)
        names = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
        return ApiError(self.code, self.description or names.get(self.code, "Bad Request"))


def too_many(seconds: int) -> ApiError:
    """Telegram's demand to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass(slots=True)
class Window:
    """At most `limit` sends within `span` seconds."""

    limit: int
    span: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """How long until the next send is allowed."""
        while self.times and self.times[0] <= now - self.span:
            self.times.popleft()
        return 0 if len(self.times) < self.limit else self.times[0] + self.span - now


class Rates:
    """Telegram's rates: 30 a second over all, 1 a second in a chat with a small burst, 20 a minute in a group."""

    def __init__(self, clock: Callable[[], float], *, burst: int = 3) -> None:
        self.clock = clock
        self.burst = burst
        self.overall = Window(30, 1)
        self.chats: dict[int, list[Window]] = {}

    def take(self, chat: int) -> None:
        """Count a send; raises when it comes too early."""
        now = self.clock()
        windows = [self.overall, *self.chats.setdefault(chat, self._fresh(chat))]
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            raise too_many(math.ceil(wait))
        for window in windows:
            window.times.append(now)

    def _fresh(self, chat: int) -> list[Window]:
        own = Window(self.burst, self.burst)
        return [own] if chat > 0 else [own, Window(20, 60)]
