"""Beginning an interview and asking its questions."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.core.commands import mock_commands
from bot.core.debrief.debrief import pinned
from bot.core.effects import RecordTurn, Say, Tone
from bot.core.events import Answered, Started
from bot.core.model import Bank, Question
from bot.core.questions import planning
from bot.core.refusal import Refusal, UsageError
from bot.core.rules import clock, rehearsing
from bot.core.rules.ending import to_rating
from bot.core.rules.step import RuleContext, Step
from bot.core.session import (
    DailyQuestion,
    Format,
    History,
    Interview,
    Rehearsal,
    Session,
    Setup,
    Slot,
    State,
    Turn,
)
from bot.core.text import question_text, replies


def start(session: Session, event: Started, context: RuleContext) -> Step:
    """Begin the interview or the rehearsal that was asked for, or ask which."""
    match session.activity:
        case Rehearsal():
            return rehearsing.begin(session, event, context)
        case DailyQuestion(_, question_id):
            return _begin_daily(replace(session, setup=event.setup), question_id, context)
        case Interview():
            session = replace(session, setup=event.setup, history=event.history)
            if event.setup.format is not None:
                return _begin(session, event.setup, context)
            choices = tuple(format_.value for format_ in Format)
            return session, (Say(replies.which_interview(), Tone.QUESTION, choices),)
        case _:
            assert_never(session.activity)


def _begin_daily(session: Session, question_id: str, context: RuleContext) -> Step:
    """Begin a daily question; it was asked when it was pushed."""
    session = replace(session, rounds=(planning.only(context.bank, question_id),))
    session, effects = open_next(session, context)
    return session, tuple(effect for effect in effects if not isinstance(effect, Say))


def choose(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take the choice of an interview, or say what was wrong with it."""
    try:
        setup = mock_commands.parse_choice(event.text, session.setup, context.bank)
    except UsageError as error:
        return session, (Say(replies.choose_again(str(error)), Tone.QUESTION),)
    return _begin(session, setup, context)


def _begin(session: Session, setup: Setup, context: RuleContext) -> Step:
    history = session.history or History()
    try:
        rounds = planning.plan(context.bank, setup, history)
    except planning.NoQuestionsError as error:
        raise Refusal(replies.no_questions(error.stage)) from error
    own = history.stories if any(round_.format is Format.BEHAVIORAL for round_ in rounds) else ()
    session = replace(session, setup=setup, rounds=rounds, history=None, stories=own)
    session = replace(session, finished_before=history.finished)
    session, effects = open_next(session, context)
    return session, (Say(replies.opening(session)), *effects)


def open_next(session: Session, context: RuleContext) -> Step:
    """Ask the next question of the plan, or end when there is none."""
    following = planning.next_slot(session)
    if following is None:
        return to_rating(session, context, replies.LAST_QUESTION)
    return _open(session, *following, context)


def _open(session: Session, number: int, slot: Slot, context: RuleContext) -> Step:
    seconds = planning.clock(slot, session.setup)
    due = None if seconds is None else context.now + seconds
    turn = Turn(number, slot, context.now, due)
    session = replace(session, turns=(*session.turns, turn), state=State.ANSWERING)
    session = _with_rubric(session, number, context.bank)
    asked = context.bank.questions[slot.question_id]
    at = session.turn_number
    record = RecordTurn(at, asked.id, asked.version, asked.bank_id, asked.bank_version, slot.phase)
    ask = Say(question_text.question(session, turn, asked, _twist(turn, asked)), Tone.QUESTION)
    return session, (record, ask, *clock.timers(turn, at, context.now))


def _with_rubric(session: Session, number: int, bank: Bank) -> Session:
    """Pin the rubric of a round that begins, so that a change of the bank does not touch it."""
    begun = session.rounds[number]
    rubric = bank.rubrics.get(begun.format.value)
    if begun.rubric or rubric is None or not isinstance(session.activity, Interview):
        return session
    begun = replace(begun, rubric=pinned(rubric))
    return replace(session, rounds=(*session.rounds[:number], begun, *session.rounds[number + 1 :]))


def _twist(turn: Turn, asked: Question) -> str:
    return next((twist.text for twist in asked.twists if twist.id == turn.slot.twist), "")


def repeat(session: Session, _event: object, context: RuleContext) -> Step:
    """Say again what is asked."""
    row = context.table[session.state]
    return session, (Say(row.pending(session, context.bank), Tone.QUESTION, row.choices),)


def pending(session: Session, bank: Bank) -> str:
    """The open question once more, or the open follow-up."""
    asked = bank.questions[session.turn.slot.question_id]
    return question_text.repeated(session, session.turn, asked, _twist(session.turn, asked))
