from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.commands.daily_commands import (
    Change,
    Now,
    Off,
    Order,
    Pause,
    Resume,
    SetChannel,
    SetConsent,
    ShowStreak,
    Skip,
    Status,
    Subscribe,
    parse,
)
from bot.core.daily.choosing import RESTS, WEAK_RESTS, choose, topics_of
from bot.core.daily.reviews import Grade
from bot.core.daily.schedule import Rhythm
from bot.core.daily.subscription import Setting, Subscription
from bot.core.model import Bank, Kind, Level, Question, Stage
from bot.core.refusal import UsageError
from bot.core.scoring import assess
from bot.core.session import History
from bot.core.text import blocks, daily_text
from sample_bank import CORE, FULL_ANSWER, UNIFORM, WRONG, sample_bank, theory

MONDAY = date(2026, 11, 23)
NOW = int(datetime(2026, 11, 23, 13, 5, tzinfo=UTC).timestamp())
MINE = Subscription("telegram:7", "telegram:7", Rhythm("Europe/Berlin", 510))
POOL = tuple(
    replace(theory(f"topic-{number:02}", kind), difficulty=1 + number % 5)
    for number, kind in enumerate([Kind.THEORY, Kind.DEBUGGING, Kind.JUDGEMENT] * 12)
)
KEPT_BACK = replace(theory("secret"), reserve=True)
BANK = Bank({q.id: q for q in (*POOL, KEPT_BACK)}, {})
IDS = [q.id for q in POOL]
NEW = History()
TOPICS = ("boosting", "calibration", "class-imbalance", "linear-models")


def bank_of(*questions: Question) -> Bank:
    return Bank({q.id: q for q in questions}, {})


def seen(*ids: str) -> History:
    return History(dict.fromkeys(ids, 1))


def drawn(day: date, count: int = 1, mine: Subscription = MINE) -> list[Question]:
    return [BANK.questions[i] for i in choose(BANK, replace(mine, count=count), [], NEW, day)]


# --- choosing ---------------------------------------------------------------------------------------------------------

subscriptions = st.builds(
    Subscription,
    person=st.sampled_from(["telegram:1", "discord:2"]),
    place=st.just("telegram:1"),
    rhythm=st.just(MINE.rhythm),
    count=st.integers(1, 7),
    topics=st.lists(st.sampled_from([q.topic for q in (*POOL, KEPT_BACK)]), max_size=3).map(tuple),
    ramp=st.booleans(),
    level=st.sampled_from(Level),
)
days = st.dates(date(2026, 1, 1), date(2030, 1, 1))
some_ids = st.lists(st.sampled_from([*IDS, KEPT_BACK.id, "gone"]), max_size=20)


@settings(deadline=None)
@given(mine=subscriptions, due=some_ids, past=st.sets(st.sampled_from(IDS)), day=days, today=some_ids, ago=st.data())
def test_every_choice_keeps_the_rules(  # noqa: PLR0913, PLR0917 - all that a choice depends on
    mine: Subscription, due: list[str], past: set[str], day: date, today: list[str], ago: st.DataObject
) -> None:
    asked = {i: day - timedelta(days=ago.draw(st.integers(0, 30))) for i in sorted(past)}
    chosen = choose(BANK, mine, due, seen(*past), day, today, asked)
    assert len(chosen) <= mine.count
    assert len(set(chosen)) == len(chosen)
    assert not set(chosen) & {*today, KEPT_BACK.id, "gone"}
    assert all(not mine.topics or BANK.questions[i].topic in mine.topics for i in chosen)
    assert all(i in due or i not in asked or day - asked[i] >= RESTS for i in chosen)
    assert chosen == choose(BANK, mine, due, seen(*past), day, today, asked)


