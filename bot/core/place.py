"""Places, chats and people: the strings that name them, put together and taken apart here and nowhere else.

A person is `<platform>:<number>`. A place is where an interview can run, and begins with its chat:

* `<platform>:<number>` is a whole chat: a private or group chat of Telegram, a channel or thread of Discord;
* `<platform>:<number>/<topic>` is a topic of a chat;
* `<platform>:<number>//<person>` is one person's chain of replies in a chat that others use too;
* `discord:@<person>` is a private talk, where the platform names it by the person;
* `console:local` is the terminal: its one place, and the person in it.

These strings are stored, so they stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

Person = NewType("Person", str)
Place = NewType("Place", str)
Chat = NewType("Chat", Place)  # what can be blocked, closed or moved as one; a place too, where everybody reads

CONSOLE = Chat(Place("console:local"))
# By platform what stands before the person's number in the chat of a private talk. A platform that names private chats
# by their people needs no more, as on Telegram; on Discord a channel has a number of its own.
PRIVATE_TALKS = {"telegram": "", "discord": "@"}


@dataclass(frozen=True, slots=True)
class Address:
    """What a place consists of, as the platform's own numbers; `direct` says that `chat` is the number of a person."""

    chat: int
    topic: int | None = None
    replier: int | None = None
    direct: bool = False


def person(platform: str, number: int) -> Person:
    """Somebody on a platform."""
    return Person(f"{platform}:{number}")


def chat(platform: str, number: int) -> Chat:
    """A chat on a platform."""
    return Chat(Place(f"{platform}:{number}"))


def topic(within: Chat, number: int) -> Place:
    """A topic of a chat."""
    return Place(f"{within}/{number}")


def replies(within: Chat, number: int) -> Place:
    """The chain of replies of the person with this number."""
    return Place(f"{within}//{number}")


def home_of(person: str) -> Chat:
    """The private talk with a person, where nobody else reads."""
    platform, _, number = person.partition(":")
    return Chat(Place(f"{platform}:{PRIVATE_TALKS.get(platform, '')}{number}"))


def parse(place: str) -> Address:
    """What a place of a platform, or a person's own chat, consists of; ValueError when it is neither."""
    rest = place.partition(":")[2]
    number, _, within = rest.partition("/")
    is_reply = within.startswith("/")
    return Address(
        chat=int(number.removeprefix("@")),
        topic=int(within) if within and not is_reply else None,
        replier=int(within[1:]) if is_reply else None,
        direct=number.startswith("@"),
    )


def number_of(person: str) -> int:
    """The platform's own number of a person."""
    return int(person.partition(":")[2])


def name_of(place: str) -> str:
    """The platform that a place or a person belongs to."""
    return place.partition(":")[0]


def chat_of(place: str) -> Chat:
    """The chat a place is in."""
    return Chat(Place(place.partition("/")[0]))


def is_within(place: str, chat: str) -> bool:
    """Whether a place is, or is in, a chat or a part of one."""
    return place == chat or place.startswith(f"{chat}/")


def everybody_in(place: str) -> Place:
    """The place where everybody reads what is said: the topic, or the whole chat instead of a chain of replies."""
    return Place(place.partition("//")[0])
