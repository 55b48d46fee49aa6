"""The frozen state of one interview, from the plan to the last answer.

Times are UTC epoch seconds; durations are seconds. Nothing here knows how it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.core.assessment import Assessment, Section
from bot.core.model import Level, Stage, When
from bot.core.place import Person, Place


class Format(StrEnum):
    """What a person can ask to be interviewed in: a single stage, rapid fire, or several rounds."""

    SCREEN = "screen"
    CODING = "coding"
    FUNDAMENTALS = "fundamentals"
    RAPID_FIRE = "rapid-fire"
    SYSTEM_DESIGN = "system-design"
    BEHAVIORAL = "behavioral"
    FULL = "full"
    LOOP = "loop"


class Pace(StrEnum):
    """How strictly the clock is kept."""

    STRICT = "strict"
    PRACTICE = "practice"
    UNTIMED = "untimed"


class State(StrEnum):
    """Where an interview stands."""

    CHOOSING = "choosing"
    ANSWERING = "answering"
    PROBING = "probing"
    PAUSED = "paused"
    ON_BREAK = "on-break"
    RATING = "rating"
    TELLING = "telling"  # a story is told, or asked for section by section
    APPRAISING = "appraising"  # the person rates the story, before the feedback and after it
    FOLLOWING_UP = "following-up"
    EXAMINING = "examining"  # an answer is complete and is looked at; `paused_in` says what it answers
    FINISHED = "finished"


class Outcome(StrEnum):
    """How a turn ended; `open` while it has not."""

    OPEN = "open"
    ANSWERED = "answered"
    TIMED_OUT = "timed-out"
    SKIPPED = "skipped"
    SWAPPED = "swapped"
    STOPPED = "stopped"


class TimerKind(StrEnum):
    """The three moments a question's clock speaks up."""

    NUDGE = "nudge"
    WARNING = "warning"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Interview:
    """Rounds of questions, the candidate's own rating, and a debrief."""


@dataclass(frozen=True, slots=True)
class DailyQuestion:
    """One question that was pushed, without a plan, a rating or a verdict.

    `card` is how well the person knew it so far (see `reviews`), `streak` what to say of theirs once it is answered.
    """

    prompt_id: int
    question_id: str
    card: str | None = None
    streak: str = ""


class RehearsalKind(StrEnum):
    """What a story is told for."""

    NEW = "new"  # a new one, section by section
    TELL = "tell"  # an answer to a prompt, with a story of the bank or a new one
    PRACTICE = "practice"  # one story of the bank, told again
    EDIT = "edit"  # one story of the bank, written anew or in one section


