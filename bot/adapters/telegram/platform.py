"""Telegram as the service uses it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import Bot, InputFile, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bot.adapters.telegram import menus, webhook
from bot.adapters.telegram.polling import Polling, Sleep, retry_while_down
from bot.adapters.telegram.rendering import Keyboard, Part, Spot, compose, spot_of
from bot.adapters.telegram.request import AiohttpRequest, call, is_gateways, translated_errors
from bot.adapters.telegram.translate import PLATFORM, Json, Me, translate
from bot.adapters.telegram.webhook import Webhook
from bot.core.place import Place, chat_of, home_of, number_of, parse
from bot.core.text import replies
from bot.service import textfile
from bot.service.ports.incoming import Attached, Incoming, UnreadableError
from bot.service.ports.messages import Clock, File
from bot.service.ports.platform import (
    Budget,
    Kept,
    MovedError,
    Receive,
    RefusedError,
    TryAgainError,
    UnreachableError,
)

ANSWERED_IN_PRIVATE = "I answered you in private."
FOR_YOU_ALONE = "That answer is for you alone. Open a chat with me, press Start, and ask again there."
OPEN_CHAT = "Open a chat"
NO_FILES = "I may not send files in this group. Ask an admin to allow it, or ask me for the file in private."
_SUPERGROUPS = -(10**12)  # their numbers are below (Bot API, "Dialog IDs")
_BURST = 3  # messages that may come at once, in place of one each second
_NO_PREVIEW = {"is_disabled": True}
_PICTURE = ".png"
_NO_PICTURE = ("photo", "image")  # as in "PHOTO_INVALID_DIMENSIONS" and "not enough rights to send photos"
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


def link(place: Place, message_id: str) -> str:
    """The address of a message in a supergroup; messages of other chats have none."""
    spot = spot_of(place)
    if not message_id or spot.chat > _SUPERGROUPS:
        return ""
    thread = f"{spot.thread}/" if spot.thread else ""
    return f"https://t.me/c/{_SUPERGROUPS - spot.chat}/{thread}{message_id}"


class TelegramPlatform:
    """Telegram as a platform: `run` receives until it is cancelled; what `receive` takes is committed when it returns.

    `clock` returns UTC epoch seconds; `sleep` passes the pauses after a failure.
    """

    name = PLATFORM
    resends_safely = False  # it takes no nonce
    anywhere = True
    compose = staticmethod(compose)
    link = staticmethod(link)

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
        self._polling = Polling(self._bot.base_url, polls, access.seconds, sleep)

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
                await self._polling.run(self._take)
        finally:
            self.up = False

    async def close(self) -> None:
        """Give the connections back; `Bot.shutdown` would keep those of a bot that never learned its name."""
        for request in self._requests:
            await request.shutdown()

    async def post(self, part: Part) -> str:
        """Send a part and return the id of its message; one for a person's own chat ends in the group they asked in."""
        if part.group is None:
            return await self._send(part)
        try:
            await self._send(part)
        except UnreachableError:
            return await self._send(await self._invitation(part.group)) if part.last else ""
        return await self._point_there(part.group) if part.last else ""

    async def _point_there(self, group: Spot) -> str:
        """Note in the group that the answer is in private; a failure is ignored, as the answer itself has arrived."""
        try:
            return await self._send(Part(group, ANSWERED_IN_PRIVATE))
        except (TryAgainError, UnreachableError, MovedError, RefusedError, OSError):
            return ""

    async def _invitation(self, group: Spot) -> Part:
        """A message that asks a person to open a chat, since a bot cannot write first."""
        with translated_errors(group.chat):
            await self._bot.initialize()  # does nothing once the bot knows its own name
        markup: Keyboard = {
            "inline_keyboard": [[{"text": OPEN_CHAT, "url": f"https://t.me/{self._bot.username}?start=hello"}]]
        }
        return Part(group, FOR_YOU_ALONE, markup=markup)

    async def _send(self, part: Part) -> str:
        with translated_errors(part.spot.chat):
            number = await (self._send_file(part, part.document) if part.document else self._send_text(part))
        return str(number)

    async def _send_text(self, part: Part) -> int:
        parameters: Json = {"chat_id": part.spot.chat, "text": part.text, "link_preview_options": _NO_PREVIEW}
        if part.entities:
            parameters["entities"] = part.entities
        if part.markup:
            parameters["reply_markup"] = part.markup
        if part.spot.thread:
            parameters["message_thread_id"] = part.spot.thread
        if part.spot.reply_to:
            parameters["reply_parameters"] = {"message_id": part.spot.reply_to, "allow_sending_without_reply": True}
        sent = await call(self._bot.request, f"{self._bot.base_url}/sendMessage", parameters)
        return int(sent["message_id"])

    async def _send_file(self, part: Part, file: File) -> int:
        """Send a file, a picture as a photo; a photo that is refused is sent as a document."""
        if not file.name.endswith(_PICTURE):
            return await self._send_document(part, file)
        content = InputFile(file.content, file.name)
        try:
            sent = await self._bot.send_photo(
                part.spot.chat, content, message_thread_id=part.spot.thread, reply_parameters=_below(part.spot)
            )
        except BadRequest as error:
            if is_gateways(error) or not any(word in error.message.lower() for word in _NO_PICTURE):
                raise
            return await self._send_document(part, file)
        return sent.message_id

    async def _send_document(self, part: Part, file: File) -> int:
        """Send a document; a group that forbids files is told so, and stays reachable."""
        content = InputFile(file.content, file.name)
        try:
            sent = await self._bot.send_document(
                part.spot.chat, content, message_thread_id=part.spot.thread, reply_parameters=_below(part.spot)
            )
        except BadRequest as error:
            if "rights to send documents" not in error.message:
                raise
            return await self._send_text(Part(part.spot, NO_FILES))
        return sent.message_id

    def budgets(self, place: Place) -> tuple[Budget, ...]:
        """Telegram's rates: 30 a second to everybody, about one a second to a chat, 20 a minute to a group."""
        return budgets(place, self._access.rate)

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """Confirm a press, with a notice if there is one; never fails, as being late does no harm."""
        if incoming.ticket:
            text = notice[:_NOTICE] or None
            with contextlib.suppress(TelegramError):
                await self._bot.answer_callback_query(incoming.ticket, text, show_alert=bool(notice))

    async def read(self, incoming: Incoming, file: Attached) -> str:  # noqa: ARG002 - as the protocol has it
        """The caption and text of a file; UnreadableError with one sentence when it is none."""
        textfile.check(file)
        try:
            found = await self._bot.get_file(file.file)
            return textfile.text_of(file, bytes(await found.download_as_bytearray()))
        except TelegramError as error:
            if isinstance(error, BadRequest) and not is_gateways(error):
                raise UnreadableError(replies.FILE_GONE) from None
            message = "Telegram could not be asked for a file."
            raise OSError(message) from None

    async def room(self, incoming: Incoming, title: str, *, public: bool) -> Place:  # noqa: ARG002 - as the protocol has it
        """An interview runs where it was asked for."""
        return incoming.place

    async def private_room(self, incoming: Incoming) -> Place:
        """The person's own chat with the bot; UnreachableError when they never opened one, or closed it."""
        if incoming.private:
            return incoming.place
        with contextlib.suppress(TryAgainError, OSError):  # what is to be said there is tried again by the outbox
            chat = number_of(incoming.person)
            with translated_errors(chat):
                await self._bot.send_chat_action(chat, ChatAction.TYPING)
        return home_of(incoming.person)

    async def is_admin(self, incoming: Incoming) -> bool:
        """Whether the person is an admin of the group; nobody is when Telegram cannot be asked."""
        with contextlib.suppress(TelegramError):
            chat, person = parse(incoming.place).chat, number_of(incoming.person)
            member = await self._bot.get_chat_member(chat, person)
            return member.status in {"creator", "administrator"}
        return False

    async def _publish_menus(self) -> None:
        """Publish the menus; a failure is logged, and the next start tries again."""
        try:
            await menus.publish(self._bot, self._kept)
        except TelegramError as error:
            _LOGGER.warning("Telegram did not take the menus (%s); the next start tries again.", type(error).__name__)

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


def budgets(place: Place, rate: int) -> tuple[Budget, ...]:
    """Telegram's rates (Bots FAQ, "My bot is hitting limits"), in slightly longer windows: clocks and ways there vary.

    `rate` is how many messages a second may go out in all.
    """
    spot = spot_of(place)
    everybody, chat = (
        Budget(PLATFORM, rate, 1.01, one_chat=False),
        Budget(chat_of(place), _BURST, _BURST * 1.1),
    )
    return (everybody, chat, Budget(f"{chat.key} a minute", 20, 61)) if spot.is_group else (everybody, chat)


def _below(spot: Spot) -> ReplyParameters | None:
    return ReplyParameters(spot.reply_to, allow_sending_without_reply=True) if spot.reply_to else None


def quiet_libraries() -> None:
    """Raise the log levels of libraries that log addresses with the token (httpx, telegram) or whole answers."""
    for name, level in _LOUD.items():
        logging.getLogger(name).setLevel(level)
