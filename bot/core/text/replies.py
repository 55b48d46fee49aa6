"""Every sentence the interviewer can say.

Short, neutral, concrete; nothing here praises or judges before the debrief.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.core.assessment import Flag
from bot.core.events import Command
from bot.core.model import Stage
from bot.core.plurals import plural
from bot.core.preferences import DEBRIEF, HARVEST, LEVEL, PREFERENCES, THREAD
from bot.core.questions.planning import usual_minutes
from bot.core.session import Format, Pace, PastInterview, Round, Session

TITLES = {
    Format.SCREEN: "Screen",
    Format.CODING: "Coding",
    Format.FUNDAMENTALS: "Fundamentals",
    Format.RAPID_FIRE: "Rapid fire",
    Format.SYSTEM_DESIGN: "System design",
    Format.BEHAVIORAL: "Behavioral",
    Format.FULL: "Full interview",
    Format.LOOP: "Four-round loop",
}
_ABOUT = {
    Format.SCREEN: "a project you know well, your motivation, and three basics",
    Format.CODING: "one problem; your code and your reasoning count",
    Format.FUNDAMENTALS: "theory, debugging and judgement",
    Format.RAPID_FIRE: "short questions, one message each",
    Format.SYSTEM_DESIGN: "one problem in six timed parts",
    Format.BEHAVIORAL: "stories from your own experience",
    Format.FULL: "all five stages with breaks",
    Format.LOOP: "coding, fundamentals, system design and behavioral, 45 minutes each",
}
PHASE_TITLES = {
    "requirements": "Requirements",
    "data": "Data",
    "model": "Model",
    "serving": "Serving",
    "monitoring": "Monitoring",
    "trade-offs": "Trade-offs",
}
COMMANDS = {
    Command.DONE: "your answer is complete",
    Command.HINT: "a hint; each of the three shows its cost",
    Command.SKIP: "leave this question out",
    Command.SEEN: "you know this question: take another",
    Command.REPEAT: "hear the question again",
    Command.TIME: "how much time is left",
    Command.PAUSE: "stop the clock (not in strict pace)",
    Command.RESUME: "go on after a pause",
    Command.STOP: "end here and get the debrief on what there is",
    Command.HELP: "this list",
}
_REQUESTS = {
    "mock": "start an interview, as in /mock coding senior 30",
    "daily": "a question every day at your own time, as in /daily 08:30",
    "star": "rehearse your own stories for behavioral rounds; /star help says how",
    "report": "the full report of your last interview, or of the one whose number follows",
    "history": "your interviews so far",
    "settings": "how I work for you, and what may be kept",
    "privacy": "what is kept about you and why",
    "export": "everything that is kept about you, as a file",
    "forget": "delete everything that is kept about you",
}
# What the commands do while a story is told.
IN_REHEARSAL = {
    **COMMANDS,
    Command.DONE: "the story is complete; after it, no more follow-ups",
    Command.HINT: "what the interviewer looks for",
    Command.SKIP: "leave out this section, rating or follow-up",
    Command.REPEAT: "hear again what is asked",
    Command.STOP: "end here; what you told is kept",
}
_SETTINGS = {
    HARVEST: "answers in which I found no key point may be kept for the authors",
    DEBRIEF: "where the debrief of an interview in a group is shown",
    LEVEL: "how hard daily questions are and how far stories reach",
    THREAD: "the kind of thread your interview gets on a Discord server",
}
WHAT_WOULD_YOU_ASSUME = "That is open. What would you assume?"
EMPTY_PROBE = "Say a little more about how you would go about it, or send /skip."
_OTHER_LANGUAGE = "I can only follow English here. Could you say it in English?"
_KEYWORD_LIST = "Those are the terms. How do they connect: what leads to what, and why?"
_OTHER_WORDS = "I may not have caught all of that. Say it once more in the terms you would use with a colleague."
# To what cannot be judged as it is.
SAY_AGAIN = {
    Flag.OTHER_LANGUAGE: _OTHER_LANGUAGE,
    Flag.KEYWORD_LIST: _KEYWORD_LIST,
    Flag.UNRECOGNISED: _OTHER_WORDS,
}
NOTED = "Noted. Go on in as many messages as you like, and send /done when the answer is complete."
TOO_LONG = "That message is longer than I can review for one question, so I left it out; what came before is kept."
NO_MORE_HINTS = "That was the last of the three hints for this question."
NOTHING_TO_SWAP = "I have no other question of this kind. Answer it as you can, or send /skip."
SWAP_TOO_LATE = "We are in the middle of this design, so I cannot swap it. /skip leaves out this part."
QUESTION_GONE = "The question that was open is no longer in the bank, so we leave it out."
SWAPPED = "Noted, you know this one. Here is another."
STRICT_NO_PAUSE = "In strict pace the clock does not stop. /stop ends the interview with a debrief on what there is."
LAST_QUESTION = "That was the last question."
STOPPED_HERE = "We stop here."
RATE_YOURSELF = (
    "Before the debrief: how did you do, from 1 to 4?\n1 well below the bar, 2 just below, 3 at the bar, 4 above it."
)
RATE_AGAIN = "Please send one number from 1 to 4, or /skip to go straight to the debrief."
NOTHING_STARTED = "All right, no interview today. /mock starts one whenever you like."
NOTHING_ANSWERED = "The interview ends here. Nothing was answered, so there is nothing to judge; no harm done."
PAUSED = "Paused; the clock stands still. Send /resume to go on."
RESUMED = "We go on."
BREAK_GOES_ON = "We are between two rounds and no clock runs. Send /resume when you are ready."
EXAMINING = "I am looking at your answer, and the clock stands still meanwhile. /stop ends the interview."
NOT_EXAMINED = "I could not finish looking at it, so your answer counts as it reads."
TIME_UP_STRICT = "Time is up for this question; your answer is closed as it stands."
STALE_BUTTON = "That button belongs to an earlier moment. The buttons of the newest message work."
OVER = "That interview is over. /mock starts another."
NOT_YOURS = "This is somebody else's interview. You can watch, and /mock starts your own."
OTHER_OPEN = "An interview is still open, so we go on with that one. /stop ends it with a debrief."
NOTHING_OPEN = "No interview is open here. /mock starts one, for example: /mock coding senior"
HARVEST_ON = "Thank you. Answers in which I found no key point are kept from now on for the authors of the questions."
HARVEST_OFF = "No answers are kept for the authors any more, and those that were kept are deleted."
DAILY_NOT_IN_TERMINAL = "The terminal is not there in the morning. /daily now asks one at once; a chat asks every day."
DAILY_DONE = "That question is done. /daily now asks another."
DAILY_ADMINS_ONLY = "A question for everybody here is for an admin of this chat to set."
DAILY_IN_A_GROUP = "That is for a group or channel: send it there. For yourself, /daily 08:30 does it."
DAILY_JOINED = "Your question is in our private chat."
DAILY_LEFT_OUT = "Left out for now; it may come again on another day."
FORGET_ASKS = (
    "This deletes your interviews, answers, stories, scores and settings for good, an open interview included. "
    "/export gives you a copy first. Send /forget everything to go ahead."
)
FORGOTTEN = "Done. Everything I kept about you is deleted."
EXPORTED = "Here is everything I keep about you, as a JSON file."
PRIVACY = (
    "I keep what an interview needs: your number on this platform, the questions you were asked, your answers, their "
    "scores, your own stories, your settings, and when you want a daily question. They stay in the database of whoever "
    "runs this bot and go nowhere else; no language model and no other service reads them. I do not see a group's "
    "conversation, only commands, buttons and replies to me. /export sends you all of it, /forget deletes it. Answers "
    "are kept for the authors of the questions only if you agree with /settings harvest on, and you can take that back "
    "at any time."
)
NOT_INVITED = "This bot is kept for a closed group. Whoever runs it can add you to its list."
TOO_FAST = "That was faster than I can follow, so I left out the last messages. Please send them again in a minute."
SOMETHING_BROKE = "Something broke on my side, so that message did not count. Please send it once more."
FILE_ONLY_TEXT = (
    "I can read files ending in .py, .txt or .md, as UTF-8 text of up to 64 KB; pasting it as a message works too."
)
FILE_GONE = "I could not be given that file. Please send it again, or paste the text as a message."
FILE_NOT_FETCHED = "I could not fetch your file just now. Please send it once more, or paste the text."
NO_REPORT = "There is no such report of yours. /history lists your interviews."
REPORT_NEEDS_NUMBER = "Send /report with the number of an interview, as in /report 3, or alone for the last one."
INPUT_ENDED = "The input ended here. What you began is kept; the next `mockbot chat` goes on with it."
TIME_UP_PRACTICE = (
    "Time is up for this question. Finish your thought, then send /done; an interviewer would move on now."
)


def minutes(seconds: float) -> str:
    """A duration as a person says it."""
    if seconds < 120:  # noqa: PLR2004 - below two minutes, seconds say more
        return plural(round(seconds), "second")
    return f"{round(seconds / 60)} minutes"


def which_interview() -> str:
    """The first question when none was chosen on the way in."""
    lines = [
        f"{number}. {TITLES[format_]}, {usual_minutes(format_)} minutes: {_ABOUT[format_]}"
        for number, format_ in enumerate(Format, 1)
    ]
    return "\n".join(
        [
            "Hello. I am a mock interviewer. Which interview shall we do?",
            *lines,
            "Send a number or a name. You can add a level and minutes, as in: coding senior 30",
        ]
    )


def no_questions(stage: Stage) -> str:
    """Nothing can be asked in a round of this stage."""
    return f"The bank holds no {stage.value} question."


def choose_again(problem: str) -> str:
    """What was wrong with the choice, in one sentence, and what to send."""
    return f"{problem} Send a number from 1 to {len(Format)}, or a name such as coding."


def opening(session: Session) -> str:
    """What will happen and how long it takes."""
    setup = session.setup
    format_ = setup.format or Format.SCREEN
    total = sum(r.minutes for r in session.rounds)
    count = sum(len(r.slots) for r in session.rounds)
    different = len({s.question_id for r in session.rounds for s in r.slots})
    asked = plural(1 if different == 1 else count, "question", named={1: "One question"})
    asked = "One problem in six parts" if format_ is Format.SYSTEM_DESIGN else asked
    if len(session.rounds) > 1:
        names = ", ".join(TITLES[r.format].lower() for r in session.rounds)
        asked = f"{len(session.rounds)} rounds with a break between: {names}"
    head = f"{TITLES[format_]}, {setup.level.value} level, about {total} minutes. {asked}."
    return "\n".join([head, _pace(setup.pace, setup.time_factor), _how_to_answer(format_)])


def _pace(pace: Pace, factor: float) -> str:
    if pace is Pace.UNTIMED:
        return "Nothing is timed."
    kept = (
        "When time is up, the answer closes." if pace is Pace.STRICT else "When time is up I say so and let you finish."
    )
    stretched = f" Your time is stretched by {factor:g}; that costs nothing." if factor > 1 else ""
    return f"Each question has its own clock. {kept}{stretched}"


def _how_to_answer(format_: Format) -> str:
    if format_ is Format.RAPID_FIRE:
        return (
            "One message is the answer. /skip leaves a question out, /stop ends with a debrief, /help lists the rest."
        )
    return (
        "Answer in one or several messages, then send /done. Ask me when something is unclear. "
        "/hint, /skip and /stop work at any time, /help lists the rest."
    )


def on_break(done: Round, following: Round) -> str:
    """Between two rounds."""
    return (
        f"{TITLES[done.format]} is complete. Take a break; no clock runs. "
        f"Next comes {TITLES[following.format].lower()}, about {following.minutes} minutes. "
        "Send /resume when you are ready."
    )


def back(away: int, *, is_timed: bool) -> str:
    """The greeting after the program was away; the clock stood still."""
    gone = f"I was away for {minutes(away)}; " if away >= 2 else ""  # noqa: PLR2004 - less goes unnoticed
    clock = "your clock stood still meanwhile." if is_timed else "nothing was lost."
    return f"Welcome back. {gone}{clock}" if gone else "Welcome back. We go on where we were."


def not_now(command: str, state: str) -> str:
    """Why a command does nothing at this moment."""
    return f"{command} does nothing right now: {state}. /help lists what works."


def help_text(legal: Mapping[Command, str], state: str) -> str:
    """The commands that work right now."""
    lines = [f"/{command.value}: {meaning}" for command, meaning in legal.items()]
    return "\n".join([f"Right now {state}. These work:", *lines])


def already_open(link: str) -> str:
    """Why a second interview does not start in the same place; `link` leads to the first."""
    where = f" It is here: {link}" if link else ""
    return f"An interview or a story of yours is still open. Go on with it, or end it with /stop first.{where}"


def taken(link: str) -> str:
    """Why an interview does not start in a place where somebody else has one; `link` leads to it."""
    where = f" It is here: {link}" if link else ""
    elsewhere = "Yours can run in another topic or channel, or in a chat with me."
    return f"Somebody else's interview is open here. {elsewhere}{where}"


def too_late(text: str) -> str:
    """An answer from a form arrived after its question was closed; the words are given back."""
    return f"That question was closed before this arrived, so it does not count. You wrote:\n{text}"


def unreadable(kind: str, *, telling: bool = False) -> str:
    """What can be sent instead of a voice message, a photo or the like; `telling` a story or answering."""
    name = {"voice": "voice messages", "photo": "photos", "video": "videos", "sticker": "stickers"}.get(kind)
    listened = f"I cannot take in {name} yet" if name else "I cannot read that"
    if telling:
        return f"{listened}. Type your story the way you would say it; several messages are fine."
    return f"{listened}. Type your answer, or send it as a .txt, .md or .py file; several messages are fine."


def start_limit(hours: int, count: int) -> str:
    """Why no further interview starts for now."""
    return f"{count} interviews in {hours} hours is as many as I start. Rest a little; /history shows what there is."


def out_of_reach(advice: str) -> str:
    """A word in private to a candidate whose interview cannot go on where it runs."""
    return (
        f"I cannot write in the chat of your interview any more. {advice} Your clock stands still. "
        "Once that is mended, send a message there and we go on."
    )


def gone(number: int) -> str:
    """A word in private to a candidate whose chat is gone for good; the interview so far is judged."""
    return (
        "The chat of your interview is gone, so I closed the interview. "
        f"/report {number} shows what there is, and /mock starts another."
    )


def runs_there(link: str) -> str:
    """Where the interview that was just asked for runs."""
    return f"Your interview is here: {link}" if link else ""


def added(text: str) -> str:
    """An answer from a form arrived; unlike a message it leaves no trace in the chat."""
    return f"Added to your answer ({len(text)} characters). Done ends it."


def not_yours(text: str) -> str:
    """Somebody filled in a form that belongs to another person's interview; the words are given back."""
    return f"{NOT_YOURS} You wrote:\n{text}"


