"""Requests beside the interview: what a person asks about themselves is answered to them alone."""

from __future__ import annotations

from bot.core import preferences, replies, report
from bot.core.commands import UsageError
from bot.core.effects import Say, Tone
from bot.service.heard import Heard
from bot.service.ports import Transaction
from bot.service.telling import tell

LISTED = 20


async def answer(transaction: Transaction, heard: Heard, name: str, rest: str, now: int) -> None:
    """Answer one request, within the transaction that marks it as done; Refusal when it cannot be understood."""
    match name:
        case "history":
            text = replies.history(await transaction.sessions_of(heard.person, LISTED))
        case "settings":
            text = await _settings(transaction, heard.person, rest)
        case "privacy":
            text = replies.PRIVACY
        case "forget":
            text = await _forget(transaction, heard.person, rest)
        case "export":
            document = f"export:{heard.person}"
            await transaction.send_file(heard.place, Say(replies.EXPORTED), document, now, heard.person)
            return
        case _:
            await _report(transaction, heard, rest, now)
            return
    await tell(transaction, heard, text, now)


async def _settings(transaction: Transaction, person: str, rest: str) -> str:
    if not rest:
        return preferences.listed(await transaction.settings(person))
    name, value = preferences.parse(rest)
    await transaction.set_setting(person, name, value)
    if name == preferences.HARVEST:
        return replies.HARVEST_ON if value == "on" else replies.HARVEST_OFF
    return preferences.listed(await transaction.settings(person))


async def _forget(transaction: Transaction, person: str, rest: str) -> str:
    if rest.strip().lower() != "everything":
        return replies.FORGET_ASKS
    await transaction.forget(person)
    return replies.FORGOTTEN


async def _report(transaction: Transaction, heard: Heard, rest: str, now: int) -> None:
    number = rest.lstrip("#")
    if number and not (number.isascii() and number.isdecimal() and len(number) < len("9999999999")):
        raise UsageError(replies.REPORT_NEEDS_NUMBER)
    found = await transaction.debrief(heard.person, int(number) if number else None)
    if found is None:
        await tell(transaction, heard, replies.NO_REPORT, now)
        return
    say = Say(report.rendered(found, "text"), Tone.DEBRIEF, blocks=report.for_chat(found))
    await transaction.send_file(heard.place, say, f"report:{found.session_id}", now, heard.person)
