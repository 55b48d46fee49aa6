"""The interview as one table: what each event does in each state.

Every transition lives in `TABLE`. An event that has no row in the present state raises `IllegalEventError` and changes
nothing. `python -m bot.core.rules.table` prints the table as a Mermaid diagram for the docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.core import buttons
from bot.core.effects import Effect, Say, Tone
from bot.core.events import Answered, Command, Commanded, Edited, Event, Reopened, Started, TimerRang
from bot.core.model import Bank
from bot.core.rules import answering, asking, closing, ending, rehearsing, reviewing, timing
from bot.core.rules.step import Rule, RuleContext, Step
from bot.core.session import Session, State
from bot.core.text import replies

Trigger = Command | type[Started] | type[Answered] | type[Edited] | type[TimerRang] | type[Reopened]


class IllegalEventError(Exception):
    """An event that the present state has no rule for."""

    def __init__(self, state: State, trigger: Trigger) -> None:
        super().__init__(f"{trigger_name(trigger)} has no rule while {state.value}")
        self.state = state
        self.trigger = trigger


@dataclass(frozen=True, slots=True)
class Row:
    """A rule and the states it may lead to."""

    rule: Rule
    leads_to: frozenset[State]


def _row(rule: Rule, *states: State) -> Row:
    return Row(rule, frozenset(states))


def help_rule(session: Session, _event: Commanded, _context: RuleContext) -> Step:
    """Say which commands work in the present state."""
    legal = [command for command in Command if command in TABLE[session.state]]
    return session, (Say(replies.help_text(legal, session.state)),)


_ENDS = (State.RATING, State.FINISHED)
_MOVES_ON = (State.ANSWERING, State.ON_BREAK, *_ENDS)
_TELLS_ON = (State.TELLING, State.APPRAISING)
_STORY_ENDS = (*_TELLS_ON, State.FINISHED)
_GOES_ON = (State.FOLLOWING_UP, State.APPRAISING)

TABLE: Mapping[State, Mapping[Trigger, Row]] = MappingProxyType(
    {
        State.CHOOSING: {
            Started: _row(asking.start, State.CHOOSING, State.ANSWERING, State.TELLING),
            Answered: _row(asking.choose, State.CHOOSING, State.ANSWERING),
            Command.STOP: _row(ending.leave, State.FINISHED),
            Command.HELP: _row(help_rule, State.CHOOSING),
            Reopened: _row(timing.reopen_waiting, State.CHOOSING),
            TimerRang: _row(timing.ignore, State.CHOOSING),
        },
        State.ANSWERING: {
            Answered: _row(answering.take_message, State.PROBING, *_MOVES_ON),
            Edited: _row(answering.edit, State.ANSWERING),
            Command.DONE: _row(closing.close, State.PROBING, *_MOVES_ON),
            Command.HINT: _row(answering.hint, State.ANSWERING),
            Command.SKIP: _row(closing.skip, *_MOVES_ON),
            Command.SEEN: _row(closing.swap, State.ANSWERING),
            Command.REPEAT: _row(asking.repeat, State.ANSWERING),
            Command.TIME: _row(answering.tell_time, State.ANSWERING),
            Command.PAUSE: _row(timing.pause, State.ANSWERING, State.PAUSED),
            Command.STOP: _row(closing.stop, *_ENDS),
            Command.HELP: _row(help_rule, State.ANSWERING),
            TimerRang: _row(timing.ring, *_MOVES_ON),
            Reopened: _row(timing.reopen, *_MOVES_ON),
        },
        State.PROBING: {
            Answered: _row(answering.take_message, State.PROBING),
            Edited: _row(answering.edit, State.PROBING),
            Command.DONE: _row(closing.close, State.PROBING, *_MOVES_ON),
            Command.HINT: _row(answering.hint, State.PROBING),
            Command.SKIP: _row(closing.skip, *_MOVES_ON),
            Command.REPEAT: _row(asking.repeat, State.PROBING),
            Command.TIME: _row(answering.tell_time, State.PROBING),
            Command.PAUSE: _row(timing.pause, State.PROBING, State.PAUSED),
            Command.STOP: _row(closing.stop, *_ENDS),
            Command.HELP: _row(help_rule, State.PROBING),
            TimerRang: _row(timing.ring, State.PROBING, *_MOVES_ON),
            Reopened: _row(timing.reopen, State.PROBING, *_MOVES_ON),
        },
        State.PAUSED: {
            Answered: _row(timing.resume_with, State.PROBING, *_MOVES_ON, *_TELLS_ON),
            Command.RESUME: _row(timing.resume, State.ANSWERING, State.PROBING, State.TELLING),
            Command.PAUSE: _row(timing.resume, State.ANSWERING, State.PROBING, State.TELLING),
            Command.STOP: _row(closing.stop, *_ENDS),
            Command.HELP: _row(help_rule, State.PAUSED),
            TimerRang: _row(timing.ignore, State.PAUSED),
            Reopened: _row(timing.reopen_waiting, State.PAUSED, *_MOVES_ON),
        },
        State.ON_BREAK: {
            Answered: _row(closing.leave_break, State.ANSWERING),
            Command.RESUME: _row(closing.leave_break, State.ANSWERING),
            Command.DONE: _row(closing.leave_break, State.ANSWERING),
            Command.STOP: _row(closing.stop, *_ENDS),
            Command.HELP: _row(help_rule, State.ON_BREAK),
            TimerRang: _row(timing.ignore, State.ON_BREAK),
            Reopened: _row(timing.reopen_waiting, State.ON_BREAK),
        },
        State.RATING: {
            Answered: _row(ending.rate, *_ENDS),
            Command.SKIP: _row(ending.reveal, State.FINISHED),
            Command.STOP: _row(ending.reveal, State.FINISHED),
            Command.HELP: _row(help_rule, State.RATING),
            TimerRang: _row(timing.ignore, State.RATING),
            Reopened: _row(timing.reopen_waiting, State.RATING),
        },
        State.TELLING: {
            Answered: _row(rehearsing.take, *_TELLS_ON),
            Edited: _row(answering.edit, State.TELLING),
            Command.DONE: _row(rehearsing.done, *_TELLS_ON),
            Command.HINT: _row(rehearsing.hint, State.TELLING),
            Command.SKIP: _row(rehearsing.skip, *_STORY_ENDS),
            Command.REPEAT: _row(reviewing.repeat, State.TELLING),
            Command.TIME: _row(rehearsing.tell_time, State.TELLING),
            Command.PAUSE: _row(timing.pause, State.TELLING, State.PAUSED),
            Command.STOP: _row(rehearsing.stop, State.FINISHED),
            Command.HELP: _row(help_rule, State.TELLING),
            TimerRang: _row(rehearsing.ring, *_STORY_ENDS),
            Reopened: _row(timing.reopen, State.TELLING),
        },
        State.APPRAISING: {
            Answered: _row(reviewing.rate, *_GOES_ON, State.FINISHED),
            Command.SKIP: _row(reviewing.skip, *_GOES_ON, State.FINISHED),
            Command.REPEAT: _row(reviewing.repeat, State.APPRAISING),
            Command.STOP: _row(reviewing.stop, State.FINISHED),
            Command.HELP: _row(help_rule, State.APPRAISING),
            TimerRang: _row(timing.ignore, State.APPRAISING),
            Reopened: _row(timing.reopen_after_story, State.APPRAISING),
        },
        State.FOLLOWING_UP: {
            Answered: _row(reviewing.reply, *_GOES_ON),
            Command.DONE: _row(reviewing.enough, State.APPRAISING),
            Command.SKIP: _row(reviewing.leave_out, *_GOES_ON),
            Command.REPEAT: _row(reviewing.repeat, State.FOLLOWING_UP),
            Command.STOP: _row(reviewing.stop, State.FINISHED),
            Command.HELP: _row(help_rule, State.FOLLOWING_UP),
            TimerRang: _row(timing.ignore, State.FOLLOWING_UP),
            Reopened: _row(timing.reopen_after_story, State.FOLLOWING_UP),
        },
        State.FINISHED: {
            TimerRang: _row(timing.ignore, State.FINISHED),
        },
    }
)


def decide(session: Session, event: Event, bank: Bank, now: int) -> tuple[Session, tuple[Effect, ...]]:
    """The session after `event` at `now` (epoch seconds), and what shall happen; pure.

    Raises IllegalEventError when the present state has no rule for the event.
    """
    trigger = event.command if isinstance(event, Commanded) else type(event)
    row = TABLE[session.state].get(trigger)
    if row is None:
        raise IllegalEventError(session.state, trigger)
    decided, effects = row.rule(session, event, RuleContext(bank, now))
    if decided.state not in row.leads_to:
        message = (
            f"{trigger_name(trigger)} led from {session.state.value} to {decided.state.value}, which its row forbids"
        )
        raise AssertionError(message)
    return decided, _with_buttons(decided, effects)


def _with_buttons(session: Session, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """The last thing said offers what can be done now, and a question says until when."""
    last = next((effect for effect in reversed(effects) if isinstance(effect, Say)), None)
    if last is None or last.choices:
        return effects
    asks = last.tone is Tone.QUESTION and session.state in {State.ANSWERING, State.PROBING, State.TELLING}
    due = session.turn.due_at if asks and not session.turn.overtime else None
    offering = replace(last, commands=buttons.offered(session), due=due)
    return tuple(offering if effect is last else effect for effect in effects)


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {_node(State.CHOOSING)}"]
    for state, rows in TABLE.items():
        labels: dict[State, list[str]] = {}
        for trigger, row in rows.items():
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


def trigger_name(trigger: Trigger) -> str:
    """The trigger as a person knows it: `/hint`, or the name of the event."""
    return f"/{trigger.value}" if isinstance(trigger, Command) else trigger.__name__


if __name__ == "__main__":
    print(diagram())  # noqa: T201 - the diagram is this module's output
