from dataclasses import replace

import pytest

from bot.core.effects import RecordAnswer, RecordDebrief, RecordFact, RecordOutcome
from bot.core.events import Answered, Command, Commanded, Edited, Examination, Examined, Reopened, Started, TimerRang
from bot.core.model import Kind
from bot.core.rules.table import TABLE, IllegalEventError, decide, diagram
from bot.core.session import Format, History, Outcome, Pace, Setup, State, TimerKind
from bot.core.text import replies
from playing import Play, started
from rehearsing import IMPORT, rehearse, story
from sample_bank import CORE, FULL_ANSWER, REFINED, STORY, UNIFORM, WRONG, sample_bank


def records(play: Play, kind: type) -> list:
    return [record for record in play.records if isinstance(record, kind)]


def test_says_what_will_happen_and_how_long_before_the_first_question() -> None:
    play = started(Format.FUNDAMENTALS)
    assert play.said[0].startswith("Fundamentals, mid level, about 45 minutes. 7 questions.")
    assert "/done" in play.said[0]
    assert play.said[1].startswith("Question 1 of 7. 6 minutes.")


def test_asks_which_interview_when_none_was_named() -> None:
    play = started(None)
    assert play.session.state is State.CHOOSING
    assert "1. Screen, 15 minutes" in play.said[0]
    play.send("coding senior 30")
    assert play.session.setup.format is Format.CODING
    assert play.session.setup.level.value == "senior"
    assert play.session.rounds[0].minutes == 30


def test_a_number_chooses_too_and_nonsense_is_asked_again() -> None:
    play = started(None)
    assert "could not find" in play.send("the weather")[0]
    assert play.session.state is State.CHOOSING
    play.send("6")
    assert play.session.setup.format is Format.BEHAVIORAL


def test_an_answer_may_span_several_messages_and_ends_with_done() -> None:
    play = started()
    play.send(CORE, UNIFORM)
    assert play.session.state is State.ANSWERING
    assert play.session.turn.text == f"{CORE}\n{UNIFORM}"
    play.send("/done")
    assert play.session.turn.assessment.score == 1


def test_the_weightiest_missing_core_point_is_probed_first() -> None:
    play = started()
    assert play.send(UNIFORM, "/done") == ["What is it a measure of?"]
    assert play.session.state is State.PROBING


def test_a_misconception_gets_a_neutral_challenge_and_can_be_taken_back() -> None:
    play = started()
    assert play.send(f"{CORE} {WRONG}", "/done") == ["Take a fair coin. What is its entropy?"]
    play.send("One bit. It is a measure of uncertainty, so it cannot be below zero.", "/done")
    turn = play.session.turns[0]
    assert turn.probes[0].credit == 1
    assert turn.assessment.misconceptions == ()
    assert turn.assessment.score > 0.45


def test_a_misconception_that_is_repeated_stands() -> None:
    play = started()
    play.send(f"{CORE} {WRONG}", "/done", "It is always negative.", "/done")
    turn = play.session.turns[0]
    assert turn.probes[0].credit == 0
    assert [found.id for found in turn.assessment.misconceptions] == ["negative"]


def test_a_strong_answer_gets_a_harder_question_and_its_reply_is_scored() -> None:
    play = started()
    assert play.send(FULL_ANSWER, "/done") == ["How does cross-entropy differ from it?"]
    play.send(REFINED, "/done")
    assert play.session.turns[0].probes[0].credit == 1
    assert play.session.turn.asked_at == play.now


def test_at_most_two_probes_a_question() -> None:
    play = started()
    play.send("It is about coins and such things.", "/done", "Coins mostly.", "/done", "Coins.", "/done")
    assert len(play.session.turns[0].probes) == 2
    assert len(play.session.turns) == 2


def test_nobody_who_says_i_do_not_know_is_probed() -> None:
    play = started()
    play.send("I don't know", "/done")
    assert play.session.turns[0].probes == ()
    assert len(play.session.turns) == 2


def test_a_reply_to_a_probe_adds_up_with_the_answer() -> None:
    play = started()
    play.send(UNIFORM, "/done", CORE, "/done")
    assert play.session.turns[0].assessment.score == 1
    assert play.session.turns[0].probes[0].credit == 1


def test_clarifying_questions_are_answered_from_the_fact_sheet_only() -> None:
    play = started()
    assert play.send("Is it discrete or continuous?") == ["Yes, over ten outcomes."]
    assert play.send("Which colour is the coin?") == [replies.WHAT_WOULD_YOU_ASSUME]
    assert [fact.fact_id for fact in records(play, RecordFact)] == ["discrete", ""]
    assert play.session.turn.answers == ()


