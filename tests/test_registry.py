"""The table of platforms: each row agrees with the settings and with how places are written."""

from __future__ import annotations

import pytest

from bot.app.registry import REGISTERED, Registration, roles, switched_on
from bot.config import Settings
from bot.core.place import PRIVATE_TALKS

rows = pytest.mark.parametrize("platform", REGISTERED, ids=lambda platform: platform.name)


def settings(**wanted: str) -> Settings:
    return Settings(_env_file=None, **wanted)  # type: ignore[arg-type]


@rows
def test_a_platform_is_switched_on_by_its_own_token(platform: Registration) -> None:
    assert switched_on(settings()) == []
    with_token = settings(**{platform.token_setting: "its-token"})
    assert switched_on(with_token) == [platform]
    assert platform.token(with_token) == "its-token"


@rows
def test_it_is_known_how_each_platform_addresses_a_private_talk(platform: Registration) -> None:
    assert platform.name in PRIVATE_TALKS


def test_one_replica_connects_and_sends_but_any_listens_to_a_webhook() -> None:
    assert roles(settings()) == {"telegram": "telegram", "discord": "discord"}
    hooked = settings(telegram_webhook_url="https://bot.example/hook", telegram_webhook_secret="s3cret")  # noqa: S106 - opens nothing
    assert roles(hooked) == {"telegram": "telegram:send", "discord": "discord"}
