"""Settings; the only reader of the environment."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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


class Settings(BaseSettings):
    """What can be set with `MOCKBOT_...` in the environment."""

    model_config = SettingsConfigDict(env_prefix="MOCKBOT_", env_ignore_empty=True)

    database_url: str = Field(default_factory=lambda: f"sqlite+aiosqlite:///{data_folder() / 'mockbot.db'}")
    content: Path = Field(default_factory=shipped_content)
    semantic: bool = False
