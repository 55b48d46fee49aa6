"""The daily question: asked at everyone's own morning, answered where it is asked, and coming back when it fades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.core import preferences
from bot.core.commands import daily_commands as core
from bot.core.commands.daily_commands import Order
from bot.core.commands.times import guess_zone
from bot.core.daily import choosing, reviews, schedule, streaks
from bot.core.daily.reviews import Grade
from bot.core.daily.schedule import Rhythm
from bot.core.daily.subscription import Subscription
from bot.core.effects import Say, Tone
from bot.core.events import Command, Commanded, Started
from bot.core.model import Bank, Level
from bot.core.place import CONSOLE, home_of
from bot.core.rules.table import decide
from bot.core.session import DailyQuestion, Format, Pace, Session, Setup
from bot.core.text import daily_text, replies
from bot.service.conversation import channels
from bot.service.conversation.channels import NAME
from bot.service.conversation.replying import reply_privately
from bot.service.ports.daily import Again, Planned, Prompt, PromptState
from bot.service.ports.incoming import Incoming, Pressed
from bot.service.ports.store import Transaction

BUTTONS = ("daily-answer", "daily-later", "daily-tonight", "daily-skip", "daily-off")
OPEN_SECONDS = 36 * 3600  # how long what is typed in private can still be the answer to a prompt
_HOUR = 3600
_BUSY = 900  # seconds until a prompt is tried again that would break into an interview
_TONIGHT = 19 * 60
_DAY = 24 * _HOUR


async def push(transaction: Transaction, claimed: Planned, bank: Bank, now: int) -> None:
    """A prompt is due: ask it, put it off, or let it go when it is stale, and plan the next one."""
    person = claimed.subscription.person
    planned = await transaction.daily.planned(person)
    if planned is None or planned.next is None or planned.next != claimed.next:
        return
    subscription, due = planned.subscription, planned.next
    moment = schedule.late(subscription.rhythm, due, now)
    if moment is not None and moment > now:
        await transaction.daily.postpone(person, moment)
    elif moment is not None and _is_own(subscription) and await transaction.open_session(subscription.place):
        await transaction.daily.postpone(person, now + _BUSY)
    else:
        if moment is not None and not _is_own(subscription):
            await channels.ask(transaction, subscription, due.date, bank, now)
        elif moment is not None:
            await _ask_day(transaction, subscription, due.date, bank, now, expires_at=due.at + schedule.EXPIRY)
        following = schedule.next_due(subscription.rhythm, due.date, now, schedule.jitter(person))
        await transaction.daily.plan(subscription, following, due.date, now)


def let_go(claimed: Sequence[Planned], now: int) -> list[Planned]:
    """Of prompts that came due those that are stale, each as it goes on with the next one.

    After a long outage there are many of them, and nobody need wait while they are seen to one by one.
    """
    return [
        replace(
            one,
            next=schedule.next_due(rhythm, one.next.date, now, schedule.jitter(one.subscription.person)),
            last_day=one.next.date,
        )
        for one in claimed
        if one.next and schedule.late(rhythm := one.subscription.rhythm, one.next, now) is None
    ]


def _is_own(subscription: Subscription) -> bool:
    """Whether a person is asked, not everybody in a channel."""
    return home_of(subscription.person) == subscription.place


async def come_again(transaction: Transaction, prompt: Prompt, bank: Bank, now: int) -> None:
    """A prompt was put off until now, or an evening reminder is due; one that is done meanwhile stays done."""
    current = await transaction.daily.prompt(prompt.id)
    if current is None or current.again is None:
        return
    await transaction.daily.again(prompt.id, None, None)
    question = bank.questions.get(prompt.question_id)
    if question is None or current.state is not PromptState.ASKED or await transaction.open_session(prompt.place):
        return
    if await _is_too_late(transaction, current, now):
        return
    evening = current.again is Again.EVENING
    text = daily_text.reminder(question) if evening else daily_text.again(question)
    await transaction.daily.push(current, Say(text, Tone.QUESTION, BUTTONS), now, now + schedule.EXPIRY)


async def press(transaction: Transaction, incoming: Incoming, press: Pressed, bank: Bank, now: int) -> str:
    """A button under a prompt; what to tell whoever pressed it, mostly nothing."""
    what = press.what
    prompt = await transaction.daily.prompt(int(press.mark.removeprefix("p")))
    if prompt is not None and what == "daily-join":
        return await _join(transaction, incoming, prompt, bank, now)
    if prompt is None or prompt.person != incoming.person:
        return replies.NOT_YOURS
    if what == "daily-off":
        await reply_privately(transaction, incoming, await _off(transaction, incoming.person, now), now)
        return ""
    if closed := await _closed(transaction, prompt, now):
        return closed
    match what:
        case "daily-answer":
            return await _open(transaction, prompt, bank, now)
        case "daily-later" | "daily-tonight":
            await _put_off(transaction, incoming, prompt, what, now)
        case "daily-skip":
            await transaction.daily.skipped(prompt.id, now)
            await reply_privately(transaction, incoming, replies.DAILY_LEFT_OUT, now)
            await next_of_day(transaction, prompt, bank, now)
    return ""


async def _join(transaction: Transaction, incoming: Incoming, prompt: Prompt, bank: Bank, now: int) -> str:
    """Somebody wants to answer a channel's question: they get it in private."""
    planned = await transaction.daily.planned(incoming.person)
    zone = planned.subscription.rhythm.zone if planned else guess_zone(incoming.locale)
    home, day = home_of(incoming.person), schedule.day_of(zone, now)
    own = await transaction.daily.join(prompt.id, incoming.person, home, day, now)
    if own:
        await _ask(transaction, own, bank, now, expires_at=None)
    return replies.DAILY_JOINED


