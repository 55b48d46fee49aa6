"""Places, chats and people: the strings that name them, put together and taken apart here and nowhere else.

A person is `<platform>:<number>`. A place is where an interview can run, and begins with its chat:

* `<platform>:<number>` is a whole chat: a private or group chat of Telegram, a channel or thread of Discord;
* `<platform>:<number>/<topic>` is a topic of a chat;
* `<platform>:<number>//<person>` is one person's chain of replies in a chat that others use too;
* `discord:@<person>` is a private talk, where the platform names it by the person;
* `console:local` is the terminal: its one place, and the person in it.

Everybody in a place, where they share one daily question, is kept as the person `channel:<place>`.

These strings are stored, so they stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NewType

Person = NewType("Person", str)
Place = NewType("Place", str)
Chat = NewType("Chat", Place)  # what can be blocked, closed or moved as one; a place too, where everybody reads

NOBODY = Person("")
CONSOLE = Chat(Place("console:local"))
AT_CONSOLE = Person(CONSOLE)
# By platform what stands before the person's number in the chat of a private talk. A platform that names private chats
# by their people needs no more, as on Telegram; on Discord a channel has a number of its own.
PRIVATE_TALKS = {"telegram": "", "discord": "@"}
_PERSON_OR_CHAT = re.compile(rf"({'|'.join(PRIVATE_TALKS)}):-?\d+")


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


def home_of(person: Person) -> Chat:
    """The private talk with a person, where nobody else reads."""
    platform, _, number = person.partition(":")
    return Chat(Place(f"{platform}:{PRIVATE_TALKS.get(platform, '')}{number}"))


def crowd(place: Place) -> Person:
    """Everybody in a place together, where they are kept as one person."""
    return Person(f"channel:{place}")


def is_person_or_chat(text: str) -> bool:
    """Whether this is how a person, or a whole chat, of a platform is written."""
    return _PERSON_OR_CHAT.fullmatch(text) is not None


def parse(place: Place | Person) -> Address:
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


def number_of(person: Person) -> int:
    """The platform's own number of a person."""
    return int(person.partition(":")[2])


def name_of(place: Place | Person) -> str:
    """The platform that a place or a person belongs to."""
    return place.partition(":")[0]


def chat_of(place: Place) -> Chat:
    """The chat a place is in."""
    return Chat(Place(place.partition("/")[0]))


def is_within(place: Place, chat: Place) -> bool:
    """Whether a place is, or is in, a chat or a part of one."""
    return place == chat or place.startswith(f"{chat}/")


def moved(place: Place, old: Chat, new: Chat) -> Place:
    """The place after the chat `old` was named `new`; a place elsewhere stays."""
    return Place(f"{new}{place.removeprefix(old)}") if is_within(place, old) else place


def is_chain_of_replies(place: Place) -> bool:
    """Whether the place is one person's chain of replies in a chat that others use too."""
    return "//" in place


def everybody_in(place: Place) -> Place:
    """The place where everybody reads what is said: the topic, or the whole chat instead of a chain of replies."""
    return Place(place.partition("//")[0])


def leading_person(text: str) -> tuple[Person, str]:
    """The person that a text begins with, and what follows after a colon; ValueError when there is no person."""
    platform, number, *rest = text.split(":", 2)
    return Person(f"{platform}:{number}"), "".join(rest)
