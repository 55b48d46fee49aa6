"""The rows of people's own stories: what they say, how they were rated, and when they were told."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, delete, false, func, select, union, update
from typing_extensions import override

from bot.core.place import Person
from bot.core.session import Rehearsal
from bot.core.stories import Rating, Story, Told, Version
from bot.service.ports.store import Stories
from bot.storage import tables
from bot.storage.database import Connection
from bot.storage.records import SET, STAR, session_of

_ASKED = "star:"  # what the id of a question begins with that asks for a story
_LAST = "last story"  # the setting with the highest number of a person's deleted stories
_story, _version, _rating, _telling = (
    tables.stories.c,
    tables.story_versions.c,
    tables.story_ratings.c,
    tables.tellings.c,
)
_session, _seen, _setting = tables.sessions.c, tables.questions_seen.c, tables.settings.c
_Noun = TypeVar("_Noun")


def _where(table: Table, person: Person, number: int) -> ColumnElement[bool]:
    """The rows of one story."""
    return false() if number > tables.LARGEST else (table.c.person == person) & (table.c.number == number)


class SqlStories(Stories):
    """The rows of stories, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    async def all(self, person: Person) -> list[Story]:
        versions = await self._by_number(tables.story_versions, person, lambda row: Version(row.text, row.at))
        ratings = await self._by_number(
            tables.story_ratings, person, lambda row: Rating(row.clarity, row.impact, row.at)
        )
        told = await self._by_number(tables.tellings, person, lambda row: int(row.at))
        return [
            Story(
                id=str(row.number),
                title=row.title,
                competencies=tuple(json.loads(row.competencies)),
                versions=tuple(versions[row.number]),
                ratings=tuple(ratings[row.number]),
                told=Told(len(told[row.number]), max(told[row.number], default=None)),
            )
            for row in await self._rows(tables.stories, person)
        ]

    @override
    async def next_number(self, person: Person) -> int:
        return max(await self._last(person), *await self._being_told(person), 0) + 1

    @override
    async def asked(self, person: Person) -> Sequence[str]:
        query = (
            select(_seen.question_id, _seen.times)
            .where(_seen.person == person, _seen.question_id.startswith(_ASKED), _seen.question_id != _ASKED)
            .order_by(_seen.last_at)
        )
        rows = (await self._connection.execute(query)).rows
        return [row.question_id.removeprefix(_ASKED) for row in rows for _ in range(row.times)]

    @override
    async def tag(self, person: Person, number: int, competencies: Sequence[str]) -> None:
        await self._change(person, number, competencies=json.dumps(competencies))

    @override
    async def rename(self, person: Person, number: int, title: str) -> None:
        await self._change(person, number, title=title)

    @override
    async def delete(self, person: Person, number: int) -> None:
        last = {"person": person, "name": _LAST, "value": str(await self._last(person))}
        await self._connection.execute(SET, last)
        rehearsals = await self._rehearsals(person, number)
        await self._connection.execute(delete(tables.outbox).where(tables.outbox.c.session_id.in_(rehearsals)))
        await self._connection.execute(delete(tables.sessions).where(_session.id.in_(rehearsals)))
        await self._connection.execute(delete(tables.stories).where(_where(tables.stories, person, number)))

    async def _by_number(
        self, table: Table, person: Person, noun: Callable[[Any], _Noun]
    ) -> defaultdict[int, list[_Noun]]:
        found: defaultdict[int, list[_Noun]] = defaultdict(list)
        for row in await self._rows(table, person):
            found[row.number].append(noun(row))
        return found

    async def _rows(self, table: Table, person: Person) -> Sequence[Any]:
        query = select(table).where(table.c.person == person).order_by(*table.primary_key)
        return (await self._connection.execute(query)).rows

    async def _last(self, person: Person) -> int:
        """The highest number a story of the person ever had."""
        highest = select(func.max(_story.number)).where(_story.person == person)
        deleted = select(_setting.value).where(_setting.person == person, _setting.name == _LAST)
        there = (await self._connection.execute(highest)).scalar() or 0
        return max(there, int((await self._connection.execute(deleted)).scalar() or 0))

    async def _being_told(self, person: Person) -> list[int]:
        """The numbers that open rehearsals were given, the story of which may not be written yet."""
        query = select(_session.snapshot).where(
            _session.person == person, _session.format == STAR, _session.ended_at.is_(None)
        )
        open_ones = [session_of(one).activity for one in (await self._connection.execute(query)).scalars()]
        return [activity.number for activity in open_ones if isinstance(activity, Rehearsal)]

    async def _rehearsals(self, person: Person, number: int) -> Sequence[int]:
        """The rehearsals that are over in which a story was written or told."""
        written = select(_version.session_id).where(_where(tables.story_versions, person, number))
        told = select(_telling.session_id).where(_where(tables.tellings, person, number))
        query = select(_session.id).where(
            _session.id.in_(union(written, told)), _session.format == STAR, _session.ended_at.is_not(None)
        )
        return (await self._connection.execute(query)).scalars()

    async def _change(self, person: Person, number: int, **values: str) -> None:
        await self._connection.execute(
            update(tables.stories).where(_where(tables.stories, person, number)).values(values)
        )
