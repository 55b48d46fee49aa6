"""A rehearsal under any sequence of events: it always has a way on, and no story is lost or kept twice."""

import string

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from test_machine import InterviewMachine

from bot.core.commands import story_commands
from bot.core.effects import RecordStory, RecordStoryRating, RecordTold
from bot.core.events import Answered, Edited, Started
from bot.core.session import History, Pace, RehearsalKind, Setup, State
from bot.core.stories import Story, rehearsals
from playing import Play, new_session
from rehearsing import ALERTS, IMPORT, IMPORT_AGAIN, SECTIONS, Rehearsing, story

BANK = (story(1, IMPORT, "ownership", times=2, rating=4), story(2, ALERTS, "failure"))
TOLD = st.one_of(
    st.sampled_from(
        [IMPORT_AGAIN, *SECTIONS, "Result: none failed.", "3", "3 4", "9", " ", "S: a. T: b. A: I called."]
    ),
    st.text(string.printable, max_size=200),
)


class RehearsalMachine(InterviewMachine):
    """Any person, any story, any order of events."""

    @initialize(
        line=st.sampled_from(["", "ownership", "new", "new My title", "practice 1", "edit 2"]),
        stories=st.sampled_from([BANK, BANK, ()]),
        pace=st.sampled_from(Pace),
    )
    def begin(self, line: str, stories: tuple[Story, ...], pace: Pace) -> None:
        wanted = Rehearsing(BANK if line.endswith(("1", "2")) else stories).rehearsal(line)
        setup = Setup(pace=pace)
        self.play = Play(new_session(setup, wanted))
        self.play.event(Started(setup, History(stories=story_commands.own(BANK, wanted))))

    @rule(text=TOLD, source=st.sampled_from(["", "m1", "m2"]))
    def tells(self, text: str, source: str) -> None:
        self._event(Answered(text, source))

    @rule(text=TOLD)
    def changes_a_message(self, text: str) -> None:
        self._event(Edited(text, "m1"))

    @invariant()
    def a_story_is_kept_once_and_under_one_number(self) -> None:
        kept = [record for record in self.play.records if isinstance(record, RecordStory)]
        told = [record for record in self.play.records if isinstance(record, RecordTold)]
        rated = [record for record in self.play.records if isinstance(record, RecordStoryRating)]
        assert len(kept) <= 1
        assert len(told) == (len(kept) if self._kind is not RehearsalKind.EDIT else 0)
        assert {record.number for record in (*told, *rated)} <= {record.number for record in kept}
        assert all(1 <= rating <= 5 for record in rated for rating in (record.clarity, record.impact))

    @invariant()
    def what_was_told_is_never_lost(self) -> None:
        kept = any(isinstance(record, RecordStory) for record in self.play.records)
        if self.state is State.FINISHED:
            assert self.play.session.stories == ()
            assert kept or self._words < rehearsals.KEPT_WORDS
        elif self.state in {State.APPRAISING, State.FOLLOWING_UP}:
            assert kept

    @invariant()
    def at_most_three_follow_ups_are_asked_and_none_twice(self) -> None:
        asked = [probe.about for probe in self.play.session.turn.probes]
        assert len(asked) <= rehearsals.PROBES
        assert len(asked) == len(set(asked))

    @property
    def _kind(self) -> RehearsalKind:
        return rehearsals.of(self.play.session).kind

    @property
    def _words(self) -> int:
        return sum(len(answer.text.split()) for answer in rehearsals.messages(self.play.session))


TestRehearsalMachine = RehearsalMachine.TestCase
TestRehearsalMachine.settings = settings(
    max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
