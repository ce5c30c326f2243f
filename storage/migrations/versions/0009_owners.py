"""Topics, channels and subscriptions have an owner: all there are, the one of presswatch without users."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SOLE_OWNER = 1
OWNED = ("topics", "channels", "subscriptions")
NAMED = ("topics", "channels")
IN_FORCE = sa.text("removed_at IS NULL")


def upgrade() -> None:
    # SQLite adds no column that must hold something without a default; nobody's is the one that gives nothing away
    for table in OWNED:
        op.add_column(table, sa.Column("owner_id", sa.Integer(), nullable=False, server_default="0"))
        op.execute(sa.update(sa.table(table, sa.column("owner_id"))).values(owner_id=SOLE_OWNER))
    op.add_column("channels", sa.Column("fingerprint", sa.Text(), nullable=True))  # opening writes them: it has the key
    for table in NAMED:
        op.drop_index(op.f(f"ix_{table}_name"), table)
        _unique_among_those_in_force(table, "owner_id", "name")


def downgrade() -> None:
    for table in NAMED:
        op.drop_index(op.f(f"ix_{table}_owner_id_name"), table)
        _unique_among_those_in_force(table, "name")
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
