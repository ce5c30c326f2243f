"""Indexes by which a channel's alerts are found, claimed and counted, however many there have been."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("alerts", ("channel_id", "due_at"), "sent_at IS NULL"),
    ("alerts", ("lease_owner",), "lease_owner IS NOT NULL"),
    ("alerts", ("subscription_id", "sent_at"), None),
    ("deliveries", ("id",), "finished_at IS NULL"),
)


def upgrade() -> None:
    for table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(_name(table, columns), table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for table, columns, _ in INDEXES:
        op.drop_index(_name(table, columns), table_name=table)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")
