"""The daily question as people order it: lines after `/daily`, and the buttons under a prompt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.core.commands import daily_commands as core
from bot.core.commands.daily_commands import Order
from bot.core.commands.times import guess_zone
from bot.core.daily import choosing, reviews, schedule
from bot.core.daily.reviews import Grade
from bot.core.daily.schedule import Rhythm
from bot.core.daily.subscription import Subscription
from bot.core.events import Command, Commanded
from bot.core.place import CONSOLE, Person, home_of
from bot.core.session import DailyQuestion
from bot.core.text import daily_text, replies
from bot.service.conversation import channels, prompts
from bot.service.conversation.channels import NAME
from bot.service.conversation.unit_of_work import Work
from bot.service.ports.daily import Again, Planned, Prompt, PromptState
from bot.service.ports.incoming import Incoming, Pressed

_HOUR = 3600
_TONIGHT = 19 * 60


async def follow(work: Work, incoming: Incoming, rest: str, *, admin: bool) -> None:
    """Follow a line after `/daily`; UsageError when it cannot be understood.

    `admin` may decide for everybody in the chat.
    """
    planned = await work.transaction.daily.planned(incoming.person)
    subscription = planned.subscription if planned else None
    zone = subscription.rhythm.zone if subscription else guess_zone(incoming.locale)
    today = schedule.day_of(zone, work.now)
    order = core.parse(rest, subscription, today, incoming.locale, choosing.topics_of(work.bank))
    text = await _follow(work, incoming, order, planned, admin=admin)
    if text:
        await work.reply_privately(incoming, text)


async def press(work: Work, incoming: Incoming, button: Pressed) -> str:
    """A button under a prompt; what to tell whoever pressed it, mostly nothing."""
    daily = work.transaction.daily
    prompt = await daily.prompt(int(button.mark.removeprefix("p")))
    if prompt is not None and button.what == "daily-join":
        return await _join(work, incoming, prompt)
    if prompt is None or prompt.person != incoming.person:
        return replies.NOT_YOURS
    if button.what == "daily-off":
        await work.reply_privately(incoming, await _off(work, incoming.person))
        return ""
    if closed := await _closed(work, prompt):
        return closed
    match button.what:
        case "daily-answer":
            return await _open(work, prompt)
        case "daily-later" | "daily-tonight":
            await _put_off(work, incoming, prompt, tonight=button.what == "daily-tonight")
        case "daily-skip":
            await daily.skipped(prompt.id, work.now)
            await work.reply_privately(incoming, replies.DAILY_LEFT_OUT)
            await prompts.ask_next_of_day(work, prompt)
    return ""


async def regrade(work: Work, incoming: Incoming, session_id: int, grade: Grade) -> str:
    """Take the person's own word on how well they knew it, which counts more than the score."""
    session = await work.transaction.session(session_id)
    if session is None or session.person != incoming.person:
        return replies.NOT_YOURS
    asked = session.activity
    if not isinstance(asked, DailyQuestion):
        return replies.NOT_YOURS
    card, due_at = reviews.review(asked.card, grade, session.ended_at or work.now)
    await work.transaction.daily.regrade(asked.prompt_id, card, due_at)
    return replies.daily_regraded(max(1, round((due_at - work.now) / prompts.DAY)))


async def _follow(  # noqa: C901, PLR0911 - one case for each order
    work: Work, incoming: Incoming, order: Order, planned: Planned | None, *, admin: bool
) -> str:
    daily, person = work.transaction.daily, incoming.person
    match order:
        case core.Status():
            return await _status(work, planned, person)
        case core.ShowStreak():
            return await prompts.streak_of(work, person)
        case core.Subscribe() if incoming.place == CONSOLE:
            return replies.DAILY_NOT_IN_TERMINAL
        case core.Subscribe(at, zone, guessed):
            subscription = _subscribed(planned, person, at, zone)
            next_at = await _plan(work, subscription, planned)
            await daily.opted_in(person, incoming.place)
            return daily_text.subscribed(subscription, next_at, work.now, guessed=guessed)
        case core.Change(setting, subscription):
            return daily_text.changed(setting, subscription, await _plan(work, subscription, planned), work.now)
        case core.Off():
            return await _off(work, person)
        case core.Pause(until, subscription):
            today = schedule.day_of(subscription.rhythm.zone, work.now)
            await daily.add_vacation(person, today, until or date.max)
            await _plan(work, subscription, planned)
            return daily_text.paused(until)
        case core.Resume(subscription):
            today = schedule.day_of(subscription.rhythm.zone, work.now)
            await daily.end_vacation(person, today)
            return daily_text.resumed(subscription, await _plan(work, subscription, planned), work.now)
        case core.Skip(on, subscription):
            await daily.add_vacation(person, on, on + timedelta(days=1))
            next_at = await _plan(work, subscription, planned)
            return daily_text.skipped(on, subscription.rhythm.zone, next_at, work.now)
        case core.Now():
            return await _ask_now(work, person, planned)
        case core.SetConsent(given):
            await work.transaction.set_setting(person, NAME, incoming.name if given else "")
            return daily_text.CONSENT_ON if given else daily_text.CONSENT_OFF
        case core.SetChannel():
            return await channels.follow(work, incoming, order, admin=admin)


