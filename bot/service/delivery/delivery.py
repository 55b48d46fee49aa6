"""Delivery: sends messages in order within a chat, at the platform's pace, until they have arrived.

Of several replicas one sends on a platform; it reads the messages of the others from their rows.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from bot.core.place import Chat, Place, chat_of, is_within, moved, name_of
from bot.core.refusal import Refusal
from bot.service.concurrency import OrderedQueues, retry_while_down
from bot.service.delivery.bulk import Bulk
from bot.service.delivery.pacing import SendSlots
from bot.service.platforms import Platforms
from bot.service.ports.messages import Clock, File, Message, Outbox
from bot.service.ports.platform import (
    Budget,
    MovedError,
    NotSentError,
    Platform,
    RefusedError,
    TryAgainError,
    UnreachableError,
)
from bot.service.telemetry import Metrics, log_context

IN_FLIGHT = 16  # requests at once; more did not send faster against a server with 50 ms of latency
SWEEP_SHARED, SWEEP_ALONE = 0.2, 1.0  # seconds until we look for messages of other replicas
SWEEP = 5.0  # seconds until we look at all unsent messages, however old
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while the network is down
_BULK_PAUSE = 5.0  # seconds without bulk after nobody knew whether a message arrived
_MINUTE = 60
_ANY_ORDER = 1000  # numbers of messages that may be committed before lower ones
_REMEMBERED = 10_000  # settled messages; somebody who read their rows before may still want to send them
_LOGGER = logging.getLogger("mockbot.delivery")


@dataclass(slots=True)
class Outcome:
    """What became of messages: the platform's ids of those that arrived, and those that never will."""

    arrived: dict[int, str] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.arrived or self.failed)


class ReachabilityObserver(Protocol):
    """Is told that a chat is out of reach, or has moved."""

    async def mark_unreachable(self, place: Place, advice: str) -> None:
        """Note that nothing can be sent to this chat, or this place of it, any more."""

    async def move(self, old: Chat, new: Chat) -> None:
        """Note that the chat goes on under a new name."""


class _ExpiredError(Exception):
    """The message came too late to be sent."""


class _NotOursError(Exception):
    """Another replica sends on this platform now."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A message in the queue of its chat; `turn` is when its turn came, if it is a bulk message.

    It may be sent only in the `term` in which it was read: another replica may have sent it between two of ours.
    """

    message: Message
    platform: Platform[Any]
    term: int
    turn: float | None = None
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class BulkRun:
    """All bulk messages of a platform, as one item of a queue of their own."""

    platform: str


