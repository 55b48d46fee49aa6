"""Settings; the only reader of the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.core.place import NOBODY, Chat, Person, is_person_or_chat
from bot.core.refusal import Refusal


def data_folder() -> Path:
    """The person's own data folder, by the custom of the operating system."""
    return Path(platformdirs.user_data_dir("mockbot", appauthor=False))


def cache_folder() -> Path:
    """Where what can be made anew may be kept."""
    return Path(platformdirs.user_cache_dir("mockbot", appauthor=False))


def shipped_content() -> Path:
    """The question banks that came with the program: inside the wheel, or beside `bot/` in a checkout."""
    package = Path(__file__).parent
    inside = package / "_content"
    return inside if inside.is_dir() else package.parent / "content"


class SettingsError(Refusal):
    """A setting that cannot be; the message is one sentence for whoever runs the program."""


TELEGRAM = "https://api.telegram.org"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook


def _check_name(name: Chat | Person) -> None:
    if name and not is_person_or_chat(name):
        message = "a person or chat is written as telegram:42 or discord:42"
        raise ValueError(message)


def _secrets_folder() -> str | None:
    """Where a container or systemd puts secrets, one file each, named as the setting (`mockbot_telegram_token`)."""
    named = os.environ.get("MOCKBOT_SECRETS") or os.environ.get("CREDENTIALS_DIRECTORY") or "/run/secrets"
    return named if Path(named).is_dir() else None


def database_address(url: str) -> str:
    """The address with the one driver for SQLite that can be used, where none or another is named."""
    return re.sub(r"^sqlite(\+\w+)?:", "sqlite+aiosqlite:", url)


class Settings(BaseSettings):
    """What can be set with `MOCKBOT_...` in the environment, in a `.env` file, or in a folder of secrets."""

    model_config = SettingsConfigDict(
        env_prefix="MOCKBOT_", env_ignore_empty=True, env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    database_url: Annotated[str, AfterValidator(database_address)] = Field(
        default_factory=lambda: f"sqlite+aiosqlite:///{data_folder() / 'mockbot.db'}"
    )
    content: Path = Field(default_factory=shipped_content)
    telegram_token: SecretStr | None = None
    telegram_api: str = TELEGRAM
    telegram_webhook_url: str | None = None
    telegram_webhook_listen: str | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_rate: int = Field(default=30, ge=1, le=1000)
    discord_token: SecretStr | None = None
    listen: str | None = None
    allow: Annotated[frozenset[Chat | Person], NoDecode] = frozenset()
    owner: Person = NOBODY
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("allow", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """People and chats in one line, with commas or spaces between."""
        return frozenset(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("allow")
    @classmethod
    def _known_names(cls, value: frozenset[Chat | Person]) -> frozenset[Chat | Person]:
        for name in value:
            _check_name(name)
        return value

    @field_validator("owner")
    @classmethod
    def _known_name(cls, value: Person) -> Person:
        _check_name(value)
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _plain_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _SECRET.fullmatch(value.get_secret_value()):
            message = "1 to 256 letters, digits, _ and - make a secret that Telegram takes"
            raise ValueError(message)
        return value

    @field_validator("listen", "telegram_webhook_listen")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is None:
            return None
        host, _, port = value.rpartition(":")
        if not host or not (port.isascii() and port.isdecimal() and int(port) < 2**16):
            message = "an address and a port are needed, as in 127.0.0.1:8080"
            raise ValueError(message)
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _webhook_needs_secret(self) -> Settings:
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            message = "With a webhook, MOCKBOT_TELEGRAM_WEBHOOK_SECRET must be set, so that only Telegram gets in"
            raise ValueError(message)
        plain = self.telegram_webhook_url and not self.telegram_webhook_url.startswith("https://")
        if plain and self.telegram_api == TELEGRAM:  # a Bot API server of one's own delivers to http as well
            message = "MOCKBOT_TELEGRAM_WEBHOOK_URL: Telegram delivers to https:// only"
            raise ValueError(message)
        return self

    @property
    def secrets(self) -> list[str]:
        """What must never be written anywhere."""
        kept = (self.telegram_token, self.telegram_webhook_secret, self.discord_token)
        return [secret.get_secret_value() for secret in kept if secret]


def read_settings() -> Settings:
    """The settings; SettingsError names the one that cannot be, without its value."""
    try:
        return Settings(_secrets_dir=_secrets_folder())
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)[0]
        name = f"MOCKBOT_{str(found['loc'][0]).upper()}: " if found["loc"] else ""
        message = f"A setting is wrong. {name}{found['msg'].removeprefix('Value error, ')}."
        raise SettingsError(message) from None