@dataclass(frozen=True, slots=True)
class OwnStory:
    """A story of the person's own bank: its number, its latest text, and how many times it was told so far."""

    number: int
    title: str
    text: str
    times: int
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A story that is told.

    It holds all that is asked, so that it can go on whatever becomes of the competencies in `content`. `number` is that
    of the story: of the one that is practised or edited, else the next free one. `probes` are what an interviewer asks
    about this competency, each with what it looks for (see `stories.Seek`).
    """

    kind: RehearsalKind
    competency: str
    competency_title: str
    prompt: str
    looks_for: str
    scope: str
    probes: tuple[tuple[str, str], ...]
    number: int
    title: str = ""


Activity = DailyQuestion | Rehearsal | Interview
INTERVIEW = Interview()


@dataclass(frozen=True, slots=True)
class Telling:
    """How far a rehearsal is.

    `labels` has for each message of the story the section it begins, None where it goes on with the one before.
    `ratings` are clarity and impact, 1 to 5, before the feedback and then after it.
    """

    labels: tuple[Section | None, ...] = ()
    ratings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """What the person asked for; `minutes` absent means the usual length of the format."""

    format: Format | None = None
    level: Level = Level.MID
    topic: str = ""
    minutes: int | None = None
    pace: Pace = Pace.PRACTICE
    time_factor: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """What is known of the person from before: questions seen (how often), topic scores (0..1), finished interviews.

    `stories` are those of their own bank, where the interview asks for any.
    """

    seen: Mapping[str, int] = field(default_factory=dict)
    topic_scores: Mapping[str, float] = field(default_factory=dict)
    finished: int = 0
    stories: tuple[OwnStory, ...] = ()


@dataclass(frozen=True, slots=True)
class PastInterview:
    """An interview as the history lists it; `verdict` is None while it is open or when nothing was judged."""

    id: int
    format: str
    level: str
    opened_at: int
    ended_at: int | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the plan: one question, or one phase of it, with its time and the questions that may replace it."""

    question_id: str
    seconds: int
    phase: str = ""
    twist: str = ""
    spares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One stage of the interview.

    `format` also names the rubric it is judged by, and `rubric` is that one as it was when the round began, as
    JSON (see `debrief.debrief.pinned`).
    """

    format: Format
    stage: Stage
    minutes: int
    slots: tuple[Slot, ...]
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One message of an answer; `probe` is 0 for the question itself, else the number of the follow-up."""

    text: str
    at: int
    probe: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A follow-up that was asked, what the reply earned (0..1), and the sentence it took back."""

    when: When
    ask: str
    about: str
    credit: float = 0.0
    retracted: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question asked, and everything that was said and done about it.

    `examined` is what an examiner found in the answer, beside what the scorer reads in it.
    """

    round: int
    slot: Slot
    asked_at: int
    due_at: int | None
    answers: tuple[Answer, ...] = ()
    facts: tuple[str, ...] = ()
    hints: int = 0
    probes: tuple[Probe, ...] = ()
    assessment: Assessment | None = None
    outcome: Outcome = Outcome.OPEN
    closed_at: int | None = None
    paused_seconds: int = 0
    overtime: bool = False
    examined: Assessment | None = None

    @property
    def text(self) -> str:
        """All the candidate said in this turn."""
        return "\n".join(answer.text for answer in self.answers)

    @property
    def limit(self) -> int | None:
        """Seconds this turn may take, without pauses and outages; None when it is untimed."""
        return None if self.due_at is None else self.due_at - self.asked_at - self.paused_seconds

    @property
    def seconds_used(self) -> int:
        """Time between question and end, without pauses and outages."""
        return max(0, (self.closed_at or self.asked_at) - self.asked_at - self.paused_seconds)


@dataclass(frozen=True, slots=True)
class Session:
    """What one person does in one place; `last_message` is the platform's id of what they sent last.

    `stories` is the person's own bank, where the interview asks for stories. `asked_lag` is how many seconds our clock
    showed more than the platform's when the last question was asked: the time a message took to get here, and what is
    wrong with the clocks.
    """

    id: int
    person: Person
    place: Place
    setup: Setup
    opened_at: int
    activity: Activity = INTERVIEW
    state: State = State.CHOOSING
    history: History | None = None
    finished_before: int = 0
    rounds: tuple[Round, ...] = ()
    turns: tuple[Turn, ...] = ()
    paused_at: int | None = None
    paused_in: State | None = None
    self_rating: int | None = None
    ended_at: int | None = None
    last_message: str = ""
    telling: Telling = Telling()
    stories: tuple[OwnStory, ...] = ()
    asked_lag: int = 0

    @property
    def turn(self) -> Turn:
        """The open turn, or the last one."""
        return self.turns[-1]

    @property
    def turn_number(self) -> int:
        """The number of that turn, counted from 0."""
        return len(self.turns) - 1

    @property
    def current_round(self) -> Round:
        """The round of the open turn."""
        return self.rounds[self.turn.round]

    def said_about(self, question_id: str) -> str:
        """All the candidate said about a question; the parts of a design belong together."""
        return "\n".join(turn.text for turn in self.turns if turn.slot.question_id == question_id)

    def with_turn(self, turn: Turn) -> Session:
        """This session with its last turn replaced."""
        return replace(self, turns=(*self.turns[:-1], turn))

    def with_answer(self, answer: Answer) -> Session:
        """This session with one more message in its last turn."""
        return self.with_turn(replace(self.turn, answers=(*self.turn.answers, answer)))

    def turns_of(self, number: int) -> tuple[Turn, ...]:
        """The turns of one round that count: a swapped question leaves no trace in the score."""
        return tuple(t for t in self.turns if t.round == number and t.outcome is not Outcome.SWAPPED)
