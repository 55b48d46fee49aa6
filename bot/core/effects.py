"""What shall happen: every output of the machine, in the imperative.

Messages, timers and examinations become rows that the shell acts on; the records become rows that stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.assessment import Assessment
from bot.core.document import Block
from bot.core.events import Command
from bot.core.judgement import Debrief
from bot.core.session import Outcome, TimerKind


class Tone(StrEnum):
    """What a message is, so that a platform can show it fittingly."""

    QUESTION = "question"
    NOTICE = "notice"
    DEBRIEF = "debrief"


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the candidate something.

    `text` is prose; `choices` are offered replies and `commands` offered commands; `due` (epoch seconds) is the
    deadline of the question that is asked. `blocks`, when there are any, say it with more structure for a chat, and
    `with_report` sends the report along as a file where a file can be sent. `reply_to` is the platform's id of the
    message that this one answers. `thread` is the title of a talk of its own, where a platform has such: this message
    begins it, or goes on with the one below the message that it answers.
    """

    text: str
    tone: Tone = Tone.NOTICE
    choices: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    due: int | None = None
    blocks: tuple[Block, ...] = ()
    with_report: bool = False
    reply_to: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Ring at `due` (epoch seconds) for turn `turn`."""

    kind: TimerKind
    turn: int
    due: int


@dataclass(frozen=True, slots=True)
class StopTimers:
    """No timer of turn `turn` shall ring any more."""

    turn: int


@dataclass(frozen=True, slots=True)
class Examine:
    """Have the answer of turn `turn` after so many follow-ups examined; it comes back as `Examined`.

    It is asked for once, whatever happens until it comes back.
    """

    examiner: str
    turn: int
    probe: int
    question_id: str
    answer: str


@dataclass(frozen=True, slots=True)
class StopExamining:
    """Nobody shall examine an answer of turn `turn` any more."""

    turn: int


@dataclass(frozen=True, slots=True)
class RecordTurn:
    """A question was asked."""

    turn: int
    question_id: str
    question_version: int
    bank_id: str
    bank_version: int
    phase: str


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """A message of an answer, as typed; `source` is the platform's id of it."""

    turn: int
    probe: int
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class RecordEdit:
    """A message of an answer was changed while its question was open."""

    turn: int
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordFact:
    """A clarifying question; `fact_id` is empty when the fact sheet holds no answer."""

    turn: int
    fact_id: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordHint:
    """A hint was given; `rung` is 1, 2 or 3."""

    turn: int
    rung: int


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """A turn ended; `score` is None when nothing was assessed."""

    turn: int
    outcome: Outcome
    seconds: int
    topic: str
    score: float | None
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class RecordSelfRating:
    """The candidate rated themselves, 1 to 4."""

    rating: int


@dataclass(frozen=True, slots=True)
class RecordDebrief:
    """The interview was judged; the debrief holds all that a report shows."""

    debrief: Debrief


@dataclass(frozen=True, slots=True)
class RecordUnmatched:
    """A real answer in which no key point was found, for authors to learn phrasings from; kept only with consent."""

    question_id: str
    question_version: int
    text: str


@dataclass(frozen=True, slots=True)
class RecordDaily:
    """A daily question is done; `score` is None when it was left out, else `card` is due again at `due_at`."""

    prompt_id: int
    question_id: str
    score: float | None = None
    card: str = ""
    due_at: int = 0


@dataclass(frozen=True, slots=True)
class RecordStory:
    """A story of the person's bank was written: a new one under a free `number`, or a new version of one.

    `competencies` are the ids of all that it covers from now on.
    """

    number: int
    title: str
    text: str
    competencies: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class RecordTold:
    """A story of the bank was told for a competency, in so many words and seconds."""

    number: int
    competency: str
    words: int
    seconds: int


@dataclass(frozen=True, slots=True)
class RecordStoryRating:
    """The person rated a story, 1 to 5 each; `before` the feedback, or after it."""

    number: int
    clarity: int
    impact: int
    before: bool


Record = (
    RecordTurn
    | RecordAnswer
    | RecordEdit
    | RecordFact
    | RecordHint
    | RecordOutcome
    | RecordUnmatched
    | RecordSelfRating
    | RecordDebrief
    | RecordDaily
    | RecordStory
    | RecordTold
    | RecordStoryRating
)
Effect = Say | StartTimer | StopTimers | Examine | StopExamining | Record
