"""Requests beside the interview: what a person asks about themselves is answered to them alone."""

from __future__ import annotations

from bot.core import preferences
from bot.core.commands import setting_commands
from bot.core.effects import Say, Tone
from bot.core.refusal import UsageError
from bot.core.text import replies, report, setting_text
from bot.service.conversation.replying import reply_privately
from bot.service.ports.incoming import Incoming
from bot.service.ports.store import Transaction

LISTED = 20


async def answer(transaction: Transaction, incoming: Incoming, name: str, rest: str, now: int) -> None:
    """Answer one request, within the transaction that marks it as done; Refusal when it cannot be understood."""
    match name:
        case "history":
            text = replies.history(await transaction.sessions_of(incoming.person, LISTED))
        case "settings":
            text = await _settings(transaction, incoming.person, rest)
        case "privacy":
            text = replies.PRIVACY
        case "forget":
            text = await _forget(transaction, incoming.person, rest)
        case "export":
            document = f"export:{incoming.person}"
            await transaction.send_file(incoming.place, Say(replies.EXPORTED), document, now, incoming.person)
            return
        case _:
            await _report(transaction, incoming, rest, now)
            return
    await reply_privately(transaction, incoming, text, now)


async def _settings(transaction: Transaction, person: str, rest: str) -> str:
    if not rest:
        return setting_text.listed(await transaction.settings(person))
    name, value = setting_commands.parse(rest)
    await transaction.set_setting(person, name, value)
    if name == preferences.HARVEST:
        return replies.HARVEST_ON if value == "on" else replies.HARVEST_OFF
    return setting_text.listed(await transaction.settings(person))


async def _forget(transaction: Transaction, person: str, rest: str) -> str:
    if rest.strip().lower() != "everything":
        return replies.FORGET_ASKS
    await transaction.forget(person)
    return replies.FORGOTTEN


async def _report(transaction: Transaction, incoming: Incoming, rest: str, now: int) -> None:
    number = rest.lstrip("#")
    if number and not (number.isascii() and number.isdecimal() and len(number) < len("9999999999")):
        raise UsageError(replies.REPORT_NEEDS_NUMBER)
    found = await transaction.debrief(incoming.person, int(number) if number else None)
    if found is None:
        await reply_privately(transaction, incoming, replies.NO_REPORT, now)
        return
    say = Say(report.rendered(found, "text"), Tone.DEBRIEF, blocks=report.for_chat(found))
    await transaction.send_file(incoming.place, say, f"report:{found.session_id}", now, incoming.person)
