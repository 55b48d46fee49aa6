"""What a person can set: the names, their values, and what is usual."""

from __future__ import annotations

from collections.abc import Mapping

HARVEST = "harvest"
THREAD = "thread"
DEBRIEF = "debrief"
LEVEL = "level"
# The usual value stands first.
PREFERENCES: Mapping[str, tuple[str, ...]] = {
    HARVEST: ("off", "on"),
    DEBRIEF: ("here", "private"),
    LEVEL: ("mid", "junior", "senior", "staff"),
    THREAD: ("private", "public"),
}


def value(kept: Mapping[str, str], name: str) -> str:
    """What is set, or what is usual."""
    return kept.get(name, PREFERENCES[name][0])
