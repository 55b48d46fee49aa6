"""A person's own stories: rehearsed in private, kept as a bank, and shown to others only where they share one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import blocks, preferences, star_words
from bot.core import star as core
from bot.core.competencies import Catalogue
from bot.core.effects import Say
from bot.core.model import Level
from bot.core.refusal import Refusal
from bot.core.session import Setup
from bot.core.star import Begin, Order
from bot.core.stories import Story
from bot.service.heard import Heard
from bot.service.platforms import everybody_in
from bot.service.ports import Transaction
from bot.service.story_ports import StoryRows
from bot.service.telling import tell


async def rehearsal(  # noqa: PLR0913, PLR0917 - the order, whose it is, and what it is chosen from
    transaction: Transaction, person: str, order: Begin, catalogue: Catalogue, wished: Setup | None, now: int
) -> Setup:
    """What is rehearsed next; Refusal when there is no such story, or nothing to rehearse for.

    `wished` has the level, the pace and the time; without it the level is the one the person has set.
    """
    if not catalogue.competencies:
        raise Refusal(star_words.NO_CATALOGUE)
    rows = transaction.stories
    stories, asked, number = await rows.all(person), await rows.asked(person), await rows.next_number(person)
    given = wished or Setup(level=Level(preferences.value(await transaction.settings(person), preferences.LEVEL)))
    found = core.setup(order, catalogue, stories, asked, number, given.level, person, now, given.time_factor)
    return replace(found, pace=given.pace, seed=given.seed)


async def answer(transaction: Transaction, heard: Heard, order: Order, catalogue: Catalogue, now: int) -> None:
    """Answer an order that begins no rehearsal; UsageError when there is no such story."""
    own = _Own(transaction.stories, heard.person, await transaction.stories.all(heard.person), catalogue, now)
    match order:
        case core.Share(number):
            shown = star_words.shared(own.story(number))
            await transaction.say(everybody_in(heard.place), Say(blocks.text(shown), blocks=shown), now)
        case core.ShowGrid(company):
            document = f"grid:{heard.person}:{company}".removesuffix(":")
            await transaction.send_file(heard.place, Say(own.grid(company)), document, now, heard.person)
        case _:
            await tell(transaction, heard, await own.reply(order), now)


@dataclass(frozen=True, slots=True)
class _Own:
    """One person's stories, as they order them about."""

    rows: StoryRows
    person: str
    stories: Sequence[Story]
    catalogue: Catalogue
    now: int

    def story(self, number: int) -> Story:
        return core.found(self.stories, number)

    def grid(self, company: str) -> str:
        if not self.catalogue.competencies:
            raise Refusal(star_words.NO_CATALOGUE)
        covered = core.grid(self.catalogue, self.stories, self.now, company)
        return star_words.grid_text(covered, self.catalogue.company(company))

    async def reply(self, order: Order) -> Say:  # noqa: PLR0911 - one case for each order
        """What the person alone is told, once it is done."""
        match order:
            case core.ListAll():
                return Say(star_words.listed(self.stories, self.catalogue.titles, self.now))
            case core.Companies():
                return Say(star_words.companies(self.catalogue.companies))
            case core.Show(number):
                shown = star_words.shown(self.story(number), self.catalogue.titles, self.now)
                return Say(blocks.text(shown), blocks=shown)
            case core.Tag(number, competencies):
                return Say(await self._tag(self.story(number), competencies))
            case core.Name(number, title):
                return Say(await self._name(self.story(number), title))
            case core.Delete(number, sure):
                return Say(await self._delete(self.story(number), sure=sure))
            case _:
                return Say(star_words.HELP)

    async def _tag(self, story: Story, competencies: Sequence[str]) -> str:
        if not competencies:
            return star_words.tag_asks(story, self.catalogue.suggested(story.versions[-1].text), self.catalogue.titles)
        await self.rows.tag(self.person, int(story.id), competencies)
        return star_words.tagged(story, competencies, self.catalogue.titles)

    async def _name(self, story: Story, title: str) -> str:
        await self.rows.rename(self.person, int(story.id), title)
        return star_words.named(int(story.id), title)

    async def _delete(self, story: Story, *, sure: bool) -> str:
        if not sure:
            return star_words.delete_asks(story)
        await self.rows.delete(self.person, int(story.id))
        return star_words.deleted(int(story.id))