@settings(deadline=None)
@given(mine=subscriptions, due=some_ids, day=days)
def test_due_reviews_come_first_in_their_order(mine: Subscription, due: list[str], day: date) -> None:
    wanted = [i for i in dict.fromkeys(due) if i in IDS and (not mine.topics or BANK.questions[i].topic in mine.topics)]
    assert list(choose(BANK, mine, due, NEW, day))[: len(wanted)] == wanted[: mine.count]


def test_a_backlog_of_sixty_reviews_is_asked_two_a_day() -> None:
    bank = bank_of(*(theory(f"topic-{number}") for number in range(70)))
    waiting, asked = sorted(bank.questions)[:60], Counter[str]()
    for number in range(30):
        chosen = choose(bank, replace(MINE, count=2), waiting, NEW, MONDAY + timedelta(days=number))
        assert list(chosen) == waiting[:2]
        asked.update(chosen)
        waiting = waiting[2:]
    assert not waiting
    assert set(asked.values()) == {1}


def test_a_review_due_on_the_day_after_comes_although_it_was_asked_yesterday() -> None:
    yesterday = {IDS[0]: MONDAY - timedelta(days=1)}
    assert choose(BANK, MINE, [IDS[0]], seen(IDS[0]), MONDAY, (), yesterday) == (IDS[0],)


def test_a_review_that_was_asked_today_waits_for_tomorrow() -> None:
    assert IDS[0] not in choose(BANK, MINE, [IDS[0]], NEW, MONDAY, [IDS[0]])


def test_reviews_off_the_wished_topics_wait() -> None:
    mine = replace(MINE, topics=("topic-05",))
    assert choose(BANK, mine, [IDS[0], IDS[5]], NEW, MONDAY) == (IDS[5],)


def test_only_fundamentals_and_the_basics_of_a_screen_are_asked() -> None:
    bank, asked = sample_bank(), set[str]()
    for number in range(60):
        asked |= set(choose(bank, replace(MINE, count=7), [], NEW, MONDAY + timedelta(days=number)))
    kinds = {(bank.questions[i].stage, bank.questions[i].kind) for i in asked}
    assert kinds == {
        (Stage.FUNDAMENTALS, Kind.THEORY),
        (Stage.FUNDAMENTALS, Kind.DEBUGGING),
        (Stage.FUNDAMENTALS, Kind.JUDGEMENT),
        (Stage.SCREEN, Kind.BASICS),
    }


def test_a_weak_topic_comes_before_new_ones() -> None:
    weak = History(topic_scores={"topic-07": 0.2, "topic-08": 0.9})
    assert choose(BANK, MINE, [], weak, MONDAY) == (IDS[7],)


def test_a_new_question_of_a_weak_topic_comes_before_one_that_was_seen() -> None:
    again = replace(POOL[7], id="again")
    history = History({"again": 1}, {"topic-07": 0.2})
    assert choose(bank_of(*POOL, again), MINE, [], history, MONDAY) == (IDS[7],)


@pytest.mark.parametrize(("rest", "comes"), [(WEAK_RESTS, True), (WEAK_RESTS - timedelta(days=1), False)])
def test_a_seen_question_of_a_weak_topic_comes_before_new_ones_after_three_weeks(
    *, rest: timedelta, comes: bool
) -> None:
    history = History({IDS[7]: 1}, {"topic-07": 0.2})
    chosen = choose(BANK, MINE, [], history, MONDAY, (), {IDS[7]: MONDAY - rest})
    assert (chosen == (IDS[7],)) is comes


def test_new_questions_come_before_seen_ones() -> None:
    left = IDS[-1]
    assert choose(BANK, MINE, [], seen(*IDS[:-1]), MONDAY) == (left,)


def test_when_all_were_seen_the_longest_unseen_comes_again() -> None:
    asked = {question: MONDAY - timedelta(days=20 + number) for number, question in enumerate(IDS)}
    assert choose(BANK, replace(MINE, count=3), [], seen(*IDS), MONDAY, (), asked) == (IDS[-1], IDS[-2], IDS[-3])


