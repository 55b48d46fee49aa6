"""Times, days, dates and time zones as people type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import chain
from zoneinfo import available_timezones

from bot.core.refusal import UsageError
from bot.core.text import usage
from bot.core.text.daily_text import DAYS

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
    raise UsageError(usage.no_time(text))


def parse_quiet(text: str) -> tuple[int, int]:
    """Quiet hours such as 22:00-07:00, in minutes after midnight; UsageError otherwise."""
    match [parse_time(end) for end in _TO.split(text.strip().lower())]:
        case [start, end] if start != end:
            return start, end
    raise UsageError(usage.no_quiet_hours(text))


def parse_date(text: str) -> date:
    """A date such as 2026-03-29; UsageError otherwise."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(usage.no_date(text)) from None


def parse_days(text: str) -> frozenset[int]:
    """Weekdays in words, such as mon-fri, weekdays, daily, "mon, wed and fri" or sat-mon; UsageError otherwise."""
    line = text.lower().replace("every day", "daily").replace(",", " ")
    words = [word for word in _TO.sub("-", line).split() if word != "and"]
    if not words:
        raise UsageError(usage.NO_DAYS)
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
    raise UsageError(usage.no_weekday(word, DAYS))


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
        raise UsageError(usage.ZONE_BY_PLACE)
    near = usage.nearest(key, names)
    raise UsageError(usage.no_zone(text, names[near] if near else None))


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
