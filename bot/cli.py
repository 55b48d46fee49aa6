"""The command line: what `mockbot` and each of its commands take, and what runs them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from enum import StrEnum
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from bot.config import cache_folder, database_address, read_settings, shipped_content
from bot.core.commands.mock_commands import minutes_of, topic_of
from bot.core.model import Level
from bot.core.refusal import Refusal, UsageError
from bot.core.session import Format, Pace, Setup

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A mock interviewer for machine-learning and software interviews.",
)

DbOption = Annotated[
    str | None,
    typer.Option(
        "--db",
        help="Database address; absent: a file in your data folder.",
        callback=lambda url: database_address(url) if url else None,
    ),
]
ContentOption = Annotated[Path | None, typer.Option("--content", help="Folder of question banks.")]


class Kind(StrEnum):
    """What can be done in the terminal: an interview of some format, or a rehearsal of one's own stories."""

    SCREEN = Format.SCREEN.value
    CODING = Format.CODING.value
    FUNDAMENTALS = Format.FUNDAMENTALS.value
    RAPID_FIRE = Format.RAPID_FIRE.value
    SYSTEM_DESIGN = Format.SYSTEM_DESIGN.value
    BEHAVIORAL = Format.BEHAVIORAL.value
    FULL = Format.FULL.value
    LOOP = Format.LOOP.value
    STAR = "star"


class TimeFactor(StrEnum):
    """How much time is stretched; it costs nothing in the score."""

    NONE = "1"
    HALF = "1.5"
    DOUBLE = "2"


