"""What is kept, on SQLite or PostgreSQL: tables, migrations, and the one SQL store."""

from bot.storage.database import StoreError
from bot.storage.opening import migrate, open_store
from bot.storage.store import SqlStore

__all__ = ["SqlStore", "StoreError", "migrate", "open_store"]
