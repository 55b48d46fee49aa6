"""Times, days, dates and zones are read as people write them, and guessed from what a platform tells."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.commands import times
from bot.core.commands.times import guess_zone, zone_of
from bot.core.refusal import UsageError
from bot.core.text import daily_text

MINUTES = st.integers(0, 1439)
SOME_DAYS = st.frozensets(st.integers(0, 6), min_size=1)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" new york ", "America/New_York"),
        ("são paulo", "America/Sao_Paulo"),
        ("Port au Prince", "America/Port-au-Prince"),
        ("america / argentina / buenos aires", "America/Argentina/Buenos_Aires"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("Etc/GMT-2", "Etc/GMT-2"),
        ("Etc/GMT+2", "Etc/GMT+2"),
    ],
)
def test_a_zone_may_be_typed_in_any_case_with_spaces_or_as_its_city(typed, zone) -> None:
    assert zone_of(typed) == zone


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("berln", "Did you mean Europe/Berlin?"),
        ("Europe/Lodnon", "Did you mean Europe/London?"),
        ("middle earth", "Send one like Europe/Berlin"),
        ("", "Send one like Europe/Berlin"),
        ("UTC+2", "Name a place instead"),
        ("localtime", "I do not know"),
        ("../../etc/passwd", "I do not know"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest_one(typed, sentence) -> None:
    with pytest.raises(UsageError) as refused:
        zone_of(typed)
    assert sentence in str(refused.value)


def test_every_name_of_a_zone_finds_itself_and_cities_of_one_name_have_one_time() -> None:
    names = {zone_of(name) for name in times._zones().values()}
    assert names == set(times._zones().values())
    cities = dict[str, set[tuple[timedelta | None, ...]]]()
    for name in names:
        area, _, city = name.rpartition("/")
        if area.partition("/")[0] not in ("", *times._NO_PLACES):
            clock = tuple(datetime(2030, month, 15, tzinfo=ZoneInfo(name)).utcoffset() for month in range(1, 13))
            cities.setdefault(city, set()).add(clock)
    assert all(len(clocks) == 1 for clocks in cities.values())


@pytest.mark.parametrize(
    ("locale", "zone"),
    [
        ("de", "Europe/Berlin"),
        ("de-AT", "Europe/Vienna"),
        ("en-GB", "Europe/London"),
        ("pt-br", "America/Sao_Paulo"),
        ("es-419", "America/Mexico_City"),
        ("zh-hant", "Asia/Taipei"),
        ("zh-hans", "Asia/Shanghai"),
        ("zh-TW", "Asia/Taipei"),
        ("sv_SE", "Europe/Stockholm"),
        ("en", "UTC"),
        ("tlh", "UTC"),
        ("", "UTC"),
    ],
)
def test_a_locale_gives_the_likeliest_zone(locale, zone) -> None:
    assert guess_zone(locale) == zone


def test_every_guess_is_a_zone_and_every_language_has_a_country() -> None:
    countries = times._pairs(times._COUNTRIES)
    assert all(zone_of(zone) == zone for zone in countries.values())
    assert set(times._pairs(times._LANGUAGES).values()) <= set(countries)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8:30", "08:30"),
        ("08:30", "08:30"),
        ("8.30", "08:30"),
        ("8:30pm", "20:30"),
        ("8:30 a.m.", "08:30"),
        ("12am", "00:00"),
        ("12 PM", "12:00"),
        ("7", "07:00"),
        ("23:59", "23:59"),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text, said) -> None:
    assert daily_text.say_time(times.parse_time(text)) == said


@settings(deadline=None)
@given(MINUTES)
def test_a_time_of_day_that_is_said_can_be_read(minutes: int) -> None:
    assert times.parse_time(daily_text.say_time(minutes)) == minutes


@pytest.mark.parametrize("text", ["", "24:00", "8:60", "13pm", "0pm", "half past eight", "8:3", "-1:00", "٨:٣٠"])
def test_what_is_no_time_of_day_is_refused(text) -> None:
    with pytest.raises(UsageError, match="as a time of day; send it like 08:30"):
        times.parse_time(text)


def test_quiet_hours_have_two_different_ends() -> None:
    assert times.parse_quiet("22:00-07:00") == times.parse_quiet("10pm to 7am") == (1320, 420)
    for text in ("22:00", "22:00-22:00", "22:00-23:00-01:00"):
        with pytest.raises(UsageError, match="as quiet hours"):
            times.parse_quiet(text)


def test_a_date_is_read_with_the_year_first() -> None:
    assert times.parse_date(" 2026-03-29 ") == date(2026, 3, 29)
    for text in ("29.03.2026", "2026-02-30", "tomorrow", ""):
        with pytest.raises(UsageError, match="as a date; send it like 2026-03-29"):
            times.parse_date(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mon-fri", "Monday to Friday"),
        ("Weekdays", "Monday to Friday"),
        ("weekend", "Saturday and Sunday"),
        ("daily", "every day"),
        ("sun-sat", "every day"),
        ("mon,wed,fri", "Monday, Wednesday and Friday"),
        ("mon, wed and fri", "Monday, Wednesday and Friday"),
        ("sat-mon", "Saturday to Monday"),
        ("tues\u2013thurs", "Tuesday to Thursday"),
        ("Sundays", "Sunday"),
    ],
)
def test_days_are_read_and_said_in_words(text, said) -> None:
    assert daily_text.say_days(times.parse_days(text)) == said


@settings(deadline=None)
@given(SOME_DAYS)
def test_days_that_are_said_can_be_read(days: frozenset[int]) -> None:
    assert times.parse_days(daily_text.say_days(days)) == days


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mondey", "Did you mean Monday"),
        ("m", "no day of the week"),
        ("mon-", "no day of the week"),
        (" ", "Name the days"),
    ],
)
def test_what_is_no_day_is_refused(text, sentence) -> None:
    with pytest.raises(UsageError, match=sentence):
        times.parse_days(text)
