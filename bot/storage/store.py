"""The one SQL store: the same statements on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict

from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.debrief import Debrief
from bot.core.effects import Effect, Say, Tone
from bot.core.session import History, PastInterview, Session, Setup, TimerKind
from bot.service.ports import HARVEST, DueTimer, Message
from bot.storage import records, tables
from bot.storage.codec import load
from bot.storage.errors import foreign_errors

_BEAT = "mockbot"

# Built once: these run with every turn.
_session, _box = tables.sessions.c, tables.outbox.c
_OPEN = (
    select(_session.snapshot).where(_session.place == bindparam("at"), _session.ended_at.is_(None)).with_for_update()
)
_SAVE = (
    update(tables.sessions)
    .where(_session.id == bindparam("this"))
    .values({name: bindparam(name) for name in ("format", "level", "state", "ended_at", "snapshot")})
)
_SEEN = text(  # one statement that SQLite and PostgreSQL both know
    "INSERT INTO questions_seen (person, question_id, times, last_at) VALUES (:person, :question_id, 1, :at) "
    "ON CONFLICT (person, question_id) DO UPDATE SET times = questions_seen.times + 1, last_at = :at"
)
_UNMATCHED = text(
    "INSERT INTO unmatched (person, question_id, question_version, text, at) "
    "SELECT :person, :question_id, :question_version, :text, :at "
    "WHERE EXISTS (SELECT 1 FROM settings WHERE person = :person AND name = :name AND value = 'on')"
)
_SET = text(
    "INSERT INTO settings (person, name, value) VALUES (:person, :name, :value) "
    "ON CONFLICT (person, name) DO UPDATE SET value = :value"
)
_UNSENT = (
    select(_box.id, _box.place, _box.tone, _box.text, _box.choices)
    .where(_box.place == bindparam("at"), _box.sent_at.is_(None))
    .order_by(_box.id)
)


class SqlStore:
    """Keeps everything in one SQL database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._url = str(engine.url)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTransaction]:
        """A transaction: committed at the end of the block, rolled back when it raises."""
        async with self._connected() as connection:
            yield SqlTransaction(connection)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        with foreign_errors(self._url):
            async with self._engine.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()

    async def sent(self, message_ids: Sequence[int], now: int) -> None:
        """Messages have been shown."""
        box = tables.outbox
        async with self._connected() as connection:
            await connection.execute(update(box).where(box.c.id.in_(message_ids)).values(sent_at=now))

    async def due_timers(self, now: int, limit: int = 100) -> list[DueTimer]:
        """Timers due at `now`, earliest first."""
        timer = tables.timers.c
        query = (
            select(timer.session_id, timer.place, timer.turn, timer.kind)
            .where(timer.due_at <= now)
            .order_by(timer.due_at)
            .limit(limit)
        )
        async with self._connected() as connection:
            rows = (await connection.execute(query)).all()
        return [DueTimer(r.session_id, r.place, r.turn, TimerKind(r.kind)) for r in rows]

    async def sessions_of(self, person: str, limit: int = 20) -> list[PastInterview]:
        """The person's interviews, newest first."""
        row = tables.sessions.c
        query = (
            select(row.id, row.format, row.level, row.opened_at, row.ended_at, row.verdict)
            .where(row.person == person)
            .order_by(row.id.desc())
            .limit(limit)
        )
        async with self._connected() as connection:
            return [PastInterview(*found) for found in (await connection.execute(query)).all()]

    async def debrief(self, person: str, session_id: int | None) -> Debrief | None:
        """The debrief of one of the person's interviews; of the last finished one when no id is given."""
        query = (
            select(tables.debriefs.c.debrief)
            .join(tables.sessions)
            .where(tables.sessions.c.person == person)
            .order_by(tables.sessions.c.id.desc())
            .limit(1)
        )
        if session_id is not None:
            query = query.where(tables.sessions.c.id == session_id)
        async with self._connected() as connection:
            found = (await connection.execute(query)).scalar()
        return None if found is None else load(Debrief, found)

    async def unmatched(self, question_id: str = "") -> list[tuple[str, str]]:
        """Question and text of every answer kept for authors, by question and age."""
        row = tables.unmatched.c
        query = select(row.question_id, row.text).order_by(row.question_id, row.id)
        if question_id:
            query = query.where(row.question_id == question_id)
        async with self._connected() as connection:
            return [(found.question_id, found.text) for found in (await connection.execute(query)).all()]

    async def setting(self, person: str, name: str) -> str | None:
        """What the person set, None when nothing."""
        row = tables.settings.c
        async with self._connected() as connection:
            query = select(row.value).where(row.person == person, row.name == name)
            return (await connection.execute(query)).scalar()

    async def set_setting(self, person: str, name: str, value: str) -> None:
        """Keep a setting; taking back the consent to keep answers deletes those that were kept."""
        async with self._connected() as connection:
            await connection.execute(_SET, {"person": person, "name": name, "value": value})
            if name == HARVEST and value != "on":
                await connection.execute(delete(tables.unmatched).where(tables.unmatched.c.person == person))

    async def beat(self, now: int) -> None:
        """Note that the program is alive."""
        async with self._connected() as connection:
            done = await connection.execute(
                update(tables.heartbeats).where(tables.heartbeats.c.name == _BEAT).values(at=now)
            )
            if not done.rowcount:
                await connection.execute(insert(tables.heartbeats).values(name=_BEAT, at=now))

    async def last_beat(self) -> int | None:
        """When the program was last known to be alive."""
        query = select(tables.heartbeats.c.at).where(tables.heartbeats.c.name == _BEAT)
        async with self._connected() as connection:
            return (await connection.execute(query)).scalar()


