"""One hand-written fake per port, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.core import effects as e
from bot.core.debrief import Debrief
from bot.core.effects import Effect, Tone
from bot.core.session import History, PastInterview, Session, Setup
from bot.service.ports import DueTimer, Message


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = 1_800_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, seconds: int) -> None:
        self.now += seconds


class FakeMessenger:
    """Keeps what was sent; fails when told to."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.broken = False

    async def send(self, message: Message) -> None:
        if self.broken:
            raise ConnectionError
        self.sent.append(message)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]

    @property
    def last(self) -> str:
        return self.sent[-1].text


class FakeStore:
    """A store in memory; a transaction that raises leaves it as it was."""

    def __init__(self) -> None:
        self.sessions: dict[int, Session] = {}
        self.records: list[tuple[int, Effect]] = []
        self.outbox: list[tuple[Message, bool]] = []
        self.timers: dict[tuple[int, int, str], tuple[int, str]] = {}
        self.debriefs: dict[int, Debrief] = {}
        self.beat_at: int | None = None
        self.settings: dict[tuple[str, str], str] = {}

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[FakeStore]:
        kept = {name: value.copy() for name, value in vars(self).items() if hasattr(value, "copy")}
        try:
            yield self
        except BaseException:
            vars(self).update(kept)
            raise

    async def open_session(self, place: str) -> Session | None:
        return next((s for s in self.sessions.values() if s.place == place and s.ended_at is None), None)

    async def new_session(self, person: str, place: str, setup: Setup, now: int) -> Session:
        session = Session(len(self.sessions) + 1, person, place, setup, now)
        self.sessions[session.id] = session
        return session

    async def history(self, person: str) -> History:
        seen: dict[str, int] = {}
        for session_id, effect in self.records:
            if isinstance(effect, e.RecordTurn) and self.sessions[session_id].person == person:
                seen[effect.question_id] = seen.get(effect.question_id, 0) + 1
        return History(seen, {}, len(self.debriefs))

    async def save(self, session: Session, effects: Sequence[Effect], now: int) -> None:
        self.sessions[session.id] = session
        for effect in effects:
            match effect:
                case e.Say(text, tone, choices):
                    self._put(session.place, text, tone, choices)
                case e.StartTimer(kind, turn, due):
                    self.timers[session.id, turn, kind] = (due, session.place)
                case e.StopTimers(turn):
                    for key in [k for k in self.timers if k[:2] == (session.id, turn)]:
                        del self.timers[key]
                case e.RecordDebrief(debrief):
                    self.debriefs[session.id] = debrief
            self.records.append((session.id, effect))

    async def say(self, place: str, text: str, tone: Tone, now: int) -> None:
        self._put(place, text, tone, ())

    def _put(self, place: str, text: str, tone: Tone, choices: tuple[str, ...]) -> None:
        self.outbox.append((Message(len(self.outbox) + 1, place, tone, text, choices), False))

    async def claim(self, timer: DueTimer) -> bool:
        return self.timers.pop((timer.session_id, timer.turn, timer.kind), None) is not None

    async def unsent(self, place: str) -> list[Message]:
        return [message for message, sent in self.outbox if not sent and message.place == place]

    async def sent(self, message_ids: Sequence[int], now: int) -> None:
        for message_id in message_ids:
            message, _ = self.outbox[message_id - 1]
            self.outbox[message_id - 1] = (message, True)

    async def due_timers(self, now: int, limit: int = 100) -> list[DueTimer]:
        due = sorted((due, key, place) for key, (due, place) in self.timers.items() if due <= now)
        return [DueTimer(key[0], place, key[1], e.TimerKind(key[2])) for _, key, place in due[:limit]]

    async def sessions_of(self, person: str, limit: int = 20) -> list[PastInterview]:
        mine = [s for s in self.sessions.values() if s.person == person]
        return [
            PastInterview(
                s.id, s.setup.format or "", s.setup.level, s.opened_at, s.ended_at,
                self.debriefs[s.id].verdict if s.id in self.debriefs else None,
            )
            for s in reversed(mine)
        ][:limit]  # fmt: skip

    async def debrief(self, person: str, session_id: int | None) -> Debrief | None:
        mine = [d for i, d in self.debriefs.items() if self.sessions[i].person == person]
        return next((d for d in reversed(mine) if session_id in {None, d.session_id}), None)

    async def setting(self, person: str, name: str) -> str | None:
        return self.settings.get((person, name))

    async def set_setting(self, person: str, name: str, value: str) -> None:
        self.settings[person, name] = value

    async def beat(self, now: int) -> None:
        self.beat_at = now

    async def last_beat(self) -> int | None:
        return self.beat_at


def with_setup(session: Session, **changes: object) -> Session:
    """The session with some of its setup changed."""
    return replace(session, setup=replace(session.setup, **changes))  # type: ignore[arg-type]
