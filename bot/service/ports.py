"""What the service needs from the outside, as narrow protocols."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.core.debrief import Debrief
from bot.core.effects import Effect, Tone
from bot.core.session import History, PastInterview, Session, Setup, TimerKind


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say in a place; `id` orders the messages of a place and tells a repeated one."""

    id: int
    place: str
    tone: Tone
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer that came due."""

    session_id: int
    place: str
    turn: int
    kind: TimerKind


HARVEST = "harvest"  # the setting by which a person lets unmatched answers be kept for authors


class Transaction(Protocol):
    """One unit of work: all of it is kept, or none."""

    async def open_session(self, place: str) -> Session | None:
        """The open interview of a place, locked until the end of the transaction."""

    async def new_session(self, person: str, place: str, setup: Setup, now: int) -> Session:
        """A new interview, not yet begun."""

    async def history(self, person: str) -> History:
        """What the person has seen and how it went."""

    async def save(self, session: Session, effects: Sequence[Effect], now: int) -> None:
        """Keep the session and turn its effects into rows."""

    async def say(self, place: str, text: str, tone: Tone, now: int) -> None:
        """Put a message into the outbox that belongs to no decision."""

    async def claim(self, timer: DueTimer) -> bool:
        """Close a timer; False when an answer closed it first."""

    async def unsent(self, place: str) -> list[Message]:
        """What is still to be said in a place, oldest first; nothing when this transaction adds nothing to it."""


class Store(Protocol):
    """Everything that is kept."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction."""

    async def sent(self, message_ids: Sequence[int], now: int) -> None:
        """Messages have been shown."""

    async def due_timers(self, now: int, limit: int) -> list[DueTimer]:
        """Timers due at `now`, earliest first."""

    async def sessions_of(self, person: str, limit: int) -> list[PastInterview]:
        """The person's interviews, newest first."""

    async def debrief(self, person: str, session_id: int | None) -> Debrief | None:
        """The debrief of one of the person's interviews; of the last finished one when no id is given."""

    async def setting(self, person: str, name: str) -> str | None:
        """What the person set, None when nothing."""

    async def set_setting(self, person: str, name: str, value: str) -> None:
        """Keep a setting; taking back the consent to keep answers deletes those that were kept."""

    async def beat(self, now: int) -> None:
        """Note that the program is alive."""

    async def last_beat(self) -> int | None:
        """When the program was last known to be alive."""


class Messenger(Protocol):
    """A platform that can show messages."""

    async def send(self, message: Message) -> None:
        """Show a message; raises when it could not be shown, and it will be tried again."""