def daily_regraded(days: int) -> str:
    """The person said how well they knew it; when the question comes back."""
    when = "tomorrow" if days == 1 else f"in {plural(days, 'day')}"
    return f"Noted. It comes back {when}."


def platform_off(name: str, reason: str) -> str:
    """A word to the owner: one of the platforms will not have us."""
    return f"{name.capitalize()} is off: {reason}"


def hello() -> str:
    """The first words to somebody new."""
    return (
        "Hello. I am a mock interviewer for machine-learning and software interviews. I ask, follow up, keep the time, "
        "and end with a debrief that quotes your own words."
    )


def help_overview() -> str:
    """All commands, when no interview is open."""
    requests = [f"/{name}: {meaning}" for name, meaning in _REQUESTS.items()]
    during = ", ".join(f"/{command.value}" for command in Command if command is not Command.HELP)
    return "\n".join([*requests, f"During an interview: {during}. Answer in one or several messages, then /done."])


def history(past: Sequence[PastInterview]) -> str:
    """The person's interviews, newest first."""
    if not past:
        return "No interviews yet. /mock starts one."
    return "\n".join(_past(interview) for interview in past)


def _past(past: PastInterview) -> str:
    day = datetime.fromtimestamp(past.opened_at, UTC).date().isoformat()
    name = TITLES[Format(past.format)] if past.format else "Interview"
    ended = past.verdict or ("nothing answered" if past.ended_at is not None else "still open")
    return f"{past.id}. {day} {name}, {past.level}: {ended}"


def all_commands() -> list[tuple[str, str]]:
    """Every command with its meaning, for completion and menus."""
    interview = [(command.value, meaning) for command, meaning in COMMANDS.items()]
    return [*interview, *_REQUESTS.items()]


def settings(kept: Mapping[str, str]) -> str:
    """Every setting with its value, or its usual one, and how to change it."""
    lines = [f"{name}: {kept.get(name, usual)} ({_SETTINGS[name]})" for name, (usual, *_) in PREFERENCES.items()]
    return "\n".join([*lines, "Change one with its name and value, as in /settings debrief private."])
