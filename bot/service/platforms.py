"""The chat platforms that are switched on, found by the places they own."""

from __future__ import annotations

from typing import Any

from bot.core.place import Place, name_of
from bot.core.refusal import Refusal
from bot.core.text import story_text
from bot.service.ports.incoming import Incoming
from bot.service.ports.platform import Platform, RefusedError, UnreachableError


class Platforms(dict[str, Platform[Any]]):
    """All of them, by name."""

    def of(self, place: Place) -> Platform[Any] | None:
        """The platform of a place, None when it is not switched on."""
        return self.get(name_of(place))

    async def room(self, incoming: Incoming, title: str, *, public: bool) -> Place:
        """The place where an interview asked for there shall run."""
        platform = self.of(incoming.place)
        return incoming.place if platform is None else await platform.room(incoming, title, public=public)

    async def private_room(self, incoming: Incoming) -> Place:
        """The place where only this person reads; Refusal, with what would mend it, when they cannot be reached."""
        platform = self.of(incoming.place)
        if incoming.private or platform is None:
            return incoming.place
        try:
            return await platform.private_room(incoming)
        except (RefusedError, UnreachableError) as error:
            raise Refusal(getattr(error, "advice", "") or story_text.NOT_IN_PRIVATE) from error

    async def is_admin(self, incoming: Incoming) -> bool:
        """Whether the person may decide for everybody in the chat."""
        platform = self.of(incoming.place)
        return platform is not None and await platform.is_admin(incoming)

    def link(self, place: Place, ref: str) -> str:
        """Where a message can be found, or nothing."""
        platform = self.of(place)
        return platform.link(place, ref) if platform else ""
