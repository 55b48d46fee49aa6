"""The one SQL store: the same statements on SQLite and PostgreSQL."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core import report
from bot.core.debrief import Debrief
from bot.core.session import State, TimerKind
from bot.service.daily_ports import Planned, Prompt
from bot.service.heard import Heard
from bot.service.platforms import is_within
from bot.service.ports import DueTimer, File, Message
from bot.service.unbroken import unbroken
from bot.storage import personal, tables
from bot.storage.codec import dump, load
from bot.storage.daily_rows import planned, prompt
from bot.storage.errors import foreign_errors
from bot.storage.leases import claiming
from bot.storage.places import on_platforms
from bot.storage.transaction import SET, UNSENT, SqlTransaction, readable

_LOGGER = logging.getLogger("mockbot.storage")
_BEAT = "mockbot"
_PROGRAM = ""  # settings of nobody are what the program itself remembers
_KEYS_KEPT = 2 * 24 * 3600  # seconds a done key is known; Telegram keeps an unconfirmed update for a day
_KEEP_HEARD = text(
    "INSERT INTO inbox (key, heard, received_at) VALUES (:key, :heard, :received_at) ON CONFLICT (key) DO NOTHING"
)
_SENT = (
    update(tables.outbox)
    .where(tables.outbox.c.id == bindparam("this"))
    .values(sent_at=bindparam("now"), ref=bindparam("its_ref"))
)


def _read(key: str, row: str) -> Heard | None:
    """What was heard; None for a row of another version, which stays as it is."""
    try:
        return load(Heard, row)
    except ValueError as error:
        _LOGGER.error("%s cannot be read: %s", key, type(error).__name__)  # noqa: TRY400 - no texts in logs
        return None


def _is_lost(place: str, lost: Sequence[str]) -> bool:
    return any(is_within(place, chat) for chat in lost)


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

    async def keep_heard(self, heard: Sequence[Heard], now: int) -> list[Heard]:
        """Commit what was heard; those that are new."""
        return await unbroken(self._keep_heard(heard, now))

    async def _keep_heard(self, heard: Sequence[Heard], now: int) -> list[Heard]:
        row = tables.inbox.c
        async with self._connected() as connection:
            query = select(row.key).where(row.key.in_([one.key for one in heard]))
            known = set((await connection.execute(query)).scalars())
            new = list({one.key: one for one in heard if one.key not in known}.values())
            if new:
                rows = [{"key": one.key, "heard": dump(one), "received_at": now} for one in new]
                await connection.execute(_KEEP_HEARD, rows)
        return new

    async def waiting(self) -> list[Heard]:
        """What was heard and is not done yet, oldest first."""
        row = tables.inbox.c
        async with self._connected() as connection:
            query = select(row.key, row.heard).where(row.done_at.is_(None)).order_by(row.id)
            rows = (await connection.execute(query)).all()
        return [heard for key, found in rows if (heard := _read(key, found))]

    async def left_unsent(self) -> list[Message]:
        """All messages not sent yet, oldest first, without those to places out of reach."""
        async with self._connected() as connection:
            rows = (await connection.execute(UNSENT.order_by(tables.outbox.c.id))).all()
            lost = (await connection.execute(select(tables.unreachable.c.chat))).scalars().all()
            return await readable(connection, [row for row in rows if not _is_lost(row.place, lost)])

    async def settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        """Messages were sent, with the platform's ids of them, or never will be."""
        await unbroken(self._settle(arrived, failed, now))

    async def _settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        box = tables.outbox
        sent = [{"this": message_id, "now": now, "its_ref": ref} for message_id, ref in arrived.items()]
        async with self._connected() as connection:
            if sent:
                await connection.execute(_SENT, sent)
            if failed:
                never = update(box).where(box.c.id.in_(failed)).values(sent_at=now, failed=True)
                await connection.execute(never)

    async def document(self, name: str) -> File | None:
        """A file to send: the page of an interview as `report:<id>`, or all about a person as `export:<person>`."""
        kind, _, which = name.partition(":")
        async with self._connected() as connection:
            if kind == "export":
                return File("mockbot-export.json", await personal.export(connection, which))
            query = select(tables.debriefs.c.debrief).where(tables.debriefs.c.session_id == int(which))
            found = (await connection.execute(query)).scalar()
        if found is None:
            return None
        return File(f"mock-interview-{which}.html", report.rendered(load(Debrief, found), "html").encode())

    async def due_timers(
        self, now: int, limit: int = 100, platforms: Collection[str] = ("console", "discord", "telegram")
    ) -> list[DueTimer]:
        """Timers of these platforms due at `now`, earliest first."""
        timer = tables.timers.c
        theirs = on_platforms(timer.place, platforms)
        query = (
            select(timer.session_id, timer.place, timer.turn, timer.kind)
            .where(timer.due_at <= now, theirs)
            .order_by(timer.due_at)
            .limit(limit)
        )
        async with self._connected() as connection:
            rows = (await connection.execute(query)).all()
        return [DueTimer(r.session_id, r.place, r.turn, TimerKind(r.kind)) for r in rows]

    async def due_subscriptions(self, now: int, lease: int, limit: int, platforms: Collection[str]) -> list[Planned]:
        """Subscriptions on these platforms whose prompt is due, claimed for `lease` seconds."""
        async with self._connected() as connection:
            claim = claiming(tuple(platforms))
            values = {"now": now, "lease_until": now + lease, "limit": limit}
            return [planned(row) for row in (await connection.execute(claim, values)).all()]

    async def due_prompts(self, now: int, limit: int, platforms: Collection[str]) -> list[Prompt]:
        """Prompts on these platforms that shall come once more by now."""
        row = tables.prompts.c
        query = (
            select(tables.prompts)
            .where(row.again_at <= now, on_platforms(row.place, platforms))
            .order_by(row.again_at)
            .limit(limit)
        )
        async with self._connected() as connection:
            return [prompt(found) for found in (await connection.execute(query)).all()]

    async def running(self) -> list[str]:
        """The places in which a question is open, without those out of reach."""
        row = tables.sessions.c
        asking = row.state.in_([State.ANSWERING.value, State.PROBING.value])
        async with self._connected() as connection:
            query = select(row.place).where(row.ended_at.is_(None), asking).order_by(row.id)
            places = (await connection.execute(query)).scalars().all()
            lost = (await connection.execute(select(tables.unreachable.c.chat))).scalars().all()
        return [place for place in places if not _is_lost(place, lost)]

    async def unmatched(self, question_id: str = "") -> list[tuple[str, str]]:
        """Question and text of every answer kept for authors, by question and age."""
        row = tables.unmatched.c
        query = select(row.question_id, row.text).order_by(row.question_id, row.id)
        if question_id:
            query = query.where(row.question_id == question_id)
        async with self._connected() as connection:
            return [(found.question_id, found.text) for found in (await connection.execute(query)).all()]

    async def beat(self, now: int) -> None:
        """Note that the program is alive, and let go of keys that nobody will repeat."""
        await unbroken(self._beat(now))

    async def _beat(self, now: int) -> None:
        inbox = tables.inbox
        async with self._connected() as connection:
            done = await connection.execute(
                update(tables.heartbeats).where(tables.heartbeats.c.name == _BEAT).values(at=now)
            )
            if not done.rowcount:
                await connection.execute(insert(tables.heartbeats).values(name=_BEAT, at=now))
            await connection.execute(delete(inbox).where(inbox.c.done_at < now - _KEYS_KEPT))

    async def last_beat(self) -> int | None:
        """When the program was last known to be alive."""
        query = select(tables.heartbeats.c.at).where(tables.heartbeats.c.name == _BEAT)
        async with self._connected() as connection:
            return (await connection.execute(query)).scalar()

    async def load(self, name: str) -> str | None:
        """What the program itself remembers under a name."""
        row = tables.settings.c
        async with self._connected() as connection:
            query = select(row.value).where(row.person == _PROGRAM, row.name == name)
            return (await connection.execute(query)).scalar()

    async def keep(self, name: str, value: str) -> None:
        """Remember something for the program itself."""
        async with self._connected() as connection:
            await connection.execute(SET, {"person": _PROGRAM, "name": name, "value": value})
