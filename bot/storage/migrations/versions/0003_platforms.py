"""What comes in from platforms, what they were sent, and which chats cannot be reached."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_key")),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index("ix_inbox_waiting", "inbox", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("ix_inbox_done_at", "inbox", ["done_at"])
    op.create_table(
        "unreachable",
        sa.Column("chat", sa.String(length=200), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_unreachable")),
    )
    # AUTOINCREMENT needs the table made anew; without it SQLite gives the numbers of deleted rows again.
    never_twice = {"sqlite_autoincrement": True}
    recreate: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("sessions", recreate=recreate, table_kwargs=never_twice) as batch:
        batch.add_column(sa.Column("asked_in", sa.String(length=200), nullable=False, server_default=""))
        batch.create_index("ix_sessions_opened_at", ["opened_at"])
    op.add_column("answers", sa.Column("source", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("outbox", recreate=recreate, table_kwargs=never_twice) as batch:
        batch.add_column(sa.Column("person", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("session_id", sa.Integer()))
        batch.add_column(sa.Column("extras", sa.Text(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("ref", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("failed", sa.Boolean(), nullable=False, server_default=sa.false()))
    known = sa.text("ref != ''")
    op.create_index("ix_outbox_ref", "outbox", ["ref"], sqlite_where=known, postgresql_where=known)
    op.create_index("ix_outbox_session_id", "outbox", ["session_id"])


def downgrade() -> None:
    op.drop_index("ix_outbox_session_id", "outbox")
    op.drop_index("ix_outbox_ref", "outbox")
    with op.batch_alter_table("outbox") as batch:
        for column in ("failed", "ref", "extras", "session_id", "private", "person"):
            batch.drop_column(column)
    with op.batch_alter_table("answers") as batch:
        batch.drop_column("source")
    op.drop_index("ix_sessions_opened_at", "sessions")
    with op.batch_alter_table("sessions") as batch:
        batch.drop_column("asked_in")
    op.drop_table("unreachable")
    op.drop_table("inbox")
