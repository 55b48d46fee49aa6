"""Taking answers, clarifying questions and requests for hints or the time."""

from __future__ import annotations

from dataclasses import replace

from bot.core import clarify, replies, turns
from bot.core.effects import RecordAnswer, RecordFact, RecordHint, Say
from bot.core.events import Answered, Commanded
from bot.core.model import Fact
from bot.core.rules.closing import close
from bot.core.rules.step import Circumstances, Step, and_then
from bot.core.session import Answer, Format, Session, State

MAX_ANSWER = 40_000  # characters a question; ten times the longest answer that a person types in an hour


def take_message(session: Session, event: Answered, around: Circumstances) -> Step:
    """Take a message as part of the answer, and answer the clarifying questions in it from the fact sheet."""
    if not event.text.strip():
        return session, ()
    if session.current_round.format is Format.RAPID_FIRE:
        session, effects = _take_answer(session, event.text, around)
        return and_then(effects, close(session, event, around))
    said, questions = clarify.split(event.text)
    sheet = around.bank.questions[session.turn.slot.question_id].facts
    found = tuple((question, clarify.find_fact(question, sheet)) for question in questions)
    if said.strip() and not any(fact for _, fact in found):
        return _take_answer(session, event.text, around)  # a question within an answer is a figure of speech
    if not found:
        return session, ()
    session, asked = _answer_questions(session, found)
    return and_then(asked, _take_answer(session, said, around)) if said.strip() else (session, asked)


def _take_answer(session: Session, text: str, around: Circumstances) -> Step:
    turn = session.turn
    if len(turn.text) + len(text) > MAX_ANSWER:
        return session, (Say(replies.TOO_LONG),)
    first = not any(t.answers for t in session.turns)
    answer = Answer(text, around.now, len(turn.probes) if session.state is State.PROBING else 0)
    index = len(session.turns) - 1
    session = session.with_turn(replace(turn, answers=(*turn.answers, answer)))
    record = RecordAnswer(index, answer.probe, text)
    if first and session.current_round.format is not Format.RAPID_FIRE:
        return session, (record, Say(replies.NOTED))
    return session, (record,)


def _answer_questions(session: Session, found: tuple[tuple[str, Fact | None], ...]) -> Step:
    turn = session.turn
    index = len(session.turns) - 1
    records = tuple(RecordFact(index, fact.id if fact else "", question) for question, fact in found)
    known = tuple(dict.fromkeys((*turn.facts, *(fact.id for _, fact in found if fact))))
    session = session.with_turn(replace(turn, facts=known))
    return session, (*records, Say(replies.facts([fact for _, fact in found])))


def hint(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """Give the next of the three hints, with its cost."""
    turn = session.turn
    hints = around.bank.questions[turn.slot.question_id].hints
    if turn.hints >= len(hints):
        return session, (Say(replies.NO_MORE_HINTS),)
    rung = turn.hints + 1
    session = session.with_turn(replace(turn, hints=rung))
    text = replies.hint(hints[rung - 1], rung, turns.HINT_WORDS)
    return session, (RecordHint(len(session.turns) - 1, rung), Say(text))


def tell_time(session: Session, _event: Commanded, around: Circumstances) -> Step:
    """Say where we are and how much time is left."""
    return session, (Say(replies.time_left(session, session.turn, around.now)),)
