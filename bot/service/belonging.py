"""Whether what was heard belongs to the interview that is open there."""

from __future__ import annotations

from bot.core.session import Session
from bot.service.heard import Attached, Heard, Said
from bot.service.platforms import chat_of
from bot.service.ports import Transaction

CLOCKS_APART = 30  # seconds by which our clock and a platform's may move against each other


def is_command(heard: Heard) -> bool:
    """Whether somebody typed a command for the bot."""
    return heard.addressed and isinstance(heard.what, Said) and heard.what.text.startswith("/")


def is_mention(heard: Heard) -> bool:
    """Whether somebody called the bot, without a reply to one of its messages."""
    return heard.addressed and isinstance(heard.what, Said) and not heard.what.reply_to


def was_sent_before_the_question(heard: Heard, session: Session) -> bool:
    """Whether the platform held a message back until its question was closed and another one asked."""
    return bool(session.turns) and 0 < heard.at < session.turn.asked_at - session.asked_lag - CLOCKS_APART


def lag(heard: Heard, now: int) -> int:
    """How many seconds our clock shows more than the platform's did when something was heard."""
    return now - heard.at if heard.at else 0


async def is_meant_for(transaction: Transaction, session: Session, heard: Heard) -> bool:
    """Whether the candidate's words belong to the interview: in a group they may talk with others, too."""
    if heard.private or not isinstance(heard.what, Said | Attached):
        return True
    if not heard.addressed:
        return "//" not in heard.place and not heard.what.reply_to
    if not heard.what.reply_to:
        return True
    return await transaction.session_of_message(chat_of(heard.place), heard.what.reply_to) in {None, session.id}
