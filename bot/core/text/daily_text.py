"""Every sentence of the daily question: setting it up, asking, the result, and what a channel sees.

Short and friendly; a day off is a day off. `next_at` is the moment of the next prompt, None when none is planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import assert_never

from bot.core.assessment import Assessment, Band
from bot.core.daily.reviews import Grade
from bot.core.daily.schedule import local_date, minute_of
from bot.core.daily.streaks import Streak
from bot.core.daily.subscription import Setting, Subscription
from bot.core.document import Block, Bullets, Folded, Heading, Paragraph
from bot.core.model import Question
from bot.core.plurals import plural

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SEVEN = frozenset(range(7))
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SCORES = {Band.NONE: "mostly open", Band.PARTIAL: "partly there", Band.SOLID: "solid", Band.COMPLETE: "complete"}
_CREDITS = {1.0: "Made", 0.5: "Half made"}
_GRADES = {
    Grade.AGAIN: "We look at this one again",
    Grade.HARD: "You had part of it, so it comes back",
    Grade.GOOD: "You had most of it, so it comes back",
    Grade.EASY: "You had nearly all of it, so it comes back",
}

NOT_SUBSCRIBED = (
    "You have no daily question yet. /daily 08:30 asks you one a day at that time, in your own time zone; /daily off "
    "stops it at once."
)
OFF = "Your daily question is off; nothing more comes. /daily resume brings it back as it was."
NOTHING_TO_OFF = "You have no daily question, so there is nothing to stop."
NOTHING_TO_ASK = (
    "There is nothing to ask today: everything on your topics was asked within a week. More comes as it falls due, "
    "and /daily topics any widens the choice."
)
CHANNEL_OFF = "No daily question is posted here any more."
CONSENT_ON = "When you answer a channel's question, your name may stand under it. /daily consent off takes that back."
CONSENT_OFF = "Your name does not stand under a channel's question."
_CHANGES = "Change it with /daily and a time, or zone, days, count, topics, quiet, evening, ramp, skip, pause or off."


def subscribed(subscription: Subscription, next_at: int | None, now: int, *, guessed: bool) -> str:
    """What was set, when it begins, and the guessed zone to be confirmed."""
    zone = subscription.rhythm.zone
    line = f"{_plan(subscription)} {_next(zone, next_at, now)} /daily off stops it at once."
    return f"{line}\n{_guess(zone, now)}" if guessed else line


def status(subscription: Subscription | None, next_at: int | None, now: int, due_reviews: int, streak: str) -> str:
    """All that is set, the next prompt, the reviews that are due, and the streak."""
    if subscription is None:
        return NOT_SUBSCRIBED
    if not subscription.active:
        return OFF
    waiting = plural(due_reviews, "", "reviews are due", {0: "No review is due", 1: "One review is due"})
    coming = _next(subscription.rhythm.zone, next_at, now)
    lines = [_plan(subscription), *_details(subscription), coming, f"{waiting}. {streak}".strip(), _CHANGES]
    return "\n".join(lines)


def changed(setting: Setting, subscription: Subscription, next_at: int | None, now: int) -> str:
    """What one setting is now, and when the next prompt comes."""
    zone = subscription.rhythm.zone
    return f"{_setting(setting, subscription, now)} {_next(zone, next_at, now)}"


def paused(until: date | None) -> str:
    """Nothing comes for a while; the streak is kept."""
    back = f"{day_name(until)}, when I ask again" if until else "you send /daily resume"
    return f"Paused until {back}; your streak waits for you."


def resumed(subscription: Subscription, next_at: int | None, now: int) -> str:
    """Prompts come again."""
    return f"We go on. {_next(subscription.rhythm.zone, next_at, now)}"


def skipped(on: date, zone: str, next_at: int | None, now: int) -> str:
    """One date is left out."""
    return f"{day_name(on)} is left out; your streak is kept. {_next(zone, next_at, now)}"


def prompt(question: Question, day: date, number: int = 1, count: int = 1, *, review: bool = False) -> str:
    """The question of the day, or one of several."""
    which = f"Daily question {number} of {count}" if count > 1 else "Daily question"
    seen = " You have answered this one before." if review else ""
    return f"{which}, {DAYS[day.weekday()]}. Topic: {_topic(question)}.{seen}\n\n{question.prompt}"


def result(question: Question, assessment: Assessment, grade: Grade, days: int, streak: str) -> tuple[Block, ...]:
    """What an answer earned, with the person's own words; what was missing; and when the question comes back."""
    model_answer = (Folded("Model answer", question.model_answer),) if question.model_answer else ()
    when = "tomorrow" if days <= 1 else f"in {plural(days, 'day')}"
    closing = Paragraph(f"{_GRADES[grade]} {when}. {streak}".strip())
    return (*_judgement(question, assessment), *model_answer, closing)


