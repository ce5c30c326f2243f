"""Topics, channels and subscriptions have an owner; channels a fingerprint of their address, and health as a code.

All there are get the one owner of presswatch without users. Opening writes the fingerprints: it has the key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SOLE_OWNER = 1
OWNED = ("topics", "channels", "subscriptions")
NAMED = ("topics", "channels")
CHANNELS = sa.table("channels", sa.column("reason"), sa.column("detail"))
IN_FORCE = sa.column("removed_at").is_(None)


def upgrade() -> None:
    # SQLite adds no column that must hold something without a default; nobody's is the one that gives nothing away
    for table in OWNED:
        op.add_column(table, sa.Column("owner_id", sa.Integer(), nullable=False, server_default="0"))
        op.execute(sa.update(sa.table(table, sa.column("owner_id"))).values(owner_id=SOLE_OWNER))
    op.add_column("channels", sa.Column("fingerprint", sa.Text(), nullable=True))
    op.add_column("channels", sa.Column("detail", sa.Text(), nullable=True))
    failed = CHANNELS.c.reason != "ok"
    op.execute(sa.update(CHANNELS).where(failed).values(detail=CHANNELS.c.reason, reason="undeliverable"))
    for table in NAMED:
        op.drop_index(op.f(f"ix_{table}_name"), table)
        _unique_among_those_in_force(table, "owner_id", "name")


def downgrade() -> None:
    for table in NAMED:
        op.drop_index(op.f(f"ix_{table}_owner_id_name"), table)
        _unique_among_those_in_force(table, "name")
    failed = CHANNELS.c.reason != "ok"
    op.execute(sa.update(CHANNELS).where(failed).values(reason=CHANNELS.c.detail))
    op.drop_column("channels", "detail")
    op.drop_column("channels", "fingerprint")
    for table in OWNED:
        op.drop_column(table, "owner_id")


def _unique_among_those_in_force(table: str, *columns: str) -> None:
    op.create_index(
        op.f(f"ix_{table}_{'_'.join(columns)}"),
        table,
        list(columns),
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
