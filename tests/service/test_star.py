"""Rehearsing stories and ordering the bank about, from the first line to the last, on both databases."""

from collections.abc import AsyncIterator
from functools import cache

import pytest
from test_platforms import ADA, BOB, DM, GROUP, Running

from assembled import assembled
from bot.banks.loader import catalogue_of, read
from bot.config import shipped_content
from bot.core.commands import story_commands
from bot.core.effects import Tone
from bot.core.session import Format, Rehearsal, RehearsalKind, State
from bot.core.stories import Grid, Story
from bot.core.stories.competencies import Catalogue, CompanySet
from bot.core.text import replies, story_text
from bot.service.conversation import resume
from bot.service.conversation.context import AccessRules
from bot.service.delivery.attachments import Attachments
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Incoming, Pressed, Said, Unreadable
from bot.service.ports.messages import File, Message
from bot.storage import SqlStore, open_store
from fakes import FakeClock, FakePlatform
from postgres import on_both_databases

SECTIONS = (
    "Last May our checkout failed for one customer in ten, every evening between six and nine.",
    "I was asked to find out why and to bring the failures down before the summer sale.",
    "I traced the failed requests, I found a pool of connections that ran dry, and I rewrote how we hand them out.",
    "Failures fell from 10 % to 0.2 %, and the sale brought 40,000 orders in one evening.",
    "Since then I put a limit and an alarm on every pool before it goes live.",
)
SECRETS = ("checkout", "connections", "40,000", "pool")
STORY = " ".join(SECTIONS)
OTHER = (
    "In my second year a colleague and I disagreed about moving our reports to a new database. My task was to decide "
    "within a week. I wrote both plans down, I measured them on last year's data, and I showed her the numbers. "
    "She agreed, we moved, and the reports took 3 minutes where they had taken 50. I learned to measure first."
)


@cache
def shipped() -> Catalogue:
    """The competencies that come with the program."""
    folders = [shipped_content() / name for name in ("competencies", "companies")]
    return catalogue_of(read(folders))


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(url)
    yield opened
    await opened.close()


class Rehearsing(Running):
    """A bot that people tell their stories to."""

    async def send(self, *lines: str, person: str = ADA) -> str:
        """Each line in the person's own chat; what was said to the last one."""
        for line in lines:
            before = len(self.platform.sent)
            await self.hear(line, person, person, private=True)
        return "\n".join(message.text for message in self.platform.sent[before:])

    async def tells(self, story: str, order: str = "/star", person: str = ADA) -> None:
        """A whole rehearsal with one story."""
        await self.send(order, person=person)
        session = await self.session(person)
        assert isinstance(session.activity, Rehearsal)
        guided = session.activity.kind is RehearsalKind.NEW
        await self.send(story, *(["/skip"] * 4 if guided else ["/done"]), person=person)
        await self.ends(person)

    async def ends(self, person: str = ADA) -> None:
        """Leave out whatever is still to come of a rehearsal."""
        for _ in range(9):
            if await self.router.interviews.session(person) is None:
                return
            await self.send("/skip", person=person)
        raise AssertionError

    async def story(self, number: int, person: str = ADA) -> Story:
        """A story of the bank as it is kept."""
        async with self.store.begin() as transaction:
            return story_commands.found(await transaction.stories.all(person), number)

    def seen_in(self, place: str) -> list[Message]:
        """What everybody in a group reads."""
        return [message for message in self.platform.sent if message.place == place and not message.private]


class Pencil:
    """Draws nothing but how many competencies have a story."""

    def grid(self, shown: Grid, company: CompanySet | None = None) -> bytes:
        return f"{company.company if company else 'all'}: {shown.covered}".encode()


def bot_of(store: SqlStore, clock: FakeClock, catalogue: Catalogue, access: AccessRules) -> Rehearsing:
    platform = FakePlatform()
    platforms = Platforms({"telegram": platform})
    documents = Attachments(store.outbox, store, Pencil(), lambda: catalogue, clock).get
    made = assembled(store, clock, platforms, access=access, catalogue=lambda: catalogue, documents=documents)
    return Rehearsing(**vars(made), platform=platform)


@pytest.fixture
def bot(store: SqlStore) -> Rehearsing:
    return bot_of(store, FakeClock(), shipped(), AccessRules())


@on_both_databases
async def test_the_first_story_is_asked_for_section_by_section_and_kept(bot: Rehearsing) -> None:
    assert "ituation" in await bot.send("/star")
    await bot.send(*SECTIONS)
    assert (await bot.session()).state is State.APPRAISING
    assert "1." in await bot.send("/star list")
    await bot.send("3 4")
    await bot.ends()
    shown = await bot.send("/star show 1")
    assert all(section in shown for section in SECTIONS)
    assert "3" in shown