def test_when_all_was_asked_this_week_there_is_nothing_to_ask() -> None:
    asked = dict.fromkeys(IDS, MONDAY - timedelta(days=3))
    assert choose(BANK, MINE, [], seen(*IDS), MONDAY, (), asked) == ()


def test_no_topic_comes_twice_on_a_day_while_others_are_left() -> None:
    doubled = bank_of(*POOL, *(replace(q, id=f"{q.id}-2") for q in POOL))
    for number in range(14):
        chosen = choose(doubled, replace(MINE, count=7), [], NEW, MONDAY + timedelta(days=number))
        assert len({doubled.questions[i].topic for i in chosen}) == 7


@pytest.mark.parametrize("level", list(Level))
def test_difficulty_rises_through_the_week(level: Level) -> None:
    mine = replace(MINE, level=level)
    week = [drawn(MONDAY + timedelta(days=number), 1, mine)[0].difficulty for number in range(7)]
    assert week == sorted(week)
    assert week[0] < week[-1]


def test_without_a_ramp_mondays_are_as_hard_as_sundays() -> None:
    mine = replace(MINE, ramp=False)
    by_day = [
        sum(drawn(MONDAY + timedelta(days=7 * week + day), 1, mine)[0].difficulty for week in range(200))
        for day in (0, 6)
    ]
    assert abs(by_day[0] - by_day[1]) < 0.1 * by_day[0]


def test_questions_of_the_level_come_first() -> None:
    staff_only = [replace(q, levels=(Level.STAFF,)) for q in POOL[:3]]
    bank = bank_of(*staff_only, *POOL[3:])
    for number in range(20):
        chosen = choose(bank, MINE, [], NEW, MONDAY + timedelta(days=number))
        assert Level.MID in bank.questions[chosen[0]].levels


def test_two_people_and_two_days_draw_differently() -> None:
    people = {choose(BANK, replace(MINE, person=f"telegram:{n}"), [], NEW, MONDAY) for n in range(40)}
    weeks = {choose(BANK, MINE, [], NEW, MONDAY + timedelta(days=7 * n)) for n in range(40)}
    assert min(len(people), len(weeks)) > 3


def test_a_month_repeats_nothing_while_new_questions_are_left() -> None:
    asked: dict[str, date] = {}
    for number in range(len(POOL)):
        day = MONDAY + timedelta(days=number)
        (chosen,) = choose(BANK, MINE, [], seen(*asked), day, (), asked)
        assert chosen not in asked
        asked[chosen] = day
    assert choose(BANK, MINE, [], seen(*asked), day + timedelta(days=1), (), asked) == (next(iter(asked)),)


def test_the_topics_are_those_that_can_be_asked() -> None:
    assert topics_of(BANK) == tuple(sorted(q.topic for q in POOL))
    assert {"basics-a", "entropy"} <= set(topics_of(sample_bank()))
    assert not {"project-a", "hashing", "ownership"} & set(topics_of(sample_bank()))


# --- the grammar ------------------------------------------------------------------------------------------------------


def order(line: str, mine: Subscription | None = MINE, locale: str = "de") -> Order:
    return parse(line, mine, MONDAY, locale, TOPICS)


def refusal(line: str, mine: Subscription | None = MINE) -> str:
    with pytest.raises(UsageError) as refused:
        order(line, mine)
    return str(refused.value)


def set_(setting: Setting, **changes: object) -> Change:
    rhythm = {name: value for name, value in changes.items() if name in Rhythm.__slots__}
    others = {name: value for name, value in changes.items() if name not in rhythm}
    return Change(setting, replace(MINE, rhythm=replace(MINE.rhythm, **rhythm), **others))


def paused(until: date | None) -> Subscription:
    return replace(MINE, rhythm=replace(MINE.rhythm, paused_until=until))


