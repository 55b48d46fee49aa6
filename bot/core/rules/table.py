"""The interview as one table: what each state means, and what each event does in it.

Everything about a state stands in its row of `TABLE`. An event that has no rule in the present state raises
`IllegalEventError` and changes nothing. `python -m bot.core.rules.table` prints the table as a Mermaid diagram.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.core.effects import Effect, Say, StopExamining, Tone
from bot.core.events import Answered, Command, Commanded, Edited, Event, Examined, Reopened, Started, TimerRang
from bot.core.model import Bank
from bot.core.rules import answering, asking, closing, ending, rehearsing, reviewing, timing
from bot.core.rules.step import Rule, RuleContext, StateRow, Step, Transition, Trigger
from bot.core.session import Format, Session, State
from bot.core.stories import rehearsals
from bot.core.text import rehearsal_text, replies


class IllegalEventError(Exception):
    """An event that the present state has no rule for."""

    def __init__(self, state: State, trigger: Trigger) -> None:
        super().__init__(f"{trigger_name(trigger)} has no rule while {state.value}")
        self.state = state
        self.trigger = trigger


def _row(rule: Rule, *states: State) -> Transition:
    return Transition(rule, frozenset(states))


def help_rule(session: Session, _event: Commanded, context: RuleContext) -> Step:
    """Say which commands work in the present state."""
    row = context.table[session.state]
    legal = {command: row.meanings[command] for command in Command if command in row.rules}
    return session, (Say(replies.help_text(legal, row.describes)),)


def _stays(state: State, *ignored: Trigger) -> Mapping[Trigger, Transition]:
    """What leaves a state as it is: help, and what comes too late to mean anything."""
    return {Command.HELP: _row(help_rule, state), **{late: _row(timing.ignore, state) for late in ignored}}


_ENDS = (State.RATING, State.FINISHED)
_MOVES_ON = (State.ANSWERING, State.ON_BREAK, *_ENDS)
_TELLS_ON = (State.TELLING, State.APPRAISING)
_STORY_ENDS = (*_TELLS_ON, State.FINISHED)
_GOES_ON = (State.FOLLOWING_UP, State.APPRAISING)

_WAITING = (Command.RESUME, Command.STOP)

TABLE: Mapping[State, StateRow] = MappingProxyType(
    {
        State.CHOOSING: StateRow(
            "no interview has started yet",
            {
                Started: _row(asking.start, State.CHOOSING, State.ANSWERING, State.TELLING),
                Answered: _row(asking.choose, State.CHOOSING, State.ANSWERING),
                Command.STOP: _row(ending.leave, State.FINISHED),
                Reopened: _row(timing.reopen_waiting, State.CHOOSING),
                **_stays(State.CHOOSING, TimerRang, Examined),
            },
            pending=lambda _session, _bank: replies.which_interview(),
            mark="c",
        ),
        State.ANSWERING: StateRow(
            "a question is open",
            {
                Answered: _row(answering.take_message, State.PROBING, State.EXAMINING, *_MOVES_ON),
                Edited: _row(answering.edit, State.ANSWERING),
                Command.DONE: _row(closing.close, State.PROBING, State.EXAMINING, *_MOVES_ON),
                Command.HINT: _row(answering.hint, State.ANSWERING),
                Command.SKIP: _row(closing.skip, *_MOVES_ON),
                Command.SEEN: _row(closing.swap, State.ANSWERING),
                Command.REPEAT: _row(asking.repeat, State.ANSWERING),
                Command.TIME: _row(answering.tell_time, State.ANSWERING),
                Command.PAUSE: _row(timing.pause, State.ANSWERING, State.PAUSED),
                Command.STOP: _row(closing.stop, *_ENDS),
                TimerRang: _row(timing.ring, *_MOVES_ON),
                Reopened: _row(timing.reopen, *_MOVES_ON),
                **_stays(State.ANSWERING, Examined),
            },
            pending=asking.pending,
            buttons=(Command.DONE, Command.HINT, Command.SKIP, Command.SEEN, Command.STOP),
            is_open=True,
            is_timed=True,
        ),
        State.PROBING: StateRow(
            "a follow-up is open",
            {
                Answered: _row(answering.take_message, State.PROBING),
                Edited: _row(answering.edit, State.PROBING),
                Command.DONE: _row(closing.close, State.PROBING, State.EXAMINING, *_MOVES_ON),
                Command.HINT: _row(answering.hint, State.PROBING),
                Command.SKIP: _row(closing.skip, *_MOVES_ON),
                Command.REPEAT: _row(asking.repeat, State.PROBING),
                Command.TIME: _row(answering.tell_time, State.PROBING),
                Command.PAUSE: _row(timing.pause, State.PROBING, State.PAUSED),
                Command.STOP: _row(closing.stop, *_ENDS),
                TimerRang: _row(timing.ring, State.PROBING, *_MOVES_ON),
                Reopened: _row(timing.reopen, State.PROBING, *_MOVES_ON),
                **_stays(State.PROBING, Examined),
            },
            pending=asking.pending,
            buttons=(Command.DONE, Command.HINT, Command.SKIP, Command.STOP),
            is_open=True,
            is_timed=True,
        ),
        State.PAUSED: StateRow(
            "the interview is paused",
            {
                Answered: _row(timing.resume_with, State.PROBING, State.EXAMINING, *_MOVES_ON, *_TELLS_ON),
                Command.RESUME: _row(timing.resume, State.ANSWERING, State.PROBING, State.TELLING),
                Command.PAUSE: _row(timing.resume, State.ANSWERING, State.PROBING, State.TELLING),
                Command.STOP: _row(closing.stop, *_ENDS),
                Reopened: _row(timing.reopen_waiting, State.PAUSED, *_MOVES_ON),
                **_stays(State.PAUSED, TimerRang, Examined),
            },
            pending=lambda _session, _bank: replies.PAUSED,
            buttons=_WAITING,
        ),
        State.ON_BREAK: StateRow(
            "we are on a break",
            {
                Answered: _row(closing.leave_break, State.ANSWERING),
                Command.RESUME: _row(closing.leave_break, State.ANSWERING),
                Command.DONE: _row(closing.leave_break, State.ANSWERING),
                Command.STOP: _row(closing.stop, *_ENDS),
                Reopened: _row(timing.reopen_waiting, State.ON_BREAK),
                **_stays(State.ON_BREAK, TimerRang, Examined),
            },
            pending=lambda _session, _bank: replies.BREAK_GOES_ON,
            buttons=_WAITING,
        ),
        State.RATING: StateRow(
            "I am waiting for your own rating, 1 to 4",
            {
                Answered: _row(ending.rate, *_ENDS),
                Command.SKIP: _row(ending.reveal, State.FINISHED),
                Command.STOP: _row(ending.reveal, State.FINISHED),
                Reopened: _row(timing.reopen_waiting, State.RATING),
                **_stays(State.RATING, TimerRang, Examined),
            },
            pending=lambda _session, _bank: replies.RATE_YOURSELF,
            mark="r",
        ),
        State.TELLING: StateRow(
            "I am listening to your story",
            {
                Answered: _row(rehearsing.take, *_TELLS_ON),
                Edited: _row(answering.edit, State.TELLING),
                Command.DONE: _row(rehearsing.done, *_TELLS_ON),
                Command.HINT: _row(rehearsing.hint, State.TELLING),
                Command.SKIP: _row(rehearsing.skip, *_STORY_ENDS),
                Command.REPEAT: _row(asking.repeat, State.TELLING),
                Command.TIME: _row(rehearsing.tell_time, State.TELLING),
                Command.PAUSE: _row(timing.pause, State.TELLING, State.PAUSED),
                Command.STOP: _row(rehearsing.stop, State.FINISHED),
                TimerRang: _row(rehearsing.ring, *_STORY_ENDS),
                Reopened: _row(timing.reopen, State.TELLING),
                **_stays(State.TELLING, Examined),
            },
            meanings=replies.IN_REHEARSAL,
            pending=lambda session, _bank: rehearsal_text.pending(session),
            mark="t",
            buttons=(Command.DONE, Command.HINT, Command.SKIP, Command.STOP),
            is_open=True,
            is_timed=True,
        ),
        State.APPRAISING: StateRow(
            "I am waiting for your own rating, 1 to 5",
            {
                Answered: _row(reviewing.rate, *_GOES_ON, State.FINISHED),
                Command.SKIP: _row(reviewing.skip, *_GOES_ON, State.FINISHED),
                Command.REPEAT: _row(asking.repeat, State.APPRAISING),
                Command.STOP: _row(reviewing.stop, State.FINISHED),
                Reopened: _row(timing.reopen_after_story, State.APPRAISING),
                **_stays(State.APPRAISING, TimerRang, Examined),
            },
            meanings=replies.IN_REHEARSAL,
            pending=lambda session, _bank: reviewing.next_rating(session),
            mark="a",
            choices=reviewing.CHOICES,
        ),
        State.FOLLOWING_UP: StateRow(
            "a follow-up to your story is open",
            {
                Answered: _row(reviewing.reply, *_GOES_ON),
                Command.DONE: _row(reviewing.enough, State.APPRAISING),
                Command.SKIP: _row(reviewing.leave_out, *_GOES_ON),
                Command.REPEAT: _row(asking.repeat, State.FOLLOWING_UP),
                Command.STOP: _row(reviewing.stop, State.FINISHED),
                Reopened: _row(timing.reopen_after_story, State.FOLLOWING_UP),
                **_stays(State.FOLLOWING_UP, TimerRang, Examined),
            },
            meanings=replies.IN_REHEARSAL,
            pending=lambda session, _bank: session.turn.probes[-1].ask,
            mark="u",
            buttons=(Command.SKIP, Command.DONE, Command.STOP),
            is_open=True,
        ),
        State.EXAMINING: StateRow(
            "I am looking at your answer",
            {
                Answered: _row(closing.wait, State.EXAMINING),
                Command.SKIP: _row(closing.skip_examination, *_MOVES_ON),
                Command.STOP: _row(closing.stop, *_ENDS),
                Examined: _row(closing.take_examined, State.EXAMINING, State.PROBING, *_MOVES_ON),
                Reopened: _row(timing.reopen_waiting, State.EXAMINING, *_MOVES_ON),
                **_stays(State.EXAMINING, TimerRang),
            },
            pending=lambda _session, _bank: replies.EXAMINING,
            buttons=(Command.SKIP, Command.STOP),
        ),
        State.FINISHED: StateRow(
            "this interview is over",
            {
                TimerRang: _row(timing.ignore, State.FINISHED),
                Examined: _row(timing.ignore, State.FINISHED),
            },
            pending=lambda _session, _bank: replies.OVER,
            mark="f",
        ),
    }
)


def decide(session: Session, event: Event, bank: Bank, now: int) -> tuple[Session, tuple[Effect, ...]]:
    """The session after `event` at `now` (epoch seconds), and what shall happen; pure.

    Raises IllegalEventError when the present state has no rule for the event.
    """
    trigger = event.command if isinstance(event, Commanded) else type(event)
    row = TABLE[session.state].rules.get(trigger)
    if row is None:
        raise IllegalEventError(session.state, trigger)
    decided, effects = row.rule(session, event, RuleContext(bank, now, TABLE))
    if decided.state not in row.leads_to:
        message = (
            f"{trigger_name(trigger)} led from {session.state.value} to {decided.state.value}, which its row forbids"
        )
        raise AssertionError(message)
    if session.state is State.EXAMINING and decided.state is not State.EXAMINING:
        effects = (StopExamining(session.turn_number), *effects)
    return decided, _with_buttons(decided, effects)


def _with_buttons(session: Session, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Offer with the last thing said what can be done now, and say of a question until when."""
    last = next((effect for effect in reversed(effects) if isinstance(effect, Say)), None)
    if last is None or last.choices:
        return effects
    asks = last.tone is Tone.QUESTION and TABLE[session.state].is_timed
    turn = session.turn if asks else None
    due = turn.due_at if turn and not turn.overtime else None
    offering = replace(last, commands=offered(session), due=due)
    return tuple(offering if effect is last else effect for effect in effects)


