"""The one SQL store: the same statements on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.judgement import Debrief
from bot.core.rules.table import open_states
from bot.core.session import TimerKind
from bot.core.text import report
from bot.service.concurrency import shielded
from bot.service.ports.daily import Planned, Prompt
from bot.service.ports.incoming import Incoming
from bot.service.ports.messages import File, Message
from bot.service.ports.shared_work import EVERYTHING, Share
from bot.service.ports.store import DueTimer
from bot.storage import inbox, leases, outbox, personal, tables
from bot.storage.codec import load
from bot.storage.daily import planned, prompt
from bot.storage.errors import foreign_errors
from bot.storage.places import is_lost, lost_chats, on_platforms
from bot.storage.settings import SET
from bot.storage.transaction import SqlTransaction

_PROGRAM = ""  # settings of nobody are what the program itself remembers
_KEYS_KEPT = 2 * 24 * 3600  # seconds a done key is known; Telegram keeps an unconfirmed update for a day
_BEAT_AT = text(
    "INSERT INTO heartbeats (name, at) VALUES (:name, :now) "
    "ON CONFLICT (name) DO UPDATE SET at = CASE WHEN heartbeats.at > :now THEN heartbeats.at ELSE :now END"
)
_EVERYWHERE = ("console", "discord", "telegram")
_ASKING = tuple(state.value for state in open_states())
_LATE = 5  # seconds after which what is due is everybody's


def _is_ours(number: ColumnElement[int], due: ColumnElement[int], share: Share) -> ColumnElement[bool]:
    """Whether a row belongs to our share of what is due at `:now`, or is late."""
    now: BindParameter[int] = bindparam("now")
    return (due <= now) & ((number % share.of == share.number) | (due <= now - _LATE))


# Every tick asks for both, so each is built once: that took longer than the database needs to say that there is none.
@cache
def _due_timers(platforms: tuple[str, ...], share: Share) -> Any:  # noqa: ANN401 - SQLAlchemy's type names every column
    row = tables.timers.c
    ours = _is_ours(row.session_id, row.due_at, share) & on_platforms(row.place, platforms)
    query = select(row.session_id, row.place, row.turn, row.kind).where(ours)
    return query.order_by(row.due_at).limit(bindparam("most"))


@cache
def _due_prompts(platforms: tuple[str, ...], share: Share) -> Any:  # noqa: ANN401 - as above
    row = tables.prompts.c
    ours = _is_ours(row.id, row.again_at, share) & on_platforms(row.place, platforms)
    return select(tables.prompts).where(ours).order_by(row.again_at).limit(bindparam("most"))


class SqlStore:
    """Keeps everything in one SQL database. `program` is whose heart beats: a terminal's tells nothing of a bot's."""

    def __init__(self, engine: AsyncEngine, program: str = "mockbot") -> None:
        self._engine = engine
        self._program = program
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

    async def keep_incoming(
        self, incoming: Sequence[Incoming], now: int, owner: str = "", lease_until: int = 0, room: int | None = None
    ) -> list[Incoming]:
        """Commit what was heard; those that are for `owner` to work on until `lease_until`."""
        return await shielded(self._keep_incoming(incoming, now, owner, lease_until, room))

    async def _keep_incoming(
        self, incoming: Sequence[Incoming], now: int, owner: str, lease_until: int, room: int | None
    ) -> list[Incoming]:
        async with self._connected() as connection:
            return await inbox.keep(connection, incoming, now, owner, lease_until, room)

    async def claim_incoming(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Sequence[str]
    ) -> list[Incoming]:
        """Take over what was heard on these platforms and nobody works on, oldest first, in order in each place."""
        async with self._connected() as connection:
            return await inbox.claim(connection, owner, now, lease_until, limit, platforms)

    async def renew_incoming(self, owner: str, keys: Sequence[str], lease_until: int) -> None:
        """Whoever works on something goes on with it."""
        async with self._connected() as connection:
            await inbox.renew(connection, owner, keys, lease_until)

    async def owners_waited_for(self) -> list[str]:
        """Who works, or worked, on what is not done yet."""
        async with self._connected() as connection:
            return await inbox.owners(connection)

    async def waiting(self) -> list[Incoming]:
        """What was heard and is not done yet, oldest first."""
        async with self._connected() as connection:
            return await inbox.waiting(connection)

    async def left_unsent(self) -> list[Message]:
        """All messages not sent yet, oldest first, without those to places out of reach."""
        async with self._connected() as connection:
            return await outbox.everything(connection)

    async def unsent_talk(self, platform: str, after: int) -> list[Message]:
        """The same on one platform, from beyond a number on, without what is sent in bulk."""
        async with self._connected() as connection:
            return await outbox.talk(connection, platform, after)

    async def unsent_bulk(self, platform: str, after: int, limit: int) -> list[Message]:
        """What is sent in bulk on a platform and was not tried yet, oldest first, from beyond a number on."""
        async with self._connected() as connection:
            return await outbox.bulk(connection, platform, after, limit)

    async def try_bulk(self, ids: Sequence[int], now: int) -> set[int]:
        """Note, before they are sent, that messages are tried; without those that somebody tried before."""
        async with self._connected() as connection:
            return await outbox.try_bulk(connection, ids, now)

    async def settle_tried(self, platform: str, now: int, *, again: bool) -> None:
        """Whoever sent on this platform is gone: what was tried and may have arrived is tried again, or given up."""
        async with self._connected() as connection:
            await outbox.settle_tried(connection, platform, now, again=again)

    async def sent_since(self, platform: str, since: int) -> list[tuple[str, int]]:
        """To which places messages were sent since then, and when, oldest first."""
        async with self._connected() as connection:
            return await outbox.sent_since(connection, platform, since)

    async def settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        """Messages were sent, with the platform's ids of them, or never will be."""
        await shielded(self._settle(arrived, failed, now))

    async def _settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        async with self._connected() as connection:
            await outbox.settle(connection, arrived, failed, now)

    async def now(self) -> float:
        """The time by the clock of the database's machine."""
        async with self._connected() as connection:
            return await leases.now(connection)

    async def hold(self, name: str, owner: str, seconds: int) -> bool:
        """Take or renew a lease; False when somebody else has it."""
        async with self._connected() as connection:
            return await leases.hold(connection, name, owner, seconds)

    async def holder(self, name: str) -> str | None:
        """Who took a lease last."""
        async with self._connected() as connection:
            return await leases.holder(connection, name)

    async def release(self, name: str, owner: str) -> None:
        """Give a lease back early."""
        async with self._connected() as connection:
            await leases.release(connection, name, owner)

    async def announce(self, owner: str) -> None:
        """Note that a replica is alive."""
        async with self._connected() as connection:
            await leases.announce(connection, owner)

    async def alive(self, seconds: int) -> list[str]:
        """The replicas that were alive within so many seconds, in order of their names."""
        async with self._connected() as connection:
            return await leases.alive(connection, seconds)

    async def leave(self, owner: str) -> None:
        """A replica is gone: what it held, and what it had still to work on, is free."""
        async with self._connected() as connection:
            await leases.leave(connection, owner)

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
        self, now: int, limit: int = 100, platforms: Collection[str] = _EVERYWHERE, share: Share = EVERYTHING
    ) -> list[DueTimer]:
        """Timers of these platforms due at `now`, earliest first."""
        query = _due_timers(tuple(platforms), share)
        async with self._connected() as connection:
            rows = (await connection.execute(query, {"now": now, "most": limit})).all()
        return [DueTimer(r.session_id, r.place, r.turn, TimerKind(r.kind)) for r in rows]

    async def due_subscriptions(self, now: int, lease: int, limit: int, platforms: Collection[str]) -> list[Planned]:
        """Subscriptions on these platforms whose prompt is due, claimed for `lease` seconds."""
        async with self._connected() as connection:
            claim = leases.due_subscriptions(tuple(platforms))
            values = {"now": now, "lease_until": now + lease, "limit": limit}
            rows = (await connection.execute(claim, values)).all()
        return [planned(row) for row in rows]  # read when others may write again

    async def due_prompts(
        self, now: int, limit: int, platforms: Collection[str], share: Share = EVERYTHING
    ) -> list[Prompt]:
        """Prompts on these platforms that shall come once more by now."""
        query = _due_prompts(tuple(platforms), share)
        async with self._connected() as connection:
            return [prompt(row) for row in (await connection.execute(query, {"now": now, "most": limit})).all()]

    async def running(self) -> list[str]:
        """The places in which a question is open, without those out of reach."""
        row = tables.sessions.c
        asking = row.state.in_(_ASKING)
        async with self._connected() as connection:
            query = select(row.place).where(row.ended_at.is_(None), asking).order_by(row.id)
            places = (await connection.execute(query)).scalars().all()
            lost = await lost_chats(connection)
        return [place for place in places if not is_lost(place, lost)]

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
        await shielded(self._beat(now))

    async def _beat(self, now: int) -> None:
        done_at = tables.inbox.c.done_at
        async with self._connected() as connection:
            await connection.execute(_BEAT_AT, {"name": self._program, "now": now})
            await connection.execute(delete(tables.inbox).where(done_at < now - _KEYS_KEPT))

    async def last_beat(self) -> int | None:
        """When the program was last known to be alive."""
        query = select(tables.heartbeats.c.at).where(tables.heartbeats.c.name == self._program)
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
