"""A daily question for everybody in a channel: answered in private, talked about in the open on the next day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.core.commands.daily_commands import SetChannel
from bot.core.daily import choosing, schedule
from bot.core.daily.schedule import Rhythm
from bot.core.daily.subscription import Subscription
from bot.core.document import Block, Folded, Paragraph
from bot.core.effects import Say, Tone
from bot.core.place import crowd, everybody_in
from bot.core.text import daily_text, replies
from bot.core.text.blocks import text
from bot.service.conversation.unit_of_work import Work
from bot.service.ports.daily import Prompt
from bot.service.ports.incoming import Incoming

NAME = "name"  # the setting under which somebody who agreed to be named is called
JOIN = ("daily-join",)


async def follow(work: Work, incoming: Incoming, order: SetChannel, *, admin: bool) -> str:
    """Set, move or stop the question of a channel; what to tell whoever asked."""
    daily, now = work.transaction.daily, work.now
    if incoming.private:
        return replies.DAILY_IN_A_GROUP
    if not admin:
        return replies.DAILY_ADMINS_ONLY
    place = everybody_in(incoming.place)
    key = crowd(place)
    planned = await daily.planned(key)
    last = planned.last_day if planned else None
    if order.at is None:
        if planned:
            await daily.plan(replace(planned.subscription, active=False), None, last, now)
        return daily_text.CHANNEL_OFF
    subscription = Subscription(key, place, Rhythm(order.zone, order.at))
    following = schedule.next_due(subscription.rhythm, last, now)
    await daily.plan(subscription, following, last, now)
    return daily_text.channel_set(order.at, order.zone, now, guessed=order.guessed)


async def ask(work: Work, subscription: Subscription, day: date) -> None:
    """Open the discussion of the previous question, then ask today's."""
    transaction, daily, now = work.transaction, work.transaction.daily, work.now
    place, key = subscription.place, subscription.person
    before = await daily.before(key, day)
    if before and before.question_id in work.bank.questions:
        await transaction.say(place, await _discussion(work, before, day), now)
    history, last = await transaction.history(key), await daily.last_asked(key)
    chosen = choosing.choose(work.bank, subscription, (), history, day, (), last)
    for prompt in await daily.add(key, place, day, chosen, now):
        question = work.bank.questions[prompt.question_id]
        title = daily_text.channel_thread(day)
        say = Say(daily_text.channel_question(question, day), Tone.NOTICE, JOIN, thread=title)
        await daily.asked(prompt.id, now)
        await daily.push(prompt, say, now, now + schedule.EXPIRY)


async def _discussion(work: Work, before: Prompt, today: date) -> Say:
    transaction, question = work.transaction, work.bank.questions[before.question_id]
    people = await transaction.daily.answered_by(before.id)
    names = [name for person in people if (name := (await transaction.settings(person)).get(NAME))]
    yesterday = before.day == today - timedelta(days=1)
    head = Paragraph(daily_text.discussion(question, len(people), sorted(names), yesterday=yesterday))
    model = (Folded("Model answer", question.model_answer),) if question.model_answer else ()
    shown: tuple[Block, ...] = (head, *model)
    asked = await transaction.daily.ref_of(before)
    title = daily_text.channel_thread(before.day) if asked else ""
    return Say(text(shown), Tone.NOTICE, blocks=shown, reply_to=asked, thread=title)
