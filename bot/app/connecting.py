"""The platforms that have a token. Each library is loaded only where it is used: Discord's alone takes 20 MB."""

from __future__ import annotations

import os
from typing import Any

from bot.config import Settings
from bot.core.commands import topics_of
from bot.core.model import Bank
from bot.service.intake import Intake
from bot.service.ports import Clock, Platform, Store


def connect(settings: Settings, intake: Intake, store: Store, bank: Bank, clock: Clock) -> dict[str, Platform[Any]]:
    """The platforms by name, not yet running."""
    found: dict[str, Platform[Any]] = {}
    if settings.telegram_token:
        found["telegram"] = _telegram(settings, settings.telegram_token.get_secret_value(), intake, store, clock)
    if settings.discord_token:
        found["discord"] = _discord(settings.discord_token.get_secret_value(), intake, store, bank, clock)
    return found


def _telegram(settings: Settings, token: str, intake: Intake, store: Store, clock: Clock) -> Platform[Any]:
    from bot.adapters.telegram.platform import Access, TelegramPlatform  # noqa: PLC0415 - see above
    from bot.adapters.telegram.webhook import Webhook  # noqa: PLC0415 - see above

    secret = settings.telegram_webhook_secret
    webhook = (
        Webhook(settings.telegram_webhook_url, secret.get_secret_value(), settings.telegram_webhook_listen)
        if settings.telegram_webhook_url and secret
        else None
    )
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of its future whenever it is told to wait
    access = Access(token, settings.telegram_api.rstrip("/"), webhook, rate=settings.telegram_rate)
    return TelegramPlatform(access, intake.hear_all, store, clock)


def _discord(token: str, intake: Intake, store: Store, bank: Bank, clock: Clock) -> Platform[Any]:
    from bot.adapters.discord.platform import DiscordPlatform  # noqa: PLC0415 - see above

    return DiscordPlatform(token, intake.hear_all, lambda wanted: topics_of(wanted, bank), store, clock)
