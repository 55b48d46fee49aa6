"""A person's daily prompts: choose the questions of a date, ask them, and begin the session that an answer needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.core import preferences
from bot.core.daily import choosing, schedule, streaks
from bot.core.daily.schedule import Rhythm
from bot.core.daily.subscription import Subscription
from bot.core.effects import Say, Tone
from bot.core.events import Started
from bot.core.model import Level
from bot.core.place import Person
from bot.core.session import DailyQuestion, Format, Pace, Session, Setup
from bot.core.text import daily_text
from bot.service.conversation.unit_of_work import Work
from bot.service.ports.daily import Again, Prompt

BUTTONS = ("daily-answer", "daily-later", "daily-tonight", "daily-skip", "daily-off")
OPEN_SECONDS = 36 * 3600  # how long what is typed in private can still be the answer to a prompt
DAY = 24 * 3600


async def ask_day(work: Work, subscription: Subscription, day: date, *, expires_at: int | None) -> bool:
    """Choose the questions of a date and ask the first; whether there was one."""
    person, transaction = subscription.person, work.transaction
    kept = await transaction.settings(person)
    level = Level(preferences.value(kept, preferences.LEVEL))
    due = await due_reviews(work, subscription)
    asked = [prompt.question_id for prompt in await transaction.daily.of_day(person, day)]
    history, last = await transaction.history(person), await transaction.daily.last_asked(person)
    chosen = choosing.choose(work.bank, replace(subscription, level=level), due, history, day, asked, last)
    prompts = await transaction.daily.add(person, subscription.place, day, chosen, work.now)
    if prompts:
        await ask(work, prompts[0], expires_at=expires_at)
        await _remind(work, subscription, prompts[0])
    return bool(prompts)


async def ask(work: Work, prompt: Prompt, *, expires_at: int | None) -> None:
    """Put a prompt to its person; one whose question has left the bank counts as skipped."""
    daily = work.transaction.daily
    question = work.bank.questions.get(prompt.question_id)
    if question is None:
        await daily.skipped(prompt.id, work.now)
        return
    count = len(await daily.of_day(prompt.person, prompt.day))
    known = await daily.card(prompt.person, prompt.question_id) is not None
    text = daily_text.prompt(question, prompt.day, prompt.number, count, review=known)
    await daily.asked(prompt.id, work.now)
    await daily.push(prompt, Say(text, Tone.QUESTION, BUTTONS), work.now, expires_at)


async def ask_next_of_day(work: Work, done: Prompt) -> None:
    """Ask the next of several questions of a day, once the one before is done."""
    following = await work.transaction.daily.next_waiting(done.person, done.day)
    if following:
        await ask(work, following, expires_at=None)


async def begin(work: Work, prompt: Prompt) -> Session | None:
    """Begin a session for the answer to a prompt; None when its question has left the bank."""
    transaction = work.transaction
    question = work.bank.questions.get(prompt.question_id)
    if question is None:
        return None
    card = await transaction.daily.card(prompt.person, prompt.question_id)
    streak = await streak_of(work, prompt.person, answered_now=True)
    asked = DailyQuestion(prompt.id, prompt.question_id, card, streak)
    setup = Setup(Format(question.stage.value), pace=Pace.UNTIMED, seed=1)
    session = await transaction.new_session(prompt.person, prompt.place, prompt.place, setup, work.now, asked)
    history = await transaction.history(prompt.person)
    return await work.apply(session, Started(setup, history))


async def due_reviews(work: Work, subscription: Subscription) -> list[str]:
    """What is due for review on the person's own day, most overdue first."""
    zone = subscription.rhythm.zone
    today = schedule.day_of(zone, work.now)
    found = await work.transaction.daily.due_reviews(subscription.person, work.now + DAY)
    return [question_id for question_id, due_at in found if schedule.day_of(zone, due_at) <= today]


async def rhythm_of(work: Work, person: Person) -> Rhythm:
    """When a person is asked; midnight in UTC for somebody without a subscription."""
    planned = await work.transaction.daily.planned(person)
    return planned.subscription.rhythm if planned else Rhythm("UTC", 0)


async def is_over(work: Work, prompt: Prompt) -> bool:
    """Whether neither the prompt's date nor the one after it is any more."""
    zone = (await rhythm_of(work, prompt.person)).zone
    return prompt.day < schedule.day_of(zone, work.now) - timedelta(days=1)


async def streak_of(work: Work, person: Person, *, answered_now: bool = False) -> str:
    """What can be said of a person's streak; nothing before their first answer."""
    daily, now = work.transaction.daily, work.now
    planned = await daily.planned(person)
    moments: Sequence[int] = [*await daily.answered_at(person), *([now] if answered_now else [])]
    if planned is None or not moments:
        return ""
    rhythm = planned.subscription.rhythm
    answered = {schedule.day_of(rhythm.zone, at) for at in moments}
    since = min(answered | {schedule.day_of(rhythm.zone, planned.since)})
    vacations = await daily.vacations(person)
    today = schedule.day_of(rhythm.zone, now)
    return daily_text.streak(streaks.streak(answered, rhythm.days, vacations, since, today))


async def _remind(work: Work, subscription: Subscription, prompt: Prompt) -> None:
    due, delay = schedule.Due(prompt.day, work.now), schedule.jitter(subscription.person)
    at = schedule.reminder_due(subscription.rhythm, due, delay)
    if at is not None:
        await work.transaction.daily.again(prompt.id, at, Again.EVENING)
