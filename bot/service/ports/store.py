"""What is kept, as narrow protocols."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.core.effects import Effect, Say
from bot.core.judgement import Debrief
from bot.core.refusal import Refusal
from bot.core.session import INTERVIEW, Activity, History, PastInterview, Session, Setup, TimerKind
from bot.service.ports.daily import Daily, Planned, Prompt
from bot.service.ports.messages import File, Message
from bot.service.ports.shared_work import EVERYTHING, Inbox, Leases, Share
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

    `lost` says that its place cannot be reached.
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
        """Mark a heard thing as done; False when it was done before."""

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
        """What this transaction has to say, and what was left unsaid in the same places, oldest first."""

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

    async def lose(self, chat: str, now: int) -> list[OpenInterview]:
        """A chat, or a place of it, cannot be reached: no clock runs there; what is open in it.

        What an interview has to say there waits for its candidate to be back; anything else is never sent.
        """

    async def mark_reachable(self, place: str) -> list[tuple[int, OpenInterview]]:
        """A place can be reached again: what is open in it, or in its chat, and since when that was lost."""

    async def say_what_waits(self, place: str) -> bool:
        """Say with this transaction what is still to be said in a place; whether there is anything."""

    async def move(self, old: str, new: str, now: int) -> None:
        """Every place that begins with the chat `old` now begins with `new`; what is open there goes before."""


class Outbox(Protocol):
    """What is to be said, kept until it arrived."""

    async def left_unsent(self) -> list[Message]:
        """All messages not sent yet, oldest first, without those to places out of reach."""

    async def unsent_talk(self, platform: str, after: int) -> list[Message]:
        """The same on one platform, from beyond a number on, without what is sent in bulk."""

    async def unsent_bulk(self, platform: str, after: int, limit: int) -> list[Message]:
        """What is sent in bulk on a platform and was not tried yet, oldest first, from beyond a number on."""

    async def try_bulk(self, ids: Sequence[int], now: int) -> set[int]:
        """Note, before they are sent, that messages are tried; without those that somebody tried before."""

    async def settle_tried(self, platform: str, now: int, *, again: bool) -> None:
        """Whoever sent on this platform is gone: what was tried and may have arrived is tried again, or given up."""

    async def sent_since(self, platform: str, since: int) -> list[tuple[str, int]]:
        """To which places messages were sent since then, and when, oldest first."""

    async def settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        """Messages were sent, with the platform's ids of them, or never will be."""

    async def document(self, name: str) -> File | None:
        """A file to send, by the name a message has for it."""


class Store(Inbox, Outbox, Leases, Protocol):
    """Everything that is kept."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction."""

    async def due_timers(
        self, now: int, limit: int, platforms: Collection[str], share: Share = EVERYTHING
    ) -> list[DueTimer]:
        """Timers of these platforms due at `now`, earliest first."""

    async def due_subscriptions(self, now: int, lease: int, limit: int, platforms: Collection[str]) -> list[Planned]:
        """Subscriptions on these platforms whose prompt is due, claimed for `lease` seconds."""

    async def due_prompts(
        self, now: int, limit: int, platforms: Collection[str], share: Share = EVERYTHING
    ) -> list[Prompt]:
        """Prompts on these platforms that shall come once more by now."""

    async def running(self) -> list[str]:
        """The places in which a question is open, without those out of reach."""

    async def beat(self, now: int) -> None:
        """Note that the program is alive; a clock that was set back does not make it so earlier."""

    async def last_beat(self) -> int | None:
        """When the program was last known to be alive."""

    async def load(self, name: str) -> str | None:
        """What the program itself remembers under a name."""

    async def keep(self, name: str, value: str) -> None:
        """Remember something for the program itself."""


class StoreFailedError(Refusal):
    """The database did not do as it was told; the message is one sentence for whoever runs the program."""


class StoreAwayError(StoreFailedError):
    """The database cannot be used just now; the same may well work later."""
