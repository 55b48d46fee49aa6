"""A month of daily questions through the whole service: 80 people in 40 zones, on a real database.

Clocks change in it, the program is away for hours, and people pause, move, answer, and come back to a backlog. What
should happen is worked out beside the program, from the wall clocks alone.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import chain, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from test_platforms import Running

from assembled import assembled
from bot.core.daily.schedule import EXPIRY, JITTER
from bot.core.model import Bank
from bot.scheduler import Ticker
from bot.service.platforms import Platforms
from bot.service.ports.incoming import Content, Pressed
from bot.service.ports.messages import Message
from bot.storage import SqlStore, open_store, tables
from fakes import FakeClock, FakePlatform
from sample_bank import CORE, sample_bank, theory

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
START = int(datetime(2026, 10, 21, tzinfo=UTC).timestamp())  # clocks change on 25 October and on 1 November
END = START + 31 * DAY
STEPS = (20 * MINUTE, 40 * MINUTE, 50 * MINUTE)
OUTAGES = tuple(
    (int(begin.timestamp()), int(begin.timestamp()) + hours * HOUR)
    for begin, hours in (
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), 3),  # hides the hour in which Europe's clocks change
        (datetime(2026, 11, 5, 5, tzinfo=UTC), 3),
        (datetime(2026, 11, 9, 3, 20, tzinfo=UTC), 11),
    )
)
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Asuncion",
    "America/Bogota",
    "America/Chicago",
    "America/Halifax",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Yangon",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Etc/GMT+12",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Moscow",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Pacific/Marquesas",
)
QUIET = (None, None, (22 * 60, 7 * 60), (9 * 60 + 30, 13 * 60), (0, 9 * 60))
PAUSED_ON, BACK_ON = date(2026, 10, 29), date(2026, 11, 12)
DAYS = {
    "daily": frozenset(range(7)),
    "mon-fri": frozenset(range(5)),
    "sat,sun": frozenset({5, 6}),
    "sun": frozenset({6}),
    "mon": frozenset({0}),
    "thu": frozenset({3}),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """When somebody wants to be asked, and how many questions; `at` and `quiet` are minutes after midnight."""

    zone: str
    at: int
    days: str
    quiet: tuple[int, int] | None
    count: int
    back_on: date = date.min

    def wants(self, day: date) -> bool:
        return day.weekday() in DAYS[self.days] and day >= self.back_on

    def is_quiet(self, minute: int) -> bool:
        start, end = self.quiet or (0, 0)
        return (minute - start) % 1440 < (end - start) % 1440

    @property
    def lines(self) -> Iterator[str]:
        """What one types to have it so."""
        yield f"/daily {shown(self.at)} {self.zone}"
        if self.days != "daily":
            yield f"/daily days {self.days}"
        if self.quiet:
            yield f"/daily quiet {shown(self.quiet[0])}-{shown(self.quiet[1])}"
        if self.count > 1:
            yield f"/daily count {self.count}"


@dataclass(slots=True)
class Person:
    """Somebody with their wishes and since when each holds, what they do with a prompt, and what they got when."""

    number: int
    wishes: list[tuple[int, Wish]]
    change: str = ""
    answers: bool = False
    skips: bool = False
    got: list[tuple[int, Message]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"telegram:{self.number}"

    def wish_at(self, moment: int) -> Wish:
        return next(wish for since, wish in reversed(self.wishes) if since <= moment)

    def settled(self) -> Iterator[tuple[Wish, date]]:
        """The wanted dates that lay wholly within the month and within one wish."""
        for (since, wish), (until, _) in pairwise([*self.wishes, (END, self.wishes[-1][1])]):
            first, end = (wall(wish.zone, at)[0].toordinal() for at in (since, until))
            days = map(date.fromordinal, range(first + 1, end))
            yield from ((wish, day) for day in days if wish.wants(day))


def shown(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def wall(zone: str, at: int) -> tuple[date, int]:
    local = datetime.fromtimestamp(at, ZoneInfo(zone))
    return local.date(), local.hour * 60 + local.minute


def people() -> list[Person]:
    chance = random.Random(20261021)  # noqa: S311 - chance that can be repeated
    return [someone(number, chance) for number in range(1, 81)]


def someone(number: int, chance: random.Random) -> Person:
    """One in forty answers, one in forty leaves out what comes; one in eight pauses, one in eight moves."""
    days = "daily" if number % 20 == 4 else "mon-fri" if number % 20 == 7 else chance.choice(tuple(DAYS)[2:])
    quiet = chance.choice(QUIET)
    # These ticks are too rare for whoever is asked shortly before midnight, or before a quiet night.
    at = chance.choice((510, 540, 0, 90, 150, 1200 if quiet else 1380, chance.randrange(1260)))
    wish = Wish(ZONES[number % 40], at, days, quiet, chance.choice((1, 1, 2, 3)))
    person = Person(number, [(START, wish)], answers=number % 40 == 4, skips=number % 40 == 7)
    if number % 8 == 4:
        person.wishes.append((midnight(PAUSED_ON), replace(wish, back_on=BACK_ON)))
        person.change = f"/daily pause until {BACK_ON}"
    elif number % 8 == 5:
        zone = chance.choice(ZONES)
        person.wishes.append((START + chance.randrange(2 * DAY, 29 * DAY), replace(wish, zone=zone)))
        person.change = f"/daily zone {zone}"
    return person


def midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


class Mailbox(FakePlatform):
    """Hands everybody their questions, with the moment."""

    def __init__(self, clock: FakeClock, owners: dict[str, Person]) -> None:
        super().__init__()
        self._clock = clock
        self._owners = owners
        self.fresh: list[tuple[Person, Message]] = []

    async def post(self, part: Message) -> str:
        if part.choices[:1] == ("daily-answer",):
            owner = self._owners[part.place]
            owner.got.append((self._clock(), part))
            self.fresh.append((owner, part))
        return await super().post(part)


class Month(Running):
    """The program in the month, and what people do there."""

    async def begin(self, person: Person) -> None:
        for line in person.wishes[0][1].lines:
            await self.say(person, line)

    async def say(self, person: Person, what: Content | str) -> None:
        await self.hear(what, person.name, person.name, private=True)

    async def pass_by(self, everybody: list[Person]) -> None:
        """Tick in steps of some minutes, but in no outage, and do what people do."""
        assert isinstance(self.platform, Mailbox)
        ticker = Ticker(self.store.schedule, self.store.heartbeat, self.due, self.clock, ("telegram",))
        changes = sorted((p.wishes[1][0], p.number, p) for p in everybody if p.change)
        chance = random.Random(1)  # noqa: S311 - as above
        while self.clock() < END:
            self.clock.now = running(self.clock() + chance.choice(STEPS))
            while changes and changes[0][0] <= self.clock():
                person = changes.pop(0)[2]
                person.wishes[1] = (self.clock(), person.wishes[1][1])
                await self.say(person, person.change)
            await ticker._ask_daily()
            await self.settled()
            while self.platform.fresh:
                await self.react(*self.platform.fresh.pop(0))

    async def react(self, person: Person, prompt: Message) -> None:
        if person.skips:
            await self.say(person, Pressed(0, prompt.mark, "daily-skip"))
        elif person.answers:
            await self.say(person, CORE)
            while (await self.router.interviews.session(person.name)) is not None:
                await self.say(person, "/skip")


def running(moment: int) -> int:
    """The moment itself, or the end of the outage in which it falls."""
    return next((end for begin, end in OUTAGES if begin <= moment < end), moment)


def large_bank() -> Bank:
    """Enough questions for three a day that rest for a week."""
    small = sample_bank()
    more = (theory(f"topic-{number}") for number in range(40))
    return replace(small, questions={**small.questions, **{question.id: question for question in more}})


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of the month: everybody, the rows of what they were asked, and these by person and date."""

    everybody: list[Person]
    rows: list[Any]
    by_date: dict[str, dict[date, list[Any]]]


