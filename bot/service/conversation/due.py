"""What the clock brings about: deadlines of interviews, daily prompts, and prompts that come once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.daily import schedule
from bot.core.daily.subscription import Subscription
from bot.core.effects import Say, Tone
from bot.core.events import TimerRang
from bot.core.place import Person, home_of
from bot.core.text import daily_text
from bot.service.conversation import channels, prompts
from bot.service.conversation.unit_of_work import UnitOfWork, Work
from bot.service.ports.daily import Again, Planned, Prompt, PromptState
from bot.service.ports.store import DueTimer

_BUSY = 900  # seconds until a prompt is tried again that would break into an interview


@dataclass
class DueWork:
    """Does what comes due, each as one unit of work in its place."""

    units: UnitOfWork

    async def ring(self, timer: DueTimer) -> None:
        """Ring a timer; if an answer closed it first, nothing happens."""

        async def ring(work: Work) -> None:
            session = await work.transaction.open_session(timer.place)
            if await work.transaction.claim(timer, work.now) and session and session.id == timer.session_id:
                await work.apply(session, TimerRang(timer.kind, timer.turn))

        await self.units.run(timer.place, ring)

    async def drop_stale(self, claimed: Sequence[Planned]) -> list[Planned]:
        """Leave out those of the daily prompts that are stale; the others.

        After a long outage there are many of them, and nobody need wait while they are seen to one by one.
        """

        async def drop(work: Work) -> set[Person]:
            stale = [moved for one in claimed if (moved := _moved_on_if_stale(one, work.now))]
            if stale:
                await work.transaction.daily.move_on(stale)
            return {one.subscription.person for one in stale}

        dropped = await self.units.run_unlocked(drop) if claimed else set()
        return [one for one in claimed if one.subscription.person not in dropped]

    async def ask_daily(self, planned: Planned) -> None:
        """Ask a daily prompt that came due."""
        await self.units.run(planned.subscription.place, lambda work: _ask_daily(work, planned))

    async def ask_again(self, prompt: Prompt) -> None:
        """Ask a prompt that was put off until now, or whose evening reminder is due."""
        await self.units.run(prompt.place, lambda work: _ask_again(work, prompt))


def _following(subscription: Subscription, day: date, now: int) -> schedule.Due | None:
    """The next prompt after the one of a date."""
    return schedule.next_due(subscription.rhythm, day, now, schedule.jitter(subscription.person))


def _moved_on_if_stale(claimed: Planned, now: int) -> Planned | None:
    """A stale prompt as it goes on with the next one; None for one that can still be asked."""
    subscription, due = claimed.subscription, claimed.next
    if due is None or schedule.late(subscription.rhythm, due, now) is not None:
        return None
    return replace(claimed, next=_following(subscription, due.date, now), last_day=due.date)


async def _ask_daily(work: Work, claimed: Planned) -> None:
    """Ask a due prompt, put it off, or drop it when it is stale, and plan the next one."""
    daily, now, person = work.transaction.daily, work.now, claimed.subscription.person
    planned = await daily.planned(person)
    if planned is None or planned.next is None or planned.next != claimed.next:
        return
    subscription, due = planned.subscription, planned.next
    moment = schedule.late(subscription.rhythm, due, now)
    is_own = home_of(person) == subscription.place  # else everybody in a channel is asked
    if moment is not None and moment > now:
        await daily.postpone(person, moment)
        return
    if moment is not None and is_own and await work.transaction.open_session(subscription.place):
        await daily.postpone(person, now + _BUSY)
        return
    if moment is not None and is_own:
        await prompts.ask_day(work, subscription, due.date, expires_at=due.at + schedule.EXPIRY)
    elif moment is not None:
        await channels.ask(work, subscription, due.date)
    await daily.plan(subscription, _following(subscription, due.date, now), due.date, now)


async def _ask_again(work: Work, prompt: Prompt) -> None:
    """Ask a prompt once more, unless it is done meanwhile or comes too late."""
    current = await work.transaction.daily.prompt(prompt.id)
    if current is None or current.again is None:
        return
    await work.transaction.daily.again(prompt.id, None, None)
    question = work.bank.questions.get(prompt.question_id)
    if question is None or current.state is not PromptState.ASKED or await work.transaction.open_session(prompt.place):
        return
    if await _is_too_late(work, current):
        return
    text = daily_text.reminder(question) if current.again is Again.EVENING else daily_text.again(question)
    say = Say(text, Tone.QUESTION, prompts.BUTTONS)
    await work.transaction.daily.push(current, say, work.now, work.now + schedule.EXPIRY)


async def _is_too_late(work: Work, prompt: Prompt) -> bool:
    """Whether an outage made a prompt so late that it would come into another day, or a reminder into the night."""
    if prompt.again is not Again.EVENING:
        return await prompts.is_over(work, prompt)
    rhythm = await prompts.rhythm_of(work, prompt.person)
    return schedule.is_quiet(rhythm, work.now) or prompt.day < schedule.day_of(rhythm.zone, work.now)
