"""What a person can set, with the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.commands import UsageError, did_you_mean, echo


@dataclass(frozen=True, slots=True)
class Preference:
    """A setting: what it decides, and its values, the usual one first."""

    about: str
    values: tuple[str, ...]


HARVEST = "harvest"
THREAD = "thread"
DEBRIEF = "debrief"
LEVEL = "level"
PREFERENCES: Mapping[str, Preference] = {
    HARVEST: Preference("answers in which I found no key point may be kept for the authors", ("off", "on")),
    DEBRIEF: Preference("where the debrief of an interview in a group is shown", ("here", "private")),
    LEVEL: Preference("how hard daily questions are and how far stories reach", ("mid", "junior", "senior", "staff")),
    THREAD: Preference("the kind of thread your interview gets on a Discord server", ("private", "public")),
}


def listed(kept: Mapping[str, str]) -> str:
    """Every setting with its value and how to change it."""
    lines = [f"{name}: {value(kept, name)} ({p.about})" for name, p in PREFERENCES.items()]
    return "\n".join([*lines, "Change one with its name and value, as in /settings debrief private."])


def value(kept: Mapping[str, str], name: str) -> str:
    """What is set, or what is usual."""
    return kept.get(name, PREFERENCES[name].values[0])


def parse(rest: str) -> tuple[str, str]:
    """The name and value in the rest of a `/settings` line; UsageError when there is no such setting or value."""
    words = rest.lower().split()
    name = words[0] if words else ""
    if name not in PREFERENCES:
        message = f"There is no setting {echo(name)}.{did_you_mean(name, PREFERENCES)} /settings lists them."
        raise UsageError(message)
    values = PREFERENCES[name].values
    if len(words) != 2 or words[1] not in values:  # noqa: PLR2004 - a name and a value
        message = f"{name} can be {' or '.join(values)}, as in /settings {name} {values[-1]}."
        raise UsageError(message)
    return name, words[1]