async def begin(transaction: Transaction, prompt: Prompt, bank: Bank, now: int) -> Session | None:
    """A session for the answer to a prompt; None when its question has left the bank."""
    question = bank.questions.get(prompt.question_id)
    if question is None:
        return None
    card = await transaction.daily.card(prompt.person, prompt.question_id)
    streak = await _streak(transaction, prompt.person, now, answered_now=True)
    asked = DailyQuestion(prompt.id, prompt.question_id, card, streak)
    setup = Setup(Format(question.stage.value), pace=Pace.UNTIMED, seed=1)
    session = await transaction.new_session(prompt.person, prompt.place, prompt.place, setup, now, asked)
    history = await transaction.history(prompt.person)
    session, effects = decide(session, Started(setup, history), bank, now)
    await transaction.save(session, effects, now)
    return session


async def next_of_day(transaction: Transaction, done: Prompt, bank: Bank, now: int) -> None:
    """Ask the next of several questions of a day, once the one before is done."""
    following = await transaction.daily.next_waiting(done.person, done.day)
    if following:
        await _ask(transaction, following, bank, now, expires_at=None)


async def regrade(transaction: Transaction, incoming: Incoming, session_id: int, grade: Grade, now: int) -> str:
    """The person says how well they knew it, which counts more than the score."""
    session = await transaction.session(session_id)
    if session is None or session.person != incoming.person:
        return replies.NOT_YOURS
    asked = session.activity
    if not isinstance(asked, DailyQuestion):
        return replies.NOT_YOURS
    card, due_at = reviews.review(asked.card, grade, session.ended_at or now)
    await transaction.daily.regrade(asked.prompt_id, card, due_at)
    return replies.daily_regraded(max(1, round((due_at - now) / _DAY)))


async def answer(  # noqa: PLR0913 - the line, and whose it is
    transaction: Transaction, incoming: Incoming, rest: str, bank: Bank, now: int, *, admin: bool
) -> None:
    """A line after `/daily`; UsageError when it cannot be understood. `admin` may decide for everybody in the chat."""
    planned = await transaction.daily.planned(incoming.person)
    subscription = planned.subscription if planned else None
    zone = subscription.rhythm.zone if subscription else guess_zone(incoming.locale)
    today = schedule.day_of(zone, now)
    order = core.parse(rest, subscription, today, incoming.locale, choosing.topics_of(bank))
    text = await _follow(transaction, incoming, order, planned, bank, now, admin=admin)
    if text:
        await reply_privately(transaction, incoming, text, now)


async def stop_in(transaction: Transaction, chat: str, advice: str, now: int) -> None:
    """A chat cannot be reached: daily questions to it stop at once, and are missed where they were asked for."""
    for planned, asked_in in await transaction.daily.lost(chat):
        subscription = replace(planned.subscription, active=False)
        await transaction.daily.plan(subscription, None, planned.last_day, now)
        if asked_in and asked_in != subscription.place:
            say = Say(daily_text.out_of_reach(advice))
            await transaction.say(asked_in, say, now, subscription.person, private=True)


