"""Beginning an interview: one may be open in a place, and one that was lost there ends first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core import preferences
from bot.core.commands import story_commands
from bot.core.effects import Say
from bot.core.events import Command, Commanded, Started
from bot.core.questions import planning
from bot.core.refusal import Refusal
from bot.core.session import INTERVIEW, Activity, Format, History, Rehearsal, Setup
from bot.core.text import replies
from bot.service.conversation.addressing import lag
from bot.service.conversation.context import Context
from bot.service.conversation.replying import reply_privately
from bot.service.metrics import Judge
from bot.service.ports.incoming import Incoming, Said
from bot.service.ports.store import Transaction


@dataclass(frozen=True, slots=True)
class Starting:
    """Begins interviews and rehearsals, each within a transaction of its caller."""

    context: Context
    judge: Judge

    async def check_open(self, transaction: Transaction, place: str, person: str) -> None:
        """Refusal when something is open in a place, or was asked for there by this person."""
        for interview in await transaction.open_interviews(place, person):
            link = self.context.platforms.link(interview.place, interview.last_ref)
            raise Refusal(replies.already_open(link) if interview.person == person else replies.taken(link))

    async def close_lost(self, transaction: Transaction, incoming: Incoming, now: int) -> None:
        """An interview whose chat is gone can neither go on nor be ended there: it ends when its person asks anew."""
        for interview in await transaction.open_interviews(incoming.place, incoming.person):
            session = await transaction.session(interview.session_id)
            if not interview.lost or interview.place == incoming.place or session is None:
                continue
            for command in (Command.STOP, Command.SKIP):
                if session.ended_at is None:
                    session, effects = self.judge(session, Commanded(command), now)
                    silent = [effect for effect in effects if not isinstance(effect, Say)]
                    await transaction.save(session, silent, now)
            await reply_privately(transaction, incoming, replies.gone(session.id), now)

    async def begin(  # noqa: PLR0913, PLR0917 - who asked for it where, and for what
        self,
        transaction: Transaction,
        incoming: Incoming,
        place: str,
        setup: Setup,
        now: int,
        activity: Activity = INTERVIEW,
    ) -> None:
        """Begin what was asked for, in `place`."""
        setup = setup if setup.seed else replace(setup, seed=self.context.seed())
        history = await _history(transaction, incoming.person, setup, activity)
        asked_in = (
            place if isinstance(activity, Rehearsal) else incoming.place
        )  # a rehearsal is nobody's business where it was asked for
        session = await transaction.new_session(incoming.person, place, asked_in, setup, now, activity)
        source = incoming.what.source if isinstance(incoming.what, Said) and place == incoming.place else ""
        session = replace(session, last_message=source, asked_lag=lag(incoming, now))
        await transaction.save(*self.judge(session, Started(setup, history), now), now)


async def is_public(transaction: Transaction, person: str) -> bool:
    """Whether the person wants a thread that everybody can read."""
    return preferences.value(await transaction.settings(person), preferences.THREAD) == "public"


async def _history(transaction: Transaction, person: str, setup: Setup, activity: Activity) -> History:
    """What is known of the person from before; with their own stories where they may tell them."""
    history = await transaction.history(person)
    if setup.format and Format.BEHAVIORAL not in planning.formats_of(setup.format):
        return history
    return replace(history, stories=story_commands.own(await transaction.stories.all(person), activity))
