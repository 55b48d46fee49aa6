"""Settings: what a line after `/settings` changes."""

from __future__ import annotations

from bot.core.preferences import PREFERENCES
from bot.core.refusal import UsageError
from bot.core.text import usage


def parse(rest: str) -> tuple[str, str]:
    """The name and value in the rest of a `/settings` line; UsageError when there is no such setting or value."""
    words = rest.lower().split()
    name = words[0] if words else ""
    if name not in PREFERENCES:
        raise UsageError(usage.no_setting(name, PREFERENCES))
    if len(words) != 2 or words[1] not in PREFERENCES[name]:  # noqa: PLR2004 - a name and a value
        raise UsageError(usage.no_such_value(name, PREFERENCES[name]))
    return name, words[1]
