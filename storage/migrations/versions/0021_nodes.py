"""Many nodes work on one database: who they are, and whether they may still write."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nodes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_nodes"),
    )
    op.create_index("ix_nodes_owner", "nodes", ["owner"], unique=True)
    op.execute(f"INSERT INTO compatibility (revision, oldest) VALUES ('{revision}', '{down_revision}')")


def downgrade() -> None:
    op.execute(f"DELETE FROM compatibility WHERE revision = '{revision}'")
    op.drop_index("ix_nodes_owner", "nodes")
    op.drop_table("nodes")
