"""Effects as changes of rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, assert_never

from sqlalchemy import Table

from bot.core import effects as e
from bot.core.document import Block
from bot.core.events import Command
from bot.core.judgement import Debrief
from bot.core.place import NOBODY, Person, Place
from bot.core.rules import buttons
from bot.core.session import DailyQuestion, Rehearsal, Session
from bot.storage import tables
from bot.storage.codec import dump

Row = dict[str, Any]
# The formats of a single pushed question and of a rehearsal, which the history of interviews leaves out.
DAILY, STAR = "daily", "star"


@dataclass(frozen=True, slots=True)
class Insert:
    """New rows of one table."""

    table: Table
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the row with this key."""

    table: Table
    key: Mapping[str, Any]
    values: Row


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the rows with this key."""

    table: Table
    key: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """The person has seen a question once more."""

    person: Person
    question_id: str
    at: int


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An answer that met no key point, kept only if the person agreed to that."""

    person: Person
    question_id: str
    question_version: int
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How well the person knows a question, and when it is due again."""

    person: Person
    question_id: str
    card: str
    due_at: int


@dataclass(frozen=True, slots=True)
class Written:
    """A new story; should there be one with that number, then it was written again."""

    person: Person
    number: int
    title: str
    competencies: str
    at: int


@dataclass(frozen=True, slots=True)
class InsertOfStory:
    """A new row about a story, unless that was deleted meanwhile."""

    table: Table
    row: Row


Change = Insert | Update | Delete | Seen | Unmatched | Reviewed | Written | InsertOfStory


def _format(session: Session) -> str:
    match session.activity:
        case DailyQuestion():
            return DAILY
        case Rehearsal():
            return STAR
    return session.setup.format.value if session.setup.format else ""


def session_row(session: Session) -> Row:
    """The columns of `sessions` that change with each decision."""
    return {
        "format": _format(session),
        "level": session.setup.level.value,
        "state": session.state.value,
        "ended_at": session.ended_at,
        "snapshot": dump(session),
    }


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


def _spoken(session: Session, say: e.Say, *, private: bool) -> Spoken:
    document = f"report:{session.id}" if say.with_report else ""
    mark = buttons.mark(session) if say.choices or say.commands else ""
    hidden = private and say.tone is e.Tone.DEBRIEF
    return Spoken(session.place, session.person, hidden, session.id, mark, document, session.last_message)


def changes(session: Session, effects: Sequence[e.Effect], now: int, *, private: bool = False) -> Iterator[Change]:
    """The changes for the effects, in their order, and all messages in one statement.

    `private` keeps a debrief from everybody but the candidate.
    """
    spoken = [s for s in effects if isinstance(s, e.Say)]
    for effect in effects:
        if not isinstance(effect, e.Say):
            yield from _change(session, effect, now)
    if spoken:
        rows = tuple(message_row(s, _spoken(session, s, private=private), now) for s in spoken)
        yield Insert(tables.outbox, rows)


def _change(  # noqa: C901, PLR0912 - one case for each effect
    session: Session, effect: e.StartTimer | e.StopTimers | e.Examine | e.StopExamining | e.Record, now: int
) -> Iterator[Change]:
    key = {"session_id": session.id}
    match effect:
        case e.StartTimer(kind, turn, due):
            row = key | {"turn": turn, "kind": kind.value, "place": session.place, "due_at": due}
            yield Insert(tables.timers, (row,))
        case e.StopTimers(turn):
            yield Delete(tables.timers, key | {"turn": turn})
        case e.Examine():
            yield Insert(tables.examinations, (key | asdict(effect) | {"place": session.place, "at": now},))
        case e.StopExamining(turn):
            yield Delete(tables.examinations, key | {"turn": turn})
        case e.RecordTurn():
            yield from _turn(session, effect, now)
        case e.RecordAnswer(turn, probe, text, source):
            said = key | {"turn": turn, "probe": probe, "text": text, "at": now, "source": source}
            yield Insert(tables.answers, (said,))
        case e.RecordEdit(turn, source, text):
            yield Update(tables.answers, key | {"turn": turn, "source": source}, {"text": text})
        case e.RecordFact(turn, fact_id, text):
            yield Insert(tables.facts_asked, (key | {"turn": turn, "fact_id": fact_id, "text": text, "at": now},))
        case e.RecordHint(turn, rung):
            yield Insert(tables.hints, (key | {"turn": turn, "rung": rung, "at": now},))
        case e.RecordOutcome():
            yield from _outcome(session, effect, now)
        case e.RecordUnmatched(question_id, version, text):
            yield Unmatched(session.person, question_id, version, text, now)
        case e.RecordSelfRating(rating):
            yield Insert(tables.self_ratings, (key | {"rating": rating, "at": now},))
        case e.RecordDebrief(debrief):
            yield from _debrief(session, debrief)
        case e.RecordDaily():
            yield from _daily(session, effect, now)
        case e.RecordStory():
            yield from _story(session, effect, now)
        case e.RecordTold():
            told = {"person": session.person, "session_id": session.id, "at": now}
            yield InsertOfStory(tables.tellings, told | asdict(effect))
        case e.RecordStoryRating():
            yield InsertOfStory(tables.story_ratings, {"person": session.person, "at": now} | asdict(effect))
        case _:
            assert_never(effect)


def _turn(session: Session, asked: e.RecordTurn, now: int) -> Iterator[Change]:
    row = {
        "session_id": session.id,
        "turn": asked.turn,
        "question_id": asked.question_id,
        "question_version": asked.question_version,
        "bank_id": asked.bank_id,
        "bank_version": asked.bank_version,
        "phase": asked.phase,
        "asked_at": now,
    }
    yield Insert(tables.turns, (row,))
    earlier = session.turns[: asked.turn]
    if all(turn.slot.question_id != asked.question_id for turn in earlier):
        yield Seen(session.person, asked.question_id, now)


def _outcome(session: Session, ended: e.RecordOutcome, now: int) -> Iterator[Change]:
    key = {"session_id": session.id, "turn": ended.turn}
    values = {"outcome": ended.outcome.value, "seconds": ended.seconds, "closed_at": now}
    yield Update(tables.turns, key, values)
    if ended.score is not None and ended.assessment is not None:
        scored = {"person": session.person, "topic": ended.topic, "score": ended.score, "at": now}
        yield Insert(tables.assessments, (key | scored | {"assessment": dump(ended.assessment)},))


def _daily(session: Session, done: e.RecordDaily, now: int) -> Iterator[Change]:
    state = "skipped" if done.score is None else "answered"
    values = {"state": state, "score": done.score, "session_id": session.id, "answered_at": now, "again_at": None}
    yield Update(tables.prompts, {"id": done.prompt_id}, values)
    if done.score is not None:
        yield Reviewed(session.person, done.question_id, done.card, done.due_at)


def _story(session: Session, written: e.RecordStory, now: int) -> Iterator[Change]:
    key = {"person": session.person, "number": written.number}
    competencies = json.dumps(written.competencies)
    if written.is_new:
        yield Written(session.person, written.number, written.title, competencies, now)
    else:
        yield Update(tables.stories, key, {"competencies": competencies})
    version = {"text": written.text, "session_id": session.id, "at": now}
    yield InsertOfStory(tables.story_versions, key | version)


def _debrief(session: Session, debrief: Debrief) -> Iterator[Change]:
    yield Insert(tables.debriefs, ({"session_id": session.id, "debrief": dump(debrief)},))
    yield Update(tables.sessions, {"id": session.id}, {"verdict": debrief.verdict.value})