async def test_with_a_bank_it_asks_for_what_needs_it_most_and_takes_several_messages(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    covered = (await bot.story(1)).competencies
    await bot.send("/star")
    star = (await bot.session()).activity
    assert star
    assert star.kind is RehearsalKind.TELL
    assert star.competency not in covered
    await bot.send(OTHER[:120], OTHER[120:], "/done")
    await bot.ends()
    assert (await bot.story(2)).versions[-1].text.replace("\n", " ")[:60] == OTHER[:60]


async def test_one_competency_can_be_wished_for(bot: Rehearsing) -> None:
    await bot.send("/star conflict")
    star = (await bot.session()).activity
    assert star
    assert star.competency == "conflict"
    assert star.prompt in bot.platform.texts[-1]


async def test_the_level_is_the_one_that_the_person_has_set(bot: Rehearsing) -> None:
    await bot.send("/settings level staff", "/star conflict")
    star = (await bot.session()).activity
    assert star
    found = shipped().competency("conflict")
    assert found
    assert star.scope == found.scope.staff


async def test_a_deep_link_begins_a_rehearsal(bot: Rehearsing) -> None:
    await bot.send("/start star_conflict")
    star = (await bot.session()).activity
    assert star
    assert star.competency == "conflict"


async def test_in_a_group_the_rehearsal_runs_in_private_and_the_group_reads_nothing(bot: Rehearsing) -> None:
    await bot.hear("/star", GROUP)
    assert isinstance((await bot.session(DM)).activity, Rehearsal)
    assert bot.seen_in(GROUP) == []
    whispered = [message for message in bot.platform.sent if message.place == GROUP]
    assert [(message.text, message.person) for message in whispered] == [(story_text.IN_PRIVATE, ADA)]
    await bot.send(*SECTIONS)
    await bot.ends()
    assert len([message for message in bot.platform.sent if message.place == GROUP]) == 1


async def test_two_people_rehearse_at_once_in_one_group_without_a_word_of_either_in_it(bot: Rehearsing) -> None:
    group, bobs = "telegram:-5//7", "telegram:-5//8"
    await bot.hear("/star", group, ADA)
    await bot.hear("/star", bobs, BOB)
    for mine, theirs in zip(SECTIONS, OTHER.split(". "), strict=False):
        await bot.send(mine, person=ADA)
        await bot.send(theirs, person=BOB)
    await bot.ends(ADA)
    await bot.ends(BOB)
    for order in ("list", "show 1", "grid", "tag 1 ownership", "name 1 The secret", "companies", "help", "practice 1"):
        await bot.hear(f"/star {order}", group, ADA)
        await bot.hear(f"/star {order}", bobs, BOB)
    assert bot.seen_in(group) == bot.seen_in(bobs) == []
    of_ada, of_bob = ([m.text for m in bot.platform.sent if m.person == person] for person in (ADA, BOB))
    assert any("checkout" in text for text in of_ada)
    assert not any("checkout" in text for text in of_bob)
    assert not any("colleague and I disagreed" in text for text in of_ada)


async def test_a_person_whose_direct_messages_are_closed_is_told_what_would_mend_it(bot: Rehearsing) -> None:
    bot.platform.closed[ADA] = "Open a chat with me first."
    await bot.hear("/star", GROUP)
    assert bot.platform.sent[-1].text == "Open a chat with me first."
    assert bot.platform.sent[-1].private
    bot.platform.closed[ADA] = ""
    await bot.hear("/star", GROUP)
    assert bot.platform.sent[-1].text == story_text.NOT_IN_PRIVATE
    assert await bot.router.interviews.session(DM) is None


async def test_only_the_story_that_is_shared_is_read_by_everybody_and_only_where_it_was_asked_for(
    bot: Rehearsing,
) -> None:
    await bot.tells(STORY)
    await bot.tells(OTHER)
    await bot.hear("/star share 2", GROUP)
    (shared,) = bot.seen_in("telegram:-5")
    assert "colleague and I disagreed" in shared.text
    assert "checkout" not in shared.text
    assert (shared.person, shared.private) == ("", False)


async def test_a_story_is_tagged_named_and_shown(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    asked = await bot.send("/star tag 1")
    assert (await bot.story(1)).competencies
    assert asked
    assert "ownership and conflict" in await bot.send("/star tag 1 ownership conflict")
    assert (await bot.story(1)).competencies == ("ownership", "conflict")
    assert await bot.send("/star name 1 The evening failures") == story_text.named(1, "The evening failures")
    assert "The evening failures" in await bot.send("/star show 1")
    assert "The evening failures" in await bot.send("/star list")


async def test_the_grid_comes_as_text_with_its_picture(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    assert "1 of 20 competencies" in await bot.send("/star grid")
    assert bot.platform.sent[-1].document == File("stories.png", b"all: 1")
    assert bot.platform.sent[-1].private
    assert "Customer Obsession" in await bot.send("/star grid amazon")
    assert bot.platform.sent[-1].document == File("stories.png", b"Amazon: 1")


async def test_a_story_is_deleted_only_by_whoever_is_sure(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    story = await bot.story(1)
    assert await bot.send("/star delete 1") == story_text.delete_asks(story)
    assert await bot.send("/star delete 1 yes") == story_text.deleted(1)
    assert await bot.send("/star list") == story_text.EMPTY_BANK
    await bot.tells(OTHER)
    assert "2." in await bot.send("/star list")


@pytest.mark.parametrize("order", ["show 7", "edit 7", "practice 7", "tag 7 ownership", "name 7 It", "delete 7 yes"])
async def test_a_story_that_is_not_there_is_named_in_one_sentence(bot: Rehearsing, order: str) -> None:
    assert "no story 7" in await bot.send(f"/star {order}")
    assert await bot.router.interviews.session(DM) is None


async def test_a_story_of_somebody_else_is_not_there(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    assert "no story 1" in await bot.send("/star show 1", person=BOB)
    assert "no story 1" in await bot.send("/star delete 1 yes", person=BOB)
    await bot.hear("/star share 1", "telegram:-5//8", BOB)
    assert bot.seen_in("telegram:-5") == []
    assert (await bot.story(1)).versions


async def test_a_wrong_word_is_answered_with_the_likely_one(bot: Rehearsing) -> None:
    assert "Did you mean" in await bot.send("/star onwership")


async def test_the_overviews_are_told(bot: Rehearsing) -> None:
    assert await bot.send("/star help") == story_text.HELP
    assert "Amazon" in await bot.send("/star companies")
    assert await bot.send("/star list") == story_text.EMPTY_BANK


@on_both_databases
async def test_a_practised_story_is_rated_and_kept_as_a_new_version(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    await bot.send("/star practice 1", STORY.replace("ten", "twelve"), "/done", "4", "3")
    await bot.ends()
    story = await bot.story(1)
    assert len(story.versions) == 2
    assert [(rating.clarity, rating.impact) for rating in story.ratings] == [(4, 3)]
    assert story.told.times == 2


async def test_one_section_of_a_long_story_is_written_anew_and_the_rest_stays(bot: Rehearsing) -> None:
    long = f"{STORY} " + "I checked one more service and wrote down what I found. " * 40
    await bot.tells(long)
    await bot.send("/star edit 1", "Result: Failures fell from 10 % to 0.1 %.", "/done")
    await bot.ends()
    text = (await bot.story(1)).versions[-1].text
    assert "0.1 %" in text
    assert text.count("wrote down what I found") == 40


async def test_an_open_interview_is_told_instead_of_a_second_one(bot: Rehearsing) -> None:
    await bot.send("/mock fundamentals")
    assert (await bot.send("/star")).startswith(replies.already_open("").split(" It is")[0])
    assert (await bot.session()).setup.format is Format.FUNDAMENTALS


async def test_an_interview_in_a_group_and_a_rehearsal_in_private_do_not_get_in_each_others_way(
    bot: Rehearsing,
) -> None:
    await bot.hear("/star", GROUP)
    await bot.hear("/mock fundamentals", GROUP)
    assert (await bot.session(GROUP)).setup.format is Format.FUNDAMENTALS
    await bot.send("/stop")
    await bot.ends()
    assert await bot.router.interviews.session(GROUP)


async def test_rehearsals_are_not_counted_as_interviews(store: SqlStore) -> None:
    bot = bot_of(store, FakeClock(), shipped(), AccessRules(starts_a_person=1))
    for _ in range(3):
        await bot.send("/star", "/stop")
        await bot.ends()
    await bot.send("/mock fundamentals")
    assert (await bot.session()).setup.format is Format.FUNDAMENTALS


async def test_content_without_competencies_is_said_in_one_sentence_and_stories_stay_within_reach(
    bot: Rehearsing,
) -> None:
    await bot.tells(STORY)
    bare = bot_of(bot.store, bot.clock, Catalogue(), AccessRules())
    bare.numbers = 1000
    assert await bare.send("/star") == story_text.NO_CATALOGUE
    assert await bare.send("/star grid") == story_text.NO_CATALOGUE
    assert "checkout" in await bare.send("/star show 1")


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker"])
async def test_what_cannot_be_read_gets_a_kind_word_while_a_story_is_told(bot: Rehearsing, kind: str) -> None:
    await bot.send("/star")
    await bot.hear(Unreadable(kind), DM)
    assert bot.platform.texts[-1] == replies.unreadable(kind, telling=True)
    assert "story" in bot.platform.texts[-1]
    assert (await bot.session()).state is State.TELLING


async def test_a_restart_in_the_middle_loses_nothing(bot: Rehearsing) -> None:
    await bot.send("/star", *SECTIONS[:3])
    bot.clock.forward(3600)
    again = bot_of(bot.store, bot.clock, shipped(), AccessRules())
    again.numbers = 1000
    await resume.go_on(bot.store.heartbeat, again.router.interviews, Platforms({"telegram": again.platform}), 3600)
    await again.settled()
    assert "Result" in await again.send("/repeat")
    await again.send(*SECTIONS[3:])
    await again.ends()
    text = (await again.story(1)).versions[-1].text
    assert all(section in text for section in SECTIONS)


async def test_a_rating_can_be_pressed(bot: Rehearsing) -> None:
    await bot.send("/star", *SECTIONS)
    for stars in ("5", "4"):
        asked = bot.platform.sent[-1]
        assert asked.choices == ("1", "2", "3", "4", "5")
        await bot.hear(Pressed(asked.session_id or 0, asked.mark, stars))
    story = await bot.story(1)
    assert [(rating.clarity, rating.impact) for rating in story.ratings] == [(5, 4)]


@on_both_databases
async def test_a_story_told_a_fourth_time_in_a_behavioral_mock_is_named_as_such(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    for _ in range(2):
        await bot.tells(STORY, "/star practice 1")
    await bot.send("/mock behavioral", STORY, "/done")
    assert any("told this one three times" in message.text for message in bot.platform.sent)
    assert (await bot.story(1)).told.times == 4


async def test_feedback_is_shown_as_a_debrief_and_stays_where_the_rehearsal_is(bot: Rehearsing) -> None:
    await bot.hear("/star", GROUP)
    await bot.send(*SECTIONS)
    await bot.ends()
    (feedback,) = [message for message in bot.platform.sent if message.tone is Tone.DEBRIEF]
    assert (feedback.place, feedback.person) == (DM, ADA)
    assert "0.2 %" in feedback.text


async def test_direct_messages_that_were_closed_are_used_again_once_they_are_open(bot: Rehearsing) -> None:
    await bot.router.reachability.mark_unreachable(DM, "")
    await bot.hear("/star", GROUP)
    assert any(message.place == DM and "Situation" in message.text for message in bot.platform.sent)


async def test_a_story_deleted_while_it_is_told_again_stays_deleted(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    await bot.send("/star practice 1", "/star delete 1 yes", STORY, "/done", "3 3")
    await bot.ends()
    assert await bot.send("/star list") == story_text.EMPTY_BANK


async def test_what_was_told_of_a_story_is_forgotten_with_everything_else(bot: Rehearsing) -> None:
    await bot.tells(STORY)
    await bot.send("/star", "/forget everything")
    assert await bot.router.interviews.session(DM) is None
    assert await bot.send("/star list") == story_text.EMPTY_BANK


@on_both_databases
async def test_asked_for_twice_at_once_one_rehearsal_begins(bot: Rehearsing) -> None:
    places = {GROUP: "telegram:901", DM: "telegram:902"}
    both = [Incoming(key, place, ADA, 0, Said("/star"), private=place == DM) for place, key in places.items()]
    await bot.inbox.receive(both)
    await bot.settled()
    assert [message.text[:11] for message in bot.platform.sent].count("A new story") == 1
    assert any(message.text.startswith("An interview or a story of yours") for message in bot.platform.sent)


@pytest.mark.parametrize(
    ("order", "wanted", "word"),
    [
        ("/star", "coding", story_text.REHEARSAL_OPEN),
        ("/mock fundamentals", "star", replies.OTHER_OPEN),
        ("/star", "star", ""),
        ("/star", "", ""),
    ],
)
async def test_whoever_comes_back_for_something_else_is_told_what_is_still_open(
    bot: Rehearsing, order: str, wanted: str, word: str
) -> None:
    await bot.send(order)
    before = len(bot.platform.sent)
    assert await bot.router.interviews.reopen(DM, 60, wanted)
    await bot.settled()
    said = [message.text for message in bot.platform.sent[before:]]
    assert said[0] == word if word else not {story_text.REHEARSAL_OPEN, replies.OTHER_OPEN} & set(said)
