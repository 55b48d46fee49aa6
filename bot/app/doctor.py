"""The findings of `mockbot doctor` in plain lines, never the value of a secret."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.app.parts import TERMINAL, clock
from bot.app.registry import switched_on
from bot.config import Settings
from bot.core.refusal import Refusal
from bot.service.ports.store import StoreAwayError
from bot.storage.database import shown
from bot.storage.opening import REVISIONS
from bot.storage.watch import Lease, Queue, Reading, Watch, revision_of

DISCORD = "https://discord.com/api/v10"
ALIVE_SECONDS = 30  # a running program notes every five that it is alive
_SECONDS = aiohttp.ClientTimeout(total=10)
_APART = 30  # seconds by which clocks may differ
_RECENT = 600  # seconds in which a failed delivery is still news
_UNAUTHORIZED = (401, 404)  # Telegram answers 404 to what does not even look like a token
# Lanes in words, and the age of the oldest from which on something is wrong; daily prompts may take four hours.
_LANES = {
    "inbox": ("Messages to work on", 60),
    "interactive": ("Messages to send", 60),
    "bulk": ("Daily prompts to send", 4 * 3600),
    "timers": ("Timers that are due", 60),
}
_LATE = "see the log for what holds it up; if nothing does, run one more replica"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding about a subject; with a `remedy`, which says what to do, it is a problem."""

    about: str
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line, two for a problem."""
        line = f"{self.about}: {self.text}."
        return f"Problem. {line}\n  What to do: {self.remedy}." if self.remedy else line


async def examine(settings: Settings, discord: str = DISCORD) -> tuple[str, bool]:
    """All findings as lines, and whether all is well; `discord` is the address of Discord's API."""
    found = await asyncio.gather(_telegram(settings), _discord(settings, discord), _database(settings))
    findings = [*_configured(settings), *chain.from_iterable(found)]
    problems = sum(bool(finding.remedy) for finding in findings)
    summary = f"{problems} problem{'s' * (problems > 1)}." if problems else "All is well."
    return "\n".join([f"Mockbot {version('mockbot')}", *map(str, findings), summary]), not problems


def _configured(settings: Settings) -> Iterator[Finding]:
    missing = "" if settings.content.is_dir() else "set MOCKBOT_CONTENT to a folder of question banks"
    yield Finding("Question banks", f"{settings.content}{', which is no folder' if missing else ''}", missing)
    if not switched_on(settings):
        remedy = "set MOCKBOT_TELEGRAM_TOKEN or MOCKBOT_DISCORD_TOKEN"
        yield Finding("Platforms", "no token is set, so the bot can run nowhere", remedy)
    invited = f"{len(settings.allow)} people and chats" if settings.allow else "everybody"
    yield Finding("House", f"{invited} may use the bot; {settings.owner or 'nobody'} is the owner")
    listen = settings.listen
    yield Finding("Health", f"served at {listen}" if listen else "not served; MOCKBOT_LISTEN is not set")


async def _telegram(settings: Settings) -> list[Finding]:
    token = settings.telegram_token
    if not token:
        return [Finding("Telegram", "not set up")]
    api = f"{settings.telegram_api.rstrip('/')}/bot{token.get_secret_value()}"
    try:
        async with aiohttp.ClientSession(timeout=_SECONDS, trust_env=True) as session:  # as the library does
            status, me = await _asked(session, f"{api}/getMe")
            if status in _UNAUTHORIZED:
                remedy = "set MOCKBOT_TELEGRAM_TOKEN to the token that @BotFather shows"
                return [Finding("Telegram", "the token is not accepted", remedy)]
            _, hook = await _asked(session, f"{api}/getWebhookInfo")
            name = me["result"]["username"]
            return [Finding("Telegram", f"reached as @{name}"), *_webhook(settings, hook["result"])]
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
        where = urlsplit(settings.telegram_api).netloc
        remedy = f"let this machine reach {where}, or set MOCKBOT_TELEGRAM_API to another Bot API server"
        return [Finding("Telegram", f"{where} cannot be reached ({type(error).__name__})", remedy)]


