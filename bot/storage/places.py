"""Places within a chat, as a condition of SQL."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_


def in_chat(column: ColumnElement[str], chat: str) -> ColumnElement[bool]:
    """Whether the place in a column is a chat, or in it."""
    return or_(column == chat, column.startswith(f"{chat}/", autoescape=True))