TOMORROW = date(2026, 11, 24)
SKIPPING = replace(MINE, rhythm=replace(MINE.rhythm, skipped=frozenset({TOMORROW})))
SPRING = date(2027, 1, 6)
LINES: Mapping[str, Order] = {
    "": Status(),
    "  ": Status(),
    "08:30": Subscribe(510, "Europe/Berlin", guessed=False),
    "8.30": Subscribe(510, "Europe/Berlin", guessed=False),
    "8:30 pm": Subscribe(1230, "Europe/Berlin", guessed=False),
    "at 8:30pm": Subscribe(1230, "Europe/Berlin", guessed=False),
    "08:30 Asia/Kathmandu": Subscribe(510, "Asia/Kathmandu", guessed=False),
    "8:30 am america/new york": Subscribe(510, "America/New_York", guessed=False),
    "zone europe/lisbon": set_(Setting.ZONE, zone="Europe/Lisbon"),
    "days mon-fri": set_(Setting.DAYS, days=frozenset(range(5))),
    "day mon, wed": set_(Setting.DAYS, days=frozenset({0, 2})),
    "count 3": set_(Setting.COUNT, count=3),
    "topics boosting, calibration": set_(Setting.TOPICS, topics=("boosting", "calibration")),
    "topics boosting calibration": set_(Setting.TOPICS, topics=("boosting", "calibration")),
    "topics boosting, boosting,": set_(Setting.TOPICS, topics=("boosting",)),
    "topics class imbalance": set_(Setting.TOPICS, topics=("class-imbalance",)),
    "topics Class_Imbalance, linear models": set_(Setting.TOPICS, topics=("class-imbalance", "linear-models")),
    "topics any": set_(Setting.TOPICS, topics=()),
    "off": Off(),
    "OFF": Off(),
    "off please": Off(),
    "stop": Off(),
    "pause until 2027-01-06": Pause(SPRING, paused(SPRING)),
    "pause 2027-01-06": Pause(SPRING, paused(SPRING)),
    "pause": Pause(None, paused(date.max)),
    "resume": Resume(MINE),
    "skip": Skip(TOMORROW, SKIPPING),
    "now": Now(),
    "quiet 22:00-07:00": set_(Setting.QUIET, quiet=(1320, 420)),
    "quiet 22:00 to 07:00": set_(Setting.QUIET, quiet=(1320, 420)),
    "quiet off": set_(Setting.QUIET, quiet=None),
    "evening 19:00": set_(Setting.EVENING, evening=1140),
    "evening off": set_(Setting.EVENING, evening=None),
    "ramp on": set_(Setting.RAMP, ramp=True),
    "ramp off": set_(Setting.RAMP, ramp=False),
    "streak": ShowStreak(),
    "channel 09:00": SetChannel(540, "Europe/Berlin"),
    "channel 09:00 UTC": SetChannel(540, "UTC"),
    "channel off": SetChannel(None),
    "consent on": SetConsent(given=True),
    "consent off": SetConsent(given=False),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_after_daily_is_understood(line: str) -> None:
    assert order(line) == LINES[line]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("paus", 'I do not know "/daily paus". Did you mean /daily pause?'),
        ("sreak", "Did you mean /daily streak?"),
        ("xylophone", "Send a time, as in /daily 08:30, or /daily alone."),
        ("25:00", "08:30"),
        ("08:30 Europe/Berln", "Did you mean Europe/Berlin?"),
        ("zone Europe/Berln", "Did you mean Europe/Berlin?"),
        ("zone", "as in /daily zone Europe/Berlin"),
        ("days mondy-fri", "Did you mean Monday?"),
        ("days", "as in /daily days mon-fri"),
        ("count 0", "The count is a number from 1 to 7, as in /daily count 3."),
        ("count 8", "from 1 to 7"),
        ("count many", "from 1 to 7"),
        ("topics calibraton", 'There is no topic "calibraton". Did you mean calibration?'),
        ("topics boosting, xyz", 'There is no topic "xyz". There are: boosting, calibration,'),
        ("topics ,", "There are: boosting, calibration,"),
        ("pause until 2026-11-23", "A pause ends on a day to come, as in /daily pause until 2026-11-30."),
        ("pause until tomorrow", "date"),
        ("pause until", "date"),
        ("resume tomorrow", '/daily resume stands alone, without "tomorrow".'),
        ("skip friday", "stands alone"),
        ("now please", "stands alone"),
        ("streak all", "stands alone"),
        ("quiet 22:00", "22:00-07:00"),
        ("quiet 22:00-22:00", "22:00-07:00"),
        ("evening late", "08:30"),
        ("ramp up", "Ramp can be on or off, as in /daily ramp on."),
        ("consent yes", "Consent can be on or off, as in /daily consent on."),
        ("channel", "as in /daily channel 09:00"),
    ],
)
def test_what_is_misspelt_is_answered_by_one_clear_sentence(line: str, sentence: str) -> None:
    said = refusal(line)
    assert sentence in said
    assert said.endswith((".", "?"))
    assert "\n" not in said


