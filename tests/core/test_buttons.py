"""Buttons mean what they meant when they were offered, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.effects import Say
from bot.core.events import Answered, Command, Commanded, Edited, Reopened
from bot.core.rules import buttons
from bot.core.rules.table import TABLE, decide, offered
from bot.core.session import Format, State
from bot.core.text import replies
from playing import Play, started
from sample_bank import CORE, sample_bank


def in_state(state: State) -> Play:
    play = started(None if state is State.CHOOSING else Format.FUNDAMENTALS)
    lines = {State.PROBING: (CORE, "/done"), State.PAUSED: ("/pause",), State.RATING: (CORE, "/stop")}
    play.send(*lines.get(state, ()))
    assert play.session.state is state
    return play


@given(st.text(max_size=30), st.text(max_size=20) | st.sampled_from([c.value for c in Command]))
def test_whatever_comes_back_from_a_button_is_an_event_or_a_kind_refusal(mark: str, what: str) -> None:
    for state in (State.CHOOSING, State.ANSWERING, State.RATING):
        try:
            event = buttons.pressed(in_state(state).session, mark, what)
        except buttons.StalePressError as error:
            assert str(error) == replies.STALE_BUTTON
        else:
            assert isinstance(event, Commanded | Answered)


@pytest.mark.parametrize("state", [State.ANSWERING, State.PROBING, State.PAUSED])
def test_every_offered_button_is_legal_and_fresh(state: State) -> None:
    session = in_state(state).session
    for command in offered(session):
        assert buttons.pressed(session, buttons.mark(session), command.value) == Commanded(command)
        assert command in TABLE[state].rules


@pytest.mark.parametrize("command", [Command.DONE, Command.HINT, Command.SKIP, Command.SEEN])
def test_the_second_tap_of_two_is_stale(command: Command) -> None:
    play = started()
    play.send(CORE)
    mark = buttons.mark(play.session)
    play.event(buttons.pressed(play.session, mark, command.value))
    with pytest.raises(buttons.StalePressError):
        buttons.pressed(play.session, mark, command.value)


def test_stop_tapped_twice_does_not_skip_the_rating() -> None:
    play = in_state(State.PROBING)
    mark = buttons.mark(play.session)
    play.event(buttons.pressed(play.session, mark, "stop"))
    assert play.session.state is State.RATING
    with pytest.raises(buttons.StalePressError):
        buttons.pressed(play.session, mark, "stop")


def test_a_hint_does_not_make_the_other_buttons_of_its_question_stale() -> None:
    play = started()
    play.send(CORE)
    mark = buttons.mark(play.session)
    play.send("/hint")
    assert buttons.pressed(play.session, mark, "done") == Commanded(Command.DONE)


def test_a_choice_counts_only_while_it_is_open() -> None:
    play = in_state(State.CHOOSING)
    mark = buttons.mark(play.session)
    event = buttons.pressed(play.session, mark, "coding")
    assert event == Answered("coding")
    play.event(event)
    with pytest.raises(buttons.StalePressError):
        buttons.pressed(play.session, mark, "fundamentals")


def test_only_the_last_thing_said_offers_buttons_and_only_a_question_has_a_deadline() -> None:
    play = started()
    _, effects = decide(play.session, Commanded(Command.SKIP), sample_bank(), play.now)
    says = [effect for effect in effects if isinstance(effect, Say)]
    assert says[-1].commands == offered(play.session)
    assert says[-1].due
    assert all(not say.commands and say.due is None for say in says[:-1])


def test_an_edit_replaces_the_message_it_edits_and_no_other() -> None:
    play = started()
    play.event(Answered("one", "m1"))
    play.event(Answered("two", "m2"))
    play.event(Edited("two and more", "m2"))
    play.event(Edited("never sent", "m9"))
    play.event(Edited("", "m1"))
    assert [answer.text for answer in play.session.turn.answers] == ["one", "two and more"]


def test_an_answer_cannot_be_edited_once_the_follow_up_gave_it_away() -> None:
    play = started()
    play.event(Answered(CORE, "m1"))
    play.send("/done")
    assert play.session.state is State.PROBING
    play.event(Edited(f"{CORE} and the follow-up as well", "m1"))
    assert play.session.turn.text == CORE


def test_a_short_absence_is_not_mentioned_where_the_question_is_in_sight() -> None:
    play = started()
    due = play.session.turn.due_at
    assert play.event(Reopened(30, in_sight=True)) == []
    assert play.session.turn.due_at == due + 30
    assert play.event(Reopened(30))[0].startswith("Welcome back.")
    assert len(play.event(Reopened(300, in_sight=True))) == 2


@pytest.mark.parametrize("state", [State.CHOOSING, State.PAUSED, State.RATING])
def test_nothing_is_repeated_in_sight_while_no_clock_runs(state: State) -> None:
    assert in_state(state).event(Reopened(9999, in_sight=True)) == []
