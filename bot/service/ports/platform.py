"""A chat platform, as the service uses it, and what can become of a message there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core.place import Chat, Place
from bot.service.ports.incoming import Attached, Incoming
from bot.service.ports.messages import Message


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

    def __init__(self, old: Chat, new: Chat) -> None:
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

    `resends_safely` says that the platform recognises a part that is sent twice. `anywhere` says that any replica can
    work on what came in there; else only the one that is connected can.
    """

    name: str
    resends_safely: bool
    anywhere: bool

    @property
    def up(self) -> bool:
        """Whether the platform delivers what people do just now."""

    async def run(self) -> None:
        """Receive what people do until cancelled; Refusal when the platform rejects the bot."""

    async def close(self) -> None:
        """Give the connections back."""

    def compose(self, message: Message) -> list[Part]:
        """The message as the platform's own messages, none above its limits, in order; pure."""

    async def post(self, part: Part) -> str:
        """Send one part; the platform's id of the sent message (empty when it has none)."""

    def budgets(self, place: Place) -> tuple[Budget, ...]:
        """How many messages the platform lets pass, as far as this place is concerned."""

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """Confirm a press or a command; `notice` is shown to that person alone."""

    async def read(self, incoming: Incoming, file: Attached) -> str:
        """The text of a file that somebody sent as an answer; UnreadableError with one sentence when it is none."""

    async def room(self, incoming: Incoming, title: str, *, public: bool) -> Place:
        """The place where an interview asked for in `incoming.place` shall run; opened when there is none yet."""

    async def private_room(self, incoming: Incoming) -> Place:
        """The place of the person's direct messages; RefusedError or UnreachableError when there is none."""

    async def is_admin(self, incoming: Incoming) -> bool:
        """Whether the person may decide for everybody in the chat."""

    def link(self, place: Place, message_id: str) -> str:
        """Where a message of a place can be found: an address or mention the platform shows as a link, or nothing."""


Receive = Callable[[Sequence[Incoming]], Awaitable[None]]  # what it took is committed when it returns