async def _follow(  # noqa: C901, PLR0911, PLR0913, PLR0917 - one case for each order
    transaction: Transaction,
    incoming: Incoming,
    order: Order,
    planned: Planned | None,
    bank: Bank,
    now: int,
    *,
    admin: bool,
) -> str:
    match order:
        case core.Status():
            return await _status(transaction, planned, incoming.person, now)
        case core.ShowStreak():
            return await _streak(transaction, incoming.person, now)
        case core.Subscribe() if incoming.place == CONSOLE:
            return replies.DAILY_NOT_IN_TERMINAL
        case core.Subscribe(at, zone, guessed):
            subscription = _subscribed(planned, incoming.person, at, zone)
            next_at = await _plan(transaction, subscription, planned, now)
            await transaction.daily.opted_in(incoming.person, incoming.place)
            return daily_text.subscribed(subscription, next_at, now, guessed=guessed)
        case core.Change(setting, subscription):
            return daily_text.changed(setting, subscription, await _plan(transaction, subscription, planned, now), now)
        case core.Off():
            return await _off(transaction, incoming.person, now)
        case core.Pause(until, subscription):
            today = schedule.day_of(subscription.rhythm.zone, now)
            await transaction.daily.add_vacation(incoming.person, today, until or date.max)
            await _plan(transaction, subscription, planned, now)
            return daily_text.paused(until)
        case core.Resume(subscription):
            today = schedule.day_of(subscription.rhythm.zone, now)
            await transaction.daily.end_vacation(incoming.person, today)
            return daily_text.resumed(subscription, await _plan(transaction, subscription, planned, now), now)
        case core.Skip(on, subscription):
            await transaction.daily.add_vacation(incoming.person, on, on + timedelta(days=1))
            next_at = await _plan(transaction, subscription, planned, now)
            return daily_text.skipped(on, subscription.rhythm.zone, next_at, now)
        case core.Now():
            return await _now(transaction, incoming, planned, bank, now)
        case core.SetConsent(given):
            await transaction.set_setting(incoming.person, NAME, incoming.name if given else "")
            return daily_text.CONSENT_ON if given else daily_text.CONSENT_OFF
        case core.SetChannel():
            return await channels.follow(transaction, incoming, order, now, admin=admin)


def _subscribed(planned: Planned | None, person: str, at: int, zone: str) -> Subscription:
    if planned is None:
        return Subscription(person, home_of(person), Rhythm(zone, at))
    rhythm = replace(planned.subscription.rhythm, at=at, zone=zone)
    return replace(planned.subscription, rhythm=rhythm, active=True)


async def _plan(transaction: Transaction, subscription: Subscription, planned: Planned | None, now: int) -> int | None:
    """Keep what was set, and plan the next prompt by it; its moment, without the seconds that spread people."""
    owed, last = (planned.next, planned.last_day) if planned else (None, None)
    delay = schedule.jitter(subscription.person)
    following = schedule.replanned(subscription.rhythm, owed, last, now, delay) if subscription.active else None
    await transaction.daily.plan(subscription, following, last, now)
    plain = schedule.replanned(subscription.rhythm, owed, last, now) if following else None
    return plain.at if plain else None


async def _off(transaction: Transaction, person: str, now: int) -> str:
    planned = await transaction.daily.planned(person)
    if planned is None or not planned.subscription.active:
        return daily_text.NOTHING_TO_OFF
    await transaction.daily.plan(replace(planned.subscription, active=False), None, planned.last_day, now)
    return daily_text.OFF


async def _now(transaction: Transaction, incoming: Incoming, planned: Planned | None, bank: Bank, now: int) -> str:
    """Ask at once: what is open, else one more."""
    home = home_of(incoming.person)
    subscription = planned.subscription if planned else Subscription(incoming.person, home, Rhythm("UTC", 0))
    if await transaction.open_session(home):
        return replies.already_open("")
    waiting = await transaction.daily.open_prompt(incoming.person, now - OPEN_SECONDS)
    if waiting:
        await _ask(transaction, waiting, bank, now, expires_at=None)
        return ""
    day = schedule.day_of(subscription.rhythm.zone, now)
    asked = await _ask_day(transaction, replace(subscription, count=1), day, bank, now, expires_at=None)
    return "" if asked else daily_text.NOTHING_TO_ASK


async def _status(transaction: Transaction, planned: Planned | None, person: str, now: int) -> str:
    if planned is None:
        return daily_text.NOT_SUBSCRIBED
    subscription = planned.subscription
    due = await _due_reviews(transaction, subscription, now)
    next_at = planned.next.at - schedule.jitter(person) if planned.next else None
    return daily_text.status(subscription, next_at, now, len(due), await _streak(transaction, person, now))


async def _ask_day(  # noqa: PLR0913 - the day, for whom, and until when
    transaction: Transaction, subscription: Subscription, day: date, bank: Bank, now: int, *, expires_at: int | None
) -> bool:
    """Choose the questions of a date and ask the first; whether there was one."""
    person = subscription.person
    kept = await transaction.settings(person)
    level = Level(preferences.value(kept, preferences.LEVEL))
    due = await _due_reviews(transaction, subscription, now)
    asked = [prompt.question_id for prompt in await transaction.daily.of_day(person, day)]
    history, last = await transaction.history(person), await transaction.daily.last_asked(person)
    chosen = choosing.choose(bank, replace(subscription, level=level), due, history, day, asked, last)
    prompts = await transaction.daily.add(person, subscription.place, day, chosen, now)
    if prompts:
        await _ask(transaction, prompts[0], bank, now, expires_at=expires_at)
        await _remind(transaction, subscription, prompts[0], now)
    return bool(prompts)


