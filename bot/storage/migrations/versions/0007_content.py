"""What somebody did is kept under the name `content`."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("what", "content")


def downgrade() -> None:
    _rename("content", "what")


def _rename(old: str, new: str) -> None:
    """Rename a key of what came in and is not done yet; what is done holds no text any more."""
    inbox = sa.table("inbox", sa.column("id"), sa.column("heard"), sa.column("done_at"))
    rows = op.get_bind().execute(sa.select(inbox.c.id, inbox.c.heard).where(inbox.c.done_at.is_(None))).all()
    for row in rows:
        heard = {new if key == old else key: value for key, value in json.loads(row.heard).items()}
        op.execute(sa.update(inbox).where(inbox.c.id == row.id).values(heard=json.dumps(heard)))