async def _asked(session: aiohttp.ClientSession, url: str, **headers: str) -> tuple[int, Any]:
    async with session.get(url, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


def _webhook(settings: Settings, info: Mapping[str, Any]) -> Iterator[Finding]:
    wanted, there = settings.telegram_webhook_url or "", info.get("url") or ""
    start = "start `mockbot run`, which tells Telegram"
    if there == wanted:
        yield Finding("Telegram delivers", f"to {urlsplit(there).netloc}" if there else "to long polls")
    elif there:
        remedy = f"{start}; if another program set that address, give this one a bot of its own"
        yield Finding("Telegram delivers", f"to {urlsplit(there).netloc}, not as set here", remedy)
    else:
        yield Finding("Telegram delivers", "to long polls, though MOCKBOT_TELEGRAM_WEBHOOK_URL is set", start)
    failed_at = info.get("last_error_date", 0)
    if there and clock() - failed_at < _RECENT:
        why = str(info.get("last_error_message", "no reason given")).rstrip(".")
        remedy = "let the address in MOCKBOT_TELEGRAM_WEBHOOK_URL lead to where `mockbot run` listens"
        yield Finding("Telegram delivers", f"and failed {_ago(failed_at, clock())} ({why})", remedy)
    if waiting := info.get("pending_update_count", 0):
        yield Finding("Telegram holds", f"{waiting} updates for the bot")


async def _discord(settings: Settings, api: str) -> list[Finding]:
    token = settings.discord_token
    if not token:
        return [Finding("Discord", "not set up")]
    headers = {
        "Authorization": f"Bot {token.get_secret_value()}",
        "User-Agent": f"DiscordBot (mockbot, {version('mockbot')})",
    }
    try:
        async with aiohttp.ClientSession(timeout=_SECONDS) as session:
            status, me = await _asked(session, f"{api}/users/@me", **headers)
            if status in _UNAUTHORIZED:
                remedy = "set MOCKBOT_DISCORD_TOKEN to the token on the Bot page of your application"
                return [Finding("Discord", "the token is not accepted", remedy)]
            return [Finding("Discord", f"reached as {me['username']}")]
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
        remedy = f"let this machine reach {urlsplit(api).netloc}"
        return [Finding("Discord", f"cannot be reached ({type(error).__name__})", remedy)]


async def _database(settings: Settings) -> list[Finding]:
    url = settings.database_url
    try:
        async with asyncio.timeout(_SECONDS.total):
            found = await revision_of(url)
            if found != REVISIONS[-1]:
                return [_revision(url, found)]
            async with Watch(url).reading() as reading:
                return [_revision(url, found), *await _standing(settings, reading)]
    except Refusal as refusal:
        start = "start the database, or " if isinstance(refusal, StoreAwayError) else ""
        why = " ".join(str(refusal).split()).removesuffix(".")
        return [Finding("Database", why, f"{start}set MOCKBOT_DATABASE_URL to another one")]
    except TimeoutError:
        return [Finding("Database", f"{shown(url)} does not answer", "see whether it is overloaded or cut off")]


def _revision(url: str, found: str | None) -> Finding:
    if found == REVISIONS[-1]:
        return Finding("Database", f"{shown(url)}, revision {found}, up to date")
    was = f"at revision {found}" if found else "not created yet"
    return Finding("Database", f"{shown(url)}, {was}; {REVISIONS[-1]} is needed", "run `mockbot migrate`")


async def _standing(settings: Settings, reading: Reading) -> list[Finding]:
    now = int(await reading.now())
    beats = {name: at for name, at in (await reading.heartbeats()).items() if name != TERMINAL}
    alive = bool(beats) and max(beats.values()) > now - ALIVE_SECONDS
    queues = await reading.queues(now)
    return [
        *_clocks(clock() - now),
        _alive(beats, now, alive=alive),
        *_leading(settings, await reading.leases(), now, alive=alive),
        *(_lagging(lane, queue) for lane, queue in queues.items()),
    ]


def _clocks(ahead: int) -> Iterator[Finding]:
    if abs(ahead) > _APART:
        way = "ahead of" if ahead > 0 else "behind"
        remedy = "let both machines set their clocks over the network"
        yield Finding("Clock", f"this machine's is {abs(ahead)} s {way} the database's, which counts", remedy)


def _alive(beats: Mapping[str, int], now: int, *, alive: bool) -> Finding:
    if not beats:
        return Finding("Running", "never yet on this database")
    replicas = sum(name.startswith("replica:") and at > now - ALIVE_SECONDS for name, at in beats.items())
    text = f"last known to be alive {_ago(max(beats.values()), now)}"
    if not alive:
        return Finding("Running", f"no; {text}", "start `mockbot run`")
    return Finding("Running", f"{text}{f', {replicas} replicas' if replicas else ''}")


def _leading(settings: Settings, leases: Sequence[Lease], now: int, *, alive: bool) -> Iterator[Finding]:
    held = [lease for lease in leases if lease.until > now]
    for lease in held:
        until = datetime.fromtimestamp(lease.until, UTC)
        yield Finding("Leading", f"{lease.name} is held by {lease.owner} until {until:%H:%M:%S} UTC")
    for platform in (one.name for one in switched_on(settings) if alive):
        if not any(lease.name.partition(":")[0] == platform for lease in held):
            remedy = f"give the token of {platform} to a program that runs, and see its log for why it is off"
            yield Finding("Leading", f"nobody holds {platform}", remedy)


def _lagging(lane: str, queue: Queue) -> Finding:
    words, patience = _LANES[lane]
    if not queue.depth:
        return Finding(words, "none")
    return Finding(words, f"{queue.depth}, the oldest for {queue.age} s", _LATE if queue.age > patience else "")


def _ago(at: int, now: int) -> str:
    seconds = max(0, now - at)
    for name, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {name} ago"
    return f"{seconds} s ago"
