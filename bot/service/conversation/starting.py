"""Begin an interview or a rehearsal: one may be open in a place, and one that was lost there ends first."""

from __future__ import annotations

from dataclasses import replace

from bot.core.commands import story_commands
from bot.core.effects import Say
from bot.core.events import Command, Commanded, Started
from bot.core.place import Person, Place, chat_of
from bot.core.questions import planning
from bot.core.refusal import Refusal
from bot.core.session import INTERVIEW, Activity, Format, History, Rehearsal, Setup
from bot.core.text import replies
from bot.service.conversation.context import AccessRules, Context
from bot.service.conversation.unit_of_work import Work
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Incoming, Said

_DAY_HOURS = 24


async def check_nothing_open(work: Work, platforms: Platforms, place: Place, person: Person) -> None:
    """Refusal when something is open in a place, or was asked for there by this person."""
    for interview in await work.transaction.open_interviews(place, person):
        link = platforms.link(interview.place, interview.last_ref)
        raise Refusal(replies.already_open(link) if interview.person == person else replies.taken(link))


async def check_start(work: Work, access: AccessRules, incoming: Incoming) -> None:
    """Refusal when the person, or the chat, has begun enough interviews for a day."""
    if incoming.person == access.owner:
        return
    since, chat = work.now - _DAY_HOURS * 3600, chat_of(incoming.place)
    if await work.transaction.started_since(incoming.person, since) >= access.starts_a_person:
        raise Refusal(replies.start_limit(_DAY_HOURS, access.starts_a_person))
    if not incoming.private and await work.transaction.started_in(chat, since) >= access.starts_a_chat:
        raise Refusal(replies.start_limit(_DAY_HOURS, access.starts_a_chat))


async def close_lost(work: Work, incoming: Incoming) -> None:
    """End interviews whose chat is gone, which can neither go on nor be ended there, as their person asks anew."""
    for interview in await work.transaction.open_interviews(incoming.place, incoming.person):
        session = await work.transaction.session(interview.session_id)
        if not interview.lost or interview.place == incoming.place or session is None:
            continue
        for command in (Command.STOP, Command.SKIP):
            if session.ended_at is None:
                session, effects = work.decide(session, Commanded(command), work.now)
                unsaid = [effect for effect in effects if not isinstance(effect, Say)]
                await work.transaction.save(session, unsaid, work.now)
        await work.reply_privately(incoming, replies.gone(session.id))


async def begin(  # noqa: PLR0913, PLR0917 - who asked for it where, and for what
    work: Work, context: Context, incoming: Incoming, place: Place, setup: Setup, activity: Activity = INTERVIEW
) -> None:
    """Begin what was asked for, in `place`."""
    setup = setup if setup.seed else replace(setup, seed=context.seed())
    history = await _history(work, incoming.person, setup, activity)
    # A rehearsal is nobody's business where it was asked for.
    asked_in = place if isinstance(activity, Rehearsal) else incoming.place
    session = await work.transaction.new_session(incoming.person, place, asked_in, setup, work.now, activity)
    source = incoming.content.source if isinstance(incoming.content, Said) and place == incoming.place else ""
    session = replace(session, last_message=source, asked_lag=lag(incoming, work.now))
    await work.apply(session, Started(setup, history))


async def _history(work: Work, person: Person, setup: Setup, activity: Activity) -> History:
    """What is known of the person from before; with their own stories where they may tell them."""
    history = await work.transaction.history(person)
    if setup.format and Format.BEHAVIORAL not in planning.formats_of(setup.format):
        return history
    return replace(history, stories=story_commands.own(await work.transaction.stories.all(person), activity))


def lag(incoming: Incoming, now: int) -> int:
    """How many seconds our clock shows more than the platform's did when something came in."""
    return now - incoming.at if incoming.at else 0
