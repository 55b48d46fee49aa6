"""Places within a chat, as a condition of SQL."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, false, or_


def on_platforms(column: ColumnElement[str], platforms: Collection[str]) -> ColumnElement[bool]:
    """Whether the place in a column is on one of these platforms."""
    return or_(false(), *(column.startswith(f"{name}:", autoescape=True) for name in platforms))


def in_chat(column: ColumnElement[str], chat: str) -> ColumnElement[bool]:
    """Whether the place in a column is a chat, or in it."""
    return or_(column == chat, column.startswith(f"{chat}/", autoescape=True))