def dated(rows: Iterable[Any]) -> dict[str, dict[date, list[Any]]]:
    found: dict[str, dict[date, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.person][date.fromisoformat(row.day)].append(row)
    return found


async def lived(url: str) -> Asked:
    store = await open_store(url)
    everybody, clock = people(), FakeClock(START)
    platform = Mailbox(clock, {person.name: person for person in everybody})
    month = parts(store, clock, platform)
    for person in everybody:
        await month.begin(person)
    await month.pass_by(everybody)
    async with store.database.connected() as connection:
        rows = (await connection.execute(select(tables.prompts).order_by(tables.prompts.c.id))).rows
    await store.close()
    return Asked(everybody, list(rows), dated(rows))


def parts(store: SqlStore, clock: FakeClock, platform: Mailbox) -> Month:
    made = assembled(store, clock, Platforms({"telegram": platform}), bank=large_bank())
    return Month(**vars(made), platform=platform)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Asked:
    path = tmp_path_factory.mktemp("month") / "mockbot.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return asyncio.run(lived(f"sqlite+aiosqlite:///{path}"))


def moment_of(wish: Wish, day: date) -> int:
    """The first minute that clocks show and that is not quiet, from the wished one on; else the last one before."""
    for minute in chain(range(wish.at, 1440), reversed(range(wish.at))):
        at = int(
            datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZoneInfo(wish.zone)).timestamp()
        )
        if not wish.is_quiet(minute) and wall(wish.zone, at) == (day, minute):
            return at
    raise AssertionError(wish, day)


