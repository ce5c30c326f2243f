"""Indexes by which a channel's alerts are found, claimed and counted, however many there have been."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("alerts", ("channel_id", "due_at"), sa.column("sent_at").is_(None)),
    ("alerts", ("lease_owner",), sa.column("lease_owner").is_not(None)),
    ("alerts", ("subscription_id", "sent_at"), None),
    ("deliveries", ("id",), sa.column("finished_at").is_(None)),
)


def upgrade() -> None:
    for table, columns, condition in INDEXES:
        name = _name(table, columns)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    for table, columns, _ in INDEXES:
        op.drop_index(_name(table, columns), table_name=table)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")
