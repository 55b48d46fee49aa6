"""Taking answers, clarifying questions and requests for hints or the time."""

from __future__ import annotations

from dataclasses import replace

from bot.core.effects import RecordAnswer, RecordEdit, RecordFact, RecordHint, Say
from bot.core.events import Answered, Commanded, Edited
from bot.core.model import Fact
from bot.core.questions import clarification
from bot.core.rules.closing import close
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import Answer, Format, Session, State
from bot.core.text import question_text, replies

MAX_ANSWER = 40_000  # characters a question; ten times the longest answer that a person types in an hour


def take_message(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take a message as part of the answer, and answer the clarifying questions in it from the fact sheet."""
    if not event.text.strip():
        return session, ()
    if session.current_round.format is Format.RAPID_FIRE:
        session, effects = _take_answer(session, event, event.text, context, goes_on=False)
        return and_then(effects, close(session, event, context))
    said, questions = clarification.split(event.text)
    sheet = context.bank.questions[session.turn.slot.question_id].facts if questions else ()
    found = tuple((question, clarification.find_fact(question, sheet)) for question in questions)
    if said.strip() and not any(fact for _, fact in found):
        return _take_answer(session, event, event.text, context)  # a question within an answer is a figure of speech
    if not found:
        return session, ()
    session, asked = _answer_questions(session, found)
    return and_then(asked, _take_answer(session, event, said, context)) if said.strip() else (session, asked)


def _take_answer(session: Session, event: Answered, text: str, context: RuleContext, *, goes_on: bool = True) -> Step:
    """Take a message of an answer; after the first one of an interview say how an answer `goes_on`, where it does."""
    turn = session.turn
    if len(turn.text) + len(text) > MAX_ANSWER:
        return session, (Say(replies.TOO_LONG),)
    first = not any(t.answers for t in session.turns)
    answer = Answer(text, context.now, _probe(session), event.source)
    session = session.with_answer(answer)
    record = RecordAnswer(session.turn_number, answer.probe, text, event.source)
    if first and goes_on:
        return session, (record, Say(replies.NOTED))
    return session, (record,)


def _probe(session: Session) -> int:
    """The number of the open follow-up, 0 for the question itself."""
    return len(session.turn.probes) if session.state is State.PROBING else 0


def edit(session: Session, event: Edited, _context: RuleContext) -> Step:
    """Take the new wording of a message that answers what is open now; any other counts as it was sent."""
    turn = session.turn
    open_now = [a for a in turn.answers if a.probe == _probe(session)]
    old = next((answer for answer in open_now if event.source and answer.source == event.source), None)
    if old is None or not event.text.strip() or len(turn.text) - len(old.text) + len(event.text) > MAX_ANSWER:
        return session, ()
    answers = tuple(replace(a, text=event.text) if a is old else a for a in turn.answers)
    session = session.with_turn(replace(turn, answers=answers))
    return session, (RecordEdit(session.turn_number, event.source, event.text),)


def _answer_questions(session: Session, found: tuple[tuple[str, Fact | None], ...]) -> Step:
    turn = session.turn
    records = tuple(RecordFact(session.turn_number, fact.id if fact else "", question) for question, fact in found)
    known = tuple(dict.fromkeys((*turn.facts, *(fact.id for _, fact in found if fact))))
    session = session.with_turn(replace(turn, facts=known))
    return session, (*records, Say(question_text.facts([fact for _, fact in found])))


def hint(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Give the next of the three hints, with its cost."""
    turn = session.turn
    hints = context.bank.questions[turn.slot.question_id].hints
    if turn.hints >= len(hints):
        return session, (Say(replies.NO_MORE_HINTS),)
    rung = turn.hints + 1
    session = session.with_turn(replace(turn, hints=rung))
    text = question_text.hint(hints[rung - 1], rung)
    return session, (RecordHint(session.turn_number, rung), Say(text))


def tell_time(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Say where we are and how much time is left."""
    return session, (Say(question_text.time_left(session, session.turn, context.now)),)
