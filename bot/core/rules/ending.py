"""Ending a turn, and ending what it belongs to.

An interview ends with the candidate's own rating and then the debrief; a daily question with what the answer earned and
when it comes back.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core import stories
from bot.core.daily import reviews
from bot.core.daily.reviews import Grade
from bot.core.debrief.debrief import debrief
from bot.core.effects import (
    Effect,
    RecordDaily,
    RecordDebrief,
    RecordOutcome,
    RecordSelfRating,
    RecordTold,
    RecordUnmatched,
    Say,
    StopTimers,
    Tone,
)
from bot.core.events import Answered, Commanded
from bot.core.model import Kind
from bot.core.questions import turns
from bot.core.rules.step import RuleContext, Step, and_then
from bot.core.session import DailyQuestion, Outcome, Session, State
from bot.core.text import blocks, daily_text, rehearsal_text, replies
from bot.core.text.report import for_chat, summary

RATINGS = range(1, 5)
_DAY = 24 * 3600


def end_turn(session: Session, outcome: Outcome, context: RuleContext) -> Step:
    """Close the open turn for good."""
    turn = replace(session.turn, outcome=outcome, closed_at=context.now)
    session = session.with_turn(turn)
    known = context.bank.questions.get(turn.slot.question_id)
    topic = known.topic if known else ""
    record = RecordOutcome(session.turn_number, outcome, turn.seconds_used, topic, turns.score(turn), turn.assessment)
    unmatched = (RecordUnmatched(known.id, known.version, turn.text),) if known and turns.matched_nothing(turn) else ()
    told = () if turn.probes or outcome is Outcome.SWAPPED else own_story(session, context)
    return session, (record, StopTimers(session.turn_number), *unmatched, *told)


def own_story(session: Session, context: RuleContext) -> tuple[Effect, ...]:
    """What follows when a story of the person's own bank was told in a mock, before the first follow-up to it.

    Its title stays theirs, for others may read along.
    """
    turn = session.turn
    asked = context.bank.questions.get(turn.slot.question_id)
    if asked is None or asked.kind is not Kind.STORY:
        return ()
    own = stories.recognised(turn.text, session.stories)
    if own is None:
        return ()
    seconds = replace(turn, closed_at=context.now).seconds_used
    record = RecordTold(own.number, asked.topic, len(turn.text.split()), seconds)
    often = own.times >= stories.OFTEN_TOLD
    return (record, Say(rehearsal_text.told_often(own.times))) if often else (record,)


def leave(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """End before anything was chosen."""
    session = replace(session, state=State.FINISHED, ended_at=context.now, history=None)
    return session, (Say(replies.NOTHING_STARTED),)


def to_rating(session: Session, context: RuleContext, because: str) -> Step:
    """Ask for the candidate's own rating; with nothing answered there is nothing to rate."""
    if isinstance(session.activity, DailyQuestion):
        return _conclude_daily(session, session.activity, context)
    if any(turn.answers for turn in session.turns):
        choices = tuple(str(rating) for rating in RATINGS)
        return replace(session, state=State.RATING), (
            Say(f"{because} {replies.RATE_YOURSELF}", Tone.QUESTION, choices),
        )
    session, effects = _finish(session, context)
    return session, (*(e for e in effects if not isinstance(e, Say)), Say(replies.NOTHING_ANSWERED))


def _conclude_daily(session: Session, asked: DailyQuestion, context: RuleContext) -> Step:
    """End a daily question; one that was not answered leaves the person's card as it was."""
    session = replace(session, state=State.FINISHED, ended_at=context.now)
    question = context.bank.questions.get(asked.question_id)
    turn = session.turn
    if question is None or turn.assessment is None or not turn.answers:
        return session, (RecordDaily(asked.prompt_id, asked.question_id), Say(replies.DAILY_LEFT_OUT))
    score = turns.score(turn) or 0.0
    grade = reviews.grade_of(score)
    card, due_at = reviews.review(asked.card, grade, context.now)
    days = max(1, round((due_at - context.now) / _DAY))
    shown = daily_text.result(question, turn.assessment, grade, days, asked.streak)
    record = RecordDaily(asked.prompt_id, asked.question_id, score, card, due_at)
    return session, (record, Say(blocks.text(shown), Tone.DEBRIEF, tuple(Grade), blocks=shown))


def rate(session: Session, event: Answered, context: RuleContext) -> Step:
    """Take the candidate's own rating, then reveal the debrief."""
    text = event.text.strip().rstrip(".")
    if not (text.isdecimal() and int(text) in RATINGS):
        return session, (Say(replies.RATE_AGAIN, Tone.QUESTION),)
    session = replace(session, self_rating=int(text))
    return and_then((RecordSelfRating(int(text)),), _finish(session, context))


def reveal(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Reveal the debrief without an own rating."""
    return _finish(session, context)


def _finish(session: Session, context: RuleContext) -> Step:
    session = replace(session, state=State.FINISHED, ended_at=context.now, stories=())
    judged = debrief(session, context.bank)
    return session, (
        RecordDebrief(judged),
        Say(summary(judged), Tone.DEBRIEF, blocks=for_chat(judged), with_report=True),
    )
