"""Leases, what is sent in bulk, and who works on what came in: several replicas on one database."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.String(length=200)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("tried_at", sa.BigInteger()))
    false, true = ("0", "1") if op.get_bind().dialect.name == "sqlite" else ("false", "true")  # as queries write them
    for name, value in (("talk", false), ("bulk", true)):
        unsent = sa.text(f"sent_at IS NULL AND bulk IS {value}")
        op.create_index(f"ix_outbox_{name}", "outbox", ["id"], sqlite_where=unsent, postgresql_where=unsent)
    sent = sa.text("sent_at IS NOT NULL")
    op.create_index("ix_outbox_sent_at", "outbox", ["sent_at"], sqlite_where=sent, postgresql_where=sent)
    op.add_column("inbox", sa.Column("place", _KEY, nullable=False, server_default=""))
    op.add_column("inbox", sa.Column("owner", _KEY, nullable=False, server_default=""))
    op.add_column("inbox", sa.Column("lease_until", sa.BigInteger(), nullable=False, server_default="0"))
    waiting = sa.text("done_at IS NULL")
    op.create_index("ix_inbox_place", "inbox", ["place", "id"], sqlite_where=waiting, postgresql_where=waiting)
    _name_places()
    op.create_table(
        "leases",
        sa.Column("name", _KEY, nullable=False),
        sa.Column("owner", _KEY, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def _name_places() -> None:
    """What waits to be worked on is found by its place from now on."""
    inbox = sa.table("inbox", sa.column("id"), sa.column("heard"), sa.column("place"), sa.column("done_at"))
    rows = op.get_bind().execute(sa.select(inbox.c.id, inbox.c.heard).where(inbox.c.done_at.is_(None))).all()
    for row in rows:
        place = str(json.loads(row.heard).get("place", ""))
        op.execute(sa.update(inbox).where(inbox.c.id == row.id).values(place=place))


def downgrade() -> None:
    op.drop_table("leases")
    op.drop_index("ix_inbox_place", "inbox")
    for index in ("sent_at", "bulk", "talk"):
        op.drop_index(f"ix_outbox_{index}", "outbox")
    with op.batch_alter_table("inbox") as batch:
        for column in ("lease_until", "owner", "place"):
            batch.drop_column(column)
    with op.batch_alter_table("outbox") as batch:
        for column in ("tried_at", "bulk"):
            batch.drop_column(column)
