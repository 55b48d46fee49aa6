"""How many of something, in words that agree with the number."""

from __future__ import annotations

from collections.abc import Mapping


def plural(count: int, one: str, many: str = "", named: Mapping[int, str] | None = None) -> str:
    """A number of things, as in "1 word" and "3 words"; `named` has the numbers that are said in words of their own."""
    if named and count in named:
        return named[count]
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def times(count: int) -> str:
    """How many times, as in "twice"."""
    return plural(count, "time", named={1: "once", 2: "twice"})
