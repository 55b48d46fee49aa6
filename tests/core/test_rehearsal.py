"""Rehearsals from the first prompt to the last rating."""

import pytest

from bot.core.assessment import Section
from bot.core.commands import story_commands
from bot.core.effects import (
    RecordAnswer,
    RecordOutcome,
    RecordStory,
    RecordStoryRating,
    RecordTold,
    RecordTurn,
    Say,
    Tone,
)
from bot.core.events import Answered, Command, Commanded, Edited, Reopened, Started
from bot.core.rules import buttons
from bot.core.rules.table import TABLE, decide, offered
from bot.core.session import Format, History, Outcome, OwnStory, Pace, Setup, State
from bot.core.stories import rehearsals
from bot.core.text import rehearsal_text as words
from bot.core.text import replies
from playing import Play, new_session, started
from rehearsing import ALERTS, IMPORT, IMPORT_AGAIN, SECTIONS, Rehearsing, rehearse, story
from sample_bank import sample_bank

BANK = (story(1, IMPORT, "ownership", times=2, rating=4), story(2, ALERTS, "failure"))


def records(play: Play, kind: type) -> list:
    return [record for record in play.records if isinstance(record, kind)]


def kept(play: Play) -> RecordStory:
    (record,) = records(play, RecordStory)
    return record


def in_state(state: State) -> Play:
    """A rehearsal brought into a state by what a person can do."""
    play = rehearse("ownership", *BANK)
    lines = {
        State.TELLING: (),
        State.PAUSED: ("/pause",),
        State.APPRAISING: (IMPORT, "/done"),
        State.FOLLOWING_UP: (IMPORT, "/done", "3 4"),
        State.FINISHED: ("/stop",),
    }
    play.send(*lines[state])
    assert play.session.state is state
    return play


# --- the first story, guided ---------------------------------------------------------------------------------------


def test_an_empty_bank_is_met_with_a_first_story_told_in_five_messages() -> None:
    play = rehearse()
    assert play.said[0].startswith("A new story for your bank.")
    assert "Situation: where and when was this" in play.said[0]
    assert [play.send(text)[0].partition(":")[0] for text in SECTIONS[:4]] == ["Task", "Action", "Result", "Learning"]
    assert play.send(SECTIONS[4])[0].startswith("Kept as story 1, Last winter our team was woken.")
    record = kept(play)
    assert (record.number, record.is_new, record.competencies) == (1, True, ("ownership",))
    assert record.text.splitlines() == [
        f"{section.capitalize()}: {text}" for section, text in zip(Section, SECTIONS, strict=True)
    ]


def test_the_whole_way_ends_with_both_ratings_and_how_to_go_on() -> None:
    play = rehearse()
    play.send(*SECTIONS)
    assert play.session.state is State.APPRAISING
    assert play.send("3") == [words.IMPACT]
    assert play.send("4") == ["What would you do differently?"]
    assert play.send("Next time I would sort them first.") == ["Who disagreed, and how did you deal with it?"]
    feedback, again = play.send("My boss was against it, and I showed her the numbers.")
    assert "First thing to rewrite" in feedback
    assert again == words.CLARITY_AFTER
    play.send("4")
    (closing,) = play.send("5")
    assert "/star practice 1" in closing
    assert "/star grid" in closing
    assert play.session.state is State.FINISHED
    assert records(play, RecordStoryRating) == [RecordStoryRating(1, 3, 4, True), RecordStoryRating(1, 4, 5, False)]  # noqa: FBT003 - as the effect has it
    assert [answer.probe for answer in records(play, RecordAnswer)] == [0, 0, 0, 0, 0, 1, 2]


def test_a_section_can_be_left_out_and_is_named_as_missing() -> None:
    play = rehearse()
    play.send(SECTIONS[0], SECTIONS[1], SECTIONS[2])
    assert play.send("/skip")[0].startswith("Learning")
    play.send(SECTIONS[4], "/skip")
    assert "Result" not in kept(play).text
    feedback = play.send("/stop")[0]
    assert "Result: not enough evidence." in feedback
    assert len(records(play, RecordAnswer)) == 4


