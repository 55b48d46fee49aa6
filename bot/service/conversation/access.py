"""Who may use the bot, and how much."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from bot.core.place import NOBODY, Chat, Person, chat_of
from bot.core.refusal import Refusal
from bot.core.text import replies
from bot.service.ports.incoming import Incoming
from bot.service.ports.store import Transaction

_DAY_HOURS = 24
_HOUR = 3600
_MANY = 10_000  # people and chats remembered before those that fell silent are forgotten


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may use the bot (nobody named: everybody), who runs it, and how many interviews a day may start.

    `allowed` holds people, chats and Discord servers, such as `telegram:42`; the owner is always welcome and never
    counted.
    """

    allowed: frozenset[Chat | Person] = frozenset()
    owner: Person = NOBODY
    starts_a_person: int = 20
    starts_a_chat: int = 100

    def admits(self, incoming: Incoming) -> bool:
        """Whether this person, or everybody in this chat, may use the bot."""
        invited = {incoming.person, chat_of(incoming.place), *incoming.within}
        return not self.allowed or incoming.person == self.owner or bool(invited & self.allowed)

    async def check_start(self, transaction: Transaction, incoming: Incoming, now: int) -> None:
        """Refusal when the person, or the chat, has begun enough interviews for a day."""
        if incoming.person == self.owner:
            return
        since = now - _DAY_HOURS * _HOUR
        if await transaction.started_since(incoming.person, since) >= self.starts_a_person:
            raise Refusal(replies.start_limit(_DAY_HOURS, self.starts_a_person))
        if not incoming.private and await transaction.started_in(chat_of(incoming.place), since) >= self.starts_a_chat:
            raise Refusal(replies.start_limit(_DAY_HOURS, self.starts_a_chat))


class RateLimiter:
    """Lets so many messages a minute through, of a person and of a chat."""

    A_PERSON = 60
    A_CHAT = 240
    SECONDS = 60

    def __init__(self) -> None:
        self._passed: dict[str, deque[tuple[int, str]]] = {}
        self._told: dict[Person, int] = {}

    def allows(self, incoming: Incoming, now: int) -> bool:
        """Whether one more message may pass; counts it, by when it was sent and only once, if so."""
        at = min(incoming.at or now, now)
        counters = [(f"person {incoming.person}", self.A_PERSON), (f"chat {chat_of(incoming.place)}", self.A_CHAT)]
        if (at, incoming.key) in self._passed.get(counters[0][0], ()):
            return True  # brought once more, as it could not be kept
        if any(self._full(key, count, at) for key, count in counters):
            return False
        if len(self._passed) > _MANY:
            self._forget_old(now)
        for key, count in counters:
            self._passed.setdefault(key, deque(maxlen=count)).append((at, incoming.key))
        return True

    def shall_tell(self, person: Person, now: int) -> bool:
        """Whether to tell the person that they were stopped: once a minute is enough."""
        if now - self.SECONDS < self._told.get(person, -self.SECONDS) <= now:
            return False
        self._forget_old(now)
        self._told[person] = now
        return True

    def _full(self, key: str, count: int, at: int) -> bool:
        passed = self._passed.get(key)
        return passed is not None and sum(at - self.SECONDS < sent <= at for sent, _ in passed) >= count

    def _forget_old(self, now: int) -> None:
        recent = now - self.SECONDS
        self._passed = {key: times for key, times in self._passed.items() if times[-1][0] > recent}
        self._told = {person: at for person, at in self._told.items() if at > recent}
