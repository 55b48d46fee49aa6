"""Requests beside the interview, answered to the person alone: history, settings, privacy, export, report."""

from __future__ import annotations

from bot.core import preferences
from bot.core.commands.grammar import parse_setting
from bot.core.effects import Say, Tone
from bot.core.place import Person
from bot.core.refusal import UsageError
from bot.core.text import replies, report
from bot.service.conversation.unit_of_work import Work
from bot.service.ports.incoming import Incoming
from bot.service.ports.store import Transaction

LISTED = 20


async def answer(work: Work, incoming: Incoming, name: str, rest: str) -> None:
    """Answer one request; Refusal when it cannot be understood."""
    transaction, person = work.transaction, incoming.person
    match name:
        case "history":
            await work.reply_privately(incoming, replies.history(await transaction.sessions_of(person, LISTED)))
        case "settings":
            await work.reply_privately(incoming, await _settings(transaction, person, rest))
        case "privacy":
            await work.reply_privately(incoming, replies.PRIVACY)
        case "forget":
            await work.reply_privately(incoming, await _forget(transaction, person, rest))
        case "export":
            say = Say(replies.EXPORTED)
            await transaction.send_file(incoming.place, say, f"export:{person}", work.now, person)
        case _:
            await _report(work, incoming, rest)


async def _settings(transaction: Transaction, person: Person, rest: str) -> str:
    if not rest:
        return replies.settings(await transaction.settings(person))
    name, value = parse_setting(rest)
    await transaction.set_setting(person, name, value)
    if name == preferences.HARVEST:
        return replies.HARVEST_ON if value == "on" else replies.HARVEST_OFF
    return replies.settings(await transaction.settings(person))


async def _forget(transaction: Transaction, person: Person, rest: str) -> str:
    if rest.strip().lower() != "everything":
        return replies.FORGET_ASKS
    await transaction.forget(person)
    return replies.FORGOTTEN


async def _report(work: Work, incoming: Incoming, rest: str) -> None:
    number = rest.lstrip("#")
    if number and not (number.isascii() and number.isdecimal() and len(number) < len("9999999999")):
        raise UsageError(replies.REPORT_NEEDS_NUMBER)
    found = await work.transaction.debrief(incoming.person, int(number) if number else None)
    if found is None:
        await work.reply_privately(incoming, replies.NO_REPORT)
        return
    say = Say(report.rendered(found, "text"), Tone.DEBRIEF, blocks=report.for_chat(found))
    document = f"report:{found.session_id}"
    await work.transaction.send_file(incoming.place, say, document, work.now, incoming.person)
