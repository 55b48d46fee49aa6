"""The platforms that have a token. Each library is loaded only where it is used: Discord's alone takes 20 MB."""

from __future__ import annotations

import os
from typing import Any

from bot.app.health import Door
from bot.banks.compiled import Content
from bot.config import Settings
from bot.core.commands.mock_commands import topics_of
from bot.service.inbox import InboxWorker
from bot.service.ports.messages import Clock
from bot.service.ports.platform import Kept, Platform

_LISTEN = "127.0.0.1:8080"  # where Telegram delivers to when nothing is set


def connect(  # noqa: PLR0913, PLR0917 - each is one thing a platform cannot make itself
    settings: Settings, inbox: InboxWorker, kept: Kept, content: Content, clock: Clock, door: Door
) -> dict[str, Platform[Any]]:
    """The platforms by name, not yet running."""
    found: dict[str, Platform[Any]] = {}
    if settings.telegram_token:
        found["telegram"] = _telegram(settings, settings.telegram_token.get_secret_value(), inbox, kept, clock, door)
    if settings.discord_token:
        found["discord"] = _discord(settings.discord_token.get_secret_value(), inbox, kept, content, clock)
    return found


def _telegram(  # noqa: PLR0913, PLR0917 - as above
    settings: Settings, token: str, inbox: InboxWorker, kept: Kept, clock: Clock, door: Door
) -> Platform[Any]:
    from bot.adapters.telegram.platform import Access, TelegramPlatform  # noqa: PLC0415 - see above
    from bot.adapters.telegram.webhook import Webhook  # noqa: PLC0415 - see above

    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
    listen = settings.telegram_webhook_listen or settings.listen or _LISTEN
    mount = door.mount if listen == settings.listen else None
    webhook = Webhook(url, secret.get_secret_value(), listen, mount) if url and secret else None
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of its future whenever it is told to wait
    access = Access(token, settings.telegram_api.rstrip("/"), webhook, rate=settings.telegram_rate)
    return TelegramPlatform(access, inbox.receive, kept, clock)


def _discord(token: str, inbox: InboxWorker, kept: Kept, content: Content, clock: Clock) -> Platform[Any]:
    from bot.adapters.discord.platform import DiscordPlatform  # noqa: PLC0415 - see above

    return DiscordPlatform(
        token,
        inbox.receive,
        lambda wanted: topics_of(wanted, content.bank),
        kept,
        clock,
        catalogue=content.catalogue,
    )
