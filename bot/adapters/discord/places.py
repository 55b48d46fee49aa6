"""Where things happen on Discord, as the strings the service knows them by.

`discord:<channel>` is a thread or a direct message, `discord:<channel>//<user>` one person's chain of replies in a
channel that others use too, `discord:@<user>` a person's direct messages wherever they are.
"""

from __future__ import annotations

import discord

_PREFIX = "discord:"


def place_of(channel: object, channel_id: int, user_id: int, *, private: bool) -> str:
    """A direct message or a thread is a place of its own; in an ordinary channel everybody has a chain of replies."""
    if private or isinstance(channel, discord.Thread):
        return f"{_PREFIX}{channel_id}"
    return f"{_PREFIX}{channel_id}//{user_id}"


def whole(channel_id: int) -> str:
    """The beginning of every place in a channel, and the place that a thread or a direct message is."""
    return f"{_PREFIX}{channel_id}"


def person_of(user_id: int) -> str:
    """Somebody on Discord."""
    return f"{_PREFIX}{user_id}"


def channel_of(place: str) -> int | None:
    """The id of the channel or thread of a place; nothing for a person's direct messages wherever they are."""
    channel_id = place.removeprefix(_PREFIX).partition("//")[0]
    return None if channel_id.startswith("@") else int(channel_id)


def user_of(person: str) -> int:
    """The id of a person, or of whom these direct messages are with."""
    return int(person.removeprefix(_PREFIX).removeprefix("@"))


def is_chain(place: str) -> bool:
    """Whether the place is one person's chain of replies in a channel that others use too."""
    return "//" in place
