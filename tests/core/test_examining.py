"""An answer whose kind of question is examined waits for that, and nothing else has to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.assessment import Assessment, Band, PointCredit
from bot.core.effects import Effect, Examine, RecordOutcome, StopExamining
from bot.core.events import Answered, Command, Commanded, Event, Examination, Examined, Reopened, Started
from bot.core.model import Kind
from bot.core.rules.table import decide
from bot.core.session import Format, History, Outcome, Session, Setup, State
from bot.core.text import replies
from playing import START, Play, new_session
from sample_bank import UNIFORM, sample_bank

EXAMINED = replace(sample_bank(), examiners=dict.fromkeys(Kind, "by-hand"))
FOUND = Assessment(1.0, Band.COMPLETE, (PointCredit("core", 1.0, "it ran"), PointCredit("uniform", 1.0, "it ran")))


class ExaminedPlay(Play):
    """An interview whose examinations are kept, to be ended by hand."""

    @property
    def examinations(self) -> list[Examine]:
        return [record for record in self.records if isinstance(record, Examine)]

    def end(self, ended: Examination, found: Assessment | None = None, of: int = -1) -> list[str]:
        asked = self.examinations[of]
        return self.event(Examined(asked.turn, asked.probe, ended, found))


def waiting() -> ExaminedPlay:
    """An answer was given, and is being examined."""
    setup = Setup(Format.FUNDAMENTALS, seed=7)
    play = ExaminedPlay(new_session(setup), EXAMINED)
    play.event(Started(setup, History()))
    play.send(UNIFORM, "/done")
    assert play.session.state is State.EXAMINING
    return play


def score(play: Play) -> float:
    assert play.session.turns[0].assessment
    return play.session.turns[0].assessment.score


def after(session: Session, event: Event, now: int = START) -> tuple[Session, tuple[Effect, ...]]:
    return decide(session, event, EXAMINED, now)


def test_an_answer_is_examined_once_and_says_what_is_to_be_examined() -> None:
    play = waiting()
    (asked,) = play.examinations
    assert (asked.examiner, asked.turn, asked.probe, asked.answer) == ("by-hand", 0, 0, UNIFORM)
    assert asked.question_id == play.session.turn.slot.question_id
    assert play.said[-1] == replies.EXAMINING


def test_an_answer_that_no_one_examines_is_assessed_at_once() -> None:
    play = waiting()
    plain, effects = decide(replace(play.session, state=State.ANSWERING), Commanded(Command.DONE), sample_bank(), START)
    assert plain.state is State.PROBING
    assert not [effect for effect in effects if isinstance(effect, Examine)]


def test_a_result_counts_beside_what_the_scorer_reads() -> None:
    play = waiting()
    play.end(Examination.RESULT, FOUND)
    assert score(play) == 1.0
    assert play.session.turns[0].assessment.points[0].evidence == "it ran"


@pytest.mark.parametrize("ended", [Examination.TIMEOUT, Examination.CRASH])
def test_an_examination_that_finds_nothing_leaves_the_answer_as_it_reads(ended: Examination) -> None:
    play = waiting()
    said = play.end(ended)
    assert replies.NOT_EXAMINED in said
    assert 0 < score(play) < 1
    assert play.session.state is State.PROBING


def test_the_clock_stands_still_meanwhile() -> None:
    play = waiting()
    due = play.session.turn.due_at
    assert not play.timers
    play.wait(10_000)
    play.end(Examination.TIMEOUT)
    assert play.session.turn.due_at == due + 10_000
    assert play.timers


def test_stop_works_meanwhile_and_a_late_result_changes_nothing() -> None:
    play = waiting()
    play.wait(10_000)
    play.send("/stop")
    assert play.session.state is State.RATING
    assert play.session.turns[0].seconds_used == 0
    assert play.session.turns[0].outcome is Outcome.STOPPED
    before = play.session
    assert play.end(Examination.RESULT, FOUND) == []
    assert play.session == before


def test_skip_goes_on_without_the_result() -> None:
    play = waiting()
    play.send("/skip")
    assert play.session.state is State.ANSWERING
    assert len([record for record in play.records if isinstance(record, RecordOutcome)]) == 1
    before = play.session
    assert play.end(Examination.RESULT, FOUND) == []
    assert play.session == before


def test_the_result_of_an_answer_before_a_follow_up_does_not_count_as_that_of_the_reply() -> None:
    play = waiting()
    play.end(Examination.CRASH)
    play.send("It measures uncertainty.", "/done")
    assert play.session.state is State.EXAMINING
    before = play.session
    assert play.end(Examination.RESULT, FOUND, of=0) == []
    assert play.session == before
    play.end(Examination.RESULT, FOUND)
    assert play.session.state is not State.EXAMINING


@pytest.mark.parametrize(
    "event", [Commanded(Command.STOP), Commanded(Command.SKIP), Examined(0, 0, Examination.TIMEOUT)]
)
def test_whatever_ends_the_wait_ends_the_examination(event: Event) -> None:
    _, effects = after(waiting().session, event)
    assert StopExamining(0) in effects


@pytest.mark.parametrize(
    "event", [Answered("And more."), Commanded(Command.HELP), Reopened(5), Examined(0, 1, Examination.CRASH)]
)
def test_whatever_does_not_end_the_wait_leaves_the_examination_alone(event: Event) -> None:
    _, effects = after(waiting().session, event)
    assert StopExamining(0) not in effects


@pytest.mark.parametrize("in_sight", [True, False])
def test_a_restart_meanwhile_examines_nothing_twice(in_sight: bool) -> None:  # noqa: FBT001 - a parameter
    play = waiting()
    said = play.event(Reopened(300, in_sight))
    assert play.session.state is State.EXAMINING
    assert len(play.examinations) == 1
    assert said == ([] if in_sight else [replies.back(300, is_timed=False), replies.EXAMINING])


def test_a_message_meanwhile_is_told_to_wait() -> None:
    play = waiting()
    before = play.session
    assert play.event(Answered("One more thing.")) == [replies.EXAMINING]
    assert play.session == before


def test_a_question_that_leaves_the_bank_meanwhile_is_left_out() -> None:
    play = waiting()
    gone = play.session.turn.slot.question_id
    kept = {id_: question for id_, question in EXAMINED.questions.items() if id_ != gone}
    play.bank = replace(EXAMINED, questions=kept)
    play.event(Reopened(300, in_sight=True))
    assert play.session.state is State.ANSWERING
    assert play.session.turn.slot.question_id != gone
