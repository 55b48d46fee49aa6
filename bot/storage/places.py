"""Places within a chat and on a platform, as conditions of SQL by the grammar of `core/place.py`; and lost chats."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, false, or_, select

from bot.core.place import Place, is_within
from bot.storage import tables
from bot.storage.database import Connection


def on_platforms(column: ColumnElement[str], platforms: Collection[str]) -> ColumnElement[bool]:
    """Whether the place in a column is on one of these platforms."""
    return or_(false(), *(column.startswith(f"{name}:", autoescape=True) for name in platforms))


def in_chat(column: ColumnElement[str], chat: Place) -> ColumnElement[bool]:
    """Whether the place in a column is a chat, or in it."""
    return or_(column == chat, column.startswith(f"{chat}/", autoescape=True))


async def lost_chats(connection: Connection) -> Sequence[Place]:
    """The chats, and places of them, that are out of reach."""
    return (await connection.execute(select(tables.unreachable.c.chat))).scalars()


def is_lost(place: Place, lost: Sequence[Place]) -> bool:
    """Whether a place is one of these, or within one."""
    return any(is_within(place, chat) for chat in lost)