def test_a_message_with_an_answer_and_a_question_loses_neither() -> None:
    play = started()
    incoming = play.send(f"{CORE} Which base has the logarithm?")
    assert incoming[0] == "Base two."
    assert play.session.turn.text == CORE


def test_a_question_within_an_answer_that_the_sheet_does_not_know_is_part_of_the_answer() -> None:
    play = started()
    said = f"{CORE} Why does that matter? Because codes get shorter."
    play.send(said)
    assert play.session.turn.text == said
    assert records(play, RecordFact) == []


def test_done_without_an_answer_asks_for_one() -> None:
    play = started()
    assert play.send("/done") == [replies.EMPTY_PROBE]
    assert play.session.state is State.ANSWERING


def test_hints_walk_a_ladder_of_three_each_with_its_cost() -> None:
    play = started()
    assert play.send("/hint")[0].startswith("Hint 1 of 3, costs 5 points of 100")
    assert "costs 10 points" in play.send("/hint")[0]
    assert "one level of four" in play.send("/hint")[0]
    assert play.send("/hint") == [replies.NO_MORE_HINTS]
    play.send(FULL_ANSWER, "/done", "/skip")
    assert records(play, RecordOutcome)[0].score == pytest.approx(0.7)


def test_skip_leaves_the_question_out_and_asks_the_next() -> None:
    play = started()
    assert play.send("/skip")[0].startswith("Question 2 of 7")
    assert play.session.turns[0].outcome is Outcome.SKIPPED


def test_seen_swaps_the_question_for_another_of_its_kind() -> None:
    play = started()
    first = play.session.turn.slot.question_id
    incoming = play.send("/seen")
    assert incoming[0] == replies.SWAPPED
    assert incoming[1].startswith("Question 1 of 7")
    assert play.session.turn.slot.question_id != first
    assert play.session.turns[0].outcome is Outcome.SWAPPED


def test_seen_says_when_there_is_nothing_to_swap_with() -> None:
    play = started(Format.SYSTEM_DESIGN)
    play.send("/seen")
    assert play.send("/seen") == [replies.NOTHING_TO_SWAP]


def test_a_design_cannot_be_swapped_in_the_middle() -> None:
    play = started(Format.SYSTEM_DESIGN)
    play.send("/skip")
    assert play.send("/seen") == [replies.SWAP_TOO_LATE]


def test_repeat_says_the_question_or_the_open_follow_up_again() -> None:
    play = started()
    assert play.send("/repeat") == [play.said[1]]
    play.send(UNIFORM, "/done")
    assert play.send("/repeat") == ["What is it a measure of?"]


def test_time_says_what_is_left() -> None:
    play = started()
    play.now += 60
    assert play.send("/time") == ["Question 1 of 7. 5 minutes left."]


def test_a_question_nudges_once_warns_once_and_in_practice_pace_runs_on() -> None:
    play = started()
    incoming = play.wait(3600)
    assert incoming == [
        "3 minutes left. Start with what you have; /hint and /skip are there.",
        "52 seconds left for this question.",
        replies.TIME_UP_PRACTICE,
    ]
    assert play.session.state is State.ANSWERING
    assert play.session.turn.overtime


def test_strict_pace_closes_the_answer_when_time_is_up() -> None:
    play = started(pace=Pace.STRICT)
    play.send(CORE)
    incoming = play.wait(play.session.turn.due_at - play.now)
    assert replies.TIME_UP_STRICT in incoming
    assert play.session.turns[0].outcome is Outcome.ANSWERED
    assert play.session.turns[0].assessment.score > 0
    assert len(play.session.turns) == 2


def test_strict_pace_moves_on_from_a_question_without_an_answer() -> None:
    play = started(pace=Pace.STRICT)
    play.wait(play.session.turn.due_at - play.now)
    assert play.session.turns[0].outcome is Outcome.TIMED_OUT


def test_a_late_or_doubled_timer_does_nothing() -> None:
    play = started(pace=Pace.STRICT)
    play.send("/skip")
    before = play.session
    assert play.event(TimerRang(TimerKind.DEADLINE, 0)) == []
    assert play.event(TimerRang(TimerKind.DEADLINE, 1)) == []  # rang early
    assert play.session == before


def test_untimed_interviews_have_no_clock() -> None:
    play = started(pace=Pace.UNTIMED)
    assert play.timers == {}
    assert "Nothing is timed." in play.said[0]
    assert play.send("/time") == ["Question 1 of 7. 0 seconds so far; nothing is timed."]


