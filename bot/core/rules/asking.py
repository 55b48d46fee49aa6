"""Beginning an interview and asking its questions."""

from __future__ import annotations

from dataclasses import replace

from bot.core import commands
from bot.core.effects import RecordTurn, Say, Tone
from bot.core.events import Answered, Commanded, Started
from bot.core.model import Question
from bot.core.questions import planning
from bot.core.rules import clock, rehearsing
from bot.core.rules.ending import to_rating
from bot.core.rules.step import RuleContext, Step
from bot.core.session import Format, History, Session, Setup, Slot, State, Turn
from bot.core.text import question_text, replies


def start(session: Session, event: Started, context: RuleContext) -> Step:
    """Begin the interview or the rehearsal that was asked for, or ask which."""
    if event.setup.star:
        return rehearsing.begin(session, event, context)
    session = replace(session, setup=event.setup, history=event.history)
    if event.setup.format is None:
        choices = tuple(format_.value for format_ in Format)
        return session, (Say(replies.which_interview(), Tone.QUESTION, choices),)
    return _begin(session, event.setup, context)


def choose(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take the choice of an interview, or say what was wrong with it."""
    try:
        setup = commands.parse_choice(event.text, session.setup, context.bank)
    except commands.UsageError as error:
        return session, (Say(replies.choose_again(str(error)), Tone.QUESTION),)
    return _begin(session, setup, context)


def _begin(session: Session, setup: Setup, context: RuleContext) -> Step:
    history = session.history or History()
    rounds = planning.plan(context.bank, setup, history)
    own = history.stories if any(round_.format is Format.BEHAVIORAL for round_ in rounds) else ()
    session = replace(session, setup=setup, rounds=rounds, history=None, stories=own)
    session = replace(session, finished_before=history.finished)
    session, effects = open_next(session, context)
    if setup.daily:  # it was asked when it was pushed
        return session, tuple(effect for effect in effects if not isinstance(effect, Say))
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
    asked = context.bank.questions[slot.question_id]
    record = RecordTurn(session.turn_number, asked.id, asked.version, asked.bank_id, asked.bank_version, slot.phase)
    return session, (record, _ask(session, context), *clock.timers(turn, session.turn_number, context.now))


def _ask(session: Session, context: RuleContext) -> Say:
    asked = context.bank.questions[session.turn.slot.question_id]
    return Say(question_text.question(session, session.turn, asked, _twist(session.turn, asked)), Tone.QUESTION)


def _twist(turn: Turn, asked: Question) -> str:
    return next((twist.text for twist in asked.twists if twist.id == turn.slot.twist), "")


def repeat(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Say the pending question again."""
    asked = context.bank.questions[session.turn.slot.question_id]
    text = question_text.repeated(session, session.turn, asked, _twist(session.turn, asked))
    return session, (Say(text, Tone.QUESTION),)
