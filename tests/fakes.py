"""One hand-written fake per port, and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.core import effects as e
from bot.core.effects import Effect
from bot.core.judgement import Debrief
from bot.core.place import chat_of, is_within
from bot.core.rules import buttons
from bot.core.session import INTERVIEW, Activity, History, Interview, PastInterview, Rehearsal, Session, Setup, State
from bot.core.stories import Rating, Story, Told, Version
from bot.service.ports.incoming import Attached, Incoming, Said
from bot.service.ports.messages import File, Message
from bot.service.ports.platform import Budget, UnreachableError
from bot.service.ports.shared_work import EVERYTHING, Share
from bot.service.ports.store import DueTimer, OpenInterview

_ASKING = {State.ANSWERING, State.PROBING, State.TELLING, State.FOLLOWING_UP}


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


class FakeDailyRows:
    """Nobody asked for a daily question; what is done with one is tried on the real store."""

    async def open_prompt(self, person: str, since: int) -> None:
        return None

    async def lost(self, chat: str) -> list[object]:
        return []


class FakeStoryRows:
    """People's own stories in memory, each under its person and number; sessions are looked up in the store."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self._stories: dict[tuple[str, int], Story] = {}
        self._asked: dict[str, list[str]] = {}
        self._last: dict[str, int] = {}

    def copy(self) -> FakeStoryRows:
        made = FakeStoryRows(self._store)
        made._stories, made._last = dict(self._stories), dict(self._last)
        made._asked = {person: list(asked) for person, asked in self._asked.items()}
        return made

    def record(self, session: Session, effect: Effect, now: int) -> None:
        match effect:
            case e.RecordTurn(question_id=asked) if asked.startswith("star:") and asked != "star:":
                self._asked.setdefault(session.person, []).append(asked.removeprefix("star:"))
            case e.RecordStory():
                self._write(session.person, effect, now)
            case e.RecordTold(number):
                self._tell(session.person, number, now)
            case e.RecordStoryRating(number, clarity, impact):
                self._rate(session.person, number, Rating(clarity, impact, now))

    def _write(self, person: str, written: e.RecordStory, now: int) -> None:
        key = (person, written.number)
        if written.is_new:
            self._stories.setdefault(key, Story(str(written.number), written.title))
            self._last[person] = max(written.number, self._last.get(person, 0))
        story = self._stories.get(key)
        if story:
            versions = (*story.versions, Version(written.text, now))
            self._stories[key] = replace(story, competencies=written.competencies, versions=versions)

    def _tell(self, person: str, number: int, now: int) -> None:
        story = self._stories.get((person, number))
        if story:
            self._stories[person, number] = replace(story, told=Told(story.told.times + 1, now))

    def _rate(self, person: str, number: int, rating: Rating) -> None:
        story = self._stories.get((person, number))
        if story:
            self._stories[person, number] = replace(story, ratings=(*story.ratings, rating))

    def forget(self, person: str) -> None:
        self._stories = {key: story for key, story in self._stories.items() if key[0] != person}
        self._asked.pop(person, None)
        self._last.pop(person, None)

    async def all(self, person: str) -> list[Story]:
        return [self._stories[key] for key in sorted(self._stories) if key[0] == person]

    async def next_number(self, person: str) -> int:
        open_ones = [s for s in self._store.sessions.values() if s.person == person and s.ended_at is None]
        being_told = [s.activity.number for s in open_ones if isinstance(s.activity, Rehearsal)]
        return max([self._last.get(person, 0), *being_told]) + 1

    async def asked(self, person: str) -> Sequence[str]:
        asked = self._asked.get(person, [])
        latest = {competency: i for i, competency in enumerate(asked)}
        return sorted(asked, key=lambda competency: latest[competency])

    async def tag(self, person: str, number: int, competencies: Sequence[str]) -> None:
        self._change(person, number, competencies=tuple(competencies))

    async def rename(self, person: str, number: int, title: str) -> None:
        self._change(person, number, title=title)

    async def delete(self, person: str, number: int) -> None:
        self._stories.pop((person, number), None)

    def _change(self, person: str, number: int, **changes: object) -> None:
        if (person, number) in self._stories:
            changed = replace(self._stories[person, number], **changes)  # type: ignore[arg-type]
            self._stories[person, number] = changed


