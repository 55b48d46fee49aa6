"""Whether what was heard belongs to the interview that is open there."""

from __future__ import annotations

from bot.core.place import chat_of
from bot.core.session import Session
from bot.service.ports.incoming import Attached, Incoming, Said
from bot.service.ports.store import Transaction

CLOCKS_APART = 30  # seconds by which our clock and a platform's may move against each other


def is_command(incoming: Incoming) -> bool:
    """Whether somebody typed a command for the bot."""
    return incoming.addressed and isinstance(incoming.what, Said) and incoming.what.text.startswith("/")


def is_mention(incoming: Incoming) -> bool:
    """Whether somebody called the bot, without a reply to one of its messages."""
    return incoming.addressed and isinstance(incoming.what, Said) and not incoming.what.reply_to


def was_sent_before_the_question(incoming: Incoming, session: Session) -> bool:
    """Whether the platform held a message back until its question was closed and another one asked."""
    return bool(session.turns) and 0 < incoming.at < session.turn.asked_at - session.asked_lag - CLOCKS_APART


def lag(incoming: Incoming, now: int) -> int:
    """How many seconds our clock shows more than the platform's did when something was heard."""
    return now - incoming.at if incoming.at else 0


async def is_meant_for(transaction: Transaction, session: Session, incoming: Incoming) -> bool:
    """Whether the candidate's words belong to the interview: in a group they may talk with others, too."""
    if incoming.private or not isinstance(incoming.what, Said | Attached):
        return True
    if not incoming.addressed:
        return "//" not in incoming.place and not incoming.what.reply_to
    if not incoming.what.reply_to:
        return True
    return await transaction.session_of_message(chat_of(incoming.place), incoming.what.reply_to) in {None, session.id}
