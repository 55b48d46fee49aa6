"""People's own stories for behavioral rounds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = sa.String(length=200)


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("person", _KEY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("competencies", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "number", name=op.f("pk_stories")),
    )
    _of_stories("story_versions", sa.Column("text", sa.Text(), nullable=False), sa.Column("session_id", sa.Integer()))
    _of_stories(
        "story_ratings",
        sa.Column("clarity", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("before", sa.Boolean(), nullable=False),
    )
    _of_stories(
        "tellings",
        sa.Column("competency", _KEY, nullable=False),
        sa.Column("session_id", sa.Integer()),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
    )


def _of_stories(name: str, *columns: sa.Column[str] | sa.Column[int] | sa.Column[bool]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", _KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *columns,
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person", "number"],
            ["stories.person", "stories.number"],
            name=op.f(f"fk_{name}_person_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_person_number", name, ["person", "number"])


def downgrade() -> None:
    for table in ("tellings", "story_ratings", "story_versions", "stories"):
        op.drop_table(table)
    # An older Mockbot knows no rehearsals: it could not read them, and an open one would block its place.
    rehearsals = "SELECT id FROM sessions WHERE format = 'star'"
    for table in ("outbox", "answers", "timers", "turns"):
        op.execute(f"DELETE FROM {table} WHERE session_id IN ({rehearsals})")  # noqa: S608 - constants
    op.execute("DELETE FROM sessions WHERE format = 'star'")
    op.execute("DELETE FROM questions_seen WHERE question_id LIKE 'star:%'")
    op.execute("DELETE FROM settings WHERE name = 'last story'")
