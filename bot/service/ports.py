"""What the service needs from the outside, as narrow protocols."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core.blocks import Block
from bot.core.debrief import Debrief
from bot.core.effects import Effect, Say, Tone
from bot.core.events import Command
from bot.core.refusal import Refusal
from bot.core.session import History, PastInterview, Session, Setup, TimerKind
from bot.service.daily_ports import DailyRows, Planned, Prompt
from bot.service.heard import Attached, Heard
from bot.service.sharing_ports import EVERYTHING, Inbox, Leases, Share
from bot.service.story_ports import StoryRows

Clock = Callable[[], int]  # UTC epoch seconds
HearAll = Callable[[Sequence[Heard]], Awaitable[None]]  # what it took is committed when it returns


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: its name, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say in a place; `id` orders the messages of a place and tells a repeated one.

    `person` is whom it addresses (empty: nobody in particular); `private` keeps it from everybody else in the place.
    `blocks`, when there are any, say the same as `text` with its structure. `choices` and `commands` are offered as
    buttons, which come back with `session_id` and `mark`. `due` is the deadline (epoch seconds). `document` is a file
    that goes with it, kept under `document_name`. `reply_to` is the platform's id of the message it answers. `bulk` is
    one of many alike, which waits for all others and is not sent any more from `expires_at` on. `thread` is the title
    of a talk of its own, which it begins, or goes on with below the message it answers.
    """

    id: int
    place: str
    tone: Tone
    text: str
    choices: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    blocks: tuple[Block, ...] = ()
    person: str = ""
    private: bool = False
    session_id: int | None = None
    mark: str = ""
    due: int | None = None
    document: File | None = None
    document_name: str = ""
    reply_to: str = ""
    bulk: bool = False
    expires_at: int | None = None
    thread: str = ""

    def has_expired(self, now: int) -> bool:
        """Whether it need not be sent any more."""
        return self.expires_at is not None and self.expires_at <= now


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
    def daily(self) -> DailyRows:
        """The rows of daily questions."""

    @property
    def stories(self) -> StoryRows:
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

    async def new_session(self, person: str, place: str, asked_in: str, setup: Setup, now: int) -> Session:
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

    async def find_again(self, place: str) -> list[tuple[int, OpenInterview]]:
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


class Messenger(Protocol):
    """A surface that shows messages at once, one after the other."""

    async def send(self, message: Message) -> None:
        """Show a message; raises when it could not be shown, and it will be tried again."""


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `count` messages within any `seconds`, over all places that name the same `key`.

    `one_chat` says that it is about a single chat: when the platform asks for silence, only such budgets are halted.
    """

    key: str
    count: int
    seconds: float
    one_chat: bool = True


class StoreFailedError(Refusal):
    """The database did not do as it was told; the message is one sentence for whoever runs the program."""


class StoreAwayError(StoreFailedError):
    """The database cannot be used just now; the same may well work later."""


class NotSentError(OSError):
    """The platform could not be reached, so that nothing can have arrived there."""


class TryAgainError(Exception):
    """The platform asked to wait `seconds` before the next message to this chat."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:g} s")
        self.seconds = seconds


class UnreachableError(Exception):
    """Nothing can be sent to this chat any more; `advice` is one sentence for the person on what would mend it.

    `only_here` says that other places of the chat can still be reached.
    """

    def __init__(self, advice: str = "", *, only_here: bool = False) -> None:
        super().__init__(advice or "unreachable")
        self.advice = advice
        self.only_here = only_here


class MovedError(Exception):
    """The chat lives on under another name: every place that begins with `old` now begins with `new`."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} is now {new}")
        self.old = old
        self.new = new


class RefusedError(Exception):
    """The platform will never take this very message; it is left out, others go on."""


Part = TypeVar("Part")


class Kept(Protocol):
    """Small facts about a platform that outlive the program."""

    async def load(self, name: str) -> str | None:
        """What was kept under a name."""

    async def keep(self, name: str, value: str) -> None:
        """Keep a value under a name."""


class Platform(Protocol[Part]):
    """A chat platform, as the service uses it.

    `compose` and `post` raise TryAgainError, UnreachableError, MovedError or RefusedError; any other error of the
    network is `OSError` or `TimeoutError`, and the part is sent again; `NotSentError` says that it did not arrive.

    `resends_safely` says that the platform knows a part that is sent twice. `anywhere` says that any replica can work
    on what was heard there; else only the one that is connected can. `up` says whether it is heard just now.
    """

    name: str
    resends_safely: bool
    anywhere: bool

    @property
    def up(self) -> bool:
        """Whether what people do there is heard just now."""

    async def run(self) -> None:
        """Hear what people do until cancelled; Refusal when the platform will not have us."""

    async def close(self) -> None:
        """Give the connections back."""

    def compose(self, message: Message) -> list[Part]:
        """The message as the platform's own messages, none above its limits, in order; pure."""

    async def post(self, part: Part) -> str:
        """Send one part; the platform's id of the sent message (empty when it has none)."""

    def budgets(self, place: str) -> tuple[Budget, ...]:
        """How many messages the platform lets pass, as far as this place is concerned."""

    async def acknowledge(self, heard: Heard, notice: str) -> None:
        """End the waiting of whoever pressed a button or gave a command; `notice` is for their eyes only."""

    async def read(self, heard: Heard, file: Attached) -> str:
        """The text of a file that somebody sent as an answer; UnreadableError with one sentence when it is none."""

    async def room(self, heard: Heard, title: str, *, public: bool) -> str:
        """The place where an interview asked for in `heard.place` shall run; opened when there is none yet."""

    async def private_room(self, heard: Heard) -> str:
        """The place of the person's direct messages; RefusedError or UnreachableError when there is none."""

    async def is_admin(self, heard: Heard) -> bool:
        """Whether the person may decide for everybody in the chat."""

    def link(self, place: str, message_id: str) -> str:
        """Where a message of a place can be found: an address or mention the platform shows as a link, or nothing."""
