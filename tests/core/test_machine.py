"""The machine under any sequence of events: it always has a way on, and nothing is gained by repeating."""

import string
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.effects import RecordOutcome
from bot.core.events import Answered, Command, Commanded, Event, Reopened, Started, TimerRang
from bot.core.questions import turns
from bot.core.rules.table import TABLE, IllegalEventError, decide
from bot.core.session import Format, History, Level, Outcome, Pace, Setup, State, TimerKind
from playing import Play, new_session
from sample_bank import CORE, FULL_ANSWER, REFINED, UNIFORM, WRONG

ANSWERS = st.one_of(
    st.sampled_from([CORE, UNIFORM, FULL_ANSWER, WRONG, REFINED, "What log base?", "I don't know", "3", "coding", " "]),
    st.text(string.printable, max_size=60),
)
SETUPS = st.builds(
    Setup,
    format=st.one_of(st.none(), st.sampled_from(Format)),
    level=st.sampled_from(Level),
    minutes=st.one_of(st.none(), st.integers(5, 240)),
    pace=st.sampled_from(Pace),
    time_factor=st.sampled_from([1.0, 1.5, 2.0]),
    seed=st.integers(1, 50),
)


class InterviewMachine(RuleBasedStateMachine):
    """Any person, any order of events, any waiting."""

    play: Play

    @initialize(setup=SETUPS)
    def begin(self, setup: Setup) -> None:
        self.play = Play(new_session(setup))
        self.play.event(Started(setup, History()))

    @property
    def state(self) -> State:
        return self.play.session.state

    def _event(self, event: Event) -> None:
        before = self.play.session
        try:
            self.play.event(event)
        except IllegalEventError:
            assert self.play.session is before

    @rule(text=ANSWERS)
    def says(self, text: str) -> None:
        self._event(Answered(text))

    @rule(command=st.sampled_from(Command))
    def commands(self, command: Command) -> None:
        self._event(Commanded(command))

    @rule(seconds=st.integers(0, 2000))
    def waits(self, seconds: int) -> None:
        self.play.wait(seconds)

    @rule(kind=st.sampled_from(TimerKind), turn=st.integers(0, 40))
    def a_stray_timer_rings(self, kind: TimerKind, turn: int) -> None:
        if self.play.session.turns and turn == len(self.play.session.turns) - 1:
            return
        before = self.play.session
        self._event(TimerRang(kind, turn))
        assert self.play.session == before

    @rule(away=st.integers(0, 100_000))
    def the_program_was_away(self, away: int) -> None:
        self.play.now += away
        self._event(Reopened(away))

    @precondition(lambda self: self.state is State.ANSWERING and self.play.session.turn.answers)
    @rule()
    def repeating_the_answer_earns_nothing(self) -> None:
        session, bank = self.play.session, self.play.bank
        once = turns.assessed(session, session.turn, bank)
        twice = turns.assessed(session, replace(once, answers=once.answers * 2), bank)
        assert twice.assessment.score <= once.assessment.score

    @invariant()
    def there_is_always_a_way_on(self) -> None:
        if self.state is not State.FINISHED:
            assert Command.STOP in TABLE[self.state].rules
            decide(self.play.session, Commanded(Command.STOP), self.play.bank, self.play.now)

    @invariant()
    def timers_run_only_for_an_open_question(self) -> None:
        if self.state not in {State.ANSWERING, State.PROBING, State.TELLING}:
            assert not self.play.timers
        assert all(timer.turn == len(self.play.session.turns) - 1 for timer in self.play.timers.values())

    @invariant()
    def only_the_last_turn_is_open(self) -> None:
        assert all(turn.outcome is not Outcome.OPEN for turn in self.play.session.turns[:-1])

    @invariant()
    def every_closed_turn_was_recorded_once(self) -> None:
        ended = [record.turn for record in self.play.records if isinstance(record, RecordOutcome)]
        closed = [i for i, turn in enumerate(self.play.session.turns) if turn.outcome is not Outcome.OPEN]
        assert ended == closed

    @invariant()
    def no_question_is_asked_twice(self) -> None:
        asked = [(turn.slot.question_id, turn.slot.phase) for turn in self.play.session.turns]
        assert len(asked) == len(set(asked))

    @invariant()
    def scores_stay_between_0_and_1(self) -> None:
        scores = [turns.score(turn) for turn in self.play.session.turns]
        assert all(score is None or 0 <= score <= 1 for score in scores)


TestInterviewMachine = InterviewMachine.TestCase
TestInterviewMachine.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
