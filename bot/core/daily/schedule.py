"""Everyone's own morning: on which local dates somebody is asked, and at which moment.

Local dates and wall clocks decide; moments are UTC epoch seconds, and the present is an argument. A prompt is known by
its local date, and dates only go up: whatever becomes of the zone or the clock, no date is asked twice.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.core.commands import UsageError, did_you_mean, echo

EXPIRY = 4 * 3600  # a morning's question is still one before noon; later it would crowd the next
JITTER = 300  # at 30 messages a second (Telegram's limit) 9,000 people who all chose 08:30 are asked within it
_MINUTE = 60
_DAY_STARTS = 4 * 60  # minutes after midnight: who answers at one in the morning has not slept yet
_MINUTES = 24 * 60
_ONE_DAY = timedelta(days=1)
_WEEKS = 3  # the wanted weekday of one week may be over, and that of another be left out of a calendar (Apia, 2011)
_LAST = date.max.toordinal() - 1  # the day after it can still be shown in every zone
_LIKELY = 70  # as for commands: rapidfuzz ratio from which a wrong word is worth a "did you mean"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When somebody wants to be asked, in their own time: `at`, `quiet` and `evening` are minutes after midnight.

    `days` are weekdays (0 is Monday). `quiet` runs from its first minute to before its second, over midnight too.
    `evening` is the second reminder. On `paused_until` prompts come again; `skipped` are single dates left out.
    """

    zone: str
    at: int
    days: frozenset[int] = frozenset(range(7))
    quiet: tuple[int, int] | None = None
    evening: int | None = None
    paused_until: date | None = None
    skipped: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Due:
    """The prompt of a local date, and the moment (epoch seconds) for which it is planned."""

    date: date
    at: int


def next_due(rhythm: Rhythm, last: date | None, now: int, delay: int = 0) -> Due | None:
    """The first prompt after the date `last` that comes later than `now`; None when there is none.

    The moment is when the clock shows `at`, the first time it does. If that minute is quiet or left out by the clock,
    it is the next one of the date that is neither, or else the last one before; a date without any has no prompt.
    `delay` spreads people who chose the same minute (see `jitter`), within the date and outside quiet hours.
    """
    dues = (_due(rhythm, day, delay) for day in _dates(rhythm, last, now))
    return next((due for due in dues if due and due.at > now), None)


def replanned(rhythm: Rhythm, owed: Due | None, last: date | None, now: int, delay: int = 0) -> Due | None:
    """The next prompt after somebody changed their rhythm: one that is overdue is still owed, others are planned anew.

    `owed` is what was planned before; without this, whoever changes a setting while a prompt is late would lose it.
    """
    if owed and _is_owed(rhythm, owed, last, now):
        return owed
    return next_due(rhythm, last, now, delay)


def is_stale(due_at: int, now: int) -> bool:
    """Whether a prompt is so late that it is dropped, so that nothing piles up after an outage."""
    return now > due_at + EXPIRY


def late(rhythm: Rhythm, due: Due, now: int) -> int | None:
    """When a prompt that came due goes out: now, or at the end of quiet hours.

    None when it is dropped, because by then it is stale or its date is over.
    """
    now = max(now, due.at)
    moments = chain((now,), range(now - now % _MINUTE + _MINUTE, due.at + EXPIRY + 1, _MINUTE))
    in_time = (at for at in moments if not is_stale(due.at, at))
    return next((at for at in in_time if local_date(rhythm.zone, at) == due.date and not is_quiet(rhythm, at)), None)


def reminder_due(rhythm: Rhythm, due: Due, delay: int = 0) -> int | None:
    """The evening reminder of the prompt's own day; None when it would be in quiet hours or not after the prompt."""
    if rhythm.evening is None:
        return None
    own = day_of(rhythm.zone, due.at)
    shown = own if rhythm.evening >= _DAY_STARTS else own + _ONE_DAY
    at = _first_shown(rhythm.zone, shown, iter(range(rhythm.evening, _MINUTES)))

    def is_free(moment: int) -> bool:
        return day_of(rhythm.zone, moment) == own and not is_quiet(rhythm, moment)

    return _put_off(at, delay, is_free) if at is not None and at > due.at and is_free(at) else None


def local_date(zone: str, at: int) -> date:
    """The date on a calendar there."""
    return datetime.fromtimestamp(at, _clock(zone)).date()