def test_who_leaves_out_everything_is_let_go_kindly() -> None:
    play = rehearse()
    assert play.send(*["/skip"] * 5) == [words.left(is_begun=False, in_time=True)]
    assert play.session.state is State.FINISHED
    assert not records(play, RecordStory)


def test_several_labelled_sections_in_one_message_are_taken_as_such() -> None:
    play = rehearse()
    (asked,) = play.send(f"Situation: {SECTIONS[0]} Task: {SECTIONS[1]}")
    assert asked.startswith("Action")
    play.send(*SECTIONS[2:])
    assert kept(play).text.splitlines()[1] == f"Task: {SECTIONS[1]}"


def test_five_sections_that_say_too_little_are_asked_for_more() -> None:
    play = rehearse()
    (more,) = play.send("Night.", "Fix it.", "Fixed.", "Good.", "Care.")
    assert more.startswith("Not enough evidence yet: 6 words. Say more of what you did yourself")
    assert play.session.state is State.TELLING
    play.send("I sorted three months of pages by who had acted on them, and I deleted the rest of them.", "/done")
    assert "Action: Fixed.\nI sorted three months" in kept(play).text


def test_done_before_the_last_section_takes_what_there_is() -> None:
    play = rehearse()
    play.send(*SECTIONS[:4], "/done")
    assert play.session.state is State.APPRAISING
    assert "Learning" not in kept(play).text


def test_a_title_given_beforehand_stands() -> None:
    play = rehearse("new Fewer pages at night")
    assert '"Fewer pages at night"' in play.said[0]
    play.send(*SECTIONS)
    assert (kept(play).title, kept(play).competencies) == ("Fewer pages at night", ())
    assert "/star tag 1" in play.send("/stop")[-1]


def test_a_title_given_beforehand_means_a_new_story_whatever_it_sounds_like() -> None:
    play = rehearse("new The import once more", *BANK)
    play.send("/skip", "/skip", IMPORT, "/done")
    assert (kept(play).number, kept(play).is_new) == (3, True)


# --- an answer to a prompt -----------------------------------------------------------------------------------------


def test_a_story_may_come_in_several_messages() -> None:
    play = rehearse("customer-focus", *BANK)
    assert play.said[0].startswith("Customer focus.\n\nTell me about customer focus")
    assert records(play, RecordTurn) == [RecordTurn(0, "star:customer-focus", 0, "", 0, "")]
    first, second = "Last year I ran a shop for boats.", "I was asked to sell ten of them before June."
    assert play.send(first) == [words.NOTED]
    assert play.send(second) == []
    play.send("I called forty clubs and I built a page with a film of each boat.", "We sold 14 in the end.", "/done")
    assert kept(play).text.startswith(f"{first}\n{second}\nI called")
    assert (kept(play).number, kept(play).is_new) == (3, True)
    assert records(play, RecordOutcome)[0].outcome is Outcome.ANSWERED


def test_a_story_of_the_bank_is_known_again_and_gets_a_new_version() -> None:
    play = rehearse("customer-focus", *BANK)
    assert play.send(IMPORT_AGAIN, "/done")[0].startswith("Kept as a new version of story 1, Title 1.")
    assert (kept(play).number, kept(play).is_new) == (1, False)
    assert kept(play).competencies == ("ownership", "customer-focus")
    assert records(play, RecordTold)[0].number == 1


def test_a_story_told_for_the_third_time_is_over_used() -> None:
    play = rehearse("customer-focus", *BANK)
    assert "You have told this one three times: have another one ready." in play.send(IMPORT_AGAIN, "/done", "/stop")[0]
    play = rehearse("customer-focus", *BANK)
    assert "have another one ready" not in play.send(ALERTS, "/done", "/stop")[0]


def test_too_little_is_named_and_the_person_goes_on() -> None:
    play = rehearse("ownership", *BANK)
    assert play.send("/done") == [words.NOTHING_YET]
    assert play.send("I fixed it.", "/done")[0].startswith("Not enough evidence yet: 3 words. Write a sentence each")
    assert play.session.state is State.TELLING
    assert not records(play, RecordStory)
    play.send(IMPORT, "/done")
    assert play.session.state is State.APPRAISING


