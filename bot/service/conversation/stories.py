"""A person's own stories: rehearsed in private, kept as a bank, and shown to others only where they share one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import preferences
from bot.core.commands import story_commands as core
from bot.core.commands.story_commands import BEGINS, Begin, Order
from bot.core.effects import Say
from bot.core.model import Level
from bot.core.place import Person, everybody_in
from bot.core.refusal import Refusal
from bot.core.session import Rehearsal, Setup
from bot.core.stories import Story
from bot.core.stories.competencies import Catalogue
from bot.core.text import blocks, story_text
from bot.service.conversation.context import Context
from bot.service.conversation.starting import begin, check_nothing_open, close_lost
from bot.service.conversation.unit_of_work import UnitOfWork, Work
from bot.service.ports.incoming import Incoming
from bot.service.ports.store import Stories


@dataclass
class StoryOrders:
    """Follows what people order about their stories, each as one unit of work."""

    units: UnitOfWork
    context: Context

    async def follow(self, incoming: Incoming, rest: str, wished: Setup | None = None) -> None:
        """Follow a line after `/star`.

        A rehearsal begins in the person's direct messages, as `wished` where that is said.
        """
        catalogue, platforms = self.context.catalogue(), self.context.platforms
        order = core.parse(rest, catalogue)
        if not isinstance(order, BEGINS):
            await self.units.run(incoming.place, lambda work: _answer(work, incoming, order, catalogue), incoming)
            return
        place = await platforms.private_room(incoming)
        there = replace(incoming, place=place, private=True)

        async def start(work: Work) -> None:
            await check_nothing_open(work, platforms, place, incoming.person)
            setup, told = await _rehearsal(work, incoming.person, order, catalogue, wished)
            await begin(work, self.context, incoming, place, setup, told)
            if place != incoming.place:
                await work.reply_privately(incoming, story_text.IN_PRIVATE)

        await self.units.run(place, lambda work: close_lost(work, there))
        await self.units.run(place, start, incoming)


async def _rehearsal(
    work: Work, person: Person, order: Begin, catalogue: Catalogue, wished: Setup | None
) -> tuple[Setup, Rehearsal]:
    """What is rehearsed next, and how; Refusal when there is no such story, or nothing to rehearse for.

    `wished` has the level, the pace and the time; without it the level is the one the person has set.
    """
    if not catalogue.competencies:
        raise Refusal(story_text.NO_CATALOGUE)
    transaction, rows = work.transaction, work.transaction.stories
    stories, asked, number = await rows.all(person), await rows.asked(person), await rows.next_number(person)
    given = wished or Setup(level=Level(preferences.value(await transaction.settings(person), preferences.LEVEL)))
    found = core.rehearsal(order, catalogue, stories, asked, number, given.level, person, work.now)
    setup = Setup(level=given.level, pace=given.pace, time_factor=given.time_factor, seed=given.seed)
    return setup, found


async def _answer(work: Work, incoming: Incoming, order: Order, catalogue: Catalogue) -> None:
    """Answer an order that begins no rehearsal; UsageError when there is no such story."""
    transaction, person = work.transaction, incoming.person
    own = _Own(transaction.stories, person, await transaction.stories.all(person), catalogue, work.now)
    match order:
        case core.Share(number):
            shown = story_text.shared(own.story(number))
            await transaction.say(everybody_in(incoming.place), Say(blocks.text(shown), blocks=shown), work.now)
        case core.ShowGrid(company):
            document = f"grid:{person}:{company}".removesuffix(":")
            await transaction.send_file(incoming.place, Say(own.grid(company)), document, work.now, person)
        case _:
            await work.reply_privately(incoming, await own.reply(order))


@dataclass(frozen=True, slots=True)
class _Own:
    """One person's stories, as they order them about."""

    rows: Stories
    person: Person
    stories: Sequence[Story]
    catalogue: Catalogue
    now: int

    def story(self, number: int) -> Story:
        return core.found(self.stories, number)

    def grid(self, company: str) -> str:
        if not self.catalogue.competencies:
            raise Refusal(story_text.NO_CATALOGUE)
        covered = core.grid(self.catalogue, self.stories, self.now, company)
        return story_text.grid_text(covered, self.catalogue.company(company))

    async def reply(self, order: Order) -> Say:  # noqa: PLR0911 - one case for each order
        """What the person alone is told, once it is done."""
        match order:
            case core.ListAll():
                return Say(story_text.listed(self.stories, self.catalogue.titles, self.now))
            case core.Companies():
                return Say(story_text.companies(self.catalogue.companies))
            case core.Show(number):
                shown = story_text.shown(self.story(number), self.catalogue.titles, self.now)
                return Say(blocks.text(shown), blocks=shown)
            case core.Tag(number, competencies):
                return Say(await self._tag(self.story(number), competencies))
            case core.Name(number, title):
                return Say(await self._name(self.story(number), title))
            case core.Delete(number, sure):
                return Say(await self._delete(self.story(number), sure=sure))
            case _:
                return Say(story_text.HELP)

    async def _tag(self, story: Story, competencies: Sequence[str]) -> str:
        if not competencies:
            return story_text.tag_asks(story, self.catalogue.suggested(story.versions[-1].text), self.catalogue.titles)
        await self.rows.tag(self.person, int(story.id), competencies)
        return story_text.tagged(story, competencies, self.catalogue.titles)

    async def _name(self, story: Story, title: str) -> str:
        await self.rows.rename(self.person, int(story.id), title)
        return story_text.named(int(story.id), title)

    async def _delete(self, story: Story, *, sure: bool) -> str:
        if not sure:
            return story_text.delete_asks(story)
        await self.rows.delete(self.person, int(story.id))
        return story_text.deleted(int(story.id))
