"""A daily question: it ends with what the answer earned and when it comes back, without rating or verdict."""

from __future__ import annotations

from dataclasses import replace

from bot.core.assessment import Assessment
from bot.core.daily import reviews
from bot.core.daily.reviews import Grade
from bot.core.effects import RecordDaily, Say, Tone
from bot.core.model import Question
from bot.core.questions import turns
from bot.core.rules.step import RuleContext, Step
from bot.core.session import DailyQuestion, Session, State
from bot.core.text import blocks, daily_text, replies

_DAY = 24 * 3600


def conclude(session: Session, asked: DailyQuestion, context: RuleContext) -> Step:
    """End a daily question; one that was not answered leaves the person's card as it was."""
    session = replace(session, state=State.FINISHED, ended_at=context.now)
    question = context.bank.questions.get(asked.question_id)
    assessment = session.turn.assessment
    if question is None or assessment is None or not session.turn.answers:
        return session, (RecordDaily(asked.prompt_id, asked.question_id), Say(replies.DAILY_LEFT_OUT))
    score = turns.score(session.turn) or 0.0
    return session, _judged(question, assessment, score, asked, context.now)


def _judged(
    question: Question, assessment: Assessment, score: float, asked: DailyQuestion, now: int
) -> tuple[RecordDaily, Say]:
    grade = reviews.grade_of(score)
    card, due_at = reviews.review(asked.card, grade, now)
    days = max(1, round((due_at - now) / _DAY))
    shown = daily_text.result(question, assessment, grade, days, asked.streak)
    record = RecordDaily(asked.prompt_id, asked.question_id, score, card, due_at)
    return record, Say(blocks.text(shown), Tone.DEBRIEF, tuple(Grade), blocks=shown)