@settings(deadline=None)
@given(line=st.text(max_size=40))
def test_any_line_is_an_order_or_refused(line: str) -> None:
    for mine in (None, MINE):
        try:
            assert order(line, mine)
        except UsageError as refused:
            assert str(refused)


@settings(deadline=None)
@given(word=st.sampled_from(["", "at", "zone", "days", "count", "topics", "pause", "quiet", "evening", "channel"]),
       rest=st.text("0123456789:-., apmontueduriofASI/", max_size=14))  # fmt: skip
def test_any_rest_of_a_known_word_is_an_order_or_refused(word: str, rest: str) -> None:
    try:
        assert order(f"{word} {rest}")
    except UsageError as refused:
        assert str(refused)


def test_a_newcomers_zone_is_guessed_and_the_order_says_so() -> None:
    assert order("08:30", None, "de") == Subscribe(510, "Europe/Berlin", guessed=True)
    assert order("channel 09:00", None, "de") == SetChannel(540, "Europe/Berlin", guessed=True)
    assert order("08:30 Asia/Tokyo", None, "de") == Subscribe(510, "Asia/Tokyo", guessed=False)


@pytest.mark.parametrize("line", ["zone UTC", "days mon", "count 2", "pause", "resume", "skip", "ramp on"])
def test_without_a_subscription_one_is_told_how_to_start(line: str) -> None:
    assert refusal(line, None) == "You have no daily question yet. Start it with a time, as in /daily 08:30."


@pytest.mark.parametrize("mine", [None, replace(MINE, active=False)])
def test_off_never_fails(mine: Subscription | None) -> None:
    assert order("off", mine) == Off()


def test_resume_ends_a_pause_and_an_off() -> None:
    assert order("resume", paused(SPRING)) == Resume(MINE)
    assert order("resume", replace(MINE, active=False)) == Resume(MINE)
    assert refusal("days mon", replace(MINE, active=False)).startswith("Your daily question is off.")


def test_skipped_days_that_are_over_are_forgotten() -> None:
    old = replace(MINE, rhythm=replace(MINE.rhythm, skipped=frozenset({date(2026, 11, 2)})))
    assert order("skip", old) == Skip(TOMORROW, SKIPPING)


# --- the words --------------------------------------------------------------------------------------------------------

AT_0830 = int(datetime(2026, 11, 24, 7, 30, tzinfo=UTC).timestamp())
CALIBRATION = replace(theory("class-imbalance"), prompt="What does a score of 0.7 promise?")


def test_a_guessed_zone_is_said_with_its_clock_and_how_to_change_it() -> None:
    assert daily_text.subscribed(MINE, AT_0830, NOW, guessed=True) == (
        "Your daily question comes at 08:30, every day, in Europe/Berlin. "
        "The next one comes tomorrow, Tuesday 24 November, at 08:30. /daily off stops it at once.\n"
        "I take it you are in Europe/Berlin, where it is 14:05 now. If not: /daily zone Your/City"
    )
    assert "I take it" not in daily_text.subscribed(MINE, AT_0830, NOW, guessed=False)


