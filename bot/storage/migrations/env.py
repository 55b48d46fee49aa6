"""Alembic's entry: migrate the database named by the caller, online, over the async engine."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage import tables

# Several replicas may start at once: whoever comes later waits, and finds the work done.
_ALONE = {
    "sqlite": text("BEGIN IMMEDIATE"),
    "postgresql": text("SELECT pg_advisory_xact_lock(hashtextextended('migrations', 3))"),
}


def migrate(connection: Connection) -> None:
    """Run the pending migrations in one transaction."""
    connection.execute(_ALONE[connection.dialect.name])
    context.configure(connection=connection, target_metadata=tables.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    """Open the database and migrate."""
    engine = create_async_engine(context.config.attributes["url"], poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(main())
