"""When somebody is asked: on which local dates, and at which moment.

Local dates and wall clocks decide; moments are UTC epoch seconds, and the present is an argument. A prompt is known by
its local date, and dates only go up: whatever becomes of the zone or the clock, no date is asked twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from bot.core.place import Person

EXPIRY = 4 * 3600  # a morning's question is still one before noon; later it would crowd the next
JITTER = 300  # at 30 messages a second (Telegram's limit) 9,000 people who all chose 08:30 are asked within it
_MINUTE = 60
_DAY_STARTS = 4 * 60  # minutes after midnight: who answers at one in the morning has not slept yet
_MINUTES = 24 * 60
_ONE_DAY = timedelta(days=1)
_WEEKS = 3  # the wanted weekday of one week may be over, and that of another be left out of a calendar (Apia, 2011)
_LAST = date.max.toordinal() - 1  # the day after it can still be shown in every zone


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
    date_shown = local_date(zone, at)
    return date_shown if minute_of(zone, at) >= _DAY_STARTS else date_shown - _ONE_DAY


def minute_of(zone: str, at: int) -> int:
    """What the clock shows there, in minutes after midnight."""
    shown = datetime.fromtimestamp(at, _clock(zone))
    return shown.hour * 60 + shown.minute


def is_quiet(rhythm: Rhythm, at: int) -> bool:
    """Whether a moment is in somebody's quiet hours."""
    if rhythm.quiet is None:
        return False
    (start, end), minute = rhythm.quiet, minute_of(rhythm.zone, at)
    return start <= minute < end if start <= end else minute >= start or minute < end


def jitter(person: Person, seconds: int = JITTER) -> int:
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
