"""What the settings decide, and how to change them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.preferences import DEBRIEF, HARVEST, LEVEL, PREFERENCES, THREAD, value

_ABOUT = {
    HARVEST: "answers in which I found no key point may be kept for the authors",
    DEBRIEF: "where the debrief of an interview in a group is shown",
    LEVEL: "how hard daily questions are and how far stories reach",
    THREAD: "the kind of thread your interview gets on a Discord server",
}


def listed(kept: Mapping[str, str]) -> str:
    """Every setting with its value and how to change it."""
    lines = [f"{name}: {value(kept, name)} ({_ABOUT[name]})" for name in PREFERENCES]
    return "\n".join([*lines, "Change one with its name and value, as in /settings debrief private."])
