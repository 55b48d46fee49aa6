"""Saying again what is asked."""

from __future__ import annotations

from bot.core.effects import Say, Tone
from bot.core.rules.step import RuleContext, Step
from bot.core.session import Session


def repeat(session: Session, _event: object, context: RuleContext) -> Step:
    """Say the pending question again."""
    row = context.table[session.state]
    return session, (Say(row.pending(session, context.bank), Tone.QUESTION, row.choices),)
