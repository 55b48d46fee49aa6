"""The tables. Times are UTC epoch seconds in integer columns; scores run from 0 to 1.

A row of `sessions` carries the whole interview as JSON (`snapshot`) to go on from; the other tables are the record of
what was asked, said, scored and shown, and stay readable without it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

KEY = String(200)
LARGEST = 2**31 - 1  # an Integer of PostgreSQL; a forged button may name a larger number


def _session_id(*, primary: bool = False) -> Column[int]:
    return Column(
        "session_id", Integer, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=primary, nullable=False
    )


sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", KEY, nullable=False),
    Column("place", KEY, nullable=False),
    Column("format", String(20), nullable=False),
    Column("level", String(10), nullable=False),
    Column("state", String(20), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("verdict", String(30)),
    Column("snapshot", Text, nullable=False),
    Column("asked_in", KEY, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
Index("ix_sessions_person", sessions.c.person, sessions.c.id)
Index("ix_sessions_opened_at", sessions.c.opened_at)
# One open interview in a place: the index makes a second one impossible, whoever tries.
Index("uq_sessions_open_place", sessions.c.place, unique=True, sqlite_where=sessions.c.ended_at.is_(None),
      postgresql_where=sessions.c.ended_at.is_(None))  # fmt: skip

turns = Table(
    "turns",
    metadata,
    _session_id(primary=True),
    Column("turn", Integer, primary_key=True),
    Column("question_id", KEY, nullable=False),
    Column("question_version", Integer, nullable=False),
    Column("bank_id", KEY, nullable=False),
    Column("bank_version", Integer, nullable=False),
    Column("phase", String(60), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("outcome", String(20)),
    Column("seconds", Integer),
    Column("closed_at", BigInteger),
)

answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    _session_id(),
    Column("turn", Integer, nullable=False),
    Column("probe", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("source", KEY, nullable=False, server_default=""),
)
Index("ix_answers_session_id", answers.c.session_id)

assessments = Table(
    "assessments",
    metadata,
    _session_id(primary=True),
    Column("turn", Integer, primary_key=True),
    Column("person", KEY, nullable=False),
    Column("topic", KEY, nullable=False),
    Column("score", Float, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_assessments_person_topic", assessments.c.person, assessments.c.topic)

facts_asked = Table(
    "facts_asked",
    metadata,
    Column("id", Integer, primary_key=True),
    _session_id(),
    Column("turn", Integer, nullable=False),
    Column("fact_id", KEY, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_facts_asked_session_id", facts_asked.c.session_id)

hints = Table(
    "hints",
    metadata,
    _session_id(primary=True),
    Column("turn", Integer, primary_key=True),
    Column("rung", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

self_ratings = Table(
    "self_ratings",
    metadata,
    _session_id(primary=True),
    Column("rating", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)

questions_seen = Table(
    "questions_seen",
    metadata,
    Column("person", KEY, primary_key=True),
    Column("question_id", KEY, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

debriefs = Table(
    "debriefs",
    metadata,
    _session_id(primary=True),
    Column("debrief", Text, nullable=False),
)

timers = Table(
    "timers",
    metadata,
    _session_id(primary=True),
    Column("turn", Integer, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("place", KEY, nullable=False),
    Column("due_at", BigInteger, nullable=False),
)
Index("ix_timers_due_at", timers.c.due_at)

# Answers that wait to be examined. A number is never given twice: whoever is late must not close another one's row.
examinations = Table(
    "examinations",
    metadata,
    Column("id", Integer, primary_key=True),
    _session_id(),
    Column("turn", Integer, nullable=False),
    Column("probe", Integer, nullable=False),
    Column("examiner", KEY, nullable=False),
    Column("question_id", KEY, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("place", KEY, nullable=False),
    Column("owner", KEY, nullable=False, server_default=""),
    Column("lease_until", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("session_id", "turn", "probe"),
    sqlite_autoincrement=True,
)

# Numbers are never given twice: they stand in buttons, in nonces, and in the names of documents.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("place", KEY, nullable=False),
    Column("tone", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("choices", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("person", KEY, nullable=False, server_default=""),
    Column("private", Boolean, nullable=False, server_default=false()),
    Column("session_id", Integer),
    Column("extras", Text, nullable=False, server_default="{}"),
    Column("ref", KEY, nullable=False, server_default=""),
    Column("failed", Boolean, nullable=False, server_default=false()),
    Column("bulk", Boolean, nullable=False, server_default=false()),
    Column("expires_at", BigInteger),
    Column("tried_at", BigInteger),
    sqlite_autoincrement=True,
)
Index("ix_outbox_unsent", outbox.c.place, outbox.c.id, sqlite_where=outbox.c.sent_at.is_(None),
      postgresql_where=outbox.c.sent_at.is_(None))  # fmt: skip
_TALK = outbox.c.sent_at.is_(None) & outbox.c.bulk.is_(False)  # what an interview says, and what many people get
_BULK = outbox.c.sent_at.is_(None) & outbox.c.bulk.is_(True)
Index("ix_outbox_talk", outbox.c.id, sqlite_where=_TALK, postgresql_where=_TALK)
Index("ix_outbox_bulk", outbox.c.id, sqlite_where=_BULK, postgresql_where=_BULK)
Index("ix_outbox_sent_at", outbox.c.sent_at, sqlite_where=outbox.c.sent_at.is_not(None),
      postgresql_where=outbox.c.sent_at.is_not(None))  # fmt: skip

Index("ix_outbox_ref", outbox.c.ref, sqlite_where=outbox.c.ref != "", postgresql_where=outbox.c.ref != "")
Index("ix_outbox_session_id", outbox.c.session_id)

# What came in. The text of a row goes when it is done; its key stays for a while to know a repeated delivery.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", KEY, nullable=False, unique=True),
    Column("heard", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    Column("place", KEY, nullable=False, server_default=""),
    Column("owner", KEY, nullable=False, server_default=""),
    Column("lease_until", BigInteger, nullable=False, server_default="0"),
)
Index("ix_inbox_waiting", inbox.c.id, sqlite_where=inbox.c.done_at.is_(None),
      postgresql_where=inbox.c.done_at.is_(None))  # fmt: skip
Index("ix_inbox_place", inbox.c.place, inbox.c.id, sqlite_where=inbox.c.done_at.is_(None),
      postgresql_where=inbox.c.done_at.is_(None))  # fmt: skip
Index("ix_inbox_done_at", inbox.c.done_at)

unreachable = Table(
    "unreachable",
    metadata,
    Column("chat", KEY, primary_key=True),
    Column("since", BigInteger, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("person", KEY, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

unmatched = Table(
    "unmatched",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", KEY, nullable=False),
    Column("question_id", KEY, nullable=False),
    Column("question_version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_unmatched_question_id", unmatched.c.question_id)

# Who asked for a daily question, and when the next one is due; `subscription` is the wish itself as JSON.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person", KEY, primary_key=True),
    Column("place", KEY, nullable=False),
    Column("subscription", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("next_at", BigInteger),
    Column("next_day", String(10)),
    Column("last_day", String(10)),
    Column("lease_until", BigInteger, nullable=False, server_default="0"),
    Column("asked_in", KEY, nullable=False, server_default=""),
)
Index("ix_subscriptions_place", subscriptions.c.place)
Index("ix_subscriptions_next_at", subscriptions.c.next_at, sqlite_where=subscriptions.c.next_at.is_not(None),
      postgresql_where=subscriptions.c.next_at.is_not(None))  # fmt: skip

# A question pushed for a local day; `origin` is the channel's prompt that somebody answers in private. `again_at` is
# when it comes once more: asked for later, or the evening reminder.
prompts = Table(
    "prompts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", KEY, nullable=False),
    Column("place", KEY, nullable=False),
    Column("day", String(10), nullable=False),
    Column("number", Integer, nullable=False),
    Column("question_id", KEY, nullable=False),
    Column("state", String(20), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("again_at", BigInteger),
    Column("again", String(20), nullable=False, server_default=""),
    Column("session_id", Integer),
    Column("score", Float),
    Column("answered_at", BigInteger),
    Column("origin", Integer),
    UniqueConstraint("person", "day", "number"),
    sqlite_autoincrement=True,
)
Index("ix_prompts_origin", prompts.c.origin)
Index("ix_prompts_again_at", prompts.c.again_at, sqlite_where=prompts.c.again_at.is_not(None),
      postgresql_where=prompts.c.again_at.is_not(None))  # fmt: skip

reviews = Table(
    "reviews",
    metadata,
    Column("person", KEY, primary_key=True),
    Column("question_id", KEY, primary_key=True),
    Column("card", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
)
Index("ix_reviews_person_due_at", reviews.c.person, reviews.c.due_at)

vacations = Table(
    "vacations",
    metadata,
    Column("person", KEY, primary_key=True),
    Column("first_day", String(10), primary_key=True),
    Column("back_on", String(10), nullable=False),
)

# A person's bank of stories for behavioral rounds; `competencies` are ids as JSON.
stories = Table(
    "stories",
    metadata,
    Column("person", KEY, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("competencies", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)


def _of_stories(name: str, *columns: Column[Any]) -> Table:
    """A table of what happened with stories, gone with them."""
    table = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("person", KEY, nullable=False),
        Column("number", Integer, nullable=False),
        *columns,
        Column("at", BigInteger, nullable=False),
        ForeignKeyConstraint(("person", "number"), ("stories.person", "stories.number"), ondelete="CASCADE"),
    )
    Index(f"ix_{name}_person_number", table.c.person, table.c.number)
    return table


story_versions = _of_stories("story_versions", Column("text", Text, nullable=False), Column("session_id", Integer))
story_ratings = _of_stories(
    "story_ratings",
    Column("clarity", Integer, nullable=False),
    Column("impact", Integer, nullable=False),
    Column("before", Boolean, nullable=False),
)
tellings = _of_stories(
    "tellings",
    Column("competency", KEY, nullable=False),
    Column("session_id", Integer),
    Column("words", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
)

# Roles that one replica holds at a time: poll a platform, and send on it.
leases = Table(
    "leases",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("owner", KEY, nullable=False),
    Column("until", BigInteger, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# Whatever has a person's name on it; rows of other tables hang on their sessions.
PERSONAL = (
    outbox,
    unmatched,
    settings,
    questions_seen,
    assessments,
    subscriptions,
    prompts,
    reviews,
    vacations,
    tellings,
    story_ratings,
    story_versions,
    stories,
    sessions,
)