def day_of(zone: str, at: int) -> date:
    """The day somebody there would say it is: it starts at 04:00."""
    shown = datetime.fromtimestamp(at, _clock(zone))
    return shown.date() if shown.hour * 60 + shown.minute >= _DAY_STARTS else shown.date() - _ONE_DAY


def minute_of(zone: str, at: int) -> int:
    """What the clock shows there, in minutes after midnight."""
    shown = datetime.fromtimestamp(at, ZoneInfo(zone))
    return shown.hour * 60 + shown.minute


def is_quiet(rhythm: Rhythm, at: int) -> bool:
    """Whether a moment is in somebody's quiet hours."""
    if rhythm.quiet is None:
        return False
    shown = datetime.fromtimestamp(at, _clock(rhythm.zone))
    (start, end), minute = rhythm.quiet, shown.hour * 60 + shown.minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def jitter(person: str, seconds: int = JITTER) -> int:
    """How many seconds after the full minute a person is asked: at most `seconds`, and every day the same."""
    digest = hashlib.blake2b(person.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % (seconds + 1)


def _dates(rhythm: Rhythm, last: date | None, now: int) -> Iterator[date]:
    """The dates on which somebody wants to be asked, as many as it takes to find one with a moment."""
    after_last = last + _ONE_DAY if last else date.min
    first = max(local_date(rhythm.zone, now), rhythm.paused_until or date.min, after_last).toordinal()
    numbers = range(first, min(first + 7 * (_WEEKS + len(rhythm.skipped)), _LAST))
    return (day for day in map(date.fromordinal, numbers) if _is_wanted(rhythm, day))


def _is_wanted(rhythm: Rhythm, day: date) -> bool:
    paused = rhythm.paused_until is not None and day < rhythm.paused_until
    return day.weekday() in rhythm.days and day not in rhythm.skipped and not paused


def _is_owed(rhythm: Rhythm, due: Due, last: date | None, now: int) -> bool:
    is_open = due.at <= now and (last is None or due.date > last) and _is_wanted(rhythm, due.date)
    return is_open and late(rhythm, due, now) is not None


def _due(rhythm: Rhythm, day: date, delay: int) -> Due | None:
    at = _first_shown(rhythm.zone, day, _free_minutes(rhythm))

    def is_free(moment: int) -> bool:
        return local_date(rhythm.zone, moment) == day and not is_quiet(rhythm, moment)

    return None if at is None else Due(day, _put_off(at, delay, is_free))


def _free_minutes(rhythm: Rhythm) -> Iterator[int]:
    """The minutes of a day that are not quiet: from `at` on, then those before it, the last one first."""
    start, end = rhythm.quiet or (0, 0)
    free = (range(start), range(end, _MINUTES)) if start <= end else (range(end, start),)
    for minutes in free:
        yield from range(max(minutes.start, rhythm.at), minutes.stop)
    for minutes in reversed(free):
        yield from reversed(range(minutes.start, min(minutes.stop, rhythm.at)))


@cache
def _clock(zone: str) -> ZoneInfo:
    """A zone, read once: zoneinfo keeps only the eight it used last, and reads others from the disk again."""
    return ZoneInfo(zone)


def _first_shown(zone: str, day: date, minutes: Iterator[int]) -> int | None:
    """The moment of the first of these minutes that clocks show on that date."""
    moments = (_moment(_clock(zone), day, minute) for minute in minutes)
    return next((at for at in moments if at is not None), None)


def _moment(zone: ZoneInfo, day: date, minute: int) -> int | None:
    """When clocks show this minute for the first time; None when they leave it out."""
    shown = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    at = int(shown.timestamp())
    return at if datetime.fromtimestamp(at, zone) == shown else None


def _put_off(at: int, delay: int, is_free: Callable[[int], bool]) -> int:
    """The moment up to `delay` seconds later; it leaves a free minute, in which the message can go out."""
    later = (at + (delay >> halvings) for halvings in range(delay.bit_length()))
    return next((t for t in later if is_free(t) and is_free(t + _MINUTE - 1)), at)


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SEVEN = frozenset(range(7))
_SETS = {
    "daily": _SEVEN,
    "all": _SEVEN,
    "weekdays": frozenset(range(5)),
    "workdays": frozenset(range(5)),
    "weekend": frozenset({5, 6}),
    "weekends": frozenset({5, 6}),
}
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?\s*(?:([ap])\.?m\.?)?")
_TO = re.compile("\\s*(?:[-\u2013\u2014]|\\bto\\b)\\s*")  # phones turn a hyphen into a dash
_NOON = 12


def parse_time(text: str) -> int:
    """A time of day such as 8:30, 08.30 or 8:30pm, in minutes after midnight; UsageError otherwise."""
    match = _TIME.fullmatch(text.strip().lower())
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if minute < 60 and (1 <= hour <= _NOON if half else hour < 24):  # noqa: PLR2004 - a clock's own numbers
            return (hour % _NOON + _NOON * (half == "p") if half else hour) * 60 + minute
    message = f"I cannot read {echo(text)} as a time of day; send it like 08:30."
    raise UsageError(message)


def parse_quiet(text: str) -> tuple[int, int]:
    """Quiet hours such as 22:00-07:00, in minutes after midnight; UsageError otherwise."""
    match [parse_time(end) for end in _TO.split(text.strip().lower())]:
        case [start, end] if start != end:
            return start, end
    message = f"I cannot read {echo(text)} as quiet hours; send them like 22:00-07:00."
    raise UsageError(message)


def parse_date(text: str) -> date:
    """A date such as 2026-03-29; UsageError otherwise."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        message = f"I cannot read {echo(text)} as a date; send it like 2026-03-29, the year first."
        raise UsageError(message) from None


def parse_days(text: str) -> frozenset[int]:
    """Weekdays in words, such as mon-fri, weekdays, daily, "mon, wed and fri" or sat-mon; UsageError otherwise."""
    line = text.lower().replace("every day", "daily").replace(",", " ")
    words = [word for word in _TO.sub("-", line).split() if word != "and"]
    if not words:
        message = "Name the days, like mon-fri, weekdays, daily or mon,wed,fri."
        raise UsageError(message)
    return frozenset(chain.from_iterable(map(_days_in, words)))


def _days_in(word: str) -> frozenset[int]:
    if word in _SETS:
        return _SETS[word]
    first, dash, last = word.partition("-")
    start = _weekday(first)
    length = (_weekday(last) - start) % 7 if dash else 0
    return frozenset((start + number) % 7 for number in range(length + 1))


def _weekday(word: str) -> int:
    stem = word.removesuffix("s")
    for number, day in enumerate(DAYS):
        if len(stem) > 1 and day.lower().startswith(stem):
            return number
    message = f"{echo(word)} is no day of the week.{did_you_mean(word.capitalize(), DAYS)}"
    raise UsageError(message)


def say_time(minutes: int) -> str:
    """A time of day as on a clock of 24 hours."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def say_days(days: frozenset[int]) -> str:
    """Weekdays in words, which `parse_days` reads again."""
    if days == _SEVEN:
        return "every day"
    starts = [day for day in sorted(days) if (day - 1) % 7 not in days]
    if len(starts) == 1 and len(days) > 2:  # noqa: PLR2004 - two days are named as they are
        return f"{DAYS[starts[0]]} to {DAYS[(starts[0] + len(days) - 1) % 7]}"
    *others, last = [DAYS[day] for day in sorted(days)] or ["no day"]
    return f"{', '.join(others)} and {last}" if others else last


# Where a country has several zones, that of its largest city (zone1970.tab of the IANA time zone database names them).
_COUNTRIES = """
419 America/Mexico_City AE Asia/Dubai AF Asia/Kabul AL Europe/Tirane AM Asia/Yerevan AR America/Argentina/Buenos_Aires
AT Europe/Vienna AU Australia/Sydney AZ Asia/Baku BA Europe/Sarajevo BD Asia/Dhaka BE Europe/Brussels BG Europe/Sofia
BO America/La_Paz BR America/Sao_Paulo BY Europe/Minsk CA America/Toronto CH Europe/Zurich CL America/Santiago
CN Asia/Shanghai CO America/Bogota CR America/Costa_Rica CU America/Havana CZ Europe/Prague DE Europe/Berlin
DK Europe/Copenhagen DO America/Santo_Domingo DZ Africa/Algiers EC America/Guayaquil EE Europe/Tallinn EG Africa/Cairo
ES Europe/Madrid ET Africa/Addis_Ababa FI Europe/Helsinki FR Europe/Paris GB Europe/London GE Asia/Tbilisi
GH Africa/Accra GR Europe/Athens GT America/Guatemala HK Asia/Hong_Kong HR Europe/Zagreb HU Europe/Budapest
ID Asia/Jakarta IE Europe/Dublin IL Asia/Jerusalem IN Asia/Kolkata IQ Asia/Baghdad IR Asia/Tehran
IS Atlantic/Reykjavik IT Europe/Rome JM America/Jamaica JO Asia/Amman JP Asia/Tokyo KE Africa/Nairobi
KH Asia/Phnom_Penh KR Asia/Seoul KZ Asia/Almaty LA Asia/Vientiane LB Asia/Beirut LK Asia/Colombo LT Europe/Vilnius
LU Europe/Luxembourg LV Europe/Riga MA Africa/Casablanca MD Europe/Chisinau MK Europe/Skopje MM Asia/Yangon
MN Asia/Ulaanbaatar MT Europe/Malta MX America/Mexico_City MY Asia/Kuala_Lumpur NG Africa/Lagos NL Europe/Amsterdam
NO Europe/Oslo NP Asia/Kathmandu NZ Pacific/Auckland PA America/Panama PE America/Lima PH Asia/Manila PK Asia/Karachi
PL Europe/Warsaw PT Europe/Lisbon PY America/Asuncion RO Europe/Bucharest RS Europe/Belgrade RU Europe/Moscow
SA Asia/Riyadh SE Europe/Stockholm SG Asia/Singapore SI Europe/Ljubljana SK Europe/Bratislava SN Africa/Dakar
TH Asia/Bangkok TN Africa/Tunis TR Europe/Istanbul TW Asia/Taipei TZ Africa/Dar_es_Salaam UA Europe/Kyiv
UG Africa/Kampala US America/New_York UY America/Montevideo UZ Asia/Tashkent VE America/Caracas VN Asia/Ho_Chi_Minh
ZA Africa/Johannesburg
"""
# Where most people who read a language live (likely subtags of Unicode CLDR). English alone is left out: platforms
# report it for people anywhere.
_LANGUAGES = """
am ET ar EG az AZ be BY bg BG bn BD bs BA ca ES cs CZ da DK de DE el GR es ES et EE eu ES fa IR fi FI fil PH fr FR
gl ES he IL hi IN hr HR hu HU hy AM id ID is IS it IT ja JP ka GE kk KZ km KH ko KR lo LA lt LT lv LV mk MK mn MN
ms MY mt MT my MM nb NO ne NP nl NL nn NO no NO pl PL pt BR ro RO ru RU si LK sk SK sl SI sq AL sr RS sv SE sw TZ
ta IN te IN th TH tr TR uk UA ur PK uz UZ vi VN zh CN zh-hant TW
"""
_NO_PLACES = ("Etc", "US", "Canada", "Brazil", "Mexico", "Chile")  # what follows these is no city of that name
_NO_ZONES = frozenset({"Factory", "localtime"})  # a placeholder, and whatever zone the machine is in


def zone_of(text: str) -> str:
    """The IANA name of a zone typed in any case and with spaces, or of its city alone; UsageError otherwise."""
    key, names = _bare(text), _zones()
    if key in names:
        return names[key]
    if re.search(r"[+-]\d", key):
        message = "Name a place instead, like Europe/Berlin, because hours from UTC can change with summer time."
        raise UsageError(message)
    near = process.extractOne(key, list(names), scorer=fuzz.ratio, score_cutoff=_LIKELY)
    hint = f"Did you mean {names[near[0]]}?" if near else "Send one like Europe/Berlin, or a large city near you."
    message = f"I do not know the time zone {echo(text)}. {hint}"
    raise UsageError(message)


def guess_zone(locale: str) -> str:
    """The likeliest zone of somebody whose platform is set to a locale such as de, en-GB or pt-br; UTC when unknown."""
    language, *rest = re.split(r"[-_]", locale.lower())
    countries, languages = _pairs(_COUNTRIES), _pairs(_LANGUAGES)
    named = [part.upper() for part in rest if part.upper() in countries]
    spoken = [languages[tag] for tag in ("-".join((language, *rest[:1])), language) if tag in languages]
    return next((countries[country] for country in named + spoken), "UTC")


@cache
def _pairs(table: str) -> Mapping[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _zones() -> Mapping[str, str]:
    """Zones by their bare names and cities; a city that stands under two names has one time (Nicosia is in two)."""
    names = sorted(available_timezones() - _NO_ZONES, reverse=True)
    cities = [name for name in names if name.partition("/")[0] not in _NO_PLACES]
    return {_bare(name.rpartition("/")[2]): name for name in cities} | {_bare(name): name for name in names}


def _bare(name: str) -> str:
    """A name without case, accents, spaces, underscores and hyphens; the sign of a number stays."""
    letters = (c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\s_]|-(?!\d)", "", "".join(letters))
