"""Everything that is kept in one SQL database: pieces as narrow as their callers, and units of work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from typing_extensions import override

from bot.core.effects import Effect, Say
from bot.core.judgement import Debrief
from bot.core.place import NOBODY, Chat, Person, Place, chat_of, home_of, moved
from bot.core.preferences import HARVEST
from bot.core.session import INTERVIEW, Activity, History, PastInterview, Session, Setup
from bot.service.ports.messages import Message
from bot.service.ports.store import DueTimer, OpenInterview, Transaction
from bot.storage import records, tables
from bot.storage.daily import SqlDaily
from bot.storage.database import Connection, Database
from bot.storage.examinations import CLOSE, SqlExaminations
from bot.storage.inbox import SqlInbox
from bot.storage.leases import SqlLeases
from bot.storage.outbox import SqlOutbox
from bot.storage.places import in_chat
from bot.storage.program import SqlHeartbeat, SqlKept
from bot.storage.records import SET, UNSENT, Snapshots, Spoken, load, readable, session_of, statements
from bot.storage.schedule import SqlSchedule, closing
from bot.storage.stories import SqlStories

# Built once: these run with every turn.
_session, _box, _in = tables.sessions.c, tables.outbox.c, tables.inbox.c
_IS_INTERVIEW = _session.format.not_in((records.DAILY, records.STAR))
_OPEN = (
    select(_session.snapshot).where(_session.place == bindparam("at"), _session.ended_at.is_(None)).with_for_update()
)
_SAVE = (
    update(tables.sessions)
    .where(_session.id == bindparam("this"))
    .values({name: bindparam(name) for name in ("format", "level", "state", "ended_at", "snapshot")})
)
_TAKE = (
    update(tables.inbox)
    .where(_in.key == bindparam("this"), _in.done_at.is_(None))
    .values(done_at=bindparam("now"), heard="")
)
_LOST = text("INSERT INTO unreachable (chat, since) VALUES (:chat, :since) ON CONFLICT (chat) DO NOTHING")
_FOUND = (
    delete(tables.unreachable)
    .where(tables.unreachable.c.chat.in_([bindparam("place"), bindparam("its_chat")]))
    .returning(tables.unreachable.c.chat, tables.unreachable.c.since)
)
_SAY = insert(tables.outbox)
_UNSENT_IN = UNSENT.where(_box.place == bindparam("here"))
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:place, 0))")


class SqlTransaction(Transaction):
    """One unit of work on one connection."""

    def __init__(self, connection: Connection, snapshots: Snapshots) -> None:
        self._connection = connection
        self._snapshots = snapshots
        self._spoken_in: set[Place] = set()

    @property
    @override
    def daily(self) -> SqlDaily:
        return SqlDaily(self._connection, self._spoken_in)

    @property
    @override
    def stories(self) -> SqlStories:
        return SqlStories(self._connection)

    @override
    async def take(self, key: str, now: int) -> bool:
        return bool((await self._connection.execute(_TAKE, {"this": key, "now": now})).rowcount)

    @override
    async def open_session(self, place: Place) -> Session | None:
        rows = (await self._connection.execute(_OPEN, {"at": place})).rows
        return self._snapshots.read(place, rows[0].snapshot) if rows else None

    @override
    async def session(self, session_id: int) -> Session | None:
        if session_id > tables.LARGEST:
            return None
        query = select(_session.snapshot).where(_session.id == session_id)
        snapshot = (await self._connection.execute(query)).scalar()
        return None if snapshot is None else session_of(snapshot)

    @override
    async def candidate_of(self, session_id: int) -> Person | None:
        if session_id > tables.LARGEST:
            return None
        query = select(_session.person).where(_session.id == session_id)
        person: Person | None = (await self._connection.execute(query)).scalar()
        return person

    @override
    async def new_session(
        self, person: Person, place: Place, asked_in: Place, setup: Setup, now: int, activity: Activity = INTERVIEW
    ) -> Session:
        session = Session(0, person, place, setup, now, activity)
        asked = {"person": person, "place": place, "asked_in": asked_in, "opened_at": now}
        row = records.session_row(session) | asked
        done = await self._connection.execute(insert(tables.sessions).returning(_session.id).values(row))
        return replace(session, id=done.scalar())

    @override
    async def open_interviews(self, place: Place, person: Person) -> list[OpenInterview]:
        here = or_(_session.place == place, (_session.asked_in == place) & (_session.person == person))
        return await self._open(here)

    async def _open(self, where: ColumnElement[bool]) -> list[OpenInterview]:
        last = (
            select(_box.ref)
            .where(_box.session_id == _session.id, _box.ref != "")
            .order_by(_box.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = select(
            _session.id, _session.person, _session.place, _session.asked_in, func.coalesce(last, "").label("ref")
        ).where(where, _session.ended_at.is_(None))
        rows = (await self._connection.execute(query)).rows
        lost = set((await self._connection.execute(select(tables.unreachable.c.chat))).scalars()) if rows else set()
        return [
            OpenInterview(
                row.id, row.person, row.place, row.asked_in, row.ref, bool({row.place, chat_of(row.place)} & lost)
            )
            for row in rows
        ]

    @override
    async def started_since(self, person: Person, since: int) -> int:
        return await self._count(_session.person == person, since)

    @override
    async def started_in(self, chat: Chat, since: int) -> int:
        return await self._count(in_chat(_session.asked_in, chat), since)

    async def _count(self, where: ColumnElement[bool], since: int) -> int:
        query = (
            select(func.count()).select_from(tables.sessions).where(where, _session.opened_at > since, _IS_INTERVIEW)
        )
        return (await self._connection.execute(query)).scalar() or 0

    @override
    async def session_of_message(self, chat: Chat, ref: str) -> int | None:
        query = select(_box.session_id).where(_box.ref == ref, in_chat(_box.place, chat)).limit(1)
        session_id: int | None = (await self._connection.execute(query)).scalar()
        return session_id

    @override
    async def history(self, person: Person) -> History:
        seen, scored, kept = tables.questions_seen.c, tables.assessments.c, tables.debriefs
        times = await self._connection.execute(select(seen.question_id, seen.times).where(seen.person == person))
        topics = await self._connection.execute(
            select(scored.topic, func.avg(scored.score).label("score"))
            .where(scored.person == person)
            .group_by(scored.topic)
        )
        finished = await self._connection.execute(
            select(func.count()).select_from(kept.join(tables.sessions)).where(tables.sessions.c.person == person)
        )
        return History(
            {row.question_id: row.times for row in times.rows},
            {row.topic: float(row.score) for row in topics.rows},
            finished.scalar() or 0,
        )

    @override
    async def save(self, session: Session, effects: Sequence[Effect], now: int, *, private: bool = False) -> None:
        await self._connection.execute(_SAVE, {"this": session.id} | self._snapshots.row_of(session))
        for statement in statements(session, effects, now, private=private):
            await self._connection.execute(*statement)
        if any(isinstance(effect, Say) for effect in effects):
            self._spoken_in.add(session.place)

    @override
    async def say(self, place: Place, say: Say, now: int, person: Person = NOBODY, *, private: bool = False) -> None:
        await self._speak(say, Spoken(place, person, private), now)

    @override
    async def send_file(self, place: Place, say: Say, document: str, now: int, person: Person) -> None:
        await self._speak(say, Spoken(place, person, private=True, document=document), now)

    async def _speak(self, say: Say, spoken: Spoken, now: int) -> None:
        await self._connection.execute(_SAY, [records.message_row(say, spoken, now)])
        self._spoken_in.add(spoken.place)

    @override
    async def claim(self, timer: DueTimer, now: int) -> bool:
        done = await self._connection.execute(closing(timer, now))
        return bool(done.rowcount)

    @override
    async def close_examination(self, number: int, place: Place) -> None:
        await self._connection.execute(CLOSE, {"this": number, "its_place": place})

    @override
    async def unsent(self) -> list[Message]:
        found = [await self._connection.execute(_UNSENT_IN, {"here": place}) for place in self._spoken_in]
        rows = sorted((row for result in found for row in result.rows), key=lambda row: row.id)
        return await readable(self._connection, rows)

    @override
    async def sessions_of(self, person: Person, limit: int = 20) -> list[PastInterview]:
        query = (
            select(
                _session.id, _session.format, _session.level, _session.opened_at, _session.ended_at, _session.verdict
            )
            .where(_session.person == person, _IS_INTERVIEW)
            .order_by(_session.id.desc())
            .limit(limit)
        )
        return [PastInterview(*found) for found in (await self._connection.execute(query)).rows]

    @override
    async def debrief(self, person: Person, session_id: int | None) -> Debrief | None:
        query = (
            select(tables.debriefs.c.debrief)
            .join(tables.sessions)
            .where(_session.person == person)
            .order_by(_session.id.desc())
            .limit(1)
        )
        if session_id is not None:
            query = query.where(_session.id == session_id)
        found = (await self._connection.execute(query)).scalar()
        return None if found is None else load(Debrief, found)

    @override
    async def settings(self, person: Person) -> Mapping[str, str]:
        row = tables.settings.c
        found = await self._connection.execute(select(row.name, row.value).where(row.person == person))
        return {name: value for name, value in found.rows}  # noqa: C416 - rows are no pairs to a type checker

    @override
    async def set_setting(self, person: Person, name: str, value: str) -> None:
        await self._connection.execute(SET, {"person": person, "name": name, "value": value})
        if name == HARVEST and value != "on":
            await self._connection.execute(delete(tables.unmatched).where(tables.unmatched.c.person == person))

    @override
    async def forget(self, person: Person) -> None:
        self._snapshots.forget(person)
        theirs = select(_session.id).where(_session.person == person)
        await self._connection.execute(delete(tables.outbox).where(_box.session_id.in_(theirs)))
        await self._connection.execute(delete(tables.unreachable).where(tables.unreachable.c.chat == home_of(person)))
        for table in tables.PERSONAL:
            await self._connection.execute(delete(table).where(table.c.person == person))

    @override
    async def mark_unreachable(self, chat: Place, now: int) -> list[OpenInterview]:
        await self._connection.execute(_LOST, {"chat": chat, "since": now})
        await self._connection.execute(delete(tables.timers).where(in_chat(tables.timers.c.place, chat)))
        never = update(tables.outbox).where(
            in_chat(_box.place, chat), _box.sent_at.is_(None), _box.session_id.is_(None)
        )
        await self._connection.execute(never.values(sent_at=now, failed=True))
        return await self._open(in_chat(_session.place, chat))

    @override
    async def mark_reachable(self, place: Place) -> list[tuple[int, OpenInterview]]:
        lost = (await self._connection.execute(_FOUND, {"place": place, "its_chat": chat_of(place)})).rows
        found: dict[int, tuple[int, OpenInterview]] = {}
        for chat, since in sorted(lost, key=lambda one: -one.since):
            found |= {one.session_id: (since, one) for one in await self._open(in_chat(_session.place, chat))}
        return list(found.values())

    @override
    async def say_what_waits(self, place: Place) -> bool:
        self._spoken_in.add(place)
        query = select(_box.id).where(_box.place == place, _box.sent_at.is_(None)).limit(1)
        return (await self._connection.execute(query)).scalar() is not None

    @override
    async def move(self, old: Chat, new: Chat, now: int) -> None:
        theirs = select(_session.place).where(in_chat(_session.place, new), _session.ended_at.is_(None))
        taken = [moved(place, new, old) for place in (await self._connection.execute(theirs)).scalars()]
        ended = update(tables.sessions).where(_session.place.in_(taken), _session.ended_at.is_(None))
        await self._connection.execute(ended.values(ended_at=now))
        for column in (
            _session.place,
            _session.asked_in,
            tables.timers.c.place,
            tables.examinations.c.place,
            _box.place,
        ):
            moved = func.replace(column, old, new)
            await self._connection.execute(update(column.table).where(in_chat(column, old)).values({column: moved}))
        await self.daily.move(old, new)
        query = select(_session.id, _session.place, _session.snapshot)
        rows = await self._connection.execute(query.where(in_chat(_session.place, new), _session.ended_at.is_(None)))
        for row in rows.rows:
            session = replace(session_of(row.snapshot), place=row.place)
            await self._connection.execute(_SAVE, {"this": row.id} | records.session_row(session))


@dataclass(frozen=True, slots=True)
class SqlStore:
    """The pieces of the store, all on one database."""

    database: Database
    inbox: SqlInbox
    outbox: SqlOutbox
    examinations: SqlExaminations
    leases: SqlLeases
    schedule: SqlSchedule
    heartbeat: SqlHeartbeat
    kept: SqlKept
    snapshots: Snapshots

    @classmethod
    def on(cls, database: Database, program: str = "mockbot") -> Self:
        """The store on a database; `program` is the one whose heartbeat is kept there."""
        return cls(
            database,
            SqlInbox(database),
            SqlOutbox(database),
            SqlExaminations(database),
            SqlLeases(database),
            SqlSchedule(database),
            SqlHeartbeat(database, program),
            SqlKept(database),
            Snapshots(),
        )

    @asynccontextmanager
    async def begin(self, place: Place | None = None) -> AsyncIterator[SqlTransaction]:
        """A transaction: committed at the end of the block, rolled back when it raises.

        Nobody else, in any process, works in its place until then.
        """
        async with self.database.connected() as connection:
            if place and connection.dialect == "postgresql":
                await connection.execute(_LOCK, {"place": place})
            yield SqlTransaction(connection, self.snapshots)

    async def close(self) -> None:
        """Close all connections."""
        await self.database.close()

    async def unmatched(self, question_id: str = "") -> list[tuple[str, str]]:
        """Question and text of every answer kept for authors, by question and age."""
        row = tables.unmatched.c
        query = select(row.question_id, row.text).order_by(row.question_id, row.id)
        if question_id:
            query = query.where(row.question_id == question_id)
        async with self.database.connected() as connection:
            return [(found.question_id, found.text) for found in (await connection.execute(query)).rows]