def test_labelled_sections_are_kept_as_they_were_typed() -> None:
    text = "S: nightly build took 95 min\nT: get it under half an hour\nA: I cached it and I split the tests\nR: 24 min"
    play = rehearse("ownership", *BANK)
    play.send(text, "/done")
    assert kept(play).text == text


def test_the_hint_says_what_is_looked_for_at_this_level() -> None:
    assert rehearse("ownership").send("/hint") == [
        "They look for ownership.\nAt your level: You carry the whole.",
    ]
    assert rehearse("new A title").send("/hint") == [words.NO_HINT]


def test_the_time_and_the_words_so_far_can_be_asked_for() -> None:
    play = rehearse("ownership", *BANK)
    play.wait(120)
    play.send("one two three")
    assert play.send("/time") == ["13 minutes left. 3 words so far; 300 are two minutes of speech."]


def test_skip_leaves_the_prompt_and_seen_takes_no_other() -> None:
    play = rehearse("ownership", *BANK)
    assert Command.SEEN not in TABLE[State.TELLING].rules
    assert "/star picks another" in play.send("/skip")[0]
    assert play.session.state is State.FINISHED


def test_skip_after_a_long_story_keeps_it() -> None:
    play = rehearse("ownership", *BANK)
    play.send(IMPORT, "/skip")
    assert kept(play).text == IMPORT


def test_a_message_can_be_changed_while_the_story_is_told() -> None:
    play = rehearse("ownership", *BANK)
    play.event(Answered("I fixed", "m1"))
    play.event(Edited(ALERTS, "m1"))
    play.send("/done")
    assert kept(play).number == 2


def test_a_message_beyond_all_measure_is_left_out() -> None:
    play = rehearse("ownership", *BANK)
    assert play.send("word " * 3000) == [replies.TOO_LONG]
    assert not rehearsals.is_begun(play.session)
    play.send(IMPORT, "/done", "3 3")
    assert play.send("word " * 3000) == [replies.TOO_LONG]


# --- practice and edit ---------------------------------------------------------------------------------------------


def test_a_practised_story_keeps_its_number_whatever_words_it_is_told_in() -> None:
    play = rehearse("practice 2", *BANK)
    assert play.said[0].startswith("Story 2, Title 2. The interviewer asks:\n\nTell me about failure")
    play.send(
        "Once I broke the whole build on a Friday. I was on call and had to mend it. I reverted the change and I "
        "wrote a test. It never happened again since.",
        "/done",
    )
    assert (kept(play).number, kept(play).is_new, kept(play).title) == (2, False, "Title 2")


def test_one_section_of_a_story_can_be_written_anew() -> None:
    play = rehearse("edit 1", *BANK)
    assert IMPORT in play.said[0]
    play.send("Result: failures went from nine a month to none.")
    play.send("/done")
    assert kept(play).text == IMPORT.replace(
        " As a result the failures fell from nine a month to one. ",
        "\nResult: failures went from nine a month to none.\n",
    )
    assert not records(play, RecordTold)


def test_a_whole_story_can_be_written_anew_and_is_rated_once() -> None:
    play = rehearse("edit 1", *BANK)
    said = play.send(ALERTS, "/done")
    assert kept(play).text == ALERTS
    assert said[-1] == words.CLARITY_AFTER
    play.send("5 4")
    assert play.session.state is State.FINISHED
    assert records(play, RecordStoryRating) == [RecordStoryRating(1, 5, 4, False)]  # noqa: FBT003 - as the effect has it


# --- the clock -----------------------------------------------------------------------------------------------------


def test_the_deadline_ends_a_rehearsal_in_which_nothing_was_told() -> None:
    play = rehearse("ownership", *BANK)
    nudge, warning, end = play.wait(rehearsals.SECONDS)
    assert nudge.startswith("8 minutes left.")
    assert warning.startswith("2 minutes left.")
    assert end == "Time is up, we leave this one. /star picks another whenever you like."
    assert records(play, RecordOutcome)[0].outcome is Outcome.TIMED_OUT


def test_the_deadline_keeps_what_was_told() -> None:
    play = rehearse("ownership", *BANK)
    play.send(IMPORT)
    *_, end = play.wait(rehearsals.SECONDS)
    assert end.startswith(f"{words.TIME_UP} Kept as a new version of story 1")
    assert play.session.state is State.APPRAISING
    assert records(play, RecordTold)[0].seconds == rehearsals.SECONDS


