"""What comes in and goes out through a platform, on the fake store and on real databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from assembled import Service, assembled
from bot.core.effects import Tone
from bot.core.session import Session
from bot.core.text import replies
from bot.service.conversation import resume
from bot.service.conversation.context import AccessRules
from bot.service.inbox import RateLimiter
from bot.service.platforms import Platforms
from bot.service.ports.incoming import (
    Attached,
    Content,
    Edited,
    Incoming,
    Left,
    Moved,
    Pressed,
    Said,
    Submitted,
    Unreadable,
    UnreadableError,
)
from bot.service.ports.platform import Budget, MovedError, RefusedError, TryAgainError, UnreachableError
from bot.storage import SqlStore, open_store
from fakes import FakeClock, FakePlatform
from postgres import on_both_databases
from rows import due_timers, left_unsent, waiting
from sample_bank import CORE, FULL_ANSWER

DM, GROUP, TOPIC = "telegram:7", "telegram:-5//7", "telegram:-6/3"
ADA, BOB = "telegram:7", "telegram:8"


@dataclass
class Running(Service):
    """All parts of the service around one platform."""

    platform: FakePlatform
    numbers: int = 0

    async def hear(self, what: Content | str, place: str = DM, person: str = ADA, **more: object) -> Incoming:
        """One thing that somebody does, worked on to the end and answered."""
        self.numbers += 1
        key = f"telegram:{self.numbers}"
        said = Said(what, f"s{self.numbers}") if isinstance(what, str) else what
        fields = {"private": place == DM, "ticket": f"t{self.numbers}"} | more
        incoming = Incoming(key, place, person, self.clock(), said, **fields)  # type: ignore[arg-type]
        await self.inbox.receive([incoming])
        await self.settled()
        return incoming

    async def settled(self) -> None:
        """Wait until everything is worked on and sent."""
        for _ in range(3):
            assert await self.inbox._queues.drained(5)
            assert await self.delivery._queues.drained(5)
        if self.delivery._noting:
            await self.delivery._noting

    async def session(self, place: str = DM) -> Session:
        found = await self.router.interviews.session(place)
        assert found
        return found


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so, at most a minute of virtual time."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.01)


def parts(store: SqlStore, clock: FakeClock, platform: FakePlatform, access: AccessRules) -> Running:
    made = assembled(store, clock, Platforms({"telegram": platform}), access=access)
    return Running(**vars(made), platform=platform)


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(url)
    yield opened
    await opened.close()


@pytest.fixture
def bot(store: SqlStore) -> Running:
    return parts(store, FakeClock(), FakePlatform(), AccessRules())


@on_both_databases
async def test_an_interview_runs_to_its_verdict_and_the_report_goes_along(bot: Running) -> None:
    for text in ("/mock fundamentals 6", FULL_ANSWER, "/done", "/skip", "3"):
        await bot.hear(text)
    last = bot.platform.sent[-1]
    assert last.tone is Tone.DEBRIEF
    assert last.text.startswith("Fundamentals, mid level: ")
    assert last.blocks
    assert last.document
    assert bot.platform.sent[1].due == bot.clock() + 6 * 60


async def test_the_same_delivery_twice_is_worked_on_once(bot: Running) -> None:
    incoming = await bot.hear("/mock fundamentals")
    await bot.inbox.receive([incoming, incoming])
    await bot.settled()
    assert bot.platform.texts.count(bot.platform.texts[0]) == 1


@on_both_databases
async def test_what_was_heard_before_a_crash_is_worked_on_after_it(bot: Running, store: SqlStore) -> None:
    await bot.hear("/mock fundamentals")
    await store.inbox.keep([Incoming("telegram:99", DM, ADA, 0, Said(CORE, "s99"))], bot.clock())
    after = parts(store, bot.clock, FakePlatform(), AccessRules())
    await after.inbox.resume()
    await after.settled()
    assert (await after.session()).turn.text == CORE
    assert await waiting(store) == []


async def test_what_is_queued_for_a_platform_that_is_given_up_stays_in_its_row(bot: Running, store: SqlStore) -> None:
    bot.platform.failing = [OSError()]
    await bot.inbox.receive([Incoming("telegram:1", DM, ADA, 0, Said("/mock fundamentals"))])
    await until(lambda: not bot.platform.failing)
    del bot.delivery._platforms["telegram"]
    await bot.settled()
    assert len(bot.platform.sent) == 1
    assert len(await left_unsent(store)) == 1


async def test_what_was_not_sent_before_a_crash_is_sent_after_it(bot: Running, store: SqlStore) -> None:
    bot.platform.failing = [OSError()] * 1000
    await bot.inbox.receive([Incoming("telegram:1", DM, ADA, 0, Said("/mock fundamentals"))])
    assert await bot.inbox._queues.drained(5)
    await bot.delivery.stop(0)
    after = parts(store, bot.clock, FakePlatform(), AccessRules())
    await after.delivery.deliver(await left_unsent(store))
    await after.settled()
    assert len(after.platform.sent) == 2
    assert await left_unsent(store) == []


async def test_a_failing_network_delays_but_neither_loses_nor_doubles_nor_swaps(bot: Running) -> None:
    bot.platform.failing = [OSError(), None, TimeoutError(), TryAgainError(0.01), None]
    await bot.hear("/mock fundamentals")
    assert [message.id for message in bot.platform.sent] == [1, 2]


async def test_a_chat_that_was_told_to_wait_does_not_hold_up_others(store: SqlStore) -> None:
    platform = FakePlatform(budgets=(Budget("all", 30, 1, one_chat=False),))
    platform.budgets = lambda place: (Budget(place, 3, 1),)  # type: ignore[method-assign]
    bot = parts(store, FakeClock(), platform, AccessRules())
    platform.failing = [TryAgainError(0.5)]
    await bot.inbox.receive([Incoming("telegram:1", DM, ADA, 0, Said("/history"))])
    await until(lambda: not platform.failing)
    await bot.inbox.receive([Incoming("telegram:2", "telegram:8", BOB, 0, Said("/history"))])
    await bot.settled()
    assert [message.place for message in platform.sent] == ["telegram:8", DM]


async def test_a_message_the_platform_refuses_does_not_block_the_next(bot: Running, store: SqlStore) -> None:
    bot.platform.failing = [RefusedError("no")]
    await bot.hear("/mock fundamentals")
    assert [message.id for message in bot.platform.sent] == [2]
    assert await left_unsent(store) == []


@on_both_databases
async def test_in_a_blocked_chat_the_clock_stands_still_until_the_person_is_back(bot: Running, store: SqlStore) -> None:
    await bot.hear("/mock fundamentals")
    await bot.hear(Left())
    assert await due_timers(store, bot.clock() + 10_000, 10) == []
    bot.clock.forward(7200)
    await bot.hear(CORE)
    session = await bot.session()
    assert session.turn.text == CORE
    assert session.turn.due_at == session.turn.asked_at + 7200 + session.turn.slot.seconds
    assert any(text.startswith("Welcome back. I was away for 120 minutes") for text in bot.platform.texts)


async def test_who_cannot_be_reached_in_a_group_is_told_in_private_what_to_grant(bot: Running, store: SqlStore) -> None:
    await bot.hear("/mock fundamentals", GROUP)
    bot.platform.failing = [UnreachableError("Ask an admin to let me send messages in this group.")]
    await bot.hear("/time", GROUP)
    last = bot.platform.sent[-1]
    assert last.place == DM
    assert "Ask an admin to let me send messages in this group." in last.text
    assert await left_unsent(store) == []


@on_both_databases
async def test_a_group_that_moves_takes_its_interviews_along(bot: Running) -> None:
    await bot.hear("/mock fundamentals", GROUP)
    await bot.hear(Moved("telegram:-5", "telegram:-1005"), "telegram:-5")
    assert (await bot.session("telegram:-1005//7")).place == "telegram:-1005//7"
    await bot.hear("/time", "telegram:-1005//7")
    assert bot.platform.sent[-1].place == "telegram:-1005//7"


async def test_a_move_noticed_on_sending_loses_nothing(bot: Running) -> None:
    bot.platform.failing = [MovedError("telegram:-5", "telegram:-1005")]
    await bot.hear("/mock fundamentals", GROUP)
    assert {message.place for message in bot.platform.sent} == {"telegram:-1005//7"}
    assert len(bot.platform.sent) == 2
    assert await bot.router.interviews.session("telegram:-1005//7")


async def test_a_second_tap_on_done_does_not_close_the_follow_up(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    await bot.hear(CORE)
    question = bot.platform.sent[1]
    press = Pressed(question.session_id or 0, question.mark, "done")
    await bot.hear(press)
    before = await bot.session()
    await bot.hear(press)
    assert await bot.session() == before
    assert bot.platform.notices[-1][1] == replies.STALE_BUTTON


async def test_a_button_is_only_for_its_candidate(bot: Running) -> None:
    await bot.hear("/mock fundamentals", TOPIC)
    question = bot.platform.sent[1]
    before = await bot.session(TOPIC)
    await bot.hear(Pressed(question.session_id or 0, question.mark, "skip"), TOPIC, BOB)
    assert bot.platform.notices[-1][1] == replies.NOT_YOURS
    assert await bot.session(TOPIC) == before


async def test_buttons_of_a_finished_interview_say_so(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    question = bot.platform.sent[1]
    await bot.hear("/stop")
    await bot.hear(Pressed(question.session_id or 0, question.mark, "hint"))
    assert bot.platform.notices[-1][1] == replies.OVER


@pytest.mark.parametrize(
    "mark", ["", "q", "q1.0", "x1.0.0", "q1.0.0.0", "q-1.0.0", "q²." * 3, "q1.0.99999999999999999"]
)
@on_both_databases
async def test_a_forged_button_does_nothing(bot: Running, mark: str) -> None:
    await bot.hear("/mock fundamentals")
    before = await bot.session()
    await bot.hear(Pressed(1, mark, "skip"))
    assert await bot.session() == before


async def test_an_answer_from_a_form_counts_and_a_late_one_is_given_back(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    mark = bot.platform.sent[1].mark
    await bot.hear(Submitted(1, mark, CORE))
    assert (await bot.session()).turn.text == CORE
    await bot.hear("/skip")
    await bot.hear(Submitted(1, mark, "what I typed meanwhile"))
    assert bot.platform.sent[-1].text == replies.too_late("what I typed meanwhile")


@on_both_databases
async def test_an_edit_counts_while_the_question_is_open(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    incoming = await bot.hear("entropi")
    assert isinstance(incoming.content, Said)
    await bot.hear(Edited(CORE, incoming.content.source))
    assert (await bot.session()).turn.text == CORE
    await bot.hear("/skip")
    await bot.hear(Edited("something else", incoming.content.source))
    assert (await bot.session()).turns[0].text == CORE


async def test_a_file_is_an_answer_and_a_wrong_one_gets_a_kind_sentence(bot: Running) -> None:
    bot.platform.files = {"good": CORE, "bad": UnreadableError("I read .py, .txt and .md files.")}
    await bot.hear("/mock fundamentals")
    await bot.hear(Attached("good", "a.py", 10, "s50"))
    assert (await bot.session()).turn.text == CORE
    await bot.hear(Attached("bad", "a.exe", 10))
    assert bot.platform.texts[-1] == "I read .py, .txt and .md files."


async def test_a_voice_message_gets_a_kind_word(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    await bot.hear(Unreadable("voice"))
    assert bot.platform.texts[-1] == replies.unreadable("voice")


async def test_others_in_the_group_do_not_answer_and_commands_of_theirs_do_nothing(bot: Running) -> None:
    await bot.hear("/mock fundamentals", TOPIC)
    before = await bot.session(TOPIC)
    await bot.hear("I think it is entropy", TOPIC, BOB)
    await bot.hear("/skip", TOPIC, BOB)
    assert await bot.session(TOPIC) == before
    assert bot.platform.texts[-1] == replies.NOT_YOURS
    assert bot.platform.sent[-1].private
    assert bot.platform.sent[-1].person == BOB


@on_both_databases
async def test_in_a_group_only_what_was_meant_for_the_bot_is_an_answer(bot: Running) -> None:
    await bot.hear("/mock fundamentals", GROUP)
    await bot.hear("by the way, lunch at noon?", GROUP, addressed=False)
    await bot.hear(Said("no, not that one", "s60", reply_to="m1"), GROUP)
    await bot.hear("/mock fundamentals", "telegram:-5//8", BOB)
    other = bot.platform.sent[-1]
    await bot.hear(Said("good luck with that", "s61", reply_to=f"m{other.id}"), GROUP)
    assert (await bot.session(GROUP)).turn.text == "no, not that one"


async def test_two_interviews_in_one_chat_do_not_mix(bot: Running) -> None:
    for person, number in ((ADA, 7), (BOB, 8)):
        await bot.hear("/mock fundamentals", f"telegram:-5//{number}", person)
        await bot.hear(f"this is {person}", f"telegram:-5//{number}", person)
    assert (await bot.session("telegram:-5//7")).turn.text == f"this is {ADA}"
    assert (await bot.session("telegram:-5//8")).turn.text == f"this is {BOB}"


async def test_a_second_interview_is_refused_with_a_link_to_the_first(bot: Running) -> None:
    bot.platform.rooms = {"telegram:-9//7": "telegram:-9/44"}
    await bot.hear("/mock fundamentals", "telegram:-9//7")
    assert await bot.router.interviews.session("telegram:-9/44")
    await bot.hear("/mock coding", "telegram:-9//7")
    assert bot.platform.texts[-1].endswith("It is here: https://example.org/telegram:-9/44/m2")
    await bot.hear("/mock coding", "telegram:-9/44", BOB)
    assert bot.platform.texts[-1].startswith("Somebody else's interview is open here.")


async def test_requests_in_a_group_are_answered_to_the_person_alone(bot: Running) -> None:
    for line in ("/settings", "/privacy", "/history", "/report", "/export", "/forget", "/nonsense", "/mock nonsense"):
        await bot.hear(line, GROUP)
        assert bot.platform.sent[-1].private, line
        assert bot.platform.sent[-1].person == ADA, line


async def test_a_debrief_can_be_kept_private(bot: Running) -> None:
    await bot.hear("/settings debrief private", GROUP)
    for line in ("/mock fundamentals", CORE, "/stop", "3"):
        await bot.hear(line, GROUP)
    assert bot.platform.sent[-1].tone is Tone.DEBRIEF
    assert bot.platform.sent[-1].private


async def test_start_with_a_deep_link_begins_that_interview(bot: Running) -> None:
    await bot.hear("/start mock_coding_senior_30")
    assert bot.platform.texts[0].startswith("Coding, senior level, about 30 minutes")


async def test_help_outside_an_interview_lists_everything(bot: Running) -> None:
    await bot.hear("/help")
    assert "/mock" in bot.platform.texts[0]
    assert "/privacy" in bot.platform.texts[0]
    assert "/start:" not in bot.platform.texts[0]


@on_both_databases
async def test_forget_deletes_everything_after_asking(bot: Running, store: SqlStore) -> None:
    for line in ("/mock fundamentals", CORE, "/stop", "3", "/forget"):
        await bot.hear(line)
    assert bot.platform.texts[-1] == replies.FORGET_ASKS
    await bot.hear("/forget everything")
    assert bot.platform.texts[-1] == replies.FORGOTTEN
    await bot.hear("/history")
    assert bot.platform.texts[-1] == "No interviews yet. /mock starts one."
    async with store.begin() as transaction:
        assert await transaction.settings(ADA) == {}
        assert (await transaction.history(ADA)).finished == 0


async def test_only_invited_people_and_chats_get_in(store: SqlStore) -> None:
    access = AccessRules(frozenset({"telegram:7", "telegram:-6"}), owner="telegram:1")
    bot = parts(store, FakeClock(), FakePlatform(), access)
    await bot.hear("/history")
    await bot.hear("/history", "telegram:8", BOB)
    await bot.hear("/history", "telegram:8", BOB)
    await bot.hear("/history", TOPIC, BOB)
    await bot.hear("/history", "telegram:1", "telegram:1")
    await bot.hear("/history", "telegram:9", "telegram:9", within=("telegram:-6",))
    none_yet = "No interviews yet. /mock starts one."
    assert bot.platform.texts == [none_yet, replies.NOT_INVITED, none_yet, none_yet, none_yet]


@on_both_databases
async def test_so_many_interviews_a_day_and_no_more_except_for_the_owner(store: SqlStore) -> None:
    bot = parts(store, FakeClock(), FakePlatform(), AccessRules(starts_a_person=2, owner=BOB))
    for _ in range(3):
        await bot.hear("/mock fundamentals")
        await bot.hear("/stop")
        await bot.hear("/mock fundamentals", "telegram:8", BOB)
        await bot.hear("/stop", "telegram:8", BOB)
    assert sum(text.startswith("Fundamentals, mid level, about") for text in bot.platform.texts) == 5
    assert replies.start_limit(24, 2) in bot.platform.texts
    bot.clock.forward(24 * 3600 + 1)
    await bot.hear("/mock fundamentals")
    assert bot.platform.sent[-1].tone is Tone.QUESTION


async def test_a_flood_is_stopped_with_one_sentence(bot: Running) -> None:
    for _ in range(RateLimiter.A_PERSON + 20):
        await bot.hear("/history")
    assert bot.platform.texts.count(replies.TOO_FAST) == 1
    assert len(bot.platform.sent) == RateLimiter.A_PERSON + 1
    bot.clock.forward(61)
    await bot.hear("/history")
    assert bot.platform.texts[-1] == "No interviews yet. /mock starts one."


async def test_after_a_short_outage_the_clock_is_set_back_without_a_word(bot: Running, store: SqlStore) -> None:
    await bot.hear("/mock fundamentals")
    before = (await bot.session()).turn.due_at or 0
    said = len(bot.platform.sent)
    await resume.go_on(store.heartbeat, bot.router.interviews, Platforms({"telegram": bot.platform}), 20)
    await bot.settled()
    assert (await bot.session()).turn.due_at == before + 20
    assert len(bot.platform.sent) == said
    await resume.go_on(store.heartbeat, bot.router.interviews, Platforms({"telegram": bot.platform}), 600)
    await bot.settled()
    assert bot.platform.texts[-2].startswith("Welcome back. I was away for 10 minutes")


async def test_what_breaks_while_it_is_worked_on_is_told_and_not_tried_for_ever(
    bot: Running, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_heard: Incoming) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(bot.router, "handle", broken)
    await bot.hear("/history")
    assert bot.platform.texts == [replies.SOMETHING_BROKE]
    assert await waiting(store) == []


async def test_every_message_offers_what_can_be_done_now(bot: Running) -> None:
    await bot.hear("/mock fundamentals")
    assert [command.value for command in bot.platform.sent[-1].commands] == ["done", "hint", "skip", "seen", "stop"]
    await bot.hear("/pause")
    assert [command.value for command in bot.platform.sent[-1].commands] == ["resume", "stop"]
    await bot.hear(Pressed(1, bot.platform.sent[-1].mark, "resume"))
    assert bot.platform.sent[-1].tone is Tone.QUESTION
    await bot.hear(Pressed(1, bot.platform.sent[-1].mark, "hint"))
    assert (await bot.session()).turn.hints == 1


async def test_who_starts_anew_is_told_at_once_that_the_lost_interview_was_closed(bot: Running) -> None:
    bot.platform.rooms = {"telegram:-9//7": "telegram:-9/44"}
    await bot.hear("/mock fundamentals", "telegram:-9//7")
    await bot.hear(Left(), "telegram:-9/44")
    bot.platform.rooms = {"telegram:-9//7": "telegram:-9/45"}
    await bot.hear("/mock coding", "telegram:-9//7")
    assert replies.gone(1) in bot.platform.texts
    assert await bot.router.interviews.session("telegram:-9/45")