def later(at: int) -> str:
    """The prompt was put off to `at`, in minutes after midnight."""
    return f"I will ask again at {say_time(at)}."


def again(question: Question) -> str:
    """A prompt that was put off comes once more."""
    return f"Here is your question again. Topic: {_topic(question)}.\n\n{question.prompt}"


def reminder(question: Question) -> str:
    """The second reminder, in the evening."""
    return f"Today's question on {_topic(question)} is still here, if you have a few minutes."


def expired(day: date) -> str:
    """A button was pressed after the question of a day was closed."""
    return f"The question of {day_name(day)} is closed by now and may come again. /daily now asks one at once."


def out_of_reach(advice: str) -> str:
    """A word where somebody subscribed whom the bot cannot write to in private; `advice` is how to mend it."""
    mended = f" {advice.strip()}" if advice.strip() else ""
    return f"I could not reach you in private, so your daily question waits.{mended} /daily resume starts it again."


def channel_set(at: int, zone: str, now: int, *, guessed: bool) -> str:
    """A channel has a daily question from now on."""
    line = f"A question for everybody here comes daily at {say_time(at)} in {zone}. /daily channel off stops it."
    return f"{line}\n{_guess(zone, now, 'channel 09:00 Your/City')}" if guessed else line


def channel_question(question: Question, day: date) -> str:
    """The question of the day for everybody in a channel."""
    head = f"Question of the day, {DAYS[day.weekday()]}. Topic: {_topic(question)}."
    rules = "You answer in private, and only you see the result. Tomorrow the model answer comes here."
    return f"{head}\n\n{question.prompt}\n\n{rules}"


def channel_thread(day: date) -> str:
    """The title of the talk about a channel's question, where there are threads."""
    return f"Daily question, {day.day} {_MONTHS[day.month - 1]}"


def discussion(question: Question, answered: int, names: Sequence[str], *, yesterday: bool = True) -> str:
    """The head of the next day's talk in a channel; `names` are of those who agreed to be named."""
    which = "Yesterday's" if yesterday else "The last"
    people = plural(answered, "", "people answered", {0: "Nobody has answered yet", 1: "One person answered"})
    named = f", among them {_listed(names)}" if names and answered > len(names) else ""
    named = f": {_listed(names)}" if names and not named else named
    return f"{which} question was on {_topic(question)}. {people}{named}. How would you put it?\n\n{question.prompt}"


def day_name(day: date) -> str:
    """A date as a person says it."""
    return f"{DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _plan(subscription: Subscription) -> str:
    rhythm, count = subscription.rhythm, subscription.count
    what = plural(count, "", "daily questions come", {1: "Your daily question comes"})
    return f"{what} at {say_time(rhythm.at)}, {say_days(rhythm.days)}, in {rhythm.zone}."


def _details(subscription: Subscription) -> Iterator[str]:
    yield f"{_topics(subscription.topics)} {_ramp(ramp=subscription.ramp)}"
    if subscription.rhythm.quiet:
        yield _quiet(subscription.rhythm.quiet)
    if subscription.rhythm.evening is not None:
        yield _evening(subscription.rhythm.evening)
    if subscription.rhythm.paused_until == date.max:
        yield "Paused until you send /daily resume."


def _setting(setting: Setting, subscription: Subscription, now: int) -> str:
    rhythm = subscription.rhythm
    match setting:
        case Setting.ZONE:
            return f"Your time zone is {rhythm.zone}, where it is {_clock(rhythm.zone, now)} now."
        case Setting.DAYS | Setting.COUNT:
            return _plan(subscription)
        case Setting.TOPICS:
            return _topics(subscription.topics)
        case Setting.QUIET:
            return _quiet(rhythm.quiet)
        case Setting.EVENING:
            return _evening(rhythm.evening)
        case Setting.RAMP:
            return _ramp(ramp=subscription.ramp)
        case _:
            assert_never(setting)


