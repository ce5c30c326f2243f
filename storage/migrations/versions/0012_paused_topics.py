"""A topic is paused, and knows which one it took the place of; a channel keeps the answer to its last test.

Of topics that were changed before, nobody knows any more what they took the place of.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ADDED = {
    "topics": (("paused_until", sa.DateTime(timezone=True)), ("replaces", sa.Integer())),
    "channels": (("tested_at", sa.DateTime(timezone=True)), ("test_took", sa.Float()), ("test_answer", sa.Text())),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, columns in ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)
