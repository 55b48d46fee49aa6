"""What is kept as rows, and rows as what they stand for: effects, sessions and messages.

An effect becomes statements with their parameters. Each statement is built once, as they run with every turn.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, TypeVar, assert_never

from pydantic import TypeAdapter
from sqlalchemy import Executable, Table, bindparam, delete, exists, insert, select, text, update

from bot.core import effects as e
from bot.core.document import Block
from bot.core.events import Command
from bot.core.place import NOBODY, Person, Place
from bot.core.preferences import HARVEST
from bot.core.rules import buttons
from bot.core.session import DailyQuestion, Rehearsal, Session
from bot.service.ports.messages import Message
from bot.storage import tables
from bot.storage.database import Connection

Row = dict[str, Any]
Statement = tuple[Executable, Row | list[Row]]
_Noun = TypeVar("_Noun")
# The formats of a single pushed question and of a rehearsal, which the history of interviews leaves out.
DAILY, STAR = "daily", "star"
MOST = 4_000_000  # characters of text that are kept decoded, some hundreds of sessions
_LOGGER = logging.getLogger("mockbot.storage")
# The effects whose fields are the columns of a table.
_TABLES: Mapping[type[e.Record], Table] = {
    e.RecordAnswer: tables.answers,
    e.RecordFact: tables.facts_asked,
    e.RecordHint: tables.hints,
    e.RecordSelfRating: tables.self_ratings,
}
_box = tables.outbox.c
UNSENT = select(
    *(_box.id, _box.place, _box.tone, _box.text, _box.choices, _box.person, _box.private, _box.session_id),
    *(_box.extras, _box.bulk, _box.expires_at),
).where(_box.sent_at.is_(None))
# These are statements that SQLite and PostgreSQL both know.
SET = text(
    "INSERT INTO settings (person, name, value) VALUES (:person, :name, :value) "
    "ON CONFLICT (person, name) DO UPDATE SET value = :value"
)
_SEEN = text(
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


@cache
def _adapter(noun: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a cache forgets what type it was asked for
    return TypeAdapter(noun)


def dump(value: object) -> str:
    """A frozen dataclass as compact JSON."""
    adapter: TypeAdapter[object] = _adapter(type(value))  # type: ignore[arg-type] # classes are hashable
    return adapter.dump_json(value).decode()


def load(noun: type[_Noun], text: str) -> _Noun:
    """The value that `dump` wrote."""
    value: _Noun = _adapter(noun).validate_json(text)  # type: ignore[arg-type] # as above
    return value


def session_row(session: Session) -> Row:
    """The columns of `sessions` that change with each decision."""
    match session.activity:
        case DailyQuestion():
            format_ = DAILY
        case Rehearsal():
            format_ = STAR
        case _:
            format_ = session.setup.format.value if session.setup.format else ""
    return {
        "format": format_,
        "level": session.setup.level.value,
        "state": session.state.value,
        "ended_at": session.ended_at,
        "snapshot": dump(session),
    }


def session_of(snapshot: str) -> Session:
    """The session that a row of `sessions` holds."""
    if '"activity":' in snapshot:  # a quotation mark within a value is escaped, so this is a key
        return load(Session, snapshot)
    return load(Session, json.dumps(_upgraded(json.loads(snapshot))))


def _upgraded(session: dict[str, Any]) -> dict[str, Any]:
    """A session as it was written before it had an `activity`, with what is done moved there from its setup."""
    daily, star = session["setup"].get("daily"), session["setup"].get("star")
    return {**session, "activity": daily or star or {}}


class Snapshots:
    """Open sessions by place, so that a row that is as we wrote it need not be decoded.

    The text of the row is the version: one that another process wrote is decoded anew.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Place, tuple[str, Session]] = {}
        self._size = 0

    def keep(self, session: Session, text: str) -> None:
        """Remember what a session was written as; one that has ended is not read again."""
        self._drop(session.place)
        if session.ended_at is None:
            self._kept[session.place] = text, session
            self._size += len(text)
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def row_of(self, session: Session) -> Row:
        """The row that a session is written as; it is read again without decoding it."""
        row = session_row(session)
        self.keep(session, row["snapshot"])
        return row

    def read(self, place: Place, text: str) -> Session:
        """The session that was written as this text."""
        kept = self._kept.get(place)
        if kept and kept[0] == text:
            return kept[1]
        session = session_of(text)
        self.keep(session, text)
        return session

    def forget(self, person: Person) -> None:
        """Drop all sessions of a person."""
        for session in [session for _, session in self._kept.values() if session.person == person]:
            self._drop(session.place)

    def _drop(self, place: Place) -> None:
        text, _ = self._kept.pop(place, ("", None))
        self._size -= len(text)


