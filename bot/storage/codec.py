"""Frozen dataclasses as JSON."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

_Noun = TypeVar("_Noun")


@cache
def _adapter(noun: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a cache forgets what type it was asked for
    return TypeAdapter(noun)


def dump(value: object) -> str:
    """The value as compact JSON."""
    adapter: TypeAdapter[object] = _adapter(type(value))  # type: ignore[arg-type] # classes are hashable
    return adapter.dump_json(value).decode()


def load(noun: type[_Noun], text: str) -> _Noun:
    """The value that `dump` wrote."""
    value: _Noun = _adapter(noun).validate_json(text)  # type: ignore[arg-type] # as above
    return value
