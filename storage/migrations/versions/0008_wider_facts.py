"""What searches ask beside words, in the narrow rows that charts are counted from."""

import sqlalchemy as sa
from alembic import op

from storage.items.facts import record_all

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("version_facts")
    _create(
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer()),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_version_facts_item_id")),
    )
    record_all(op.get_bind())
    edited = sa.text("current AND number > 1")
    op.create_index(
        op.f("ix_version_facts_id_item_id"),
        "version_facts",
        ["id", "item_id"],
        sqlite_where=edited,
        postgresql_where=edited,
    )


def downgrade() -> None:
    op.drop_table("version_facts")
    _create()
    record_all(op.get_bind())


def _create(*more: sa.Column[int] | sa.ForeignKeyConstraint) -> None:
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
        *more,
    )
