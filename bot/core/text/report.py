"""The debrief as a document: one structure, read out as text, Markdown, HTML or JSON.

A report names the verdict first and quotes before it advises.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from bot.core.document import Block, Bullets, Folded, Heading, Paragraph, Verbatim
from bot.core.judgement import Debrief, DimensionLevel, Gap, Line, RoundReport, TurnReport, Verdict
from bot.core.plurals import plural
from bot.core.session import Format
from bot.core.text import feedback, replies
from bot.core.text.blocks import markdown, page, text

_MEANING = {
    Verdict.STRONG_HIRE: "This is clearly above the bar for this level",
    Verdict.HIRE: "This is at the bar for this level",
    Verdict.NO_HIRE: "This is below the bar for this level today",
    Verdict.STRONG_NO_HIRE: "This is well below the bar for this level today",
    Verdict.NOT_ENOUGH_EVIDENCE: "Too little was answered to judge either way",
}
OUTCOMES = {
    "answered": "answered",
    "timed-out": "no answer before time was up",
    "skipped": "skipped",
    "swapped": "swapped",
    "stopped": "open when you stopped",
    "open": "open",
}
FEW_SESSIONS = 5  # mocks until which one says little
GOOD_LEVEL = 3  # of 4; below it a dimension is named among what to improve
FOLDED_AT_MOST = 8_000  # characters of model answers in a chat, two full messages; more stays in the file


def summary(debrief: Debrief) -> str:
    """The debrief as a chat message: verdict first, the report on request."""
    closing = Paragraph("Send /report for every question with its model answer, or /mock for another interview.")
    return text([*_summary(debrief), closing])


def for_chat(debrief: Debrief) -> tuple[Block, ...]:
    """The debrief where blocks can be shown and a file goes with it: the summary, then the model answers, folded."""
    answered = [turn for round_ in debrief.rounds for turn in round_.turns if turn.model_answer]
    models = [Folded(_name(turn), turn.model_answer) for turn in answered]
    if sum(len(model.prose) for model in models) > FOLDED_AT_MOST:
        models = []
    head: list[Block] = [Heading(3, "Model answers")] if models else []
    closing = Paragraph("The file holds the full report, question by question. /mock starts another interview.")
    return (*_summary(debrief), *head, *models, closing)


def document(debrief: Debrief) -> list[Block]:
    """The full report."""
    blocks: list[Block] = [Heading(1, f"Mock interview {debrief.session_id}"), *_summary(debrief)]
    for round_ in debrief.rounds:
        blocks.append(Heading(2, f"{replies.TITLES[Format(round_.format)]}, question by question"))
        for number, turn in enumerate(round_.turns, 1):
            blocks += _turn(number, turn)
    return blocks


def _summary(debrief: Debrief) -> Iterator[Block]:
    title = replies.TITLES[Format(debrief.format)] if debrief.format else "Interview"
    yield Heading(2, f"{title}, {debrief.level} level: {debrief.verdict.value}")
    knocked = (
        " One serious misconception stood after it was questioned, which caps the verdict."
        if debrief.knocked_out
        else ""
    )
    yield Paragraph(f"{_MEANING[debrief.verdict]}.{knocked}")
    if debrief.at_best:
        yield Paragraph(
            "I could not place everything you said. Read as you may have meant it, the verdict would be "
            f"{debrief.at_best.value}; the sentences are quoted below."
        )
    if debrief.finished_before + 1 < FEW_SESSIONS:
        yield Paragraph(
            f"This is mock {debrief.finished_before + 1}. One mock says little: treat it as a first reading until you "
            f"have done {FEW_SESSIONS}."
        )
    for round_ in debrief.rounds:
        yield from _dimensions(round_, several=len(debrief.rounds) > 1)
    yield from _evidence(debrief)
    yield Heading(3, "Time and hints")
    yield Paragraph(_time_and_hints(debrief))
    yield Heading(3, "You and the interviewer")
    yield Paragraph(_self_rating(debrief))
    yield Heading(3, "Next steps")
    yield Bullets(tuple((step, "") for step in debrief.next_steps))
    rates = ", ".join(f"{replies.TITLES[Format(r.format)].lower()} {r.pass_rate} %" for r in debrief.rounds)
    yield Paragraph(f"For context, the usual pass rate of this kind of round: {rates}.")


def _dimensions(round_: RoundReport, *, several: bool) -> Iterator[Block]:
    if several:
        yield Heading(3, f"{replies.TITLES[Format(round_.format)]}: {round_.verdict.value}")
    else:
        yield Heading(3, "The four dimensions")
    yield Bullets(tuple((_dimension(d), "") for d in round_.dimensions))


def _dimension(dimension: DimensionLevel) -> str:
    if dimension.level is None:
        return f"{dimension.title}: not enough evidence."
    return f"{dimension.title}: {dimension.level} of 4. What a {dimension.level} looks like: {dimension.anchor}"


def _evidence(debrief: Debrief) -> Iterator[Block]:
    yield Heading(3, "What went well")
    if debrief.went_well:
        yield Bullets(tuple((f"{quote.about}: {quote.statement}", quote.words) for quote in debrief.went_well))
    else:
        yield Paragraph("No point was clear enough to quote.")
    yield Heading(3, "What to improve")
    if debrief.improve:
        yield Bullets(tuple(map(_gap, debrief.improve)))
    elif weak := [d for r in debrief.rounds for d in r.dimensions if d.level is not None and d.level < GOOD_LEVEL]:
        yield Bullets(tuple((f"{d.title}: {d.advice}", "") for d in weak))
    else:
        yield Paragraph("No gap stood out in what was answered.")
    if debrief.mistakes:
        yield Heading(3, "Classic mistakes of such interviews")
        yield Bullets(debrief.mistakes)
    if debrief.never_asked:
        yield Heading(3, "Worth asking, and never asked")
        yield Bullets(tuple((line, "") for line in debrief.never_asked))


def _time_and_hints(debrief: Debrief) -> str:
    limit = f" of {replies.minutes(debrief.limit)}" if debrief.limit is not None else ", untimed"
    hints = plural(debrief.hints, "hint", named={0: "No hints", 1: "One hint"})
    return f"You used {replies.minutes(debrief.seconds)}{limit}. {hints} taken."


def _self_rating(debrief: Debrief) -> str:
    if debrief.own_level is None:
        return "There is not enough evidence to compare with."
    mine = f"The evidence reads {debrief.own_level:.1f} of 4"
    if debrief.self_rating is None:
        return f"{mine}; you gave no rating of your own."
    gap = debrief.self_rating - debrief.own_level
    how = "close to it" if abs(gap) < 0.75 else "higher than the evidence" if gap > 0 else "lower than the evidence"  # noqa: PLR2004
    return f"{mine}; you rated yourself {debrief.self_rating}, which is {how}."


def _turn(number: int, turn: TurnReport) -> Iterator[Block]:
    name = _name(turn)
    scored = "not enough evidence" if turn.score is None else f"{round(100 * turn.score)} of 100"
    yield Heading(3, f"{number}. {name}: {scored}")
    yield Paragraph(turn.prompt)
    limit = f" of {replies.minutes(turn.limit)}" if turn.limit is not None else ""
    hints = f" Hints taken: {turn.hints}." if turn.hints else ""
    yield Paragraph(
        f"{OUTCOMES[turn.outcome].capitalize()}. {replies.minutes(turn.seconds).capitalize()}{limit}.{hints}"
    )
    if turn.answer:
        yield Verbatim("Your answer", turn.answer)
        yield Bullets(tuple(_point(turn, *earned) for earned in turn.credits))
    if turn.story:
        yield Paragraph("How the story was told:")
        yield Bullets(turn.story)
    if turn.model_answer:
        yield Folded("Model answer", turn.model_answer)
    yield Paragraph(
        f"Question {turn.question_id}, version {turn.question_version}; bank {turn.bank_id} {turn.bank_version}."
    )


def _name(turn: TurnReport) -> str:
    return replies.PHASE_TITLES.get(turn.phase, turn.topic.replace("-", " ").capitalize())


_CREDIT = {1.0: "Made", 0.5: "Half made", 0.0: "Not found"}


def _point(turn: TurnReport, statement: str, credit: float, words: str) -> Line:
    """A key point of an answer: made, half made, wrong, perhaps meant, or not found."""
    if statement in turn.denied:
        return f"You said otherwise: {statement}", words
    meant = dict(turn.maybe).get(statement, "")
    if meant:
        return f"Not found for certain, unless you meant it here: {statement}", meant
    return f"{_CREDIT[credit]}: {statement}", words


def _gap(gap: Gap) -> Line:
    """Something to improve, told apart: what was wrong, and what was not found in the answer."""
    if gap.wrong:
        return f"{gap.about}, to put right: {gap.statement}", gap.words
    if gap.words:
        return f"{gap.about}, not found for certain, unless you meant it here: {gap.statement}", gap.words
    not_found = "" if gap.statement == feedback.LEFT_OPEN else ", not found"
    return f"{gap.about}{not_found}: {gap.statement}", ""


def rendered(debrief: Debrief, wanted: str) -> str:
    """The full report as `text`, `md`, `html` or `json`."""
    match wanted:
        case "md":
            return markdown(document(debrief))
        case "html":
            return page(document(debrief), f"Mock interview {debrief.session_id}")
        case "json":
            return as_json(debrief)
    return text(document(debrief))


def as_json(debrief: Debrief) -> str:
    """Everything in the debrief as JSON, for other programs."""
    return json.dumps(asdict(debrief), ensure_ascii=False, indent=2)