def _topics(topics: Sequence[str]) -> str:
    named = [topic.replace("-", " ") for topic in topics]
    return f"Questions are on {_listed(named)} only." if named else "Questions are on any topic."


def _quiet(hours: tuple[int, int] | None) -> str:
    return f"Nothing comes from {say_time(hours[0])} to {say_time(hours[1])}." if hours else "You have no quiet hours."


def _evening(at: int | None) -> str:
    if at is None:
        return "No reminder comes in the evening."
    return f"If nothing was answered, I remind you at {say_time(at)}."


def _ramp(*, ramp: bool) -> str:
    return "Questions get harder from Monday to Sunday." if ramp else "Every day is about as hard."


def _next(zone: str, next_at: int | None, now: int) -> str:
    if next_at is None:
        return "No next one is planned."
    day, today = local_date(zone, next_at), local_date(zone, now)
    near = {0: "today", 1: f"tomorrow, {day_name(day)},"}.get((day - today).days, f"on {day_name(day)}")
    return f"The next one comes {near} at {_clock(zone, next_at)}."


def _clock(zone: str, at: int) -> str:
    return say_time(minute_of(zone, at))


def _guess(zone: str, now: int, order: str = "zone Your/City") -> str:
    clock = f"where it is {_clock(zone, now)} now"
    if zone == "UTC":
        return f"I do not know your time zone, so I take UTC, {clock}. To set yours: /daily {order}"
    return f"I take it you are in {zone}, {clock}. If not: /daily {order}"


def _judgement(question: Question, assessment: Assessment) -> Iterator[Block]:
    name = _topic(question).capitalize()
    if assessment.band is Band.ABSTAIN:
        yield Heading(3, f"{name}: not judged")
        yield Paragraph("I can only follow English, so I could not judge this answer.")
        return
    yield Heading(3, f"{name}: {_SCORES[assessment.band]}, {round(100 * assessment.score)} of 100")
    if lines := tuple(_lines(question, assessment)):
        yield Bullets(lines)


def _lines(question: Question, assessment: Assessment) -> Iterator[tuple[str, str]]:
    """What was made, then what is wrong, then what is missing."""
    statements = {point.id: point.statement for point in question.key_points}
    for credit in sorted(assessment.points, key=lambda earned: -earned.credit):
        if credit.credit:
            yield f"{_CREDITS[credit.credit]}: {statements[credit.id]}", credit.evidence
    for finding in assessment.misconceptions:
        yield f"To put right: {question.misconception(finding.id).feedback}", finding.evidence
    for credit in assessment.points:
        if not credit.credit:
            label = "To put right" if credit.contradicted else "Not found"
            yield f"{label}: {statements[credit.id]}", credit.evidence


def _topic(question: Question) -> str:
    return question.topic.replace("-", " ")


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def say_time(minutes: int) -> str:
    """A time of day as on a clock of 24 hours."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def say_days(days: frozenset[int]) -> str:
    """Weekdays in words, which `parse_days` reads again."""
    if days == _SEVEN:
        return "every day"
    starts = [day for day in sorted(days) if (day - 1) % 7 not in days]
    if len(starts) == 1 and len(days) > 2:  # noqa: PLR2004 - two days are named as they are
        return f"{DAYS[starts[0]]} to {DAYS[(starts[0] + len(days) - 1) % 7]}"
    *others, last = [DAYS[day] for day in sorted(days)] or ["no day"]
    return f"{', '.join(others)} and {last}" if others else last


def streak(streak: Streak) -> str:
    """The streak in a sentence or two."""
    left = plural(streak.freezes_left, "freeze is", "freezes are", {0: "no freezes are"})
    weeks = f" You answered in each of {streak.weeks} weeks in a row." if streak.weeks > 1 else ""
    if not streak.days:
        return f"Your next answer starts a {'new ' * (streak.longest > 0)}streak.{weeks}"
    run = f"You answered on {streak.days} of your days in a row" if streak.days > 1 else "Your streak has begun"
    return f"{run}; {left} left this month.{weeks}"
