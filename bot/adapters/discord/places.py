"""Where things happen on Discord, as the strings the service knows them by.

`discord:<channel>` is a thread, `discord:<channel>//<user>` one person's chain of replies in a channel that others use
too, `discord:@<user>` a person's direct messages, which can be named before they were ever opened.
"""

from __future__ import annotations

import discord

_PREFIX = "discord:"


def place_of(channel: object, channel_id: int, user_id: int, *, private: bool) -> str:
    """Direct messages and a thread are places of their own; in other channels everybody has a chain of replies."""
    if private:
        return home(user_id)
    return whole(channel_id) if isinstance(channel, discord.Thread) else f"{whole(channel_id)}//{user_id}"


def home(user_id: int) -> str:
    """A person's direct messages."""
    return f"{_PREFIX}@{user_id}"


def whole(channel_id: int) -> str:
    """The beginning of every place in a channel, and the place that a thread is."""
    return f"{_PREFIX}{channel_id}"


def person_of(user_id: int) -> str:
    """Somebody on Discord."""
    return f"{_PREFIX}{user_id}"


def channel_of(place: str) -> int | None:
    """The id of the channel or thread of a place; nothing for direct messages."""
    channel_id = place.removeprefix(_PREFIX).partition("//")[0]
    return None if channel_id.startswith("@") else int(channel_id)


def user_of(person: str) -> int:
    """The id of a person, or of whom these direct messages are with."""
    return int(person.removeprefix(_PREFIX).removeprefix("@"))


def is_chain(place: str) -> bool:
    """Whether the place is one person's chain of replies in a channel that others use too."""
    return "//" in place
