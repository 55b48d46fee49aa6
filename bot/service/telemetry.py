"""What whoever runs the program can see of its work: numbers, never who or what, and the ids that log lines carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NONE: Mapping[str, object] = MappingProxyType({})
_LABELS: ContextVar[Mapping[str, object]] = ContextVar("labels", default=_NONE)


@contextmanager
def log_context(**ids: object) -> Iterator[None]:
    """What is logged in this block is about these alone (`message`, `session`, `place`, `key`), as far as known.

    A task inherits the labels of where it was begun, so each sets its own.
    """
    token = _LABELS.set({name: value for name, value in ids.items() if value is not None})
    try:
        yield
    finally:
        _LABELS.reset(token)


def logged_ids() -> Mapping[str, object]:
    """The ids of what is being worked on."""
    return _LABELS.get()


class Metrics:
    """Takes note of what happened; this one of nothing."""

    def turn(self) -> None:
        """Something that somebody did was worked on."""

    def sent(self, platform: str, outcome: str) -> None:
        """A message is done: `sent`, `refused`, `unreachable`, `expired` or `broken`."""

    def told_to_wait(self, platform: str) -> None:
        """A platform asked for silence."""

    def assessed(self, seconds: float) -> None:
        """An answer was assessed, and it took so long."""
