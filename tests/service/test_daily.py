"""The daily question, from the wish to the next morning, on real databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from test_platforms import ADA, BOB, DM, GROUP, Running, parts

from bot.core.effects import Tone
from bot.core.text import daily_text, replies
from bot.scheduler import Ticker
from bot.service.conversation.context import AccessRules
from bot.service.ports.incoming import Left, Moved, Pressed
from bot.service.ports.messages import Message
from bot.storage import SqlStore, open_store
from fakes import FakeClock, FakePlatform
from postgres import on_both_databases
from rows import left_unsent
from sample_bank import CORE, FULL_ANSWER

MONDAY = int(datetime(2026, 11, 23, 7, 0, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 24 * 3600
MORNING = 90 * 60  # from 07:00 to 08:30


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(url)
    yield opened
    await opened.close()


class Days(Running):
    """A bot whose clock is moved from morning to morning."""

    async def forward(self, seconds: int) -> None:
        """Let time go by, ticking on the way at least every half hour."""
        end = self.clock() + seconds
        ticker = Ticker(self.store.schedule, self.store.heartbeat, self.due, self.clock, ("telegram",))
        while self.clock() < end:
            self.clock.forward(min(HOUR // 2, end - self.clock()))
            await ticker._ask_daily()
            await self.settled()  # a prompt that is sent hours later by this clock has lapsed

    @property
    def prompts(self) -> list[Message]:
        return [message for message in self.platform.sent if message.choices[:1] == ("daily-answer",)]

    async def press(self, what: str, message: Message | None = None, person: str = ADA) -> str:
        shown = message or self.prompts[-1]
        await self.hear(Pressed(shown.session_id or 0, shown.mark, what), DM, person)
        return self.platform.notices[-1][1]


@pytest.fixture
def bot(store: SqlStore) -> Days:
    made = parts(store, FakeClock(MONDAY), FakePlatform(), AccessRules())
    return Days(**vars(made))


@on_both_databases
async def test_the_question_comes_at_the_wished_time_and_is_answered_right_there(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    assert "08:30" in bot.platform.texts[0]
    await bot.forward(MORNING - 60)
    assert bot.prompts == []
    await bot.forward(10 * 60)
    (prompt,) = bot.prompts
    assert prompt.tone is Tone.QUESTION
    assert prompt.text.startswith("Daily question, Monday.")
    await bot.hear(FULL_ANSWER)
    await bot.hear("/done")
    while (await bot.router.interviews.session(DM)) is not None:
        await bot.hear("/skip")
    result = bot.platform.sent[-1]
    assert result.tone is Tone.DEBRIEF
    assert result.choices == ("again", "hard", "good", "easy")
    assert "Your streak has begun" in result.text
    assert not any("how did you do" in text for text in bot.platform.texts)


async def test_exactly_one_prompt_a_day_and_the_unanswered_do_not_pile_up(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(7 * DAY)
    assert len(bot.prompts) == 7
    assert len({prompt.text.split(".")[0] for prompt in bot.prompts}) == 7


async def test_an_outage_longer_than_the_morning_drops_that_day_only(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    bot.clock.forward(MORNING + 5 * HOUR)
    await bot.forward(HOUR)
    assert bot.prompts == []
    await bot.forward(DAY)
    assert len(bot.prompts) == 1


async def test_a_shorter_outage_only_delays_it(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    bot.clock.forward(MORNING + 2 * HOUR)
    await bot.forward(600)
    assert len(bot.prompts) == 1


@on_both_databases
async def test_an_open_interview_is_not_interrupted(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.hear("/mock fundamentals")
    await bot.forward(MORNING + HOUR)
    assert bot.prompts == []
    await bot.hear("/stop")
    await bot.forward(1200)
    assert len(bot.prompts) == 1


async def test_several_a_day_come_one_after_the_other(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.hear("/daily count 2")
    await bot.forward(MORNING + 600)
    assert [prompt.text.split(",")[0] for prompt in bot.prompts] == ["Daily question 1 of 2"]
    await bot.press("daily-skip")
    assert [prompt.text.split(",")[0] for prompt in bot.prompts] == ["Daily question 1 of 2", "Daily question 2 of 2"]
    await bot.hear(CORE)
    while (await bot.router.interviews.session(DM)) is not None:
        await bot.hear("/skip")
    assert len(bot.prompts) == 2


@on_both_databases
async def test_later_asks_again_and_a_done_question_does_not_come_again(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    await bot.press("daily-later")
    assert bot.platform.texts[-1].startswith("I will ask again at 09:4")
    await bot.forward(HOUR + 600)
    assert len(bot.prompts) == 2
    await bot.press("daily-later")
    await bot.press("daily-skip")
    await bot.forward(2 * HOUR)
    assert len(bot.prompts) == 2


async def test_the_evening_reminder_comes_only_when_nothing_was_answered(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.hear("/daily evening 19:00")
    await bot.forward(DAY - HOUR)
    assert [prompt.text.split(" ")[0] for prompt in bot.prompts] == ["Daily", "Today's"]
    await bot.forward(MORNING + HOUR + 600)
    await bot.press("daily-skip")
    await bot.forward(12 * HOUR)
    assert len(bot.prompts) == 3


async def test_the_answer_button_shows_the_question_with_its_buttons(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    assert await bot.press("daily-answer") == ""
    shown = bot.platform.sent[-1]
    assert [command.value for command in shown.commands] == ["done", "hint", "skip", "seen", "stop"]
    assert await bot.press("daily-answer") == replies.already_open("")


async def test_a_second_tap_and_a_strangers_tap_do_nothing(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    assert await bot.press("daily-skip", person=BOB) == replies.NOT_YOURS
    await bot.press("daily-skip")
    assert await bot.press("daily-skip") == replies.DAILY_DONE


async def test_the_buttons_of_a_question_live_until_the_next_day_is_over(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    monday = bot.prompts[0]
    await bot.forward(DAY)
    assert await bot.press("daily-answer", monday) == ""
    await bot.hear("/skip")
    await bot.forward(DAY)
    tuesday = bot.prompts[1]
    await bot.forward(DAY)
    for what in ("daily-answer", "daily-later", "daily-tonight", "daily-skip"):
        closed = await bot.press(what, tuesday)
        assert closed.startswith("The question of Tuesday 24 November is closed by now"), closed
    assert await bot.press("daily-off", tuesday) == ""
    assert bot.platform.texts[-1] == daily_text.OFF


async def test_after_an_outage_no_reminder_comes_in_the_night_nor_for_a_day_that_is_over(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.hear("/daily evening 19:00")
    await bot.hear("/daily quiet 22:00-07:00")
    for away in (5 * HOUR, 14 * HOUR):
        await bot.forward(MORNING + 600)
        assert bot.prompts[-1].text.startswith("Daily question")
        bot.clock.forward(9 * HOUR + away)
        await bot.forward(600)
        assert bot.prompts[-1].text.startswith("Daily question")
        bot.clock.now = MONDAY + DAY
    assert len(bot.prompts) == 2


async def test_what_was_put_off_comes_after_an_outage_unless_its_day_is_long_over(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    await bot.press("daily-later")
    bot.clock.forward(10 * HOUR)
    await bot.forward(600)
    assert len(bot.prompts) == 2
    await bot.press("daily-later")
    await bot.hear("/daily off")
    bot.clock.forward(2 * DAY)
    await bot.forward(600)
    assert len(bot.prompts) == 2


@on_both_databases
async def test_what_the_person_says_of_their_memory_counts_more_than_the_score(bot: Days, store: SqlStore) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    await bot.hear(CORE)
    while (await bot.router.interviews.session(DM)) is not None:
        await bot.hear("/skip")
    result = bot.platform.sent[-1]
    assert await bot.press("easy", result) == replies.daily_regraded(8)
    async with store.begin() as transaction:
        ((_, due),) = await transaction.daily.due_reviews(ADA, bot.clock() + 30 * DAY)
    assert due - bot.clock() == pytest.approx(8 * DAY, abs=DAY)
    assert await bot.press("easy", result, person=BOB) == replies.NOT_YOURS


async def test_a_due_review_comes_before_anything_new(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    first = bot.prompts[0].text.split("\n\n")[1]
    await bot.hear("I do not know")
    while (await bot.router.interviews.session(DM)) is not None:
        await bot.hear("/skip")
    await bot.forward(DAY)
    assert bot.prompts[1].text.split("\n\n")[1] == first
    assert "You have answered this one before." in bot.prompts[1].text


@on_both_databases
async def test_off_pause_skip_and_resume(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.hear("/daily pause until 2026-11-26")
    await bot.forward(3 * DAY)
    assert bot.prompts == []
    await bot.forward(DAY)
    assert len(bot.prompts) == 1
    await bot.hear("/daily skip")
    await bot.forward(2 * DAY)
    assert len(bot.prompts) == 2
    await bot.hear("/daily off")
    assert bot.platform.texts[-1] == daily_text.OFF
    await bot.forward(2 * DAY)
    assert len(bot.prompts) == 2
    await bot.hear("/daily resume")
    await bot.forward(DAY)
    assert len(bot.prompts) == 3


async def test_quiet_hours_are_kept(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.hear("/daily quiet 22:00-10:00")
    await bot.forward(MORNING + HOUR)
    assert bot.prompts == []
    await bot.forward(HOUR)
    assert len(bot.prompts) == 1


async def test_now_asks_at_once_and_needs_no_subscription(bot: Days) -> None:
    await bot.hear("/daily now")
    assert len(bot.prompts) == 1, bot.platform.texts
    await bot.hear("/daily now")
    assert bot.prompts[1].text == bot.prompts[0].text


@on_both_databases
async def test_a_blocked_bot_stops_at_once_and_tells_where_they_opted_in(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London", GROUP)
    assert bot.platform.sent[-1].private
    await bot.hear(Left(), DM)
    assert bot.platform.sent[-1].place == GROUP
    assert bot.platform.sent[-1].text.startswith("I could not reach you in private")
    await bot.forward(3 * DAY)
    assert bot.prompts == []
    await bot.hear("/daily resume", GROUP)
    await bot.forward(DAY)
    assert len(bot.prompts) == 1


async def test_status_and_streak_say_what_is_set(bot: Days) -> None:
    await bot.hear("/daily")
    assert bot.platform.texts[-1] == daily_text.NOT_SUBSCRIBED
    await bot.hear("/daily 08:30 Europe/London")
    await bot.hear("/daily days mon-fri")
    await bot.hear("/daily")
    assert "Monday to Friday" in bot.platform.texts[-1]
    await bot.hear("/daily zone Europe/Berln")
    assert "Europe/Berlin" in bot.platform.texts[-1]


async def test_a_daily_question_is_no_interview_in_the_history(bot: Days) -> None:
    await bot.hear("/daily now")
    await bot.hear(CORE)
    while (await bot.router.interviews.session(DM)) is not None:
        await bot.hear("/skip")
    await bot.hear("/history")
    assert bot.platform.texts[-1] == "No interviews yet. /mock starts one."


async def test_forgetting_stops_it_and_leaves_nothing(bot: Days) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    await bot.hear("/forget everything")
    await bot.forward(2 * DAY)
    assert len(bot.prompts) == 1


async def test_a_restart_asks_nothing_twice(bot: Days, store: SqlStore) -> None:
    await bot.hear("/daily 08:30 Europe/London")
    await bot.forward(MORNING + 600)
    after = Days(**vars(parts(store, bot.clock, bot.platform, AccessRules())))
    await after.delivery.deliver(await left_unsent(store))
    await after.forward(DAY - int(timedelta(hours=1).total_seconds()))
    assert len(bot.prompts) == 1


CHANNEL = "telegram:-5"


@on_both_databases
async def test_a_channel_has_a_question_of_its_own_answered_in_private_and_talked_about_next_day(bot: Days) -> None:
    bot.platform.admins = {ADA}
    await bot.hear("/daily channel 09:00 Europe/London", "telegram:-5//8", BOB)
    assert bot.platform.texts[-1] == replies.DAILY_ADMINS_ONLY
    await bot.hear("/daily channel 09:00 Europe/London", GROUP)
    await bot.forward(MORNING + HOUR)
    (question,) = [message for message in bot.platform.sent if message.choices == ("daily-join",)]
    assert (question.place, question.private) == (CHANNEL, False)
    assert question.thread == "Daily question, 23 November"
    join = Pressed(0, question.mark, "daily-join")
    await bot.hear("/daily consent on", GROUP, name="Ada")
    for person, place, home in ((ADA, GROUP, DM), (BOB, "telegram:-5//8", "telegram:8")):
        await bot.hear(join, place, person)
        assert bot.platform.notices[-1][1] == replies.DAILY_JOINED
        await bot.hear(join, place, person)
        await bot.hear(CORE, home, person, private=True)
        while (await bot.router.interviews.session(home)) is not None:
            await bot.hear("/skip", home, person, private=True)
    assert len(bot.prompts) == 2
    assert all(message.place != CHANNEL or message is question for message in bot.platform.sent)
    await bot.forward(DAY)
    talk = next(m for m in bot.platform.sent if m.place == CHANNEL and "Yesterday's question" in m.text)
    assert "2 people answered, among them Ada." in talk.text
    assert "Model answer" in talk.text
    assert (talk.reply_to, talk.thread) == (f"m{question.id}", question.thread)
    await bot.hear("/daily channel off", GROUP)
    await bot.forward(2 * DAY)
    assert len([message for message in bot.platform.sent if message.choices == ("daily-join",)]) == 2


@on_both_databases
async def test_a_group_that_moves_takes_its_question_along(bot: Days) -> None:
    bot.platform.admins = {ADA}
    await bot.hear("/daily channel 09:00 Europe/London", GROUP)
    await bot.hear(Moved(CHANNEL, "telegram:-100"), GROUP)
    await bot.forward(MORNING + HOUR)
    (question,) = [message for message in bot.platform.sent if message.choices == ("daily-join",)]
    assert question.place == "telegram:-100"
    await bot.hear("/daily channel off", "telegram:-100//7")
    assert bot.platform.texts[-1] == daily_text.CHANNEL_OFF


async def test_what_went_stale_in_a_long_outage_is_let_go_of_at_once(bot: Days) -> None:
    for number in range(101):
        await bot.hear(
            "/daily 08:30 Europe/London", f"telegram:{number + 100}", f"telegram:{number + 100}", private=True
        )
    bot.clock.forward(MORNING + 5 * HOUR)
    said = len(bot.platform.sent)
    ticker = Ticker(bot.store.schedule, bot.store.heartbeat, bot.due, bot.clock, ("telegram",))
    for _ in range(2):
        await ticker._ask_daily()
    await bot.settled()
    assert len(bot.platform.sent) == said
    assert await bot.store.schedule.due_subscriptions(bot.clock(), 60, 1000, ("telegram",)) == []
    await bot.forward(DAY)
    assert len(bot.platform.sent) == said + 101
