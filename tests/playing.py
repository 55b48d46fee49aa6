"""Playing an interview by hand against the core: one line a step, a clock in hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.commands import grammar
from bot.core.effects import Effect, Record, Say, StartTimer, StopTimers
from bot.core.events import Answered, Command, Commanded, Event, Started, TimerRang
from bot.core.model import Bank
from bot.core.rules.table import decide
from bot.core.session import INTERVIEW, Activity, Format, History, Session, Setup, TimerKind
from sample_bank import sample_bank

START = 1_800_000_000


@dataclass
class Play:
    """An interview under way: what was said, which timers run, what was recorded."""

    session: Session
    bank: Bank = field(default_factory=sample_bank)
    now: int = START
    said: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    timers: dict[TimerKind, StartTimer] = field(default_factory=dict)

    def event(self, event: Event) -> list[str]:
        self.session, effects = decide(self.session, event, self.bank, self.now)
        return self._perform(effects)

    def send(self, *lines: str) -> list[str]:
        """Each line as a message or command; what was said to the last one."""
        incoming: list[str] = []
        for line in lines:
            parsed = grammar.parse(line)
            incoming = self.event(Commanded(parsed) if isinstance(parsed, Command) else Answered(str(parsed)))
        return incoming

    def wait(self, seconds: int) -> list[str]:
        """Let time go by, ringing what comes due on the way."""
        incoming: list[str] = []
        end = self.now + seconds
        while due := sorted((t for t in self.timers.values() if t.due <= end), key=lambda t: t.due):
            timer = due[0]
            self.now = timer.due
            del self.timers[timer.kind]
            incoming += self.event(TimerRang(timer.kind, timer.turn))
        self.now = end
        return incoming

    def _perform(self, effects: tuple[Effect, ...]) -> list[str]:
        incoming: list[str] = []
        for effect in effects:
            match effect:
                case Say(text):
                    incoming.append(text)
                case StartTimer(kind):
                    self.timers[kind] = effect
                case StopTimers():
                    self.timers.clear()
                case record:
                    self.records.append(record)
        self.said += incoming
        return incoming

    @property
    def records_of(self) -> list[str]:
        return [type(record).__name__ for record in self.records]


def new_session(setup: Setup, activity: Activity = INTERVIEW) -> Session:
    return Session(1, "someone", "somewhere", setup, START, activity)


def started(
    format_: Format | None = Format.FUNDAMENTALS,
    history: History | None = None,
    bank: Bank | None = None,
    **setup: object,
) -> Play:
    """An interview that was just begun."""
    wanted = Setup(format_, **({"seed": 7} | setup))  # type: ignore[arg-type]
    play = Play(new_session(wanted), bank or sample_bank())
    play.event(Started(wanted, history or History()))
    return play
