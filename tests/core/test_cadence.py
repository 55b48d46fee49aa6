"""One prompt for each local date, whatever clocks, zones and people do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.commands import times
from bot.core.daily import schedule
from bot.core.daily.schedule import Due, Rhythm, day_of, jitter, late, local_date, next_due, reminder_due

DAY = 24 * 3600
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Etc/GMT+12",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "UTC",
)
MINUTES = st.integers(0, 1439)
QUIET = st.none() | st.tuples(MINUTES, MINUTES)
MOMENTS = st.integers(
    int(datetime(2006, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
)
SOME_DAYS = st.frozensets(st.integers(0, 6), min_size=1)
RHYTHMS = st.builds(Rhythm, st.sampled_from(ZONES), MINUTES, SOME_DAYS, QUIET)
SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


def shown(zone: str, at: int) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def first_due(rhythm: Rhythm, day: date, delay: int = 0) -> Due | None:
    """What comes first when everything up to the day before is done; the clock stands two days before it."""
    before = utc(day.year, day.month, day.day) - 2 * DAY
    return next_due(rhythm, day - timedelta(days=1), before, delay)


@st.composite
def edges(draw: st.DrawFn) -> tuple[str, date]:
    """A zone, and a date on which its clocks change or near one."""
    zone, year = draw(st.sampled_from(ZONES)), draw(st.integers(2007, 2029))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    offsets = [datetime(d.year, d.month, d.day, 12, tzinfo=ZoneInfo(zone)).utcoffset() for d in days]
    changes = [d for d, offset, before in zip(days[1:], offsets[1:], offsets, strict=False) if offset != before]
    return zone, draw(st.sampled_from(changes or days)) + timedelta(days=draw(st.integers(-1, 1)))


def by_the_clock(rhythm: Rhythm, day: date) -> int | None:
    """The moment of a date, found by watching the clock on the wall minute by minute."""
    middle, seen = utc(day.year, day.month, day.day, 12), dict[int, int]()
    for at in range(middle - 30 * 3600, middle + 30 * 3600, 60):
        local = datetime.fromtimestamp(at, ZoneInfo(rhythm.zone))
        if local.date() == day:
            seen.setdefault(local.hour * 60 + local.minute, at)
    start, end = rhythm.quiet or (0, 0)
    quiet = {(start + n) % 1440 for n in range((end - start) % 1440)}
    free = sorted(set(seen) - quiet)
    chosen = [m for m in free if m >= rhythm.at][:1] or free[-1:]
    return seen[chosen[0]] if chosen else None


@SLOWLY
@given(edge=edges(), at=MINUTES, quiet=QUIET)
def test_the_moment_of_a_date_is_the_one_that_watching_the_clock_finds(edge, at, quiet) -> None:
    zone, day = edge
    rhythm = Rhythm(zone, at, quiet=quiet)
    moment, due = by_the_clock(rhythm, day), first_due(rhythm, day)
    if moment is None:
        assert due is None or due.date > day
    else:
        assert due == Due(day, moment)


@SLOWLY
@given(rhythm=RHYTHMS, start=MOMENTS, delay=st.integers(0, 900))
def test_every_wanted_date_of_a_season_has_exactly_one_prompt_on_that_date(rhythm, start, delay) -> None:
    zone = rhythm.zone
    due, dues = next_due(rhythm, None, start, delay), list[Due]()
    while due and due.at < start + 60 * DAY:
        dues.append(due)
        due = next_due(rhythm, due.date, due.at, delay)
    first, last = local_date(zone, start) + timedelta(days=1), local_date(zone, start + 59 * DAY)
    dates = [first + timedelta(days=n) for n in range((last - first).days)]
    wanted = [day for day in dates if day.weekday() in rhythm.days]
    missing = set(wanted) - {due.date for due in dues}
    assert all(by_the_clock(rhythm, day) is None for day in missing)
    assert [due.date for due in dues] == sorted({due.date for due in dues})
    assert all(local_date(zone, due.at) == due.date and not schedule.is_quiet(rhythm, due.at) for due in dues)


CHANGES = st.one_of(
    st.builds(lambda zone: {"zone": zone}, st.sampled_from(ZONES)),
    st.builds(lambda at: {"at": at}, MINUTES),
    st.builds(lambda days: {"days": days}, SOME_DAYS),
    st.builds(lambda quiet: {"quiet": quiet}, QUIET),
    st.builds(lambda number: {"pause": number}, st.integers(0, 20)),
    st.builds(lambda number: {"skip": number}, st.integers(0, 3)),
    st.just({}),
)
STEPS = st.lists(st.tuples(st.integers(-5 * DAY, 12 * DAY) | st.integers(-3600, DAY), CHANGES), min_size=1, max_size=25)


def changed(rhythm: Rhythm, change: dict, now: int) -> Rhythm:
    today = local_date(rhythm.zone, now)
    if "pause" in change:
        return replace(rhythm, paused_until=today + timedelta(days=change["pause"]))
    if "skip" in change:
        return replace(rhythm, skipped=rhythm.skipped | {today + timedelta(days=change["skip"])})
    return replace(rhythm, **change)


class Subscriber:
    """Somebody with a planned prompt, as a program would keep it."""

    def __init__(self, rhythm: Rhythm, now: int) -> None:
        self.rhythm = rhythm
        self.last: date | None = None
        self.sent: list[tuple[Rhythm, Due, int]] = []
        self.due = next_due(rhythm, None, now)

    def tick(self, now: int) -> None:
        """One prompt at most is outstanding, so one look is enough."""
        if not self.due or self.due.at > now:
            return
        goes_out = late(self.rhythm, self.due, now)
        if goes_out is not None and goes_out > now:
            return
        if goes_out is not None:
            self.sent.append((self.rhythm, self.due, now))
        self.last = self.due.date
        self.due = next_due(self.rhythm, self.last, now)

    def change(self, change: dict, now: int) -> None:
        self.rhythm = changed(self.rhythm, change, now)
        self.due = schedule.replanned(self.rhythm, self.due, self.last, now)


@SLOWLY
@given(rhythm=RHYTHMS, start=MOMENTS, steps=STEPS)
def test_no_date_is_prompted_twice_through_new_zones_pauses_and_jumping_clocks(rhythm, start, steps) -> None:
    person, now = Subscriber(rhythm, start), start
    for seconds, change in steps:
        now += seconds
        person.tick(now)
        person.change(change, now)
        if person.due and seconds > DAY:
            now = max(now, person.due.at)
            person.tick(now)
    dates = [due.date for _, due, _ in person.sent]
    assert dates == sorted(set(dates))
    for then, due, moment in person.sent:
        assert local_date(then.zone, moment) == due.date
        assert not schedule.is_quiet(then, moment)
        assert due.date not in then.skipped
        assert then.paused_until is None or due.date >= then.paused_until


@SLOWLY
@given(zone=st.sampled_from(ZONES), start=MOMENTS, at=MINUTES, away=st.integers(0, 40 * DAY))
def test_nothing_piles_up_during_silence(zone, start, at, away) -> None:
    person = Subscriber(Rhythm(zone, at), start)
    for seconds in range(3):
        person.tick(start + away + seconds)
    assert len(person.sent) <= 1
    assert person.due is not None
    assert 0 < person.due.at - (start + away) <= 3 * DAY


@SLOWLY
@given(edge=edges(), at=MINUTES, quiet=QUIET, delay=st.integers(0, 900))
def test_a_spread_prompt_stays_on_its_date_and_out_of_quiet_hours(edge, at, quiet, delay) -> None:
    zone, day = edge
    rhythm = Rhythm(zone, at, quiet=quiet)
    plain, spread = first_due(rhythm, day), first_due(rhythm, day, delay)
    assert (plain is None) == (spread is None)
    if plain and spread:
        assert plain.date == spread.date == local_date(zone, spread.at)
        assert plain.at <= spread.at <= plain.at + delay
        assert not schedule.is_quiet(rhythm, spread.at)
        if spread.at > plain.at:  # a message needs a moment to go out
            assert local_date(zone, spread.at + 59) == spread.date
            assert not schedule.is_quiet(rhythm, spread.at + 59)


@SLOWLY
@given(edge=edges(), at=MINUTES, quiet=QUIET, evening=MINUTES, delay=st.integers(0, 900))
def test_a_reminder_belongs_to_the_own_day_of_its_prompt(edge, at, quiet, evening, delay) -> None:
    zone, day = edge
    rhythm = Rhythm(zone, at, quiet=quiet, evening=evening)
    due = first_due(rhythm, day)
    reminder = reminder_due(rhythm, due, delay) if due else None
    if due and reminder is not None:
        assert reminder > due.at
        assert day_of(zone, reminder) == day_of(zone, due.at)
        assert not schedule.is_quiet(rhythm, reminder)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/Sao_Paulo", date(2018, 11, 4), "00:00", "2018-11-04 01:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:10", "2026-10-04 02:30"),
        ("Europe/London", date(2026, 3, 29), "01:30", "2026-03-29 02:00"),
        ("Africa/Cairo", date(2026, 4, 24), "00:15", "2026-04-24 01:00"),
        ("America/Nuuk", date(2024, 3, 30), "23:30", "2024-03-30 22:59"),
        ("Pacific/Apia", date(2011, 12, 30), "08:30", "2011-12-31 08:30"),
        ("Asia/Kathmandu", date(2026, 3, 29), "08:30", "2026-03-29 08:30"),
    ],
)
def test_a_minute_that_the_clock_leaves_out_becomes_the_next_one_of_its_date(zone, day, at, expected) -> None:
    due = first_due(Rhythm(zone, times.parse_time(at)), day)
    assert due is not None
    assert shown(zone, due.at) == expected


def test_the_minute_before_a_gap_at_the_end_of_a_date_is_taken_whatever_was_quiet_earlier() -> None:
    due = first_due(Rhythm("America/Nuuk", 1410, quiet=(600, 660)), date(2024, 3, 30))
    assert due is not None
    assert shown("America/Nuuk", due.at) == "2024-03-30 22:59"


@pytest.mark.parametrize(("at", "latest"), [("23:58", "23:59:00"), ("23:59", "23:59:00"), ("21:57", "21:59:00")])
def test_a_spread_prompt_leaves_time_to_send_it(at, latest) -> None:
    rhythm = Rhythm("UTC", times.parse_time(at), quiet=(1320, 1380))
    dues = [first_due(rhythm, date(2026, 6, 1), delay) for delay in range(301)]
    shown = [datetime.fromtimestamp(due.at, UTC).strftime("%H:%M:%S") for due in dues if due]
    assert len(shown) == 301
    assert max(shown) <= latest


def test_a_clock_set_back_does_not_send_a_prompt_early() -> None:
    due = Due(date(2026, 6, 1), utc(2026, 6, 1, 8, 30))
    assert late(Rhythm("UTC", 510), due, due.at - 600) == due.at


def test_of_a_minute_shown_twice_the_first_counts() -> None:
    due = first_due(Rhythm("Europe/London", 90), date(2026, 10, 25))
    assert due == Due(date(2026, 10, 25), utc(2026, 10, 25, 0, 30))


@pytest.mark.parametrize(
    ("at", "quiet", "expected"),
    [
        ("06:00", "22:00-08:00", "2026-06-01 08:00"),
        ("23:00", "22:00-08:00", "2026-06-01 21:59"),
        ("08:00", "22:00-08:00", "2026-06-01 08:00"),
        ("13:30", "13:00-15:00", "2026-06-01 15:00"),
    ],
)
def test_quiet_hours_move_a_prompt_to_their_end_or_before_them_but_not_to_another_date(at, quiet, expected) -> None:
    rhythm = Rhythm("Europe/Berlin", times.parse_time(at), quiet=times.parse_quiet(quiet))
    due = first_due(rhythm, date(2026, 6, 1))
    assert due is not None
    assert shown("Europe/Berlin", due.at) == expected


def test_a_day_that_is_quiet_throughout_has_no_prompt() -> None:
    assert next_due(Rhythm("UTC", 510, quiet=(0, 1440)), None, utc(2026, 6, 1)) is None


def test_a_time_that_has_passed_counts_from_tomorrow() -> None:
    nine = utc(2026, 6, 1, 9)
    assert next_due(Rhythm("UTC", 510), None, nine) == Due(date(2026, 6, 2), utc(2026, 6, 2, 8, 30))
    assert next_due(Rhythm("UTC", 600), None, nine) == Due(date(2026, 6, 1), utc(2026, 6, 1, 10))


def test_the_date_in_the_new_zone_is_not_asked_again_after_a_flight() -> None:
    morning = Due(date(2026, 6, 2), utc(2026, 6, 1, 20, 30))
    assert next_due(Rhythm("Pacific/Auckland", 510), None, morning.at - 1) == morning
    in_hawaii = next_due(Rhythm("Pacific/Honolulu", 510), morning.date, morning.at + 10 * 3600)
    assert in_hawaii == Due(date(2026, 6, 3), utc(2026, 6, 3, 18, 30))


def test_a_pause_ends_on_its_date_and_a_skipped_date_is_left_out() -> None:
    paused = Rhythm("UTC", 510, paused_until=date(2026, 6, 20), skipped=frozenset({date(2026, 6, 20)}))
    assert next_due(paused, None, utc(2026, 6, 1)) == Due(date(2026, 6, 21), utc(2026, 6, 21, 8, 30))
    weekly = Rhythm("UTC", 510, frozenset({0}), skipped=frozenset(date(2026, 6, 1 + 7 * n) for n in range(4)))
    assert next_due(weekly, None, utc(2026, 6, 1)) == Due(date(2026, 6, 29), utc(2026, 6, 29, 8, 30))


def test_a_pause_until_the_end_of_the_calendar_is_simply_without_prompts() -> None:
    assert next_due(Rhythm("Etc/GMT+12", 510, paused_until=date.max), None, utc(2026, 6, 1)) is None


@pytest.mark.parametrize(("back", "expected"), [((12, 30), (12, 30)), ((12, 31), None), ((8, 30), (8, 30))])
def test_a_prompt_missed_during_an_outage_goes_out_for_four_hours(back, expected) -> None:
    due = Due(date(2026, 6, 1), utc(2026, 6, 1, 8, 30))
    now = utc(2026, 6, 1, *back)
    assert late(Rhythm("UTC", 510), due, now) == (utc(2026, 6, 1, *expected) if expected else None)
    assert schedule.is_stale(due.at, now) == (expected is None)


def test_a_late_prompt_waits_for_the_end_of_quiet_hours_and_never_changes_its_date() -> None:
    siesta = Rhythm("UTC", 750, quiet=(780, 900))
    due = Due(date(2026, 6, 1), utc(2026, 6, 1, 12, 30))
    assert late(siesta, due, utc(2026, 6, 1, 13, 10)) == utc(2026, 6, 1, 15)
    assert late(replace(siesta, quiet=(780, 1020)), due, utc(2026, 6, 1, 13, 10)) is None
    at_night = Due(date(2026, 6, 1), utc(2026, 6, 1, 23, 30))
    assert late(Rhythm("UTC", 1410), at_night, utc(2026, 6, 2, 0, 10)) is None


def test_a_setting_changed_while_a_prompt_is_late_does_not_lose_it() -> None:
    owed, now = Due(date(2026, 6, 1), utc(2026, 6, 1, 8, 30)), utc(2026, 6, 1, 10)
    rhythm = Rhythm("UTC", 510, evening=1200)
    tomorrow = Due(date(2026, 6, 2), utc(2026, 6, 2, 8, 30))
    assert schedule.replanned(rhythm, owed, None, now) == owed
    assert schedule.replanned(rhythm, owed, owed.date, now) == tomorrow
    assert schedule.replanned(rhythm, owed, None, now + 4 * 3600) == tomorrow
    assert schedule.replanned(replace(rhythm, skipped=frozenset({owed.date})), owed, None, now) == tomorrow
    assert schedule.replanned(replace(rhythm, at=660), tomorrow, None, now) == Due(owed.date, utc(2026, 6, 1, 11))


@pytest.mark.parametrize(
    ("at", "evening", "quiet", "expected"),
    [
        ("08:30", "20:00", None, "2026-06-01 20:00"),
        ("08:30", "01:00", None, "2026-06-02 01:00"),
        ("08:30", "07:00", None, None),
        ("08:30", "22:30", (1320, 420), None),
        ("01:30", "20:00", None, None),
    ],
)
def test_the_evening_reminder_follows_its_prompt_on_the_same_own_day(at, evening, quiet, expected) -> None:
    rhythm = Rhythm("UTC", times.parse_time(at), quiet=quiet, evening=times.parse_time(evening))
    due = first_due(rhythm, date(2026, 6, 1))
    assert due is not None
    reminder = reminder_due(rhythm, due)
    assert (None if reminder is None else shown("UTC", reminder)) == expected


def test_without_an_evening_there_is_no_reminder() -> None:
    assert reminder_due(Rhythm("UTC", 510), Due(date(2026, 6, 1), utc(2026, 6, 1, 8, 30))) is None


def test_an_own_day_starts_at_four() -> None:
    assert day_of("Asia/Kathmandu", utc(2026, 6, 1, 22, 14)) == date(2026, 6, 1)
    assert day_of("Asia/Kathmandu", utc(2026, 6, 1, 22, 15)) == date(2026, 6, 2)
    assert local_date("Asia/Kathmandu", utc(2026, 6, 1, 18, 15)) == date(2026, 6, 2)


def test_jitter_is_each_persons_own_and_spreads_them_evenly() -> None:
    seconds = [jitter(f"telegram:{number}") for number in range(9000)]
    assert seconds == [jitter(f"telegram:{number}") for number in range(9000)]
    assert (min(seconds), max(seconds)) == (0, 300)
    assert max(seconds.count(second) for second in range(301)) < 70
    assert jitter("telegram:1", 0) == 0
