"""The statement that keeps a setting."""

from __future__ import annotations

from sqlalchemy import text

SET = text(
    "INSERT INTO settings (person, name, value) VALUES (:person, :name, :value) "
    "ON CONFLICT (person, name) DO UPDATE SET value = :value"
)
