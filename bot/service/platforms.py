"""The chat platforms that are switched on, found by the places they own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core import star_words
from bot.core.refusal import Refusal
from bot.service.heard import Heard
from bot.service.ports import Platform, RefusedError, UnreachableError

CONSOLE = "console:local"  # the terminal: its one place, and the person in it


def name_of(place: str) -> str:
    """The platform a place belongs to."""
    return place.partition(":")[0]


def chat_of(place: str) -> str:
    """The chat a place is in: what can be blocked, closed or moved as one."""
    return place.partition("/")[0]


def is_within(place: str, chat: str) -> bool:
    """Whether a place is, or is in, a chat or a part of one."""
    return place == chat or place.startswith(f"{chat}/")


def everybody_in(place: str) -> str:
    """The place where everybody reads what is said: the topic, or the whole chat instead of a chain of replies."""
    return place.partition("//")[0]


def home_of(person: str) -> str:
    """The place where only this person reads."""
    platform, _, number = person.partition(":")
    return f"discord:@{number}" if platform == "discord" else person


class Platforms:
    """All of them, by name."""

    def __init__(self, platforms: Mapping[str, Platform[Any]]) -> None:
        self._platforms = platforms

    def of(self, place: str) -> Platform[Any] | None:
        """The platform of a place, None when it is not switched on."""
        return self._platforms.get(name_of(place))

    def named(self, name: str) -> Platform[Any]:
        """The platform with this name, which is switched on."""
        return self._platforms[name]

    def all(self) -> list[tuple[str, Platform[Any]]]:
        """Every platform with its name."""
        return list(self._platforms.items())

    async def room(self, heard: Heard, title: str, *, public: bool) -> str:
        """The place where an interview asked for there shall run."""
        platform = self.of(heard.place)
        return heard.place if platform is None else await platform.room(heard, title, public=public)

    async def private_room(self, heard: Heard) -> str:
        """The place where only this person reads; Refusal, with what would mend it, when they cannot be reached."""
        platform = self.of(heard.place)
        if heard.private or platform is None:
            return heard.place
        try:
            return await platform.private_room(heard)
        except (RefusedError, UnreachableError) as error:
            raise Refusal(getattr(error, "advice", "") or star_words.NOT_IN_PRIVATE) from error

    async def is_admin(self, heard: Heard) -> bool:
        """Whether the person may decide for everybody in the chat."""
        platform = self.of(heard.place)
        return platform is not None and await platform.is_admin(heard)

    def link(self, place: str, ref: str) -> str:
        """Where a message can be found, or nothing."""
        platform = self.of(place)
        return platform.link(place, ref) if platform else ""
