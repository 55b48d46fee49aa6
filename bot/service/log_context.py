"""What is being worked on, as ids that every log line about it carries."""

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