class ReportFormat(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def main() -> None:
    """Run the command line; an error a person can cause is one sentence on stderr and a non-zero exit."""
    try:
        code = cli(standalone_mode=False)
    except TyperException as error:
        _fail(error.format_message(), error.exit_code)
    except Refusal as error:
        _fail(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        _fail("Stopped; your interview is kept.", 130)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(code or 0)


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(code)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"mockbot {installed_version('mockbot')}")
        raise typer.Exit


@cli.callback()
def options(
    version: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Mock interviews in the terminal, on Telegram and on Discord."""


@cli.command()
def chat(  # noqa: PLR0913, PLR0917 - each is an option of the command
    stage: Annotated[Kind | None, typer.Argument(help="The interview, or star to rehearse; absent: I ask.")] = None,
    level: Annotated[Level, typer.Option(help="The seniority to be judged by.")] = Level.MID,
    topic: Annotated[str, typer.Option(help="Prefer questions on this topic.")] = "",
    minutes: Annotated[int | None, typer.Option(help="Length; absent: the usual one.")] = None,
    pace: Annotated[Pace, typer.Option(help="strict closes answers on time.")] = Pace.PRACTICE,
    time_factor: Annotated[TimeFactor, typer.Option(help="Stretch the time; costs nothing.")] = TimeFactor.NONE,
    seed: Annotated[int, typer.Option(min=0, help="The same seed and history give the same interview.")] = 0,
    db: DbOption = None,
    content: ContentOption = None,
) -> None:
    """Be interviewed in the terminal, or by a script on standard input; star rehearses your own stories."""
    settings = read_settings()
    folder = content or settings.content
    wanted = stage.value if stage else ""
    format_ = Format(wanted) if wanted in set(Format) else None
    setup = Setup(
        format=format_,
        level=level,
        topic=_topic(topic, format_, folder),
        minutes=None if minutes is None else minutes_of(minutes),
        pace=pace,
        time_factor=float(time_factor.value),
        seed=seed,
    )
    from bot.app.chat import chat as run_chat  # noqa: PLC0415 - the program itself, after the options are known to be right

    asyncio.run(run_chat(db or settings.database_url, folder, wanted, setup))


def _topic(topic: str, stage: Format | None, folder: Path) -> str:
    if not topic:
        return ""
    if stage is None:
        message = "--topic needs a stage, as in: mockbot chat fundamentals --topic calibration"
        raise UsageError(message)
    from bot.banks.compiled import load_bank  # noqa: PLC0415 - only a topic needs the banks this early

    return topic_of(topic, stage, load_bank(folder, cache_folder(), shipped_content() / "lexicon"))


@cli.command()
def run(
    db: DbOption = None,
    content: ContentOption = None,
) -> None:
    """Run the bot on Telegram, Discord or both: wherever a token is set."""
    settings = read_settings()
    changes = {"database_url": db, "content": content}
    settings = settings.model_copy(update={name: value for name, value in changes.items() if value is not None})
    from bot.app.run import run as run_bot  # noqa: PLC0415 - as above

    asyncio.run(run_bot(settings))


@cli.command()
def doctor(db: DbOption = None) -> None:
    """Say what is set up, reachable, up to date, leading and lagging; the exit code is 1 when something is wrong."""
    settings = read_settings()
    settings = settings.model_copy(update={"database_url": db} if db else {})
    from bot.app.doctor import examine  # noqa: PLC0415 - as above

    findings, well = asyncio.run(examine(settings))
    typer.echo(findings)
    if not well:
        raise typer.Exit(1)


@cli.command()
def score(
    question: Annotated[str, typer.Option(help="Id of a question; its answer is read from standard input.")] = "",
    batch: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--batch", help="Score JSON lines from standard input instead.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - as above
    content: ContentOption = None,
) -> None:
    """Score an answer, or many: the assessment with the words that earned each point."""
    if batch == bool(question):
        message = "Name one question with --question ID, or score JSON lines with --batch."
        raise UsageError(message)
    from bot.app import scoring  # noqa: PLC0415 - the program itself, only when a command needs it

    settings = read_settings()
    folder = content or settings.content
    if batch:
        scoring.score_batch(folder, sys.stdin, sys.stdout)
    else:
        scoring.score(folder, question, sys.stdin.read(), in_json=json)


@cli.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Bank files or folders; absent: the shipped ones.")] = None,
    coverage: Annotated[  # noqa: FBT002 - as above
        bool, typer.Option("--coverage", help="List the phrasings that no sample uses.")
    ] = False,
    strict: Annotated[  # noqa: FBT002 - as above
        bool, typer.Option("--strict", help="Take advice for mistakes.")
    ] = False,
) -> None:
    """Check question banks; every mistake is named with its place, and so is every piece of advice."""
    from bot.banks.check import check as check_banks  # noqa: PLC0415 - brings the scorer along

    wanted = paths or [read_settings().content]
    if coverage:
        from bot.banks.coverage import coverage_of  # noqa: PLC0415 - as above

        typer.echo("\n".join(coverage_of(wanted, shipped_content() / "lexicon")))
        return
    count, found = check_banks(wanted, cache_folder(), shipped_content() / "lexicon")
    for problem in found:
        typer.echo(str(problem), err=True)
    advice = sum(problem.is_advice for problem in found)
    problems = len(found) - (0 if strict else advice)
    if problems:
        raise typer.Exit(_say(f"{count} questions read, {problems} problem{'s' * (problems > 1)}.", 1))
    typer.echo(f"{count} questions, no problems{f', {advice} pieces of advice' if advice else ''}.")


def _say(sentence: str, code: int) -> int:
    typer.echo(sentence, err=True)
    return code


@cli.command()
def lexicon(
    word: Annotated[str, typer.Argument(help="A concept, or any of its wordings.")], content: ContentOption = None
) -> None:
    """Look a concept up: what it is called, what it is contrasted with, and which questions name it."""
    from bot.banks.lexicon import looked_up  # noqa: PLC0415 - only here
    from bot.banks.loader import read  # noqa: PLC0415 - only here

    reading = read([content or read_settings().content], shipped_content() / "lexicon")
    lines = list(looked_up(word, reading.concepts, reading.uses))
    if not lines:
        message = f"No concept is called {word!r}, and no wording of one holds it."
        raise UsageError(message)
    typer.echo("\n".join(lines))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of a bank file, for editors."""
    import json  # noqa: PLC0415 - only here

    from bot.banks.schema import BankFile, for_editors  # noqa: PLC0415 - only here

    typer.echo(json.dumps(for_editors(BankFile), indent=2))


@cli.command()
def history(db: DbOption = None) -> None:
    """List your interviews in the terminal."""
    _print(lambda database, url: database.history(url), db)


@cli.command()
def report(
    number: Annotated[int, typer.Argument(metavar="ID", help="The number that history shows.")],
    format: Annotated[ReportFormat, typer.Option(help="What to print.")] = ReportFormat.TEXT,  # noqa: A002 - the option's name
    db: DbOption = None,
) -> None:
    """Print the report of a finished interview."""
    _print(lambda database, url: database.report_of(url, number, format.value), db)


@cli.command()
def harvest(
    question: Annotated[str, typer.Option(help="Only answers to this question.")] = "", db: DbOption = None
) -> None:
    """List answers that met no key point, kept with consent, for authors to learn phrasings from."""
    _print(lambda database, url: database.harvest(url, question), db)


@cli.command()
def migrate(db: DbOption = None) -> None:
    """Create the database, or bring it up to date."""
    _print(lambda database, url: database.migrate(url), db)


def _print(job: Callable[[Any, str], Coroutine[Any, Any, str]], db: str | None) -> None:
    from bot.app import database  # noqa: PLC0415 - the program itself, only when a command needs it

    typer.echo(asyncio.run(job(database, db or read_settings().database_url)))
