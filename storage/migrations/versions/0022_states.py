"""A statement that seems gone is suspected first; what was found at its address, and when, is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UNTOLD = sa.column("told_at").is_(None)


def upgrade() -> None:
    op.add_column("items", sa.Column("suspected_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "item_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_states_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_states")),
    )
    op.create_index(op.f("ix_item_states_item_id_id"), "item_states", ["item_id", "id"])
    op.create_index(op.f("ix_item_states_id"), "item_states", ["id"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    op.execute(f"INSERT INTO compatibility (revision, oldest) VALUES ('{revision}', '{down_revision}')")


def downgrade() -> None:
    op.execute(f"DELETE FROM compatibility WHERE revision = '{revision}'")
    op.drop_index(op.f("ix_item_states_id"), "item_states", sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    op.drop_index(op.f("ix_item_states_item_id_id"), "item_states")
    op.drop_table("item_states")
    op.drop_column("items", "suspected_at")
