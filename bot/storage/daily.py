"""The rows of daily questions: subscriptions, prompts, memory cards and vacations."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from typing_extensions import override

from bot.core.daily.schedule import Due
from bot.core.daily.subscription import Subscription
from bot.core.effects import Say
from bot.core.place import Chat, Person, Place, crowd, moved
from bot.service.ports.daily import Again, Daily, Planned, Prompt, PromptState
from bot.storage import records, tables
from bot.storage.database import Connection
from bot.storage.places import in_chat
from bot.storage.records import Spoken, dump, load

_subscription, _prompt, _review, _vacation = (
    tables.subscriptions.c,
    tables.prompts.c,
    tables.reviews.c,
    tables.vacations.c,
)
_PLAN = text(
    "INSERT INTO subscriptions (person, place, subscription, since, next_at, next_day, last_day, lease_until) "
    "VALUES (:person, :place, :subscription, :since, :next_at, :next_day, :last_day, 0) "
    "ON CONFLICT (person) DO UPDATE SET place = :place, subscription = :subscription, next_at = :next_at, "
    "next_day = :next_day, last_day = :last_day, lease_until = 0"
)
# All rows in one parameter: one statement a row took PostgreSQL's program six times the processor time. Whoever planned
# anew after the claim has no lease any more, and is left alone.
_MOVING = (
    "UPDATE subscriptions SET next_at = done.next_at, next_day = done.next_day, last_day = done.last_day, "
    "lease_until = 0 FROM ({rows}) AS done WHERE subscriptions.person = done.person AND lease_until > 0"
)
_DONE = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS person, json_extract(value, '$[1]') AS next_at, "
    "json_extract(value, '$[2]') AS next_day, json_extract(value, '$[3]') AS last_day FROM json_each(:rows)",
    "postgresql": "SELECT value ->> 0 AS person, CAST(value ->> 1 AS bigint) AS next_at, value ->> 2 AS next_day, "
    "value ->> 3 AS last_day FROM json_array_elements(CAST(:rows AS json))",
}
_MOVE_ON = {dialect: text(_MOVING.format(rows=rows)) for dialect, rows in _DONE.items()}
_VACATION = text(
    "INSERT INTO vacations (person, first_day, back_on) VALUES (:person, :first_day, :back_on) "
    "ON CONFLICT (person, first_day) DO UPDATE SET back_on = :back_on"
)


def planned(row: Any) -> Planned:  # noqa: ANN401 - a row has no type
    """A row of subscriptions, decoded."""
    due = None if row.next_at is None else Due(date.fromisoformat(row.next_day), row.next_at)
    last = date.fromisoformat(row.last_day) if row.last_day else None
    return Planned(load(Subscription, row.subscription), row.since, due, last)


def prompt(row: Any) -> Prompt:  # noqa: ANN401 - as above
    """A row of prompts, decoded."""
    again = Again(row.again) if row.again else None
    day = date.fromisoformat(row.day)
    return Prompt(row.id, row.person, row.place, day, row.number, row.question_id, PromptState(row.state), again)


class SqlDaily(Daily):
    """The rows of daily questions, within one transaction."""

    def __init__(self, connection: Connection, spoken_in: set[Place]) -> None:
        self._connection = connection
        self._spoken_in = spoken_in

    @override
    async def planned(self, person: Person) -> Planned | None:
        row = (
            await self._connection.execute(select(tables.subscriptions).where(_subscription.person == person))
        ).first()
        return None if row is None else planned(row)

    @override
    async def plan(self, subscription: Subscription, following: Due | None, last_day: date | None, now: int) -> None:
        values = {
            "person": subscription.person,
            "place": subscription.place,
            "subscription": dump(subscription),
            "since": now,
            "next_at": following.at if following else None,
            "next_day": following.date.isoformat() if following else None,
            "last_day": last_day.isoformat() if last_day else None,
        }
        await self._connection.execute(_PLAN, values)

    @override
    async def move_on(self, asked: Sequence[Planned]) -> None:
        rows = [
            (
                one.subscription.person,
                one.next.at if one.next else None,
                one.next.date.isoformat() if one.next else None,
                one.last_day.isoformat() if one.last_day else None,
            )
            for one in asked
        ]
        statement = _MOVE_ON[self._connection.dialect]
        await self._connection.execute(statement, {"rows": json.dumps(rows)})

    async def move(self, old: Chat, new: Chat) -> None:
        """Rename the chat `old` to `new`, in places and in the keys of channels' own questions."""
        rows = await self._connection.execute(
            select(_subscription.person, _subscription.subscription).where(in_chat(_subscription.place, old))
        )
        for row in rows.rows:
            wish = load(Subscription, row.subscription)
            anew = _moved(wish, old, new)
            theirs = update(tables.subscriptions).where(_subscription.person == row.person)
            values = {"person": anew.person, "place": anew.place, "subscription": dump(anew)}
            await self._connection.execute(theirs.values(values))
        asked = update(tables.prompts).where(in_chat(_prompt.place, old))
        moved_key = {"place": func.replace(_prompt.place, old, new), "person": func.replace(_prompt.person, old, new)}
        await self._connection.execute(asked.values(moved_key))

    @override
    async def opted_in(self, person: Person, place: Place) -> None:
        theirs = update(tables.subscriptions).where(_subscription.person == person)
        await self._connection.execute(theirs.values(asked_in=place))

    @override
    async def lost(self, chat: Place) -> list[tuple[Planned, Place]]:
        there = in_chat(_subscription.place, chat)
        query = select(tables.subscriptions).where(there, _subscription.next_at.is_not(None))
        return [(planned(row), row.asked_in) for row in (await self._connection.execute(query)).rows]

    @override
    async def postpone(self, person: Person, at: int) -> None:
        later = update(tables.subscriptions).where(_subscription.person == person)
        await self._connection.execute(later.values(next_at=at, lease_until=0))

    @override
    async def add(self, person: Person, place: Place, day: date, question_ids: Sequence[str], now: int) -> list[Prompt]:
        there = await self.of_day(person, day)
        known = {one.question_id for one in there}
        wanted = [question_id for question_id in dict.fromkeys(question_ids) if question_id not in known]
        for number, question_id in enumerate(wanted, len(there) + 1):
            row = {"person": person, "place": place, "day": day.isoformat(), "number": number, "asked_at": now}
            row |= {"question_id": question_id, "state": PromptState.WAITING.value}
            await self._connection.execute(insert(tables.prompts).values(row))
        return [one for one in await self.of_day(person, day) if one.question_id not in known]

    @override
    async def prompt(self, prompt_id: int) -> Prompt | None:
        if prompt_id > tables.LARGEST:
            return None
        return await self._first(select(tables.prompts).where(_prompt.id == prompt_id))

    @override
    async def open_prompt(self, person: Person, since: int) -> Prompt | None:
        asked = select(tables.prompts).where(
            _prompt.person == person, _prompt.state == PromptState.ASKED.value, _prompt.asked_at >= since
        )
        return await self._first(asked.order_by(_prompt.id.desc()).limit(1))

    @override
    async def next_waiting(self, person: Person, day: date) -> Prompt | None:
        waiting = [one for one in await self.of_day(person, day) if one.state is PromptState.WAITING]
        return waiting[0] if waiting else None

    @override
    async def of_day(self, person: Person, day: date) -> list[Prompt]:
        query = select(tables.prompts).where(_prompt.person == person, _prompt.day == day.isoformat())
        return [prompt(row) for row in (await self._connection.execute(query.order_by(_prompt.number))).rows]

    @override
    async def join(self, prompt_id: int, person: Person, place: Place, day: date, now: int) -> Prompt | None:
        origin = await self.prompt(prompt_id)
        joined = select(_prompt.id).where(_prompt.origin == prompt_id, _prompt.person == person)
        if origin is None or (await self._connection.execute(joined)).first():
            return None
        added = await self.add(person, place, day, [origin.question_id], now)
        for one in added:
            await self._change(one.id, origin=prompt_id)
        return added[0] if added else None

    @override
    async def answered_by(self, prompt_id: int) -> list[Person]:
        answered = (_prompt.origin == prompt_id) & (_prompt.state == PromptState.ANSWERED.value)
        return list((await self._connection.execute(select(_prompt.person).where(answered))).scalars())

    @override
    async def before(self, person: Person, day: date) -> Prompt | None:
        earlier = select(tables.prompts).where(_prompt.person == person, _prompt.day < day.isoformat())
        return await self._first(earlier.order_by(_prompt.day.desc()).limit(1))

    @override
    async def ref_of(self, prompt: Prompt) -> str:
        box = tables.outbox.c
        its = (_prompt.id == prompt.id) & (box.created_at == _prompt.asked_at) & (box.sent_at >= _prompt.asked_at)
        found = select(box.ref).where(its, box.person == prompt.person, box.place == prompt.place)
        return (await self._connection.execute(found.order_by(box.id).limit(1))).scalar() or ""

    @override
    async def asked(self, prompt_id: int, now: int) -> None:
        await self._change(prompt_id, state=PromptState.ASKED.value, asked_at=now)

    @override
    async def skipped(self, prompt_id: int, now: int) -> None:
        await self._change(prompt_id, state=PromptState.SKIPPED.value, answered_at=now, again_at=None)

    @override
    async def again(self, prompt_id: int, at: int | None, why: Again | None) -> None:
        await self._change(prompt_id, again_at=at, again=why.value if why else "")

    @override
    async def due_reviews(self, person: Person, until: int) -> list[tuple[str, int]]:
        query = select(_review.question_id, _review.due_at).where(_review.person == person, _review.due_at <= until)
        rows = (await self._connection.execute(query.order_by(_review.due_at))).rows
        return [(row.question_id, row.due_at) for row in rows]

    @override
    async def card(self, person: Person, question_id: str) -> str | None:
        query = select(_review.card).where(_review.person == person, _review.question_id == question_id)
        card: str | None = (await self._connection.execute(query)).scalar()
        return card

    @override
    async def regrade(self, prompt_id: int, card: str, due_at: int) -> None:
        its = select(_prompt.person, _prompt.question_id).where(_prompt.id == prompt_id)
        row = (await self._connection.execute(its)).first()
        if row is not None:
            same = (_review.person == row.person) & (_review.question_id == row.question_id)
            await self._connection.execute(update(tables.reviews).where(same).values(card=card, due_at=due_at))

    @override
    async def last_asked(self, person: Person) -> Mapping[str, date]:
        query = select(_prompt.question_id, func.max(_prompt.day)).where(_prompt.person == person)
        rows = (await self._connection.execute(query.group_by(_prompt.question_id))).rows
        return {question_id: date.fromisoformat(day) for question_id, day in rows}

    @override
    async def answered_at(self, person: Person) -> Collection[int]:
        answered = (_prompt.person == person) & (_prompt.state == PromptState.ANSWERED.value)
        return list((await self._connection.execute(select(_prompt.answered_at).where(answered))).scalars())

    @override
    async def vacations(self, person: Person) -> list[tuple[date, date]]:
        query = select(_vacation.first_day, _vacation.back_on).where(_vacation.person == person)
        rows = (await self._connection.execute(query)).rows
        return [(date.fromisoformat(first), date.fromisoformat(back)) for first, back in rows]

    @override
    async def add_vacation(self, person: Person, first: date, back: date) -> None:
        values = {"person": person, "first_day": first.isoformat(), "back_on": back.isoformat()}
        await self._connection.execute(_VACATION, values)

    @override
    async def end_vacation(self, person: Person, back: date) -> None:
        day = back.isoformat()
        theirs = _vacation.person == person
        await self._connection.execute(delete(tables.vacations).where(theirs, _vacation.first_day >= day))
        over = update(tables.vacations).where(theirs, _vacation.back_on > day)
        await self._connection.execute(over.values(back_on=day))

    @override
    async def push(self, prompt: Prompt, say: Say, now: int, expires_at: int | None = None) -> None:
        row = records.message_row(say, Spoken(prompt.place, prompt.person, mark=f"p{prompt.id}"), now)
        row |= {"bulk": expires_at is not None, "expires_at": expires_at}
        await self._connection.execute(insert(tables.outbox).values(row))
        self._spoken_in.add(prompt.place)

    async def _first(self, query: Any) -> Prompt | None:  # noqa: ANN401 - a SELECT of all columns
        row = (await self._connection.execute(query)).first()
        return None if row is None else prompt(row)

    async def _change(self, prompt_id: int, **values: object) -> None:
        await self._connection.execute(update(tables.prompts).where(_prompt.id == prompt_id).values(values))


def _moved(wish: Subscription, old: Chat, new: Chat) -> Subscription:
    """A subscription after its chat was named anew; what everybody there shares is kept under the new name."""
    place = moved(wish.place, old, new)
    person = crowd(place) if wish.person == crowd(wish.place) else wish.person
    return replace(wish, person=person, place=place)