class FakeStore:
    """A store in memory; a transaction that raises leaves it as it was."""

    def __init__(self) -> None:
        self.sessions: dict[int, Session] = {}
        self.asked_in: dict[int, str] = {}
        self.records: list[tuple[int, Effect]] = []
        self.outbox: dict[int, Message] = {}
        self.settled: dict[int, str | None] = {}
        self.inbox: dict[str, Incoming | None] = {}
        self.lost: dict[str, int] = {}
        self.timers: dict[tuple[int, int, str], tuple[int, str]] = {}
        self.debriefs: dict[int, Debrief] = {}
        self.numbered = 0
        self.daily = FakeDailyRows()
        self.stories = FakeStoryRows(self)
        self.beat_at: int | None = None
        self.set: dict[tuple[str, str], str] = {}
        self.tried: set[int] = set()
        self.leases: dict[str, str] = {}
        self.replicas: set[str] = set()
        self._spoken_in: set[str] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[FakeStore]:
        kept = {name: value.copy() for name, value in vars(self).items() if hasattr(value, "copy")}
        self._spoken_in.clear()
        try:
            yield self
        except BaseException:
            vars(self).update(kept)
            raise

    async def keep_incoming(
        self, incoming: Sequence[Incoming], now: int, owner: str = "", lease_until: int = 0, room: int | None = None
    ) -> list[Incoming]:
        new = [one for one in incoming if one.key not in self.inbox]
        self.inbox.update({one.key: one for one in new})
        return new

    async def claim_incoming(
        self, owner: str, now: int, lease_until: int, limit: int, platforms: Sequence[str]
    ) -> list[Incoming]:
        return await self.waiting()

    async def renew_incoming(self, owner: str, keys: Sequence[str], lease_until: int) -> None:
        pass

    async def owners_waited_for(self) -> list[str]:
        return []

    async def waiting(self) -> list[Incoming]:
        return [incoming for incoming in self.inbox.values() if incoming]

    async def lock(self, place: str) -> None:
        pass

    async def take(self, key: str, now: int) -> bool:
        waiting = self.inbox.get(key) is not None
        self.inbox[key] = None
        return waiting

    async def open_session(self, place: str) -> Session | None:
        return next((s for s in self.sessions.values() if s.place == place and s.ended_at is None), None)

    async def running(self) -> list[str]:
        places = [s.place for s in self.sessions.values() if s.state in _ASKING]
        return [place for place in places if not any(is_within(place, chat) for chat in self.lost)]

    async def session(self, session_id: int) -> Session | None:
        return self.sessions.get(session_id)

    async def candidate_of(self, session_id: int) -> str | None:
        return self.sessions[session_id].person if session_id in self.sessions else None

    async def new_session(  # noqa: PLR0913, PLR0917 - as the port says
        self, person: str, place: str, asked_in: str, setup: Setup, now: int, activity: Activity = INTERVIEW
    ) -> Session:
        session = Session(len(self.sessions) + 1, person, place, setup, now, activity)
        self.sessions[session.id] = session
        self.asked_in[session.id] = asked_in
        return session

    async def open_interviews(self, place: str, person: str) -> list[OpenInterview]:
        return self._open(lambda s: s.place == place or (self.asked_in[s.id], s.person) == (place, person))

    def _open(self, chosen: Callable[[Session], bool]) -> list[OpenInterview]:
        found = [s for s in self.sessions.values() if s.ended_at is None and chosen(s)]
        return [
            OpenInterview(s.id, s.person, s.place, self.asked_in[s.id], self._last_ref(s.id), self._is_lost(s.place))
            for s in found
        ]

    def _is_lost(self, place: str) -> bool:
        return bool({place, chat_of(place)} & set(self.lost))

    def _last_ref(self, session_id: int) -> str:
        refs = [
            ref
            for i, ref in self.settled.items()
            if ref and i in self.outbox and self.outbox[i].session_id == session_id
        ]
        return refs[-1] if refs else ""

    def _interviews(self) -> list[Session]:
        return [s for s in self.sessions.values() if isinstance(s.activity, Interview)]

    async def started_since(self, person: str, since: int) -> int:
        return sum(s.person == person and s.opened_at > since for s in self._interviews())

    async def started_in(self, chat: str, since: int) -> int:
        asked = (self.asked_in[s.id] for s in self._interviews() if s.opened_at > since)
        return sum(chat_of(place) == chat for place in asked)

    async def session_of_message(self, chat: str, ref: str) -> int | None:
        found = (self.outbox[i] for i, its in self.settled.items() if its == ref and i in self.outbox)
        return next((message.session_id for message in found if chat_of(message.place) == chat), None)

    async def history(self, person: str) -> History:
        seen: dict[str, int] = {}
        for session_id, effect in self.records:
            if isinstance(effect, e.RecordTurn) and self.sessions[session_id].person == person:
                seen[effect.question_id] = seen.get(effect.question_id, 0) + 1
        return History(seen, {}, len(self.debriefs))

    async def save(self, session: Session, effects: Sequence[Effect], now: int, *, private: bool = False) -> None:
        self.sessions[session.id] = session
        for effect in effects:
            match effect:
                case e.Say():
                    self._put(
                        session.place,
                        effect,
                        person=session.person,
                        private=private and effect.tone is e.Tone.DEBRIEF,
                        document_name=f"report:{session.id}" if effect.with_report else "",
                        session_id=session.id,
                        mark=buttons.mark(session),
                        reply_to=session.last_message,
                    )
                case e.StartTimer(kind, turn, due):
                    self.timers[session.id, turn, kind] = (due, session.place)
                case e.StopTimers(turn):
                    for key in [k for k in self.timers if k[:2] == (session.id, turn)]:
                        del self.timers[key]
                case e.RecordDebrief(debrief):
                    self.debriefs[session.id] = debrief
            self.stories.record(session, effect, now)
            self.records.append((session.id, effect))

    async def say(self, place: str, say: e.Say, now: int, person: str = "", *, private: bool = False) -> None:
        self._put(place, say, person=person, private=private)

    async def send_file(self, place: str, say: e.Say, document: str, now: int, person: str) -> None:
        self._put(place, say, person=person, private=True, document_name=document)

    def _put(self, place: str, say: e.Say, **more: object) -> None:
        number = self.numbered = self.numbered + 1
        said = (say.tone, say.text, say.choices, say.commands, say.blocks)
        self.outbox[number] = Message(number, place, *said, due=say.due, **more)  # type: ignore[arg-type]
        self._spoken_in.add(place)

    async def claim(self, timer: DueTimer, now: int) -> bool:
        key = (timer.session_id, timer.turn, timer.kind)
        due, _ = self.timers.get(key, (now + 1, ""))
        return due <= now and self.timers.pop(key, None) is not None

    async def unsent(self) -> list[Message]:
        return [message for message in self._unsettled() if message.place in self._spoken_in]

    async def left_unsent(self) -> list[Message]:
        return [m for m in self._unsettled() if not any(is_within(m.place, chat) for chat in self.lost)]

    async def unsent_talk(self, platform: str, after: int) -> list[Message]:
        mine = [m for m in await self.left_unsent() if m.place.startswith(f"{platform}:")]
        return [m for m in mine if m.id > after and not m.bulk]

    async def unsent_bulk(self, platform: str, after: int, limit: int) -> list[Message]:
        mine = [m for m in self._unsettled() if m.place.startswith(f"{platform}:") and m.id not in self.tried]
        return [m for m in mine if m.id > after and m.bulk][:limit]

    async def try_bulk(self, ids: Sequence[int], now: int) -> set[int]:
        fresh = set(ids) - self.tried
        self.tried |= fresh
        return fresh

    async def settle_tried(self, platform: str, now: int, *, again: bool) -> None:
        tried, self.tried = self.tried - set(self.settled), set()
        self.settled |= {} if again else dict.fromkeys(tried)

    async def sent_since(self, platform: str, since: int) -> list[tuple[str, int]]:
        return []

    async def hold(self, name: str, owner: str, seconds: int) -> bool:
        return self.leases.setdefault(name, owner) == owner

    async def holder(self, name: str) -> str | None:
        return self.leases.get(name)

    async def release(self, name: str, owner: str) -> None:
        if self.leases.get(name) == owner:
            del self.leases[name]

    async def announce(self, owner: str) -> None:
        self.replicas.add(owner)

    async def alive(self, seconds: int) -> list[str]:
        return sorted(self.replicas)

    async def leave(self, owner: str) -> None:
        self.replicas.discard(owner)
        self.leases = {name: its for name, its in self.leases.items() if its != owner}

    def _unsettled(self) -> list[Message]:
        return [message for message in self.outbox.values() if message.id not in self.settled]

    async def say_what_waits(self, place: str) -> bool:
        self._spoken_in.add(place)
        return any(message.place == place for message in self._unsettled())

    async def settle(self, arrived: Mapping[int, str], failed: Sequence[int], now: int) -> None:
        self.settled |= dict(arrived) | dict.fromkeys(failed)

    async def document(self, name: str) -> File | None:
        return File(f"{name}.txt", name.encode())

    async def due_timers(
        self, now: int, limit: int = 100, platforms: Collection[str] = (), share: Share = EVERYTHING
    ) -> list[DueTimer]:
        due = sorted((due, key, place) for key, (due, place) in self.timers.items() if due <= now)
        return [DueTimer(key[0], place, key[1], e.TimerKind(key[2])) for _, key, place in due[:limit]]

    async def sessions_of(self, person: str, limit: int = 20) -> list[PastInterview]:
        mine = [s for s in self._interviews() if s.person == person]
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

    async def settings(self, person: str) -> Mapping[str, str]:
        return {name: value for (whose, name), value in self.set.items() if whose == person}

    async def set_setting(self, person: str, name: str, value: str) -> None:
        self.set[person, name] = value

    async def forget(self, person: str) -> None:
        self.stories.forget(person)
        self.sessions = {i: s for i, s in self.sessions.items() if s.person != person}
        self.debriefs = {i: d for i, d in self.debriefs.items() if i in self.sessions}
        self.records = [(i, effect) for i, effect in self.records if i in self.sessions]
        self.timers = {key: due for key, due in self.timers.items() if key[0] in self.sessions}
        self.set = {key: value for key, value in self.set.items() if key[0] != person}
        self.outbox = {i: m for i, m in self.outbox.items() if m.person != person}

    async def lose(self, chat: str, now: int) -> list[OpenInterview]:
        self.lost.setdefault(chat, now)
        self.timers = {key: due for key, due in self.timers.items() if not is_within(due[1], chat)}
        mine = [m for m in self._unsettled() if is_within(m.place, chat) and m.session_id is None]
        self.settled |= {m.id: None for m in mine}
        return self._open(lambda s: is_within(s.place, chat))

    async def mark_reachable(self, place: str) -> list[tuple[int, OpenInterview]]:
        lost = {chat: self.lost.pop(chat) for chat in {place, chat_of(place)} if chat in self.lost}
        return [(since, one) for chat, since in lost.items() for one in self._open_in(chat)]

    def _open_in(self, chat: str) -> list[OpenInterview]:
        return self._open(lambda s: is_within(s.place, chat))

    async def move(self, old: str, new: str, now: int) -> None:
        for i, session in self.sessions.items():
            if chat_of(session.place) == old:
                self.sessions[i] = replace(session, place=new + session.place.removeprefix(old))

    async def beat(self, now: int) -> None:
        self.beat_at = max(now, self.beat_at or now)

    async def last_beat(self) -> int | None:
        return self.beat_at

    async def load(self, name: str) -> str | None:
        return self.set.get(("", name))

    async def keep(self, name: str, value: str) -> None:
        self.set["", name] = value