def test_the_time_factor_stretches_the_clock_and_costs_nothing() -> None:
    plain, stretched = started(), started(time_factor=2.0)
    assert stretched.session.turn.due_at - stretched.now == 2 * (plain.session.turn.due_at - plain.now)
    for play in (plain, stretched):
        play.send(FULL_ANSWER, "/done", "/skip")
    assert plain.session.turns[0].assessment == stretched.session.turns[0].assessment


def test_a_pause_stops_the_clock_and_its_timers() -> None:
    play = started()
    due = play.session.turn.due_at
    play.send("/pause")
    assert play.timers == {}
    play.wait(600)
    play.send("/resume")
    assert play.session.turn.due_at == due + 600
    assert play.session.turn.paused_seconds == 600
    assert play.timers[TimerKind.DEADLINE].due == due + 600


def test_an_answer_during_a_pause_ends_the_pause_and_counts() -> None:
    play = started()
    play.send("/pause", CORE)
    assert play.session.state is State.ANSWERING
    assert play.session.turn.text == CORE


def test_strict_pace_does_not_pause() -> None:
    play = started(pace=Pace.STRICT)
    assert play.send("/pause") == [replies.STRICT_NO_PAUSE]
    assert play.session.state is State.ANSWERING


def test_time_while_the_program_was_down_does_not_count() -> None:
    play = started()
    due = play.session.turn.due_at
    play.now += 900
    incoming = play.event(Reopened(900))
    assert incoming[0] == "Welcome back. I was away for 15 minutes; your clock stood still meanwhile."
    assert incoming[1].startswith("Question 1 of 7")
    assert play.session.turn.due_at == due + 900
    assert records(play, RecordAnswer) == []


@pytest.mark.parametrize("lines", [(), (CORE, "/done"), ("/pause",)])
def test_a_question_that_left_the_bank_while_we_were_away_is_left_out(lines: tuple[str, ...]) -> None:
    play = started()
    play.send(*lines)
    gone = {play.session.turn.slot.question_id, play.session.rounds[0].slots[2].question_id}
    left = {i: q for i, q in play.bank.questions.items() if i not in gone}
    play.bank = replace(play.bank, questions=left)
    assert replies.QUESTION_GONE in play.event(Reopened(60))
    while play.session.state in {State.ANSWERING, State.PROBING}:
        assert play.session.turn.slot.question_id in left
        play.send(FULL_ANSWER, "/done", "/skip")
    assert play.send("3")


@pytest.mark.parametrize("state", [State.CHOOSING, State.PAUSED, State.ON_BREAK, State.RATING])
def test_coming_back_says_what_we_wait_for(state: State) -> None:
    assert in_state(state).event(Reopened(30))[1]


def test_rapid_fire_takes_one_message_as_the_answer_and_never_probes() -> None:
    play = started(Format.RAPID_FIRE)
    assert len(play.session.rounds[0].slots) == 10  # all that the sample bank holds
    assert play.send("Is it entropy?")[0].startswith("Question 2")
    assert play.session.turns[0].text == "Is it entropy?"


def test_a_design_runs_through_six_parts_and_one_requirement_changes() -> None:
    play = started(Format.SYSTEM_DESIGN)
    assert "Design a" in play.said[1]
    for phase in ("requirements", "data", "model"):
        play.send(f"I would plan the {phase} carefully.", "/done", *(["/skip"] if phase == "data" else []))
    assert play.said[-1].startswith("Part 4 of 6: Serving. 10 minutes.")
    assert "One requirement changes from here on. The budget is halved." in play.said[-1]


def test_a_design_part_is_nudged_only_while_its_core_is_missing() -> None:
    play = started(Format.SYSTEM_DESIGN)
    assert play.wait(151) == ["2 minutes in. Nothing about a plan for requirements yet."]
    told = started(Format.SYSTEM_DESIGN)
    told.send("I would plan the requirements carefully.")
    assert told.wait(151) == []


def test_what_was_said_in_an_earlier_part_of_a_design_is_not_probed_again() -> None:
    play = started(Format.SYSTEM_DESIGN)
    play.send("I would plan the requirements carefully. I would plan the data carefully.", "/done")
    assert play.session.turn.slot.phase == "data"
    assert "What is missing in the data?" not in play.send("As I said, the labels come from clicks.", "/done")


