"""Places and people as strings: what a place belongs to, and where only one person reads."""

from __future__ import annotations

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
