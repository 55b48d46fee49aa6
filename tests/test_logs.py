"""What the program writes about itself."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from bot.app import logs
from bot.core.refusal import Refusal
from bot.core.rules.buttons import StalePressError
from bot.core.text import replies
from bot.service.ports.store import StoreFailedError
from bot.service.telemetry import log_context

TOKEN = "123456789:AAFq-secret_half"  # noqa: S105 - opens nothing
ANSWER = "I would regularise it with L2"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in logs._LOUD}
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, its_level in levels.items():
        logging.getLogger(name).setLevel(its_level)


class Log(StringIO):
    """What was written to stderr since."""

    def text(self) -> str:
        found = self.getvalue()
        self.seek(0)
        self.truncate()
        return found

    def line(self) -> dict[str, Any]:
        (line,) = self.text().splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    written = Log()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("INFO", [TOKEN, "", "p/w?d"])
    return written


def ours() -> logging.Logger:
    return logging.getLogger("mockbot.delivery")


def test_a_line_is_json_with_time_level_logger_event_and_ids(log: Log) -> None:
    with log_context(message=7, session=None, place="telegram:42"):
        ours().warning("told to wait %g s", 3)
    line = log.line()
    assert list(line) == ["timestamp", "level", "logger", "event", "message", "place"]
    assert line["timestamp"].endswith("Z")
    del line["timestamp"]
    assert line == {
        "level": "warning",
        "logger": "mockbot.delivery",
        "event": "told to wait 3 s",
        "message": 7,
        "place": "telegram:42",
    }


def test_labels_end_with_their_block_and_hold_for_it_alone(log: Log) -> None:
    with log_context(key="telegram:1"):
        with log_context(message=7):
            ours().info("inside")
        assert "key" not in log.line()
        ours().info("between")
        assert log.line()["key"] == "telegram:1"
    ours().info("after")
    assert list(log.line()) == ["timestamp", "level", "logger", "event"]


def test_libraries_speak_from_warning_and_in_the_same_lines(log: Log) -> None:
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("httpx").warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    assert log.line()["event"] == "POST https://api.telegram.org/bot[secret]/getMe"


@pytest.mark.parametrize("form", [TOKEN, TOKEN.replace(":", "%3A"), "AAFq-secret_half", "p/w?d", "p%2Fw%3Fd"])
def test_a_secret_is_blotted_out_wherever_it_turns_up(log: Log, form: str) -> None:
    def fail() -> None:
        raise OSError(form)

    try:
        fail()
    except OSError:
        with log_context(place=form):
            ours().exception("broke at %s", form)
    text = log.text()
    assert text.count("[secret]") == 3
    assert form not in text


def test_a_traceback_tells_where_and_what_but_not_what_somebody_typed(log: Log) -> None:
    def parse(text: str) -> None:
        raise ValueError(text)

    def use(text: str) -> None:
        try:
            parse(text)
        except ValueError as error:
            message = "it cannot be used"
            raise StoreFailedError(message) from error

    try:
        use(ANSWER)
    except StoreFailedError:
        ours().exception("broke")
    told = log.line()["exception"]
    assert "in parse" in told
    assert "ValueError\nwhich led to\n" in told
    assert told.endswith("StoreFailedError: it cannot be used")
    assert ANSWER not in told


def test_a_refusal_that_gives_an_answer_back_is_not_quoted_when_saying_it_fails(log: Log) -> None:
    def tell(refusal: Refusal) -> None:
        raise KeyError from refusal

    try:
        tell(StalePressError(replies.too_late(ANSWER)))
    except KeyError:
        ours().exception("broke")
    told = log.line()["exception"]
    assert ANSWER not in told
    assert "StalePressError\nwhich led to\n" in told


def test_every_part_of_a_group_of_errors_is_told(log: Log) -> None:
    ours().error("broke", exc_info=ExceptionGroup("two", [KeyError(ANSWER), OSError("the disk is full")]))
    told = log.line()["exception"]
    assert told == "ExceptionGroup\nof which one is\nKeyError\nof which one is\nOSError: the disk is full"


def test_a_line_that_cannot_be_written_shows_none_of_its_parts(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", log)
    (handler,) = (handler for handler in logging.getLogger().handlers if isinstance(handler, logs.Lines))
    handler.handle(logging.makeLogRecord({"name": "mockbot.delivery", "msg": "message %d", "args": (ANSWER,)}))
    assert log.text() == "A log line of mockbot.delivery could not be written: TypeError.\n"


async def test_what_nobody_awaited_is_told_without_its_words(log: Log) -> None:
    async def fail() -> None:
        raise ValueError(ANSWER)

    asyncio.get_running_loop().set_exception_handler(logs.log_unhandled)
    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    line = log.line()
    assert line["event"] == "Task exception was never retrieved"
    assert line["exception"].endswith("ValueError")


def test_at_a_terminal_it_is_plain_lines(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(log, "isatty", lambda: True)
    logs.configure("INFO", [TOKEN])
    try:
        raise OSError(TOKEN)  # noqa: TRY301 - its traceback is what is looked at
    except OSError:
        with log_context(place="telegram:42"):
            ours().exception("Mockbot starts")
    text = log.text()
    assert "Mockbot starts" in text
    assert "telegram:42" in text
    assert "OSError: [secret]" in text
    assert not text.startswith("{")


def test_what_is_below_the_level_is_not_written(log: Log) -> None:
    ours().debug("hidden")
    assert log.text() == ""
