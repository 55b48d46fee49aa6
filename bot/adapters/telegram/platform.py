"""Telegram as the service uses it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import Bot
from telegram.error import TelegramError

from bot.adapters.telegram import files, menus, sending, webhook
from bot.adapters.telegram.polling import Sleep, Updates, doubling, retry_while_down
from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.sending import Part
from bot.adapters.telegram.translate import PLATFORM, Json, Me, translate
from bot.adapters.telegram.webhook import Webhook
from bot.core.place import Place, home_of, number_of, parse
from bot.service.ports.incoming import Attached, Incoming
from bot.service.ports.messages import Clock, Message
from bot.service.ports.platform import Budget, Kept, Receive, TryAgainError

_CONNECTIONS = 32
_PATIENCE = 30.0  # seconds; a send that is given up on too early is sent twice
_NOTICE = 200  # characters of answerCallbackQuery
_LOUD = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.CRITICAL}
_LOGGER = logging.getLogger("mockbot.telegram")


@dataclass(frozen=True, slots=True)
class Access:
    """How Telegram is reached: the bot's token, the Bot API's address, a webhook or else long polls of `seconds`.

    `rate` is how many messages a second Telegram takes from this bot.
    """

    token: str = field(repr=False)
    api: str = "https://api.telegram.org"
    webhook: Webhook | None = None
    seconds: int = 50
    rate: int = 30


class TelegramPlatform:
    """Telegram as a platform: `run` receives until it is cancelled; what `receive` takes is committed when it returns.

    `clock` returns UTC epoch seconds; `sleep` passes the pauses after a failure.
    """

    name = PLATFORM
    resends_safely = False  # it takes no nonce
    anywhere = True

    def __init__(
        self, access: Access, receive: Receive, kept: Kept, clock: Clock, sleep: Sleep = asyncio.sleep
    ) -> None:
        quiet_libraries()
        self._access = access
        self._receive = receive
        self._kept = kept
        self._clock = clock
        self._sleep = sleep
        self._requests = sends, polls = AiohttpRequest(_CONNECTIONS, _PATIENCE), AiohttpRequest(1, _PATIENCE)
        self._bot = Bot(access.token, f"{access.api}/bot", f"{access.api}/file/bot", sends, polls)
        self.up = False
        self._updates = Updates(self._bot.base_url, polls, access.seconds)

    async def run(self) -> None:
        """Receive what people do until cancelled; Refusal when Telegram does not accept the token."""
        try:
            await retry_while_down(self._bot.initialize, self._sleep)
            await self._publish_menus()
            if hook := self._access.webhook:
                async with webhook.listening(hook, self._take):
                    await retry_while_down(lambda: webhook.set_webhook(self._bot, hook, self._kept), self._sleep)
                    self.up = True
                    await asyncio.Event().wait()
            else:
                await retry_while_down(self._bot.delete_webhook, self._sleep)
                self.up = True
                await self._poll()
        finally:
            self.up = False

    async def close(self) -> None:
        """Give the connections back; `Bot.shutdown` would keep those of a bot that never learned its name."""
        for request in self._requests:
            await request.shutdown()

    def compose(self, message: Message) -> list[Part]:
        """The message as Telegram's messages, in order."""
        return sending.compose(message)

    async def post(self, part: Part) -> str:
        """Send one part; the id of its message in the place."""
        return await sending.post(self._bot, part)

    def budgets(self, place: Place) -> tuple[Budget, ...]:
        """Telegram's rates: 30 a second to everybody, about one a second to a chat, 20 a minute to a group."""
        return sending.budgets(place, self._access.rate)

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """Confirm a press, with a notice if there is one; never fails, as being late does no harm."""
        if incoming.ticket:
            text = notice[:_NOTICE] or None
            with contextlib.suppress(TelegramError):
                await self._bot.answer_callback_query(incoming.ticket, text, show_alert=bool(notice))

    async def read(self, incoming: Incoming, file: Attached) -> str:  # noqa: ARG002 - as the protocol has it
        """The caption and text of a file; UnreadableError with one sentence when it is none."""
        return await files.read(self._bot, file)

    async def room(self, incoming: Incoming, title: str, *, public: bool) -> Place:  # noqa: ARG002 - as the protocol has it
        """An interview runs where it was asked for."""
        return incoming.place

    async def private_room(self, incoming: Incoming) -> Place:
        """The person's own chat with the bot; UnreachableError when they never opened one, or closed it."""
        if incoming.private:
            return incoming.place
        with contextlib.suppress(TryAgainError, OSError):  # what is to be said there is tried again by the outbox
            await sending.check_reachable(self._bot, incoming.person)
        return home_of(incoming.person)

    async def is_admin(self, incoming: Incoming) -> bool:
        """Whether the person is an admin of the group; nobody is when Telegram cannot be asked."""
        with contextlib.suppress(TelegramError):
            chat, person = parse(incoming.place).chat, number_of(incoming.person)
            member = await self._bot.get_chat_member(chat, person)
            return member.status in {"creator", "administrator"}
        return False

    def link(self, place: Place, message_id: str) -> str:
        """The address of a message in a supergroup, or nothing."""
        return sending.link(place, message_id)

    async def _publish_menus(self) -> None:
        """Publish the menus; a failure is logged, and the next start tries again."""
        try:
            await menus.publish(self._bot, self._kept)
        except TelegramError as error:
            _LOGGER.warning("Telegram did not take the menus (%s); the next start tries again.", type(error).__name__)

    async def _poll(self) -> None:
        """Poll for updates, commit them, then confirm them; what is not confirmed is delivered again."""
        pauses = doubling(1)
        while True:
            updates = await retry_while_down(self._updates.next, self._sleep)
            try:
                await self._take(updates)
            except Exception:
                _LOGGER.exception("What Telegram brought could not be kept; it will be brought again.")
                await self._sleep(next(pauses))
                continue
            self._updates.confirm(updates)
            pauses = doubling(1)

    async def _take(self, updates: Sequence[Json]) -> None:
        me, now = Me(self._bot.id, self._bot.username), self._clock()
        incoming = [incoming for update in updates if (incoming := _translated(update, me, now))]
        if incoming:
            await self._receive(incoming)


def _translated(update: Json, me: Me, now: int) -> Incoming | None:
    """The `Incoming` of an update; one that is not as documented is logged and left out."""
    try:
        return translate(update, me, now)
    except (KeyError, TypeError, ValueError, AttributeError):
        _LOGGER.exception("Update %s cannot be understood and is left out.", update["update_id"])
        return None


def quiet_libraries() -> None:
    """Raise the log levels of libraries that log addresses with the token (httpx, telegram) or whole answers."""
    for name, level in _LOUD.items():
        logging.getLogger(name).setLevel(level)
