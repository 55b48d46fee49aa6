"""Interviews that were stored by earlier versions: each can be read, and goes on where it stood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.effects import RecordDaily, RecordDebrief, RecordStory, RecordStoryRating
from bot.core.session import DailyQuestion, Interview, Rehearsal, Session, State
from bot.storage.records import dump, session_of
from playing import Play, started
from rehearsing import SECTIONS
from sample_bank import UNIFORM

FIXTURES = Path(__file__).parent / "fixtures"
# What each says next, how that leaves it, and what is recorded on the way.
GOES_ON = {
    "interview-answering": ((UNIFORM, "/done"), State.PROBING, None),
    "interview-probing": (("/skip",), State.ANSWERING, None),
    "interview-paused": (("/resume",), State.PROBING, None),
    "interview-rating": (("2",), State.FINISHED, RecordDebrief),
    "interview-story": (("/stop", "2"), State.FINISHED, RecordDebrief),
    "daily-answering": (("/skip",), State.FINISHED, RecordDaily),
    "new-telling": (SECTIONS[2:], State.APPRAISING, RecordStory),
    "new-appraising": (("3 4",), State.FOLLOWING_UP, RecordStoryRating),
    "tell-telling": (("/done",), State.APPRAISING, RecordStory),
    "tell-appraising": (("3 4",), State.FOLLOWING_UP, RecordStoryRating),
    "practice-telling": (("/done",), State.APPRAISING, RecordStory),
    "practice-appraising": (("3 4",), State.FOLLOWING_UP, RecordStoryRating),
    "edit-telling": (("/done",), State.APPRAISING, RecordStory),
    "edit-appraising": (("3 4",), State.FINISHED, RecordStoryRating),
}


def stored(name: str) -> Session:
    return session_of((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def test_every_fixture_is_played_on():
    assert {path.stem for path in FIXTURES.glob("*.json")} == set(GOES_ON)


@pytest.mark.parametrize("name", GOES_ON)
def test_an_interview_of_an_earlier_version_goes_on(name: str):
    lines, state, record = GOES_ON[name]
    session = stored(name)
    play = Play(session, now=session.opened_at + 60)
    play.send(*lines)
    assert play.session.state is state
    assert record is None or record in {type(kept) for kept in play.records}


@pytest.mark.parametrize("name", GOES_ON)
def test_what_was_upgraded_is_stored_and_read_as_it_is_now(name: str):
    session = stored(name)
    activity = Interview if name.startswith("interview") else DailyQuestion if name.startswith("daily") else Rehearsal
    assert isinstance(session.activity, activity)
    assert session_of(dump(session)) == session


def test_words_that_look_like_a_key_of_a_newer_version_change_nothing():
    written = json.loads((FIXTURES / "new-telling.json").read_text(encoding="utf-8"))
    written["turns"][0]["answers"][0]["text"] = '"activity": {}'
    assert isinstance(session_of(json.dumps(written)).activity, Rehearsal)


def test_a_round_that_has_begun_keeps_its_rubric_when_it_is_stored():
    session = started().session
    assert session.rounds[0].rubric
    assert session_of(dump(session)) == session