def test_an_unknown_zone_is_said_to_be_unknown() -> None:
    nowhere = replace(MINE, rhythm=Rhythm("UTC", 510))
    said = daily_text.subscribed(nowhere, AT_0830, NOW, guessed=True)
    assert said.endswith("I do not know your time zone, so I take UTC, where it is 13:05 now. "
                         "To set yours: /daily zone Your/City")  # fmt: skip


def test_the_next_prompt_is_today_tomorrow_or_on_a_date() -> None:
    said = [daily_text.resumed(MINE, at, NOW) for at in (NOW + 3600, AT_0830, AT_0830 + 6 * 86_400, None)]
    assert said == [
        "We go on. The next one comes today at 15:05.",
        "We go on. The next one comes tomorrow, Tuesday 24 November, at 08:30.",
        "We go on. The next one comes on Monday 30 November at 08:30.",
        "We go on. No next one is planned.",
    ]


def test_the_status_lists_all_that_is_set() -> None:
    rhythm = replace(MINE.rhythm, days=frozenset(range(5)), quiet=(1320, 420), evening=1140)
    mine = replace(MINE, rhythm=rhythm, count=3, topics=("calibration", "class-imbalance"))
    assert daily_text.status(mine, AT_0830, NOW, 2, "A streak of 5.").splitlines()[:-1] == [
        "3 daily questions come at 08:30, Monday to Friday, in Europe/Berlin.",
        "Questions are on calibration and class imbalance only. Questions get harder from Monday to Sunday.",
        "Nothing comes from 22:00 to 07:00.",
        "If nothing was answered, I remind you at 19:00.",
        "The next one comes tomorrow, Tuesday 24 November, at 08:30.",
        "2 reviews are due. A streak of 5.",
    ]


def test_the_status_of_who_has_none_or_is_off_or_paused_says_how_to_begin() -> None:
    assert "/daily 08:30" in daily_text.status(None, None, NOW, 0, "")
    assert "/daily resume" in daily_text.status(replace(MINE, active=False), None, NOW, 0, "")
    assert "Paused until you send /daily resume." in daily_text.status(paused(date.max), None, NOW, 0, "")


@pytest.mark.parametrize("setting", list(Setting))
def test_every_setting_has_its_sentence(setting: Setting) -> None:
    rhythm = replace(MINE.rhythm, quiet=(1320, 420), evening=1140)
    full = daily_text.changed(setting, replace(MINE, rhythm=rhythm, topics=("boosting",), ramp=False), AT_0830, NOW)
    assert full.endswith(". The next one comes tomorrow, Tuesday 24 November, at 08:30.")
    assert daily_text.changed(setting, MINE, AT_0830, NOW)


def test_the_prompt_names_the_day_and_the_topic() -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert daily_text.prompt(CALIBRATION, tuesday) == (
        "Daily question, Tuesday. Topic: class imbalance.\n\nWhat does a score of 0.7 promise?"
    )
    assert daily_text.prompt(CALIBRATION, tuesday, 1, 3, review=True).startswith(
        "Daily question 1 of 3, Tuesday. Topic: class imbalance. You have answered this one before."
    )


def result(answer: str, grade: Grade = Grade.HARD, days: int = 3, streak: str = "A streak of 5.") -> str:
    return blocks.text(daily_text.result(CALIBRATION, assess(CALIBRATION, answer), grade, days, streak))


def test_a_result_quotes_what_was_made_and_names_what_was_missing() -> None:
    said = result(CORE)
    assert said.startswith("Class imbalance: solid, ")
    assert "of 100" in said.splitlines()[0]
    assert f'- Made: Entropy measures uncertainty.\n  You said: "{CORE.rstrip(".")}' in said
    assert "- Not found: It is largest for the uniform distribution." in said
    assert "Model answer:\nEntropy is a measure" in said
    assert said.endswith("You had part of it, so it comes back in 3 days. A streak of 5.")