def test_the_deadline_keeps_fifteen_words_even_when_they_cannot_be_judged() -> None:
    play = rehearse("ownership", *BANK)
    play.send("so there was this thing and it was a very long week and all of us hated it")
    play.send("/done")
    assert not records(play, RecordStory)
    play.wait(rehearsals.SECONDS)
    assert kept(play).is_new
    assert "Not enough evidence yet" in play.send("/stop")[0]


def test_a_time_factor_stretches_the_clock_and_an_untimed_story_has_none() -> None:
    told = Rehearsing(BANK).rehearsal("ownership")
    play = Play(new_session(Setup(), told))
    play.event(Started(Setup(time_factor=2.0), History()))
    assert "There are 30 minutes." in play.said[0]
    play = Play(new_session(Setup(), told))
    play.event(Started(Setup(pace=Pace.UNTIMED), History()))
    assert play.timers == {}
    assert play.send("/time") == ["Nothing is timed. 0 words so far; 300 are two minutes of speech."]


def test_a_pause_stops_the_clock_and_the_next_message_goes_on() -> None:
    play = rehearse("ownership", *BANK)
    play.send("/pause")
    assert play.timers == {}
    play.wait(5000)
    play.send(IMPORT)
    assert play.session.state is State.TELLING
    play.send("/pause", "/resume")
    assert play.said[-1].startswith("Ownership.")
    assert play.send("/time")[0].startswith("15 minutes left.")


def test_no_clock_runs_once_the_story_is_told() -> None:
    for state in (State.APPRAISING, State.FOLLOWING_UP):
        assert in_state(state).timers == {}


# --- ratings, follow-ups and the end -------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["0", "6", "3 9", "three", "3 4 5", "", "1.5"])
def test_what_is_no_rating_is_asked_for_again(typed: str) -> None:
    play = in_state(State.APPRAISING)
    assert play.send(typed or "  ") == [words.RATE_AGAIN]
    assert play.session.telling.ratings == ()


@pytest.mark.parametrize("typed", ["3 4", "3, 4", "3/4", "3 4."])
def test_two_numbers_answer_both_questions(typed: str) -> None:
    play = in_state(State.APPRAISING)
    play.send(typed)
    assert play.session.telling.ratings == (3, 4)
    assert play.session.state is State.FOLLOWING_UP


def test_a_rating_left_out_is_not_recorded() -> None:
    play = in_state(State.APPRAISING)
    play.send("/skip")
    assert play.session.state is State.FOLLOWING_UP
    play.send("/done", "4", "/skip")
    assert play.session.state is State.FINISHED
    assert not records(play, RecordStoryRating)


def test_the_ratings_are_offered_as_buttons() -> None:
    play = in_state(State.TELLING)
    play.send(IMPORT)
    _, effects = decide(play.session, Commanded(Command.DONE), play.bank, play.now)
    (say,) = [effect for effect in effects if isinstance(effect, Say)]
    assert (say.choices, say.tone) == (tuple("12345"), Tone.QUESTION)


def test_nothing_is_asked_that_was_said_and_at_most_three_things() -> None:
    play = rehearse("ownership", *BANK)
    play.send(
        "Our login was slow and customers left. I was asked to fix it. I cached it. It was better.", "/done", "3 3"
    )
    asked = [play.said[-1], *(play.send("I do not know.")[0] for _ in range(2))]
    assert len(set(asked)) == 3
    assert 'You said: "I cached it." What did you do next?' in asked[0]
    play.send("I do not know.")
    assert play.session.state is State.APPRAISING


def test_the_competency_asks_its_own_once_the_usual_is_said() -> None:
    text = IMPORT.replace(" I learned to look for a pattern before I touch the code.", "")
    text = f"{text} My boss disagreed, and I showed him the logs."
    play = rehearse("ownership", *BANK)
    play.send(text, "/done", "3 3")
    assert play.said[-1] == "What would you do differently?"
    play.send("/skip")
    assert play.session.state is State.APPRAISING  # the lesson was asked for in other words already


