"""What the command line shows of the database."""

from __future__ import annotations

from bot.app.parts import opened
from bot.core.place import AT_CONSOLE
from bot.core.refusal import UsageError
from bot.core.text import replies, report
from bot.storage import migrate as migrate_database


async def history(url: str) -> str:
    """The terminal's interviews, newest first."""
    async with opened(url) as store, store.begin() as transaction:
        return replies.history(await transaction.sessions_of(AT_CONSOLE))


async def report_of(url: str, number: int, wanted: str) -> str:
    """The report of one interview as text, md, html or json; UsageError when there is none."""
    async with opened(url) as store, store.begin() as transaction:
        debrief = await transaction.debrief(AT_CONSOLE, number)
    if debrief is None:
        message = f"There is no report {number}; `mockbot history` lists your interviews."
        raise UsageError(message)
    return report.rendered(debrief, wanted)


async def harvest(url: str, question_id: str) -> str:
    """The answers that met no key point, by question, for authors to learn phrasings from."""
    async with opened(url) as store:
        found = await store.unmatched(question_id)
    if not found:
        return "No answers are kept. People allow it with /settings harvest on."
    return "\n".join(f"{question}: {' '.join(answer.split())}" for question, answer in found)


async def migrate(url: str) -> str:
    """Bring the database up to date and say what was done."""
    before, after = await migrate_database(url)
    if before == after:
        return f"The database is up to date (revision {after})."
    return f"The database was brought from {before or 'nothing'} to revision {after}."