def test_a_result_puts_a_misconception_right_with_the_words_that_showed_it() -> None:
    said = result(f"{CORE} {UNIFORM} {WRONG}")
    assert "- To put right: The entropy of a discrete distribution is never negative." in said
    assert 'You said: "Entropy is always negative' in said


def test_the_model_answer_is_folded() -> None:
    shown = daily_text.result(CALIBRATION, assess(CALIBRATION, FULL_ANSWER), Grade.EASY, 8, "")
    assert blocks.Folded("Model answer", CALIBRATION.model_answer) in shown
    assert blocks.text(shown).endswith("You had nearly all of it, so it comes back in 8 days.")


def test_a_forgotten_question_comes_back_tomorrow_without_blame() -> None:
    assert result("I don't know", Grade.AGAIN, 1, "").endswith("We look at this one again tomorrow.")


def test_an_answer_in_another_language_is_not_judged() -> None:
    answer = (
        "Die Entropie ist ein Mass dafür, wie unsicher man über den Ausgang eines Versuchs ist und wie viel man lernt."
    )
    said = result(answer, Grade.AGAIN, 1)
    assert said.startswith("Class imbalance: not judged\n\nI can only follow English")


def test_a_question_without_key_points_shows_no_empty_list() -> None:
    plain = replace(CALIBRATION, key_points=(), misconceptions=())
    shown = daily_text.result(plain, assess(plain, FULL_ANSWER), Grade.GOOD, 2, "")
    assert not [block for block in shown if isinstance(block, blocks.Bullets)]


def everything_said() -> Sequence[str]:
    return [
        daily_text.NOT_SUBSCRIBED, daily_text.OFF, daily_text.NOTHING_TO_OFF, daily_text.NOTHING_TO_ASK,
        daily_text.CHANNEL_OFF, daily_text.CONSENT_ON, daily_text.CONSENT_OFF,
        daily_text.status(MINE, AT_0830, NOW, 1, "A streak of 5."),
        daily_text.paused(SPRING), daily_text.paused(None),
        daily_text.skipped(TOMORROW, "Europe/Berlin", AT_0830 + 86_400, NOW),
        daily_text.later(900), daily_text.again(CALIBRATION), daily_text.reminder(CALIBRATION),
        daily_text.expired(MONDAY), daily_text.channel_thread(MONDAY) + ".",
        daily_text.out_of_reach("Allow direct messages from this server."), daily_text.out_of_reach(""),
        daily_text.channel_set(540, "Europe/Berlin", NOW, guessed=True),
        daily_text.channel_set(540, "Europe/Berlin", NOW, guessed=False),
        daily_text.channel_question(CALIBRATION, MONDAY),
        daily_text.discussion(CALIBRATION, 0, ()), daily_text.discussion(CALIBRATION, 1, ("Ada",)),
        daily_text.discussion(CALIBRATION, 5, ("Ada", "Bo")),
        *(daily_text.changed(setting, MINE, AT_0830, NOW) for setting in Setting),
    ]  # fmt: skip


def test_every_sentence_is_plain_and_finished() -> None:
    for said in everything_said():
        assert not set(said) & set("!*_`<>")
        assert "  " not in said
        assert said.rstrip("?.").lower() != said
        assert said.endswith((".", "?", "Your/City"))


def test_a_channel_names_only_who_agreed() -> None:
    head = "Yesterday's question was on class imbalance."
    assert daily_text.discussion(CALIBRATION, 5, ("Ada", "Bo")).startswith(
        f"{head} 5 people answered, among them Ada and Bo."
    )
    assert daily_text.discussion(CALIBRATION, 2, ("Ada", "Bo")).startswith(f"{head} 2 people answered: Ada and Bo.")
    assert daily_text.discussion(CALIBRATION, 1, ()).startswith(f"{head} One person answered.")
    assert daily_text.discussion(CALIBRATION, 1, (), yesterday=False).startswith("The last question was on")
