"""Where things happen on Discord: a thread, one person's chain of replies in a channel, a person's direct messages.

Direct messages are named by their person, as they can be written to before they were ever opened.
"""

from __future__ import annotations

import discord

from bot.core import place as places
from bot.core.place import Chat, Person, Place

PLATFORM = "discord"


def place_of(channel: object, channel_id: int, user_id: int, *, private: bool) -> Place:
    """Direct messages and a thread are places of their own; in other channels everybody has a chain of replies."""
    if private:
        return places.home_of(person_of(user_id))
    whole = place_of_channel(channel_id)
    return whole if isinstance(channel, discord.Thread) else places.replies(whole, user_id)


def place_of_channel(channel_id: int) -> Chat:
    """A whole channel, the place that a thread is, or a server, as far as it is named in settings."""
    return places.chat(PLATFORM, channel_id)


def person_of(user_id: int) -> Person:
    """Somebody on Discord."""
    return places.person(PLATFORM, user_id)


def channel_of(place: Place) -> int | None:
    """The id of the channel or thread of a place; nothing for direct messages."""
    address = places.parse(place)
    return None if address.direct else address.chat