def may_be_dropped(wish: Wish, day: date) -> bool:
    """Whether an outage ended so late that it was no longer that morning; `slack` is until the next tick."""
    due, slack = moment_of(wish, day), JITTER + max(STEPS)
    for begin, end in OUTAGES:
        if begin - slack <= due < end:
            shown_day, minute = wall(wish.zone, end + slack)
            return end + slack > due + EXPIRY or shown_day != day or wish.is_quiet(minute)
    return False


def test_every_wished_date_has_its_questions_but_for_those_an_outage_took(asked: Asked) -> None:
    dropped = kept = 0
    for person in asked.everybody:
        for wish, day in person.settled():
            there = day in asked.by_date[person.name]
            assert there or may_be_dropped(wish, day), (person.number, wish, day)
            dropped, kept = dropped + (not there), kept + (there and moment_of(wish, day) != 0)
    assert 0 < dropped < 0.05 * kept


def test_a_date_that_was_not_wished_has_none(asked: Asked) -> None:
    for person in asked.everybody:
        wishes = [wish for _, wish in person.wishes]
        for day in asked.by_date[person.name]:
            assert any(wish.wants(day) for wish in wishes), (person.number, day)
        since = date.min
        for at, _ in person.got:
            day, _ = wall(person.wish_at(at).zone, at)
            assert day >= since
            since = day


def test_no_prompt_comes_twice_and_no_date_has_more_than_its_count(asked: Asked) -> None:
    for person in asked.everybody:
        marks = Counter(message.mark for _, message in person.got)
        assert set(marks.values()) <= {1}, person.number
        count = person.wishes[0][1].count
        for day, rows in asked.by_date[person.name].items():
            assert len(rows) == count, (person.number, day)
            assert len({row.question_id for row in rows}) == count
            assert sum(f"p{row.id}" in marks for row in rows) == (count if person.answers or person.skips else 1)


def test_they_come_on_their_date_after_the_wished_time_and_never_in_quiet_hours(asked: Asked) -> None:
    day_of = {f"p{row.id}": date.fromisoformat(row.day) for row in asked.rows}
    on_time = total = 0
    for person in asked.everybody:
        for at, message in person.got:
            wish = person.wish_at(at)
            day, minute = wall(wish.zone, at)
            assert day == day_of[message.mark], person.number
            assert not wish.is_quiet(minute), person.number
            due = moment_of(wish, day)
            assert at >= due or len(person.wishes) > 1
            on_time, total = on_time + (at - due <= JITTER + max(STEPS)), total + 1
    assert on_time > 0.95 * total


def test_a_break_spreads_its_reviews_over_the_days_after_it(asked: Asked) -> None:
    backlogs = 0
    for person in (someone for someone in asked.everybody if someone.answers and someone.change):
        dates = asked.by_date[person.name]
        before = {row.question_id for day, rows in dates.items() if day < BACK_ON for row in rows}
        after = [rows for day, rows in sorted(dates.items(), key=itemgetter(0)) if day >= BACK_ON]
        first, second = ({row.question_id for row in rows} for rows in after[:2])
        backlogs += first <= before and second <= before
        assert not first & second
    assert backlogs > 1


def test_everybody_was_asked(asked: Asked) -> None:
    assert all(person.got for person in asked.everybody)
    assert {wish.zone for person in asked.everybody for _, wish in person.wishes} == set(ZONES)