class FakeKept:
    """Small facts in memory."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    async def load(self, name: str) -> str | None:
        return self.facts.get(name)

    async def keep(self, name: str, value: str) -> None:
        self.facts[name] = value


class FakePlatform:
    """A platform that keeps what was sent; `failing` holds the errors of the next sends, None for one that works."""

    def __init__(self, name: str = "telegram", budgets: tuple[Budget, ...] = ()) -> None:
        self.name = name
        self.sent: list[Message] = []
        self.failing: list[Exception | None] = []
        self.notices: list[tuple[str, str]] = []
        self.files: dict[str, str | Exception] = {}
        self.rooms: dict[str, str] = {}
        self.admins: set[str] = set()
        self.closed: dict[str, str] = {}
        self.resends_safely = False
        self.anywhere = True
        self.up = True
        self._budgets = budgets

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        pass

    def compose(self, message: Message) -> list[Message]:
        return [message]

    async def post(self, part: Message) -> str:
        error = self.failing.pop(0) if self.failing else None
        if error:
            raise error
        self.sent.append(part)
        return f"m{part.id}"

    def budgets(self, place: str) -> tuple[Budget, ...]:
        return self._budgets

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        self.notices.append((incoming.ticket, notice))

    async def read(self, incoming: Incoming, file: Attached) -> str:
        found = self.files[file.file]
        if isinstance(found, Exception):
            raise found
        return found

    async def room(self, incoming: Incoming, title: str, *, public: bool) -> str:
        return self.rooms.get(incoming.place, incoming.place)

    async def private_room(self, incoming: Incoming) -> str:
        if incoming.person in self.closed:
            raise UnreachableError(self.closed[incoming.person])
        return incoming.person

    async def is_admin(self, incoming: Incoming) -> bool:
        return incoming.person in self.admins

    def link(self, place: str, message_id: str) -> str:
        return f"https://example.org/{place}/{message_id}"

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]


def with_setup(session: Session, **changes: object) -> Session:
    """The session with some of its setup changed."""
    return replace(session, setup=replace(session.setup, **changes))  # type: ignore[arg-type]


def said(text: str, place: str, person: str) -> Incoming:
    """A line that somebody typed in a terminal."""
    return Incoming("", place, person, 0, Said(text))
