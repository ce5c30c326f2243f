"""Narrow rows that charts and facets are counted from."""

import sqlalchemy as sa
from alembic import op

from storage.items.facts import record_all

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "version_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["versions.id"], name=op.f("fk_version_facts_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_version_facts_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_facts")),
    )
    record_all(op.get_bind())


def downgrade() -> None:
    op.drop_table("version_facts")
