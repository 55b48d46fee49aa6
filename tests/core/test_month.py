"""A month of 1,200 people in 40 zones on a fake clock, with two outages, new zones, pauses and changes to summer time.

What should happen is worked out beside the program, from the wall clocks alone. MOCKBOT_PEOPLE=10000 has more of them.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.core.daily.schedule import EXPIRY, JITTER, Due, Rhythm, jitter, late, local_date, next_due, replanned

PEOPLE = int(os.environ.get("MOCKBOT_PEOPLE", "1200"))  # three times each zone with each change
HOUR, DAY = 3600, 24 * 3600
START = int(datetime(2026, 3, 7, tzinfo=UTC).timestamp())
END = int(datetime(2026, 4, 7, tzinfo=UTC).timestamp())
# The last one hides the hour in which Europe's clocks change.
OUTAGES = tuple(
    (int(begin.timestamp()), int(begin.timestamp()) + hours * HOUR)
    for begin, hours in (
        (datetime(2026, 3, 9, 11, tzinfo=UTC), 3),
        (datetime(2026, 3, 18, 3, 20, tzinfo=UTC), 9),
        (datetime(2026, 3, 29, 0, 10, tzinfo=UTC), 3),
    )
)
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Asuncion",
    "America/Bogota",
    "America/Chicago",
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
)
CLOCKS = {zone: ZoneInfo(zone) for zone in ZONES}
QUIET = (None, None, (22 * 60, 7 * 60), (13 * 60, 15 * 60), (23 * 60, 9 * 60 + 30), (0, 6 * 60))
WORKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))


@dataclass(slots=True)
class Subscriber:
    """Somebody with the one prompt that is planned, and what came of those before."""

    name: str
    rhythm: Rhythm
    due: Due | None = None
    last: date | None = None
    sent: list[tuple[date, int]] = field(default_factory=list)
    dropped: list[Due] = field(default_factory=list)
    rhythms: list[tuple[int, Rhythm]] = field(default_factory=list)

    def change(self, rhythm: Rhythm, now: int) -> None:
        self.rhythm = rhythm
        self.rhythms.append((now, rhythm))
        self.due = replanned(rhythm, self.due, self.last, now, jitter(self.name))

    def work_off(self, now: int) -> None:
        """Send or drop the prompt that came due, or put it off to the end of quiet hours."""
        due = self.due
        if due is None or due.at > now:
            return
        goes_out = late(self.rhythm, due, now)
        if goes_out is not None and goes_out > now:
            return
        if goes_out is None:
            self.dropped.append(due)
        else:
            self.sent.append((due.date, now))
        self.last = due.date
        self.due = next_due(self.rhythm, self.last, now, jitter(self.name))

    def wakes(self, now: int) -> int:
        """When the planned prompt can go out."""
        if self.due and self.due.at > now:
            return self.due.at
        moment = late(self.rhythm, self.due, now) if self.due else None
        return END if moment is None else moment


def people(count: int, chance: random.Random) -> Iterator[tuple[Subscriber, list[tuple[int, Rhythm]]]]:
    """People with what they will change during the month: one in ten moves, one in ten pauses, one in ten skips."""
    for number in range(count):
        at = chance.choice((510, 540, 480, 0, 90, 150, 1439, chance.randrange(1440)))
        days = WORKDAYS if number % 4 == 0 else EVERY_DAY
        rhythm = Rhythm(ZONES[number % len(ZONES)], at, days, chance.choice(QUIET))
        when = chance.randrange(START + DAY, END - DAY)
        today = local_date(rhythm.zone, when)
        changes = {
            1: replace(rhythm, zone=chance.choice(ZONES)),
            2: replace(rhythm, paused_until=today + timedelta(days=chance.randrange(1, 12))),
            3: replace(rhythm, skipped=frozenset({today + timedelta(days=1)})),
        }
        change = changes.get(number // len(ZONES) % 10)
        yield Subscriber(f"telegram:{number}", rhythm), [(when, change)] if change else []


def running(moment: int) -> int:
    """The moment itself, or the end of the outage in which it falls."""
    return next((end for begin, end in OUTAGES if begin <= moment < end), moment)


def live(person: Subscriber, changes: list[tuple[int, Rhythm]]) -> None:
    """Let the month pass for one person; what they asked for during an outage is heard first after it."""
    now, coming = START, [(running(when), rhythm) for when, rhythm in changes]
    person.change(person.rhythm, START)
    while (now := min(running(person.wakes(now)), *(when for when, _ in coming), END)) < END:
        if coming and coming[0][0] == now:
            person.change(coming.pop(0)[1], now)
        person.work_off(now)


@pytest.fixture(scope="module")
def month() -> list[Subscriber]:
    lives = list(people(PEOPLE, random.Random(20260307)))  # noqa: S311 - chance that can be repeated
    for person, changes in lives:
        live(person, changes)
    return [person for person, _ in lives]


def wall(zone: str, at: int) -> tuple[date, int]:
    shown = datetime.fromtimestamp(at, CLOCKS[zone])
    return shown.date(), shown.hour * 60 + shown.minute


def is_quiet(rhythm: Rhythm, minute: int) -> bool:
    start, end = rhythm.quiet or (0, 0)
    return (minute - start) % 1440 < (end - start) % 1440


def rhythm_at(person: Subscriber, moment: int) -> Rhythm:
    return next(rhythm for since, rhythm in reversed(person.rhythms) if since <= moment)


def settled(person: Subscriber) -> Iterator[tuple[Rhythm, date]]:
    """The wanted dates that lay wholly within the month and within one rhythm."""
    ends = [since for since, _ in person.rhythms[1:]]
    for (since, rhythm), end in zip(person.rhythms, [*ends, END], strict=True):
        day = local_date(rhythm.zone, since) + timedelta(days=1)
        while day < local_date(rhythm.zone, end):
            paused = rhythm.paused_until is not None and day < rhythm.paused_until
            if day.weekday() in rhythm.days and day not in rhythm.skipped and not paused:
                yield rhythm, day
            day += timedelta(days=1)


def test_none_is_missed(month: list[Subscriber]) -> None:
    for person in month:
        done = {day for day, _ in person.sent} | {due.date for due in person.dropped}
        assert all(day in done for _, day in settled(person)), person


def test_none_is_doubled(month: list[Subscriber]) -> None:
    for person in month:
        assert all(one < other for (one, _), (other, _) in pairwise(person.sent)), person
        assert not {due.date for due in person.dropped} & {day for day, _ in person.sent}, person


def test_dates_and_quiet_hours_are_kept(month: list[Subscriber]) -> None:
    for person in month:
        for day, at in person.sent:
            rhythm = rhythm_at(person, at)
            shown, minute = wall(rhythm.zone, at)
            assert shown == day, person
            assert not is_quiet(rhythm, minute), person


def test_prompts_come_at_the_time_asked_for(month: list[Subscriber]) -> None:
    on_time = 0
    for person in month:
        for _, at in person.sent:
            rhythm = rhythm_at(person, at)
            _, minute = wall(rhythm.zone, at)
            on_time += rhythm.at <= minute <= rhythm.at + JITTER // 60
    moved = sum(is_quiet(person.rhythm, person.rhythm.at) for person in month)
    assert on_time > 0.97 * sum(len(person.sent) for person in month if not is_quiet(person.rhythm, person.rhythm.at))
    assert 0 < moved < len(month) / 2


def test_only_an_outage_drops_a_prompt_and_only_when_it_was_too_late(month: list[Subscriber]) -> None:
    reasons = Counter[str]()
    for person in month:
        for due in person.dropped:
            begin, end = next((begin, end) for begin, end in OUTAGES if begin <= due.at < end)
            rhythm = rhythm_at(person, end)
            day, minute = wall(rhythm.zone, end)
            too_late = {"stale": end > due.at + EXPIRY, "date over": day != due.date, "quiet": is_quiet(rhythm, minute)}
            assert any(too_late.values()), person
            reasons[f"{(end - begin) // HOUR} h, {next(reason for reason, holds in too_late.items() if holds)}"] += 1
    assert {"9 h, stale", "9 h, date over", "3 h, date over", "3 h, quiet"} <= set(reasons)
    assert "3 h, stale" not in reasons


def test_the_date_after_a_dropped_one_is_asked_as_usual(month: list[Subscriber]) -> None:
    for person in month:
        sent = {day for day, _ in person.sent}
        for due in person.dropped:
            following = [day for _, day in settled(person) if day > due.date]
            assert not following or following[0] in sent, person
