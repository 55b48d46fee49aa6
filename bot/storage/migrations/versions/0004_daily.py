"""Daily questions and spaced repetition."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.String(length=200)
_DAY = sa.String(length=10)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("expires_at", sa.BigInteger()))
    op.create_table(
        "subscriptions",
        sa.Column("person", _KEY, nullable=False),
        sa.Column("place", _KEY, nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger()),
        sa.Column("next_day", _DAY),
        sa.Column("last_day", _DAY),
        sa.Column("lease_until", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("asked_in", _KEY, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_place", "subscriptions", ["place"])
    planned = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_subscriptions_next_at", "subscriptions", ["next_at"], sqlite_where=planned, postgresql_where=planned
    )
    op.create_table(
        "prompts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", _KEY, nullable=False),
        sa.Column("place", _KEY, nullable=False),
        sa.Column("day", _DAY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question_id", _KEY, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("again_at", sa.BigInteger()),
        sa.Column("again", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("session_id", sa.Integer()),
        sa.Column("score", sa.Float()),
        sa.Column("answered_at", sa.BigInteger()),
        sa.Column("origin", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
        sa.UniqueConstraint("person", "day", "number", name=op.f("uq_prompts_person_day_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_prompts_origin", "prompts", ["origin"])
    again = sa.text("again_at IS NOT NULL")
    op.create_index("ix_prompts_again_at", "prompts", ["again_at"], sqlite_where=again, postgresql_where=again)
    op.create_table(
        "reviews",
        sa.Column("person", _KEY, nullable=False),
        sa.Column("question_id", _KEY, nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "question_id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_person_due_at", "reviews", ["person", "due_at"])
    op.create_table(
        "vacations",
        sa.Column("person", _KEY, nullable=False),
        sa.Column("first_day", _DAY, nullable=False),
        sa.Column("back_on", _DAY, nullable=False),
        sa.PrimaryKeyConstraint("person", "first_day", name=op.f("pk_vacations")),
    )


def downgrade() -> None:
    for table in ("vacations", "reviews", "prompts", "subscriptions"):
        op.drop_table(table)
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("expires_at")
