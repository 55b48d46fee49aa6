"""A unit of work on what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.core.effects import Effect, Say
from bot.core.judgement import Debrief
from bot.core.place import NOBODY, Chat, Person, Place
from bot.core.refusal import Refusal
from bot.core.session import INTERVIEW, Activity, History, PastInterview, Session, Setup, TimerKind
from bot.core.stories import Story
from bot.service.ports.daily import Daily
from bot.service.ports.messages import Message


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer that came due."""

    session_id: int
    place: Place
    turn: int
    kind: TimerKind


@dataclass(frozen=True, slots=True)
class OpenInterview:
    """An interview that is open: where it runs, where it was asked for, and what was sent last in it.

    `lost` says that its place is out of reach.
    """

    session_id: int
    person: Person
    place: Place
    asked_in: Place
    last_ref: str
    lost: bool = False


class Stories(Protocol):
    """The rows of stories, within one transaction; a person's are numbered from 1, and the id of one is its number."""

    async def all(self, person: Person) -> list[Story]:
        """The person's stories by number, with versions, ratings and how often each was told."""

    async def next_number(self, person: Person) -> int:
        """The number of the next new story; that of a deleted one, or of one being told, is not used again."""

    async def asked(self, person: Person) -> Sequence[str]:
        """The ids of the competencies asked for in rehearsals so far, as often as each was asked, the latest last."""

    async def tag(self, person: Person, number: int, competencies: Sequence[str]) -> None:
        """Let a story cover these competencies and no others."""

    async def rename(self, person: Person, number: int, title: str) -> None:
        """Give a story another title."""

    async def delete(self, person: Person, number: int) -> None:
        """Delete a story for good, with its versions and ratings, and the rehearsals in which it was told."""


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

    async def take(self, key: str, now: int) -> bool:
        """Mark what came in under this key as done; False when it was done before."""

    async def open_session(self, place: Place) -> Session | None:
        """The open interview of a place, locked until the end of the transaction."""

    async def candidate_of(self, session_id: int) -> Person | None:
        """Whose interview this is or was."""

    async def new_session(  # noqa: PLR0913, PLR0917 - whose it is, where, and what is done
        self, person: Person, place: Place, asked_in: Place, setup: Setup, now: int, activity: Activity = INTERVIEW
    ) -> Session:
        """A new interview, not yet begun, in `place`; it was asked for in `asked_in`."""

    async def open_interviews(self, place: Place, person: Person) -> list[OpenInterview]:
        """The open interviews that run in a place or, of this person, were asked for there."""

    async def started_since(self, person: Person, since: int) -> int:
        """How many interviews the person began since `since`."""

    async def started_in(self, chat: Chat, since: int) -> int:
        """How many interviews were asked for in any place of a chat since `since`."""

    async def session_of_message(self, chat: Chat, ref: str) -> int | None:
        """The interview in which the bot sent this message, if it belongs to one."""

    async def history(self, person: Person) -> History:
        """What the person has seen and how it went."""

    async def save(self, session: Session, effects: Sequence[Effect], now: int, *, private: bool = False) -> None:
        """Keep the session and turn its effects into rows; `private` shows its debrief to the candidate alone."""

    async def say(self, place: Place, say: Say, now: int, person: Person = NOBODY, *, private: bool = False) -> None:
        """Put a message into the outbox that belongs to no decision."""

    async def send_file(self, place: Place, say: Say, document: str, now: int, person: Person) -> None:
        """The same with a document, for this person's eyes only."""

    async def claim(self, timer: DueTimer, now: int) -> bool:
        """Close a timer that is due; False when an answer closed it first, or a pause moved it."""

    async def close_examination(self, number: int, place: Place) -> None:
        """Close an examination of a place; one whose chat was renamed stays open."""

    async def unsent(self) -> list[Message]:
        """The unsent messages of every place that this transaction said something in, oldest first."""

    async def sessions_of(self, person: Person, limit: int) -> list[PastInterview]:
        """The person's interviews, newest first."""

    async def debrief(self, person: Person, session_id: int | None) -> Debrief | None:
        """The debrief of one of the person's interviews; of the last finished one when no id is given."""

    async def settings(self, person: Person) -> Mapping[str, str]:
        """What the person has set."""

    async def set_setting(self, person: Person, name: str, value: str) -> None:
        """Keep a setting; taking back the consent to keep answers deletes those that were kept."""

    async def forget(self, person: Person) -> None:
        """Delete everything that is kept about a person."""

    async def mark_unreachable(self, chat: Place, now: int) -> list[OpenInterview]:
        """Note that a chat, or a place of it, cannot be reached, and stop its timers; the interviews open in it.

        The unsent messages of these interviews wait until their candidate is back; all others are never sent.
        """

    async def mark_reachable(self, place: Place) -> list[tuple[int, OpenInterview]]:
        """Note that a place can be reached again; the interviews open in it or its chat, each with since when not."""

    async def say_what_waits(self, place: Place) -> bool:
        """Have `unsent` return the messages of a place as well; whether there are any."""

    async def move(self, old: Chat, new: Chat, now: int) -> None:
        """Rename the chat `old` to `new` in every place; interviews already open in `new` end first."""


class Transactions(Protocol):
    """Whatever begins transactions."""

    def begin(self, place: Place | None = None) -> AbstractAsyncContextManager[Transaction]:
        """A transaction: committed at the end of the block, rolled back when it raises.

        Nobody else, in any process, works in its place until then.
        """


class StoreFailedError(Refusal):
    """The database did not do as it was told; the message is one sentence for whoever runs the program."""


class StoreAwayError(StoreFailedError):
    """The database cannot be used just now; the same may well work later."""