def offered(session: Session) -> tuple[Command, ...]:
    """The commands worth a button right now."""
    found = TABLE[session.state].buttons
    rapid = session.state is State.ANSWERING and session.current_round.format is Format.RAPID_FIRE
    section = session.state is State.TELLING and rehearsals.is_guided(session) and rehearsals.section_asked(session)
    single = rapid or section
    return tuple(command for command in found if not (single and command is Command.DONE))  # one message is the answer


def open_states() -> tuple[State, ...]:
    """The states in which a question waits for an answer."""
    return tuple(state for state, row in TABLE.items() if row.is_open)


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {_node(State.CHOOSING)}"]
    for state, facts in TABLE.items():
        labels: dict[State, list[str]] = {}
        for trigger, row in facts.rules.items():
            for target in row.leads_to - {state}:
                labels.setdefault(target, []).append(trigger_name(trigger))
        lines += [
            f"    {_node(state)} --> {_node(target)}: {', '.join(labels[target])}"
            for target in State
            if target in labels
        ]
    return "\n".join([*lines, f"    {_node(State.FINISHED)} --> [*]"])


def _node(state: State) -> str:
    return state.value.replace("-", "_")


def not_now(error: IllegalEventError) -> str:
    """What to say to an event that does nothing in the present state."""
    return replies.not_now(trigger_name(error.trigger), TABLE[error.state].describes)


def trigger_name(trigger: Trigger) -> str:
    """The trigger as a person knows it: `/hint`, or the name of the event."""
    return f"/{trigger.value}" if isinstance(trigger, Command) else trigger.__name__


if __name__ == "__main__":
    print(diagram())  # noqa: T201 - the diagram is this module's output
