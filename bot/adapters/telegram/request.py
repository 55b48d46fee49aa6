"""Requests to the Bot API, and their errors, translated into those of the platform port.

aiohttp sends them: in samples of a busy bot a request took 0.3 ms, with the library's httpx 1.5 ms.

A request's address carries the token, and a gateway may put that address into its error page: hence `from None`
wherever these errors are raised, and sentences of our own, without any text of Telegram's or the network's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, cast
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.adapters.telegram.translate import PLATFORM
from bot.core import place
from bot.service.ports.platform import MovedError, NotSentError, RefusedError, TryAgainError, UnreachableError

BAD_TOKEN = "Telegram does not accept the bot token. Compare it with the one that @BotFather shows."  # noqa: S105
_AGAIN = "Telegram does not let me write there any more. Open a chat with me and press Start, or add me to the group."
# How Telegram words it (lower case, since the library changes the case), and what would mend it.
_ADVICE = {
    "blocked by the user": "Unblock me in Telegram and press Start.",
    "can't initiate conversation": "Open a chat with me and press Start.",
    "user is deactivated": "This Telegram account no longer exists.",
    "not a member": "Ask an admin to add me to the group again.",
    "bot was kicked": "Ask an admin to add me to the group again.",
    "group chat was deleted": "This group no longer exists.",
    "group chat was deactivated": "This group no longer exists.",
    "chat not found": _AGAIN,
    "peer_id_invalid": "Open a chat with me and press Start.",
    "thread not found": "This topic no longer exists; go on in another one.",
    "topic_deleted": "This topic no longer exists; go on in another one.",
    "topic_closed": "This topic is closed; an admin can open it again.",
    "rights to send": "Ask an admin to let me send messages in this group.",
    "chat_write_forbidden": "Ask an admin to let me send messages in this group.",
    "chat_restricted": "Ask an admin to let me send messages in this group.",
}
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class _Payload:
    """What `do_request` reads of a `RequestData`, which can only be made of the library's own parameters."""

    parameters: Mapping[str, Any]
    contains_files: bool = False

    @property
    def json_payload(self) -> bytes:
        return json.dumps(self.parameters).encode()


async def call(request: BaseRequest, url: str, parameters: Mapping[str, Any], patience: float | None = None) -> Any:  # noqa: ANN401 - what JSON holds
    """The raw result of a method of the Bot API.

    The library's own calls make an object of each field of a result first.
    """
    data = cast("RequestData", _Payload(parameters))
    return await request.post(url, data, read_timeout=request.read_timeout if patience is None else patience)


class NotConnectedError(NetworkError):
    """No connection came about, so nothing of the request went out."""


class AiohttpRequest(BaseRequest):
    """A pool of connections to the Bot API; no step of a request takes longer than `patience` seconds."""

    def __init__(self, connections: int, patience: float) -> None:
        self._connections = connections
        self._patience = patience
        self._session: ClientSession | None = None
        self._closed = False

    @property
    def read_timeout(self) -> float:
        """How many seconds an answer may take."""
        return self._patience

    async def initialize(self) -> None:
        """Nothing yet: the first request opens the first connection."""

    async def shutdown(self) -> None:
        """Close the connections; a later request fails rather than open new ones."""
        self._closed = True
        if self._session:
            await self._session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - no timeout of its own in aiohttp
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - nobody gives one
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - as above
    ) -> tuple[int, bytes]:
        """Status and body of an answer; an error says only its class, as the address holds the token."""
        wait = read_timeout if isinstance(read_timeout, int | float) else self._patience
        address = _url(url)
        try:
            async with self._opened().request(
                method,
                address,
                **_body(request_data),
                timeout=_timeout(self._patience, wait),
                proxy=_proxy(address.scheme, address.host or ""),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotConnectedError(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    def _opened(self) -> ClientSession:
        if self._closed:
            message = "The connections were given back."
            raise NetworkError(message)
        if self._session is None:
            connector = TCPConnector(limit=self._connections)
            agent = {"User-Agent": self.USER_AGENT}
            self._session = ClientSession(connector=connector, headers=agent, cookie_jar=DummyCookieJar())
        return self._session


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": data.json_payload, "headers": _JSON}
    form = FormData(data.json_parameters)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


@lru_cache(maxsize=64)
def _url(text: str) -> URL:
    """The address, parsed once for each method of the Bot API."""
    return URL(text)


@lru_cache(maxsize=8)
def _timeout(connect: float, read: float) -> ClientTimeout:
    return ClientTimeout(connect=connect, sock_read=read)


@lru_cache(maxsize=8)
def _proxy(scheme: str, host: str) -> str | None:
    """The proxy that the environment names, as httpx takes it; looking takes 0.15 ms, so once."""
    return None if proxy_bypass(host) else getproxies().get(scheme)


@contextmanager
def translated_errors(chat: int) -> Iterator[None]:
    """Translate errors of Telegram that are raised inside, about one chat."""
    try:
        yield
    except TelegramError as error:
        raise _translated(error, chat) from None


def _translated(error: TelegramError, chat: int) -> Exception:  # noqa: PLR0911 - one line for each kind
    match error:
        case _ if is_gateways(error):
            return OSError("A gateway answered in place of Telegram.")
        case RetryAfter():
            return TryAgainError(seconds_of(error))
        case ChatMigrated():
            return MovedError(place.chat(PLATFORM, chat), place.chat(PLATFORM, error.new_chat_id))
        case Forbidden():
            return UnreachableError(_advice(error) or _AGAIN)
        case BadRequest() if advice := _advice(error):
            return UnreachableError(advice, only_here="topic" in advice)
        case BadRequest():
            return RefusedError(f"Telegram refused a message: {error.message}")
        case NotConnectedError():
            return NotSentError("Telegram could not be reached.")
        case TimedOut():
            return TimeoutError("Telegram did not answer in time.")
        case InvalidToken():
            return OSError(BAD_TOKEN)
        case _:
            return OSError("Telegram could not be reached.")


def is_gateways(error: TelegramError) -> bool:
    """Whether an answer that is not the Bot API's JSON was read: a page of a proxy, whose status says nothing.

    The library notes the failed reading, a plain TelegramError, as the cause, and wraps some errors once more.
    """
    cause = error.__cause__
    return type(cause) is TelegramError or (isinstance(cause, TelegramError) and is_gateways(cause))


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait; the library is about to change the type."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _advice(error: TelegramError) -> str:
    said = error.message.lower()
    return next((advice for words, advice in _ADVICE.items() if words in said), "")