class Delivery:
    """Sends messages through the platforms. A message not sent when the program ends is sent when it starts again.

    `sends` says whether it is this replica that sends on a platform, which it then does from `send_for` on; `shared`
    says whether there are other replicas. `documents` gets the files that messages name, by default the outbox.
    """

    def __init__(  # noqa: PLR0913 - each is one thing it works with
        self,
        outbox: Outbox,
        platforms: Platforms,
        clock: Clock,
        sends: Callable[[str], bool] | None = None,
        *,
        shared: Callable[[], bool] = lambda: False,
        metrics: Metrics | None = None,
        documents: Callable[[str], Awaitable[File | None]] | None = None,
    ) -> None:
        self._outbox = outbox
        self._document = documents or outbox.document
        self._platforms = platforms
        self._clock = clock
        self._may_send = sends
        self._ours: set[str] = set()
        self._terms: Counter[str] = Counter()
        self._shared = shared
        self._metrics = metrics or Metrics()
        self._observer: ReachabilityObserver | None = None
        self._turns = SendSlots()
        self._queues: OrderedQueues[Queued | BulkRun] = OrderedQueues(self._work)
        self._free = asyncio.Semaphore(IN_FLIGHT)
        self._bulk = Bulk(outbox, platforms, clock, self._turns, self._goes_on, self._put_in_bulk, self._expire)
        self._bulk_asked: set[str] = set()
        self._under_way: set[int] = set()
        self._posted: dict[int, list[str]] = {}  # of messages in parts that were interrupted on the way
        self._settled: dict[int, None] = {}
        self._outcome = Outcome()
        self._noting: asyncio.Task[None] | None = None
        self._stopping = False

    def report_to(self, observer: ReachabilityObserver) -> None:
        """Tell an observer about chats that are unreachable or moved."""
        self._observer = observer

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Enqueue messages, each once; what another replica sends stays in its rows."""
        for message in messages:
            platform = self._platforms.get(name := name_of(message.place))
            if platform is None or not self._sends(name):
                continue
            if message.bulk:
                self._ask_for_bulk(name)
            elif message.id not in self._under_way and message.id not in self._settled:
                self._under_way.add(message.id)
                self._put(Queued(message, platform, self._terms[name]))

    async def send_for(self, name: str) -> None:
        """Send all messages of a platform, this replica having just taken the role over, until cancelled."""
        self._ours.discard(name)
        self._terms[name] += 1
        try:
            await self._keep_sending(name)
        finally:
            if self._may_send and not self._may_send(name):  # else we are stopping, and what is queued still goes out
                self._ours.discard(name)

    async def stop(self, seconds: float) -> None:
        """Send what is queued, for so long at most, and note what arrived."""
        self._stopping = True
        deadline = _now() + seconds
        await self._queues.drained(seconds)
        if self._noting:  # what arrived and cannot be noted is sent again
            await asyncio.wait({self._noting}, timeout=max(0.1, deadline - _now()))
            self._noting.cancel()

    def _sends(self, name: str) -> bool:
        return self._may_send is None or (name in self._ours and self._may_send(name))

    def _goes_on(self, name: str) -> bool:
        return not self._stopping and self._sends(name)

    async def _keep_sending(self, name: str) -> None:
        swept, after = -SWEEP, 0
        while True:
            try:
                if name not in self._ours:
                    await self._take_over(self._platforms[name])
                    self._ours.add(name)
                whole = _now() - swept >= SWEEP
                after = max(after, await self._sweep(name, 0 if whole else max(0, after - _ANY_ORDER)))
                swept = _now() if whole else swept
            except Refusal as error:
                _LOGGER.warning("%s", error)
            except Exception:
                _LOGGER.exception("the messages of others on %s could not be read", name)
            await asyncio.sleep(SWEEP_SHARED if self._shared() else SWEEP_ALONE)

    async def _take_over(self, platform: Platform[Any]) -> None:
        """Go on where another replica, or an earlier run, left off, at the pace it had."""
        now = self._clock()
        await self._outbox.settle_tried(platform.name, now, again=platform.resends_safely)
        for place, at in await self._outbox.sent_since(platform.name, now - _MINUTE):
            self._turns.recall(platform.budgets(place), max(0, now - at - 1))  # a row tells whole seconds

    async def _sweep(self, name: str, after: int) -> int:
        """Enqueue the unsent messages of a platform; the highest number."""
        found = await self._outbox.unsent_talk(name, after)
        await self.deliver(found)
        if not after:
            self._ask_for_bulk(name)
        return found[-1].id if found else after

    def _ask_for_bulk(self, name: str) -> None:
        if name not in self._bulk_asked:
            self._bulk_asked.add(name)
            self._queues.put(f"{name} in bulk", BulkRun(name))

    def _put_in_bulk(self, message: Message, platform: Platform[Any], turn: float | None) -> None:
        self._put(Queued(message, platform, self._terms[platform.name], turn, bulk=True))

    def _put(self, item: Queued) -> None:
        self._queues.put(chat_of(item.message.place), item)

    async def _work(self, item: Queued | BulkRun) -> None:
        if isinstance(item, BulkRun):
            self._bulk_asked.discard(item.platform)
            await self._bulk.send_all(item.platform)
            return
        message = item.message
        try:
            with log_context(message=message.id, session=message.session_id, place=message.place):
                await self._send(item)
        except Exception:
            self._under_way.discard(message.id)  # the next sweep finds it
            raise
        finally:
            if item.bulk:
                self._bulk.done()

    async def _send(self, item: Queued) -> None:
        message, platform = item.message, item.platform
        if platform.name not in self._platforms:  # it was given up meanwhile
            self._under_way.discard(message.id)
            return
        try:
            self._outcome.arrived[message.id] = await self._post_all(item)
            self._metrics.sent(platform.name, "sent")
        except _NotOursError:
            self._under_way.discard(message.id)
        except MovedError as error:
            await self._moved(item, error)
        except UnreachableError as error:
            _LOGGER.info("message %d: its chat cannot be reached", message.id)
            self._metrics.sent(platform.name, "unreachable")
            await self._lost(message, error)
        except _ExpiredError:
            self._fail(message, "expired")
        except RefusedError as error:
            _LOGGER.error("message %d was refused: %s", message.id, error)  # noqa: TRY400 - the sentence says it all
            self._fail(message, "refused")
        except Exception:
            _LOGGER.exception("message %d could not be sent", message.id)
            self._fail(message, "broken")
        self._note_soon()

    def _fail(self, message: Message, outcome: str) -> None:
        self._outcome.failed.append(message.id)
        self._metrics.sent(name_of(message.place), outcome)

    def _expire(self, message: Message) -> None:
        self._fail(message, "expired")
        self._note_soon()

    async def _post_all(self, item: Queued) -> str:
        """Send every part of a message; the platform's id of the first that has one."""
        message, turn = item.message, item.turn
        if name := message.document_name:
            message = replace(message, document=await retry_while_down(lambda: self._document(name)))
        refs = self._posted.get(message.id, [])
        for part in item.platform.compose(message)[len(refs) :]:
            refs = [*refs, await self._post(part, item, turn)]
            self._posted[message.id], turn = refs, None
        return next((ref for ref in refs if ref), "")

    async def _post(self, part: object, item: Queued, turn: float | None) -> str:
        message, platform, pause = item.message, item.platform, _FIRST_PAUSE
        budgets = platform.budgets(message.place)
        while True:
            if self._is_late(message):
                raise _ExpiredError
            came, turn = await self._turns.talk(budgets) if turn is None else turn, None
            try:
                async with self._free:
                    # While the network hangs, turns pass in front of requests that do not end.
                    if (used := self._turns.use(budgets, came)) is not None:
                        if not self._sends(platform.name) or item.term != self._terms[platform.name]:
                            raise _NotOursError
                        return await self._post_once(platform, part, budgets, used)
            except TryAgainError as error:
                self._metrics.told_to_wait(platform.name)
                self._halt(budgets, error.seconds)
            except (OSError, TimeoutError) as error:
                if message.bulk and not platform.resends_safely and not isinstance(error, NotSentError):
                    self._turns.put_off_bulk(budgets, _BULK_PAUSE)
                    unknown = "nobody knows whether it arrived"
                    raise RefusedError(unknown) from None
                _LOGGER.warning("%s: %s; trying again in %g s", platform.name, type(error).__name__, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _is_late(self, message: Message) -> bool:
        """Whether a message need not be sent any more; one of which a part was sent is sent to its end."""
        expires = message.expires_at
        return expires is not None and expires <= self._clock() and message.id not in self._posted

    async def _post_once(self, platform: Platform[Any], part: object, budgets: Sequence[Budget], used: float) -> str:
        began = _now()
        try:
            return await platform.post(part)
        finally:
            self._turns.answered(platform.name, budgets, used, began)

    def _halt(self, budgets: Sequence[Budget], seconds: float) -> None:
        """Send nothing to this chat for as long as the platform asked."""
        _LOGGER.warning("told to wait %g s", seconds)
        for budget in budgets:
            if budget.one_chat:
                self._turns.pacer.halt(budget, _now() + seconds)

    async def _moved(self, item: Queued, error: MovedError) -> None:
        chat = chat_of(item.message.place)
        if self._observer:
            observer = self._observer
            await retry_while_down(lambda: observer.move(error.old, error.new))
        for waiting in (item.message, *self._drop(chat, chat)):
            place = moved(waiting.place, error.old, error.new)
            self._put(Queued(replace(waiting, place=place), item.platform, item.term))

    async def _lost(self, message: Message, error: UnreachableError) -> None:
        if message.private or self._observer is None:
            self._outcome.failed.append(message.id)
            return
        lost = message.place if error.only_here else chat_of(message.place)
        dropped = self._drop(chat_of(message.place), lost)
        observer = self._observer
        await retry_while_down(lambda: observer.mark_unreachable(lost, error.advice))
        self._drop_stale([waiting.id for waiting in (message, *dropped)])

    def _drop(self, chat: Chat, lost: Place) -> list[Message]:
        """Take out of a chat's queue what waits there for a place."""
        dropped = self._queues.drop(chat, lambda item: isinstance(item, Queued) and is_within(item.message.place, lost))
        found = [item for item in dropped if isinstance(item, Queued)]
        for item in found:
            if item.bulk:
                self._bulk.done()
        return [item.message for item in found]

    def _note_soon(self) -> None:
        """Note outcomes together: those that come while a note is being written share the next one."""
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note(), name="note what arrived")

    async def _note(self) -> None:
        while self._outcome:
            outcome, self._outcome = self._outcome, Outcome()
            try:
                await retry_while_down(partial(self._settle, outcome))
            except Exception:
                _LOGGER.exception("what became of messages cannot be noted")  # nobody here sends them once more
            else:
                self._remember([*outcome.arrived, *outcome.failed])

    async def _settle(self, outcome: Outcome) -> None:
        await self._outbox.settle(outcome.arrived, outcome.failed, self._clock())

    def _remember(self, ids: Sequence[int]) -> None:
        """Remember that these are settled: somebody who read their rows before may still want to send them."""
        self._settled |= dict.fromkeys(ids)
        self._drop_stale(ids)
        while len(self._settled) > _REMEMBERED:
            del self._settled[next(iter(self._settled))]

    def _drop_stale(self, ids: Sequence[int]) -> None:
        self._under_way.difference_update(ids)
        for number in ids:
            self._posted.pop(number, None)


def _now() -> float:
    return asyncio.get_running_loop().time()