def test_several_rounds_have_a_break_between_them() -> None:
    play = started(Format.FULL, minutes=60)
    while play.session.state is State.ANSWERING:
        play.send("/skip")
    assert play.session.state is State.ON_BREAK
    assert "Screen is complete. Take a break" in play.said[-1]
    assert play.send("/resume")[0].startswith("Question 1 of 1")


def test_the_person_rates_themselves_before_the_debrief() -> None:
    play = started(Format.CODING)
    play.send("I use a dictionary.", "/stop")
    assert play.session.state is State.RATING
    assert "from 1 to 4" in play.said[-1]
    assert play.send("five") == [replies.RATE_AGAIN]
    assert play.send("3")[0].startswith("Coding, mid level: ")
    assert play.session.state is State.FINISHED
    assert play.session.self_rating == 3
    assert records(play, RecordDebrief)[0].debrief.self_rating == 3


def test_stopping_without_any_answer_judges_nothing() -> None:
    play = started()
    assert play.send("/stop") == [replies.NOTHING_ANSWERED]
    assert play.session.state is State.FINISHED


def test_a_whole_interview_reaches_its_verdict() -> None:
    play = started(Format.BEHAVIORAL)
    while play.session.state in {State.ANSWERING, State.PROBING}:
        play.send(STORY, "/done") if play.session.state is State.ANSWERING else play.send("/skip")
    assert play.send("4")[0].startswith("Behavioral, mid level: ")


def test_help_lists_what_works_in_the_present_state() -> None:
    incoming = started().send("/help")[0]
    assert "/hint" in incoming
    assert "/resume" not in incoming


def test_the_same_seed_and_history_give_the_same_interview() -> None:
    assert started(seed=5).session.rounds == started(seed=5).session.rounds
    assert started(seed=5).session.rounds != started(seed=6).session.rounds


def test_an_overlong_answer_is_refused_and_what_came_before_is_kept() -> None:
    play = started()
    play.send(CORE)
    assert play.send("x" * 40_001) == [replies.TOO_LONG]
    assert play.session.turn.text == CORE


def test_an_illegal_event_is_named_and_changes_nothing() -> None:
    play = started()
    with pytest.raises(IllegalEventError, match="/resume has no rule while answering"):
        decide(play.session, Commanded(Command.RESUME), play.bank, play.now)
    with pytest.raises(IllegalEventError):
        decide(play.session, Started(Setup(), History()), play.bank, play.now)


def in_state(state: State) -> Play:
    """An interview brought into a state by what a person can do."""
    if state is State.CHOOSING:
        return started(None)
    if state in {State.TELLING, State.APPRAISING, State.FOLLOWING_UP}:
        play = rehearse("ownership", story(1, IMPORT))
        told = {State.TELLING: (), State.APPRAISING: (IMPORT, "/done"), State.FOLLOWING_UP: (IMPORT, "/done", "3 4")}
        play.send(*told[state])
        return play
    if state is State.ON_BREAK:
        play = started(Format.FULL)
        while play.session.state is not State.ON_BREAK:
            play.send("/skip")
        return play
    bank = replace(sample_bank(), examiners=dict.fromkeys(Kind, "by-hand") if state is State.EXAMINING else {})
    play = started(bank=bank)
    lines = {
        State.ANSWERING: (),
        State.EXAMINING: (CORE, "/done"),
        State.PROBING: (UNIFORM, "/done"),
        State.PAUSED: ("/pause",),
        State.RATING: (CORE, "/stop"),
        State.FINISHED: (CORE, "/stop", "2"),
    }
    play.send(*lines[state])
    return play


@pytest.mark.parametrize(("state", "trigger"), [(s, t) for s, row in TABLE.items() for t in row.rules])
def test_every_row_of_the_table_leads_where_it_says(state: State, trigger: object) -> None:
    play = in_state(state)
    assert play.session.state is state
    events = {
        Started: Started(Setup(Format.CODING), History()),
        Answered: Answered("3"),
        Edited: Edited("in other words", "m1"),
        TimerRang: TimerRang(TimerKind.DEADLINE, 0),
        Reopened: Reopened(5),
        Examined: Examined(0, 0, Examination.TIMEOUT),
    }
    event = Commanded(trigger) if isinstance(trigger, Command) else events[trigger]
    play.event(event)
    assert play.session.state in TABLE[state].rules[trigger].leads_to


def test_the_printed_diagram_names_every_state() -> None:
    drawn = diagram()
    assert all(state.value.replace("-", "_") in drawn for state in State)
    assert "choosing --> answering: Started, Answered" in drawn