@dataclass(frozen=True, slots=True)
class Extras:
    """What a message carries beside its words."""

    commands: tuple[Command, ...] = ()
    blocks: tuple[Block, ...] = ()
    mark: str = ""
    due: int | None = None
    document: str = ""
    reply_to: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where a message goes, and whom it is for."""

    place: Place
    person: Person = NOBODY
    private: bool = False
    session_id: int | None = None
    mark: str = ""
    document: str = ""
    reply_to: str = ""


def message_row(say: e.Say, spoken: Spoken, now: int) -> Row:
    """A row of the outbox."""
    reply_to = say.reply_to or spoken.reply_to
    extras = Extras(say.commands, say.blocks, spoken.mark, say.due, spoken.document, reply_to, say.thread)
    return {
        "place": spoken.place,
        "tone": say.tone.value,
        "text": say.text,
        "choices": json.dumps(say.choices),
        "created_at": now,
        "person": spoken.person,
        "private": spoken.private,
        "session_id": spoken.session_id,
        "extras": "{}" if extras == Extras() else dump(extras),
    }


def message(row: Any) -> Message:  # noqa: ANN401 - a row has no type
    """A row of the outbox as the message it is."""
    extras = load(Extras, row.extras)
    return Message(
        id=row.id,
        place=row.place,
        tone=e.Tone(row.tone),
        text=row.text,
        choices=tuple(json.loads(row.choices)),
        commands=extras.commands,
        blocks=extras.blocks,
        person=row.person,
        private=row.private,
        session_id=row.session_id,
        mark=extras.mark,
        due=extras.due,
        document_name=extras.document,
        reply_to=extras.reply_to,
        bulk=row.bulk,
        expires_at=row.expires_at,
        thread=extras.thread,
    )


async def readable(connection: Connection, rows: Sequence[Any]) -> list[Message]:
    """The messages of these rows; one that another version wrote and this one cannot read is never sent."""
    found = []
    for row in rows:
        try:
            found.append(message(row))
        except ValueError as error:
            _LOGGER.error("message %d cannot be read: %s", row.id, type(error).__name__)  # noqa: TRY400 - no texts in logs
            never = update(tables.outbox).where(_box.id == row.id).values(sent_at=0, failed=True)
            await connection.execute(never)
    return found


def statements(
    session: Session, effects: Sequence[e.Effect], now: int, *, private: bool = False
) -> Iterator[Statement]:
    """The statements for the effects, in their order, and one for all messages.

    `private` keeps a debrief from everybody but the candidate.
    """
    rows = []
    for effect in effects:
        if isinstance(effect, e.Say):
            rows.append(_said(session, effect, now, private=private))
        else:
            yield from _statements(session, effect, now)
    if rows:
        yield _inserting(tables.outbox), rows


def _said(session: Session, say: e.Say, now: int, *, private: bool) -> Row:
    document = f"report:{session.id}" if say.with_report else ""
    mark = buttons.mark(session) if say.choices or say.commands else ""
    hidden = private and say.tone is e.Tone.DEBRIEF
    spoken = Spoken(session.place, session.person, hidden, session.id, mark, document, session.last_message)
    return message_row(say, spoken, now)


def _statements(  # noqa: C901, PLR0912 - one case for each effect
    session: Session, effect: e.StartTimer | e.StopTimers | e.Examine | e.StopExamining | e.Record, now: int
) -> Iterator[Statement]:
    key: Row = {"session_id": session.id}
    match effect:
        case e.StartTimer(kind, turn, due):
            yield _insert(
                tables.timers, key | {"turn": turn, "kind": kind.value, "place": session.place, "due_at": due}
            )
        case e.StopTimers(turn):
            yield _delete(tables.timers, key | {"turn": turn})
        case e.Examine():
            yield _insert(tables.examinations, key | asdict(effect) | {"place": session.place, "at": now})
        case e.StopExamining(turn):
            yield _delete(tables.examinations, key | {"turn": turn})
        case e.RecordTurn():
            yield from _turn(session, effect, now)
        case e.RecordAnswer() | e.RecordFact() | e.RecordHint() | e.RecordSelfRating():
            yield _insert(_TABLES[type(effect)], key | asdict(effect) | {"at": now})
        case e.RecordEdit(turn, source, typed):
            yield _update(tables.answers, key | {"turn": turn, "source": source}, {"text": typed})
        case e.RecordOutcome():
            yield from _outcome(session, effect, now)
        case e.RecordUnmatched():
            yield _UNMATCHED, asdict(effect) | {"person": session.person, "at": now}
        case e.RecordDebrief(debrief):
            yield _insert(tables.debriefs, key | {"debrief": dump(debrief)})
            yield _update(tables.sessions, {"id": session.id}, {"verdict": debrief.verdict.value})
        case e.RecordDaily():
            yield from _daily(session, effect, now)
        case e.RecordStory():
            yield from _story(session, effect, now)
        case e.RecordTold():
            yield _insert_of_story(tables.tellings, key | {"person": session.person, "at": now} | asdict(effect))
        case e.RecordStoryRating():
            yield _insert_of_story(tables.story_ratings, {"person": session.person, "at": now} | asdict(effect))
        case _:
            assert_never(effect)


def _turn(session: Session, asked: e.RecordTurn, now: int) -> Iterator[Statement]:
    yield _insert(tables.turns, {"session_id": session.id, "asked_at": now} | asdict(asked))
    earlier = session.turns[: asked.turn]
    if all(turn.slot.question_id != asked.question_id for turn in earlier):
        yield _SEEN, {"person": session.person, "question_id": asked.question_id, "at": now}


def _outcome(session: Session, ended: e.RecordOutcome, now: int) -> Iterator[Statement]:
    key = {"session_id": session.id, "turn": ended.turn}
    values = {"outcome": ended.outcome.value, "seconds": ended.seconds, "closed_at": now}
    yield _update(tables.turns, key, values)
    if ended.score is not None and ended.assessment is not None:
        scored = {"person": session.person, "topic": ended.topic, "score": ended.score, "at": now}
        yield _insert(tables.assessments, key | scored | {"assessment": dump(ended.assessment)})


def _daily(session: Session, done: e.RecordDaily, now: int) -> Iterator[Statement]:
    state = "skipped" if done.score is None else "answered"
    values = {"state": state, "score": done.score, "session_id": session.id, "answered_at": now, "again_at": None}
    yield _update(tables.prompts, {"id": done.prompt_id}, values)
    if done.score is not None:
        card = {"question_id": done.question_id, "card": done.card, "due_at": done.due_at}
        yield _REVIEWED, {"person": session.person} | card


def _story(session: Session, written: e.RecordStory, now: int) -> Iterator[Statement]:
    key = {"person": session.person, "number": written.number}
    competencies = {"competencies": json.dumps(written.competencies)}
    if written.is_new:  # should there be one with that number, then it was written again
        yield _WRITTEN, key | competencies | {"title": written.title, "at": now}
    else:
        yield _update(tables.stories, key, competencies)
    version = {"text": written.text, "session_id": session.id, "at": now}
    yield _insert_of_story(tables.story_versions, key | version)


def _insert(table: Table, row: Row) -> Statement:
    return _inserting(table), [row]


def _insert_of_story(table: Table, row: Row) -> Statement:
    """A new row about a story, unless that was deleted meanwhile."""
    return _inserting_of_story(table, tuple(row)), row


def _update(table: Table, key: Row, values: Row) -> Statement:
    return _updating(table, tuple(key), tuple(values)), _its(key) | values


def _delete(table: Table, key: Row) -> Statement:
    return _deleting(table, tuple(key)), _its(key)


def _its(key: Row) -> Row:
    return {f"its_{name}": value for name, value in key.items()}


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