def test_done_ends_the_follow_ups_and_stop_ends_all() -> None:
    play = in_state(State.FOLLOWING_UP)
    feedback, again = play.send("/done")
    assert "What you would do differently: left out." in feedback
    assert again == words.CLARITY_AFTER
    play = in_state(State.FOLLOWING_UP)
    feedback, closing = play.send("/stop")
    assert "Story 1, Title 1" in feedback
    assert closing.startswith("Story 1, Title 1, is in your bank.")
    assert play.session.state is State.FINISHED


@pytest.mark.parametrize("state", [State.TELLING, State.PAUSED])
def test_stop_without_a_story_keeps_none(state: State) -> None:
    play = in_state(state)
    assert play.send("/stop") == [words.left(is_begun=False, in_time=True)]
    play = rehearse("ownership", *BANK)
    play.send("I fixed it.", *(["/pause"] if state is State.PAUSED else []))
    assert play.send("/stop") == [words.left(is_begun=True, in_time=True)]
    assert not records(play, RecordStory)


@pytest.mark.parametrize("pause", [(), ("/pause",)])
def test_stop_in_the_middle_keeps_the_story_and_gives_the_feedback(pause: tuple[str, ...]) -> None:
    play = rehearse("ownership", *BANK)
    play.send(IMPORT, *pause)
    said = play.send("/stop")
    assert [text.split(",")[0] for text in said] == ["Kept as a new version of story 1", "Story 1", "Story 1"]
    assert play.session.state is State.FINISHED
    assert play.timers == {}


def test_stop_after_the_feedback_does_not_give_it_again() -> None:
    play = in_state(State.FOLLOWING_UP)
    play.send("/done")
    assert len(play.send("/stop")) == 1


def test_a_finished_session_holds_no_story_but_the_one_told() -> None:
    play = in_state(State.FOLLOWING_UP)
    assert play.session.stories
    play.send("/stop")
    assert play.session.stories == ()


def test_a_long_reply_is_quoted_by_its_first_words() -> None:
    play = in_state(State.FOLLOWING_UP)
    feedback = play.send("I would " + "really " * 40 + "ask first.", "/done")[0]
    assert 'You said: "I would really' in feedback
    assert "ask first" not in feedback


# --- restart, help and buttons -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "again"),
    [
        (State.TELLING, "Ownership."),
        (State.APPRAISING, words.CLARITY),
        (State.FOLLOWING_UP, "What would you do differently?"),
        (State.PAUSED, replies.PAUSED),
    ],
)
def test_after_an_outage_the_pending_words_are_said_again(state: State, again: str) -> None:
    play = in_state(state)
    said = play.event(Reopened(600))
    assert said[0].startswith("Welcome back. I was away for 10 minutes")
    assert said[1].startswith(again)
    assert play.session.state is state
    assert in_state(state).event(Reopened(30, in_sight=True)) == []


def test_the_clock_of_a_story_stands_still_in_an_outage() -> None:
    play = rehearse()
    play.send(SECTIONS[0])
    due = play.session.turn.due_at
    play.now += 600
    said = play.event(Reopened(600))
    assert said[1].startswith("Task: what was expected of you?")
    assert play.session.turn.due_at == due + 600
    assert {timer.due for timer in play.timers.values()} >= {due + 600}


@pytest.mark.parametrize("state", [State.TELLING, State.APPRAISING, State.FOLLOWING_UP])
def test_repeat_and_help_work_everywhere(state: State) -> None:
    play = in_state(state)
    assert play.send("/repeat")[0].splitlines()[0] in play.said[-2]
    assert "/stop: end here; what you told is kept" in play.send("/help")[0]


def test_two_taps_on_one_button_mean_one() -> None:
    play = rehearse()
    mark = buttons.mark(play.session)
    play.event(buttons.pressed(play.session, mark, "skip"))
    with pytest.raises(buttons.StalePressError):
        buttons.pressed(play.session, mark, "skip")
    play = in_state(State.APPRAISING)
    mark = buttons.mark(play.session)
    play.event(buttons.pressed(play.session, mark, "3"))
    with pytest.raises(buttons.StalePressError):
        buttons.pressed(play.session, mark, "3")
    play = in_state(State.FOLLOWING_UP)
    mark = buttons.mark(play.session)
    play.event(buttons.pressed(play.session, mark, "skip"))
    with pytest.raises(buttons.StalePressError):
        buttons.pressed(play.session, mark, "skip")