async def _due_reviews(transaction: Transaction, subscription: Subscription, now: int) -> list[str]:
    """What is due on the person's own day, most overdue first."""
    zone = subscription.rhythm.zone
    today = schedule.day_of(zone, now)
    found = await transaction.daily.due_reviews(subscription.person, now + _DAY)
    return [question_id for question_id, due_at in found if schedule.day_of(zone, due_at) <= today]


async def _ask(transaction: Transaction, prompt: Prompt, bank: Bank, now: int, *, expires_at: int | None) -> None:
    question = bank.questions.get(prompt.question_id)
    if question is None:
        await transaction.daily.skipped(prompt.id, now)
        return
    count = len(await transaction.daily.of_day(prompt.person, prompt.day))
    known = await transaction.daily.card(prompt.person, prompt.question_id) is not None
    text = daily_text.prompt(question, prompt.day, prompt.number, count, review=known)
    await transaction.daily.asked(prompt.id, now)
    await transaction.daily.push(prompt, Say(text, Tone.QUESTION, BUTTONS), now, expires_at)


async def _remind(transaction: Transaction, subscription: Subscription, prompt: Prompt, now: int) -> None:
    at = schedule.reminder_due(subscription.rhythm, schedule.Due(prompt.day, now), schedule.jitter(subscription.person))
    if at is not None:
        await transaction.daily.again(prompt.id, at, Again.EVENING)


async def _open(transaction: Transaction, prompt: Prompt, bank: Bank, now: int) -> str:
    """Show the question with all that helps to answer it."""
    if await transaction.open_session(prompt.place):
        return replies.already_open("")
    session = await begin(transaction, prompt, bank, now)
    if session is None:
        return replies.QUESTION_GONE
    await transaction.save(*decide(session, Commanded(Command.REPEAT), bank, now), now)
    return ""


async def _put_off(transaction: Transaction, incoming: Incoming, prompt: Prompt, what: str, now: int) -> None:
    rhythm = await _rhythm(transaction, incoming.person)
    evening = replace(rhythm, evening=rhythm.evening or _TONIGHT)
    tonight = schedule.reminder_due(evening, schedule.Due(prompt.day, now)) if what == "daily-tonight" else None
    at = tonight or now + _HOUR
    await transaction.daily.again(prompt.id, at, Again.LATER)
    await reply_privately(transaction, incoming, daily_text.later(schedule.minute_of(rhythm.zone, at)), now)


async def _closed(transaction: Transaction, prompt: Prompt, now: int) -> str:
    """Why a prompt can no longer be answered; nothing when it can."""
    if prompt.state is not PromptState.ASKED:
        return replies.DAILY_DONE
    return daily_text.expired(prompt.day) if await _is_over(transaction, prompt, now) else ""


async def _is_over(transaction: Transaction, prompt: Prompt, now: int) -> bool:
    """Whether neither the prompt's date nor the one after it is any more."""
    return prompt.day < schedule.day_of((await _rhythm(transaction, prompt.person)).zone, now) - timedelta(days=1)


async def _is_too_late(transaction: Transaction, prompt: Prompt, now: int) -> bool:
    """Whether an outage made a prompt so late that it would come into another day, or a reminder into the night."""
    rhythm = await _rhythm(transaction, prompt.person)
    if prompt.again is Again.EVENING:
        return schedule.is_quiet(rhythm, now) or prompt.day < schedule.day_of(rhythm.zone, now)
    return await _is_over(transaction, prompt, now)


async def _rhythm(transaction: Transaction, person: str) -> Rhythm:
    planned = await transaction.daily.planned(person)
    return planned.subscription.rhythm if planned else Rhythm("UTC", 0)


async def _streak(transaction: Transaction, person: str, now: int, *, answered_now: bool = False) -> str:
    """What can be said of a person's streak; nothing before their first answer."""
    planned = await transaction.daily.planned(person)
    moments: Sequence[int] = [*await transaction.daily.answered_at(person), *([now] if answered_now else [])]
    if planned is None or not moments:
        return ""
    rhythm = planned.subscription.rhythm
    answered = {schedule.day_of(rhythm.zone, at) for at in moments}
    since = min(answered | {schedule.day_of(rhythm.zone, planned.since)})
    vacations = await transaction.daily.vacations(person)
    today = schedule.day_of(rhythm.zone, now)
    return daily_text.streak(streaks.streak(answered, rhythm.days, vacations, since, today))
