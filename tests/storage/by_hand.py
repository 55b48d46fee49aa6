"""A database as somebody with a shell, or another version, may have left it."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.opening import alembic_config


async def sql(url: str, *statements: str) -> list[Any]:
    """Run statements; the rows of the last one that has any."""
    opened, rows = create_async_engine(url), []
    async with opened.begin() as connection:
        for statement in statements:
            done = await connection.execute(text(statement))
            rows = list(done.all()) if done.returns_rows else rows
    await opened.dispose()
    return rows


async def upgrade(url: str, revision: str) -> None:
    """Bring a database up to a revision."""
    from alembic import command  # noqa: PLC0415 - slow, and only few need it

    await asyncio.to_thread(command.upgrade, alembic_config(url), revision)


async def downgrade(url: str, revision: str) -> None:
    """Bring a database down to a revision."""
    from alembic import command  # noqa: PLC0415 - as above

    await asyncio.to_thread(command.downgrade, alembic_config(url), revision)
