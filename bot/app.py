"""The composition root: settings become parts, the parts one running program. It owns the clock, chance and signals."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TextIO

from bot import semantic
from bot.adapters.console.plain import PlainMessenger, read_lines
from bot.banks.compiled import load_bank
from bot.config import cache_folder, data_folder
from bot.core import replies, report
from bot.core.commands import UsageError, did_you_mean
from bot.core.model import Bank
from bot.core.scoring import assess
from bot.core.session import Setup
from bot.scheduler import Ticker
from bot.service import resume
from bot.service.loop import Interviewer
from bot.service.ports import Messenger
from bot.storage import SqlStore, open_store
from bot.storage import migrate as migrate_database

CONSOLE = "console:local"


def clock() -> int:
    """UTC epoch seconds."""
    return int(time.time())


def seed() -> int:
    """The chance of an interview that asked for none."""
    return 1 + secrets.randbelow(2**31 - 1)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SqlStore]:
    """The store on the database at `url`, closed in the end."""
    store = await open_store(url)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _running(store: SqlStore, bank: Bank, messenger: Messenger) -> AsyncIterator[Interviewer]:
    """An interviewer with its clock ticking."""
    interviewer = Interviewer(store, bank, messenger, clock, seed)
    ticker = Ticker(store, interviewer, clock)
    ticker.start()
    try:
        yield interviewer
    finally:
        await ticker.stop()
        await store.beat(clock())


async def chat(url: str, content: Path, setup: Setup, *, semantic_on: bool = False) -> None:
    """An interview in the terminal, or over a pipe when stdin is none; goes on with one that is open."""
    bank = _bank(content, semantic_on=semantic_on)
    async with opened(url) as store:
        away = await resume.away(store, clock)
        await store.beat(clock())
        if sys.stdin.isatty():
            await _chat_in_terminal(store, bank, setup, away)
            return
        async with _running(store, bank, PlainMessenger(sys.stdout)) as interviewer:
            await _open(interviewer, setup, away)
            await read_lines(interviewer, CONSOLE, CONSOLE, sys.stdin)
            if await interviewer.session(CONSOLE):
                sys.stdout.write(f"{replies.INPUT_ENDED}\n")


def _bank(content: Path, *, semantic_on: bool) -> Bank:
    bank = load_bank(content, cache_folder())
    return replace(bank, similar=semantic.load(semantic.to_stderr)) if semantic_on else bank


async def _chat_in_terminal(store: SqlStore, bank: Bank, setup: Setup, away: int) -> None:
    from bot.adapters.console.terminal import Terminal, TerminalMessenger  # noqa: PLC0415 - a pipe needs none of it

    async with _running(store, bank, TerminalMessenger()) as interviewer:
        await _open(interviewer, setup, away)
        folder = data_folder()
        folder.mkdir(parents=True, exist_ok=True)
        await Terminal(interviewer, CONSOLE, CONSOLE, clock, folder / "typed").run()


async def _open(interviewer: Interviewer, setup: Setup, away: int) -> None:
    if not await interviewer.reopen(CONSOLE, away, setup.format):
        await interviewer.start(CONSOLE, CONSOLE, setup)


async def history(url: str) -> str:
    """The terminal's interviews, newest first."""
    async with opened(url) as store:
        return replies.history(await store.sessions_of(CONSOLE))


async def report_of(url: str, number: int, wanted: str) -> str:
    """The report of one interview as text, md, html or json; UsageError when there is none."""
    async with opened(url) as store:
        debrief = await store.debrief(CONSOLE, number)
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


def score(content: Path, question_id: str, answer: str, *, in_json: bool, semantic_on: bool) -> None:
    """Print the assessment of one answer to a question of the bank; UsageError when there is no such question."""
    from bot.adapters.console import scorecard  # noqa: PLC0415 - a chat needs no table

    bank = _bank(content, semantic_on=semantic_on)
    if question_id not in bank.questions:
        near = did_you_mean(question_id, bank.questions)
        message = f"There is no question {question_id!r} in the bank.{near}"
        raise UsageError(message)
    question = bank.questions[question_id]
    assessment = assess(question, answer, bank.similar)
    if in_json:
        sys.stdout.write(f"{scorecard.as_json(assessment)}\n")
    else:
        scorecard.show(question, assessment, sys.stdout)


def score_batch(content: Path, lines: Iterable[str], out: TextIO, *, semantic_on: bool) -> None:
    """One line of JSON for each line of JSON; a line that cannot be scored gets its number and the reason."""
    bank = cache(lambda: load_bank(content, cache_folder()))
    similar = semantic.load(semantic.to_stderr) if semantic_on else None
    for number, line in enumerate(lines, 1):
        if line.strip():
            out.write(f"{_scored(number, line, bank, similar)}\n")
            out.flush()


def _scored(number: int, line: str, bank: Callable[[], Bank], similar: semantic.Similarity | None) -> str:
    from bot.adapters.console import scorecard  # noqa: PLC0415 - as above
    from bot.banks.batch import BadLineError, read_line  # noqa: PLC0415 - a chat needs no bank schema

    try:
        wanted = read_line(line, bank)
    except BadLineError as error:
        return json.dumps({"line": number, "error": f"line {number} {error}"})
    return scorecard.as_json(assess(wanted.question, wanted.answer, similar))
