"""Changes of rows as statements, each built once, as they run with every turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table, bindparam, delete, exists, insert, select, text, update

from bot.core.preferences import HARVEST
from bot.storage import records, tables
from bot.storage.records import Row

Statement = tuple[Executable, Row | list[Row]]

_SEEN = text(  # one statement that SQLite and PostgreSQL both know
    "INSERT INTO questions_seen (person, question_id, times, last_at) VALUES (:person, :question_id, 1, :at) "
    "ON CONFLICT (person, question_id) DO UPDATE SET times = questions_seen.times + 1, last_at = :at"
)
_UNMATCHED = text(
    "INSERT INTO unmatched (person, question_id, question_version, text, at) "
    "SELECT CAST(:person AS VARCHAR), CAST(:question_id AS VARCHAR), :question_version, CAST(:text AS TEXT), :at "
    "WHERE EXISTS (SELECT 1 FROM settings WHERE person = :person AND name = :name AND value = 'on')"
).bindparams(name=HARVEST)
_REVIEWED = text(
    "INSERT INTO reviews (person, question_id, card, due_at) VALUES (:person, :question_id, :card, :due_at) "
    "ON CONFLICT (person, question_id) DO UPDATE SET card = :card, due_at = :due_at"
)
_WRITTEN = text(
    "INSERT INTO stories (person, number, title, competencies, created_at) "
    "VALUES (:person, :number, :title, :competencies, :at) "
    "ON CONFLICT (person, number) DO UPDATE SET competencies = :competencies"
)
_TEXTS: Mapping[type[records.Change], Executable] = {
    records.Seen: _SEEN,
    records.Unmatched: _UNMATCHED,
    records.Reviewed: _REVIEWED,
    records.Written: _WRITTEN,
}


@cache
def _inserting(table: Table) -> Executable:
    return insert(table)


@cache
def _inserting_of_story(table: Table, names: tuple[str, ...]) -> Executable:
    row = {name: bindparam(name, type_=table.c[name].type) for name in names}
    its = exists().where(tables.stories.c.person == row["person"], tables.stories.c.number == row["number"])
    return insert(table).from_select(names, select(*row.values()).where(its))


@cache
def _updating(table: Table, key: tuple[str, ...], values: tuple[str, ...]) -> Executable:
    found = (table.c[name] == bindparam(f"its_{name}") for name in key)
    return update(table).where(*found).values({name: bindparam(name) for name in values})


@cache
def _deleting(table: Table, key: tuple[str, ...]) -> Executable:
    return delete(table).where(*(table.c[name] == bindparam(f"its_{name}") for name in key))


def statement(change: records.Change) -> Statement:
    """A change as a statement, built once for each kind of change, and its parameters."""
    match change:
        case records.Insert(table, rows):
            return _inserting(table), list(rows)
        case records.InsertOfStory(table, row):
            return _inserting_of_story(table, tuple(row)), row
        case records.Update(table, key, values):
            return _updating(table, tuple(key), tuple(values)), _its(key) | values
        case records.Delete(table, key):
            return _deleting(table, tuple(key)), _its(key)
        case records.Seen() | records.Unmatched() | records.Reviewed() | records.Written():
            return _TEXTS[type(change)], asdict(change)


def _its(key: Mapping[str, Any]) -> Row:
    return {f"its_{name}": value for name, value in key.items()}