def test_a_button_of_a_story_keeps_its_meaning_through_several_messages_and_a_pause() -> None:
    play = rehearse("ownership", *BANK)
    mark = buttons.mark(play.session)
    play.send("One.", "Two.")
    assert buttons.pressed(play.session, mark, "done") == Commanded(Command.DONE)
    play.send("/pause")
    assert buttons.pressed(play.session, mark, "stop") == Commanded(Command.STOP)


def test_a_form_of_an_earlier_section_is_given_back() -> None:
    play = rehearse()
    mark = buttons.mark(play.session)
    assert buttons.submitted(play.session, mark, "text", "m1") == Answered("text", "m1")
    play.send(SECTIONS[0])
    with pytest.raises(buttons.StalePressError, match="text"):
        buttons.submitted(play.session, mark, "text", "m1")


def test_done_is_offered_only_where_a_message_does_not_move_on() -> None:
    assert Command.DONE not in offered(rehearse().session)
    assert Command.DONE in offered(rehearse("ownership", *BANK).session)
    for state in (State.TELLING, State.FOLLOWING_UP, State.PAUSED):
        session = in_state(state).session
        mark = buttons.mark(session)
        assert [buttons.pressed(session, mark, c.value).command for c in offered(session)]


# --- a mock that knows the person's own stories --------------------------------------------------------------------


def mock(text: str, times: int) -> Play:
    own = OwnStory(1, "A secret title", text, times, ("conflict",))
    play = started(Format.BEHAVIORAL, History(stories=(own,)))
    assert play.session.stories == (own,)
    return play


def test_a_story_of_the_bank_told_in_a_mock_counts_as_told() -> None:
    play = mock(IMPORT, 2)
    play.send(IMPORT_AGAIN, "/skip")
    (told,) = records(play, RecordTold)
    assert (told.number, told.words) == (1, len(IMPORT_AGAIN.split()))
    assert told.competency == sample_bank().questions[play.session.turns[0].slot.question_id].topic
    assert not any("You have told" in text for text in play.said)


@pytest.mark.parametrize("ending", ["/skip", "/done", "/stop"])
def test_from_the_fourth_time_on_the_interviewer_asks_for_another(ending: str) -> None:
    play = mock(IMPORT, 3)
    said = play.send(IMPORT_AGAIN, ending)
    assert said[0] == "You have told this one three times: have another."
    play.send("/stop")
    assert len(records(play, RecordTold)) == 1
    assert not any("secret" in text for text in play.said)


def test_a_follow_up_in_a_mock_does_not_count_the_story_again() -> None:
    play = mock(IMPORT, 3)
    play.send("I fixed the import.", "/done")
    assert play.session.state is State.PROBING
    play.send(IMPORT_AGAIN, "/skip")
    assert not records(play, RecordTold)


def test_another_story_in_a_mock_is_none_of_the_bank() -> None:
    play = mock(IMPORT, 3)
    play.send(ALERTS, "/skip")
    play.send("/stop", "/skip")
    assert not records(play, RecordTold)
    assert play.session.stories == ()


def test_an_interview_without_a_behavioral_round_takes_no_stories_along() -> None:
    own = OwnStory(1, "Title", IMPORT, 0)
    assert started(Format.FUNDAMENTALS, History(stories=(own,))).session.stories == ()
    assert started(Format.LOOP, History(stories=(own,))).session.stories == (own,)


def test_the_stories_wait_for_a_person_who_has_not_chosen_yet() -> None:
    play = started(None, History(stories=(OwnStory(1, "Title", IMPORT, 0),)))
    play.send("behavioral")
    assert len(play.session.stories) == 1


def test_own_stories_are_cut_unless_they_are_edited() -> None:
    long = story(1, "word " * 1000, "ownership")
    bank = Rehearsing((long,))
    assert len(story_commands.own((long,))[0].text) == 1200
    assert len(story_commands.own((long,), bank.rehearsal("edit 1"))[0].text) == 5000
