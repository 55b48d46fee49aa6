"""A unit of work on what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.core.effects import Effect, Say
from bot.core.judgement import Debrief
from bot.core.refusal import Refusal
from bot.core.session import INTERVIEW, Activity, History, PastInterview, Session, Setup, TimerKind
from bot.service.ports.daily import Daily
from bot.service.ports.messages import Message
from bot.service.ports.stories import Stories


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer that came due."""

    session_id: int
    place: str
    turn: int
    kind: TimerKind


@dataclass(frozen=True, slots=True)
class OpenInterview:
    """An interview that is open: where it runs, where it was asked for, and what was sent last in it.

    `lost` says that its place is out of reach.
    """

    session_id: int
    person: str
    place: str
    asked_in: str
    last_ref: str
    lost: bool = False


class Transaction(Protocol):
    """One unit of work: all of it is kept, or none."""

    @property
    def daily(self) -> Daily:
        """The rows of daily questions."""

    @property
    def stories(self) -> Stories:
        """The rows of people's own stories."""

    async def session(self, session_id: int) -> Session | None:
        """An interview, open or over."""

    async def lock(self, place: str) -> None:
        """Let nobody else, in any process, work in a place until the end of the transaction."""

    async def take(self, key: str, now: int) -> bool:
        """Mark what came in under this key as done; False when it was done before."""

    async def open_session(self, place: str) -> Session | None:
        """The open interview of a place, locked until the end of the transaction."""

    async def candidate_of(self, session_id: int) -> str | None:
        """Whose interview this is or was."""

    async def new_session(  # noqa: PLR0913, PLR0917 - whose it is, where, and what is done
        self, person: str, place: str, asked_in: str, setup: Setup, now: int, activity: Activity = INTERVIEW
    ) -> Session:
        """A new interview, not yet begun, in `place`; it was asked for in `asked_in`."""

    async def open_interviews(self, place: str, person: str) -> list[OpenInterview]:
        """The open interviews that run in a place or, of this person, were asked for there."""

    async def started_since(self, person: str, since: int) -> int:
        """How many interviews the person began since `since`."""

    async def started_in(self, chat: str, since: int) -> int:
        """How many interviews were asked for in any place of a chat since `since`."""

    async def session_of_message(self, chat: str, ref: str) -> int | None:
        """The interview in which the bot sent this message, if it belongs to one."""

    async def history(self, person: str) -> History:
        """What the person has seen and how it went."""

    async def save(self, session: Session, effects: Sequence[Effect], now: int, *, private: bool = False) -> None:
        """Keep the session and turn its effects into rows; `private` shows its debrief to the candidate alone."""

    async def say(self, place: str, say: Say, now: int, person: str = "", *, private: bool = False) -> None:
        """Put a message into the outbox that belongs to no decision."""

    async def send_file(self, place: str, say: Say, document: str, now: int, person: str) -> None:
        """The same with a document, for this person's eyes only."""

    async def claim(self, timer: DueTimer, now: int) -> bool:
        """Close a timer that is due; False when an answer closed it first, or a pause moved it."""

    async def unsent(self) -> list[Message]:
        """The unsent messages of every place that this transaction said something in, oldest first."""

    async def sessions_of(self, person: str, limit: int) -> list[PastInterview]:
        """The person's interviews, newest first."""

    async def debrief(self, person: str, session_id: int | None) -> Debrief | None:
        """The debrief of one of the person's interviews; of the last finished one when no id is given."""

    async def settings(self, person: str) -> Mapping[str, str]:
        """What the person has set."""

    async def set_setting(self, person: str, name: str, value: str) -> None:
        """Keep a setting; taking back the consent to keep answers deletes those that were kept."""

    async def forget(self, person: str) -> None:
        """Delete everything that is kept about a person."""

    async def mark_unreachable(self, chat: str, now: int) -> list[OpenInterview]:
        """Note that a chat, or a place of it, cannot be reached, and stop its timers; the interviews open in it.

        The unsent messages of these interviews wait until their candidate is back; all others are never sent.
        """

    async def mark_reachable(self, place: str) -> list[tuple[int, OpenInterview]]:
        """Note that a place can be reached again; the interviews open in it or its chat, each with since when not."""

    async def say_what_waits(self, place: str) -> bool:
        """Have `unsent` return the messages of a place as well; whether there are any."""

    async def move(self, old: str, new: str, now: int) -> None:
        """Rename the chat `old` to `new` in every place; interviews already open in `new` end first."""


class Transactions(Protocol):
    """Whatever begins transactions."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction: committed at the end of the block, rolled back when it raises."""


class StoreFailedError(Refusal):
    """The database did not do as it was told; the message is one sentence for whoever runs the program."""


class StoreAwayError(StoreFailedError):
    """The database cannot be used just now; the same may well work later."""