class SqlTransaction:
    """One unit of work on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._spoke = False

    async def open_session(self, place: str) -> Session | None:
        """The open interview of a place, locked until the end of the transaction."""
        snapshot = (await self._connection.execute(_OPEN, {"at": place})).scalar()
        return None if snapshot is None else load(Session, snapshot)

    async def new_session(self, person: str, place: str, setup: Setup, now: int) -> Session:
        """A new interview, not yet begun."""
        session = Session(0, person, place, setup, now)
        values = records.session_row(session) | {"person": person, "place": place, "opened_at": now}
        done = await self._connection.execute(insert(tables.sessions).values(values))
        (session_id,) = done.inserted_primary_key or (0,)
        return Session(session_id, person, place, setup, now)

    async def history(self, person: str) -> History:
        """What the person has seen and how it went."""
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
            {row.question_id: row.times for row in times},
            {row.topic: float(row.score) for row in topics},
            finished.scalar() or 0,
        )

    async def save(self, session: Session, effects: Sequence[Effect], now: int) -> None:
        """Keep the session and turn its effects into rows."""
        await self._connection.execute(_SAVE, {"this": session.id} | records.session_row(session))
        for change in records.changes(session, effects, now):
            await self._apply(change)
        self._spoke = self._spoke or any(isinstance(effect, Say) for effect in effects)

    async def _apply(self, change: records.Change) -> None:
        match change:
            case records.Insert(table, rows):
                await self._connection.execute(insert(table), list(rows))
            case records.Update(table, key, values):
                matches = [table.c[name] == value for name, value in key.items()]
                await self._connection.execute(update(table).where(*matches).values(values))
            case records.Delete(table, key):
                await self._connection.execute(delete(table).where(*(table.c[n] == v for n, v in key.items())))
            case records.Seen():
                await self._connection.execute(_SEEN, asdict(change))
            case records.Unmatched():
                await self._connection.execute(_UNMATCHED, asdict(change) | {"name": HARVEST})

    async def say(self, place: str, text: str, tone: Tone, now: int) -> None:
        """Put a message into the outbox that belongs to no decision."""
        await self._connection.execute(insert(tables.outbox), [records.message_row(place, text, tone, (), now)])
        self._spoke = True

    async def claim(self, timer: DueTimer) -> bool:
        """Close a timer; False when an answer closed it first."""
        row = tables.timers.c
        done = await self._connection.execute(
            delete(tables.timers).where(
                row.session_id == timer.session_id, row.turn == timer.turn, row.kind == timer.kind.value
            )
        )
        return bool(done.rowcount)

    async def unsent(self, place: str) -> list[Message]:
        """What is still to be said in a place, oldest first; nothing when this transaction adds nothing to it."""
        if not self._spoke:
            return []
        rows = (await self._connection.execute(_UNSENT, {"at": place})).all()
        return [Message(r.id, r.place, Tone(r.tone), r.text, tuple(json.loads(r.choices))) for r in rows]