def _subscribed(planned: Planned | None, person: Person, at: int, zone: str) -> Subscription:
    if planned is None:
        return Subscription(person, home_of(person), Rhythm(zone, at))
    rhythm = replace(planned.subscription.rhythm, at=at, zone=zone)
    return replace(planned.subscription, rhythm=rhythm, active=True)


async def _plan(work: Work, subscription: Subscription, planned: Planned | None) -> int | None:
    """Keep what was set, and plan the next prompt by it; its moment, without the seconds that spread people."""
    owed, last = (planned.next, planned.last_day) if planned else (None, None)
    rhythm, delay = subscription.rhythm, schedule.jitter(subscription.person)
    following = schedule.replanned(rhythm, owed, last, work.now, delay) if subscription.active else None
    await work.transaction.daily.plan(subscription, following, last, work.now)
    plain = schedule.replanned(rhythm, owed, last, work.now) if following else None
    return plain.at if plain else None


async def _off(work: Work, person: Person) -> str:
    daily = work.transaction.daily
    planned = await daily.planned(person)
    if planned is None or not planned.subscription.active:
        return daily_text.NOTHING_TO_OFF
    await daily.plan(replace(planned.subscription, active=False), None, planned.last_day, work.now)
    return daily_text.OFF


async def _ask_now(work: Work, person: Person, planned: Planned | None) -> str:
    """Ask at once: what is open, else one more."""
    home = home_of(person)
    subscription = planned.subscription if planned else Subscription(person, home, Rhythm("UTC", 0))
    if await work.transaction.open_session(home):
        return replies.already_open("")
    waiting = await work.transaction.daily.open_prompt(person, work.now - prompts.OPEN_SECONDS)
    if waiting:
        await prompts.ask(work, waiting, expires_at=None)
        return ""
    day = schedule.day_of(subscription.rhythm.zone, work.now)
    asked = await prompts.ask_day(work, replace(subscription, count=1), day, expires_at=None)
    return "" if asked else daily_text.NOTHING_TO_ASK


async def _status(work: Work, planned: Planned | None, person: Person) -> str:
    if planned is None:
        return daily_text.NOT_SUBSCRIBED
    subscription = planned.subscription
    due = await prompts.due_reviews(work, subscription)
    next_at = planned.next.at - schedule.jitter(person) if planned.next else None
    streak = await prompts.streak_of(work, person)
    return daily_text.status(subscription, next_at, work.now, len(due), streak)


async def _join(work: Work, incoming: Incoming, prompt: Prompt) -> str:
    """Ask a channel's question in private, of somebody who wants to answer it."""
    daily = work.transaction.daily
    planned = await daily.planned(incoming.person)
    zone = planned.subscription.rhythm.zone if planned else guess_zone(incoming.locale)
    home, day = home_of(incoming.person), schedule.day_of(zone, work.now)
    own = await daily.join(prompt.id, incoming.person, home, day, work.now)
    if own:
        await prompts.ask(work, own, expires_at=None)
    return replies.DAILY_JOINED


async def _closed(work: Work, prompt: Prompt) -> str:
    """Why a prompt can no longer be answered; nothing when it can."""
    if prompt.state is not PromptState.ASKED:
        return replies.DAILY_DONE
    return daily_text.expired(prompt.day) if await prompts.is_over(work, prompt) else ""


async def _open(work: Work, prompt: Prompt) -> str:
    """Show the question with all that helps to answer it."""
    if await work.transaction.open_session(prompt.place):
        return replies.already_open("")
    session = await prompts.begin(work, prompt)
    if session is None:
        return replies.QUESTION_GONE
    await work.apply(session, Commanded(Command.REPEAT))
    return ""


async def _put_off(work: Work, incoming: Incoming, prompt: Prompt, *, tonight: bool) -> None:
    rhythm = await prompts.rhythm_of(work, incoming.person)
    evening = replace(rhythm, evening=rhythm.evening or _TONIGHT)
    at = schedule.reminder_due(evening, schedule.Due(prompt.day, work.now)) if tonight else None
    at = at or work.now + _HOUR
    await work.transaction.daily.again(prompt.id, at, Again.LATER)
    await work.reply_privately(incoming, daily_text.later(schedule.minute_of(rhythm.zone, at)))
