"""The platforms that the bot can run on: one row each in a table, and how each is put together.

Each library is loaded only where it is used: Discord's alone takes 20 MB. How a platform addresses a private talk is
said in `core/place.py`, where places are put together.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.app.health import HttpServer
from bot.banks.compiled import Content
from bot.config import Settings
from bot.core.commands.mock_commands import topics_of
from bot.service.inbox import InboxWorker
from bot.service.ports.messages import Clock
from bot.service.ports.platform import Kept, Platform

_LISTEN = "127.0.0.1:8080"  # where Telegram delivers to when nothing is set


@dataclass(frozen=True, slots=True)
class Parts:
    """What a platform cannot make itself."""

    inbox: InboxWorker
    kept: Kept
    content: Content
    clock: Clock
    server: HttpServer


@dataclass(frozen=True, slots=True)
class Registration:
    """A platform: its name, the setting that holds its token, how it is made, and what only one replica may do there.

    `role` is the lease of whoever sends; named as the platform, it covers the connection as well.
    """

    name: str
    token_setting: str
    make: Callable[[str, Settings, Parts], Platform[Any]]
    role: Callable[[Settings], str]

    def token(self, settings: Settings) -> str:
        """The token that is set; empty when the platform is switched off."""
        secret = getattr(settings, self.token_setting)
        return secret.get_secret_value() if secret else ""


def switched_on(settings: Settings) -> list[Registration]:
    """The platforms that have a token."""
    return [platform for platform in REGISTERED if platform.token(settings)]


def connect(settings: Settings, parts: Parts) -> dict[str, Platform[Any]]:
    """The platforms that are switched on by name, not yet running."""
    return {one.name: one.make(one.token(settings), settings, parts) for one in switched_on(settings)}


def roles(settings: Settings) -> Mapping[str, str]:
    """By platform what only one replica may do."""
    return {platform.name: platform.role(settings) for platform in REGISTERED}


def _telegram(token: str, settings: Settings, parts: Parts) -> Platform[Any]:
    from bot.adapters.telegram.platform import Access, TelegramPlatform  # noqa: PLC0415 - see above
    from bot.adapters.telegram.webhook import Webhook  # noqa: PLC0415 - see above

    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
    listen = settings.telegram_webhook_listen or settings.listen or _LISTEN
    mount = parts.server.mount if listen == settings.listen else None
    webhook = Webhook(url, secret.get_secret_value(), listen, mount) if url and secret else None
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of its future whenever it is told to wait
    access = Access(token, settings.telegram_api.rstrip("/"), webhook, rate=settings.telegram_rate)
    return TelegramPlatform(access, parts.inbox.receive, parts.kept, parts.clock)


def _telegram_role(settings: Settings) -> str:
    """Any replica may listen to a webhook, and only one may poll."""
    return "telegram:send" if settings.telegram_webhook_url else "telegram"


def _discord(token: str, _settings: Settings, parts: Parts) -> Platform[Any]:
    from bot.adapters.discord.platform import DiscordPlatform  # noqa: PLC0415 - see above

    content = parts.content
    return DiscordPlatform(
        token,
        parts.inbox.receive,
        lambda wanted: topics_of(wanted, content.bank),
        parts.kept,
        parts.clock,
        catalogue=content.catalogue,
    )


REGISTERED = (
    Registration("telegram", "telegram_token", _telegram, _telegram_role),
    Registration("discord", "discord_token", _discord, lambda _settings: "discord"),
)
