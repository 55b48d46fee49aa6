"""Whose daily question it is, when it is asked, and about what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.daily.schedule import Rhythm
from bot.core.model import Level
from bot.core.place import Person, Place

MOST = 7  # questions a day


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody's daily question: where it is asked and when, how many, about what (no topics: any), and how hard."""

    person: Person
    place: Place
    rhythm: Rhythm
    count: int = 1
    topics: tuple[str, ...] = ()
    ramp: bool = True
    level: Level = Level.MID
    active: bool = True


class Setting(StrEnum):
    """What a subscriber can set by its name."""

    ZONE = "zone"
    DAYS = "days"
    COUNT = "count"
    TOPICS = "topics"
    QUIET = "quiet"
    EVENING = "evening"
    RAMP = "ramp"
