"""What people have read and what they keep; and which statements were withdrawn when, found without a look at all."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reads",
        sa.Column("owner_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_reads_item_id")),
        sa.PrimaryKeyConstraint("owner_id", "item_id", name=op.f("pk_reads")),
    )
    op.create_table(
        "kept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_kept_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept")),
        sa.UniqueConstraint("owner_id", "item_id", name=op.f("uq_kept_owner_id_item_id")),
    )
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
    )
    op.create_index(
        op.f("ix_collections_owner_id_name"),
        "collections",
        ["owner_id", "name"],
        unique=True,
        sqlite_where=sa.column("removed_at").is_(None),
        postgresql_where=sa.column("removed_at").is_(None),
    )
    op.create_table(
        "collected",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collections.id"], name=op.f("fk_collected_collection_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["kept.id"], name=op.f("fk_collected_kept_id")),
        sa.PrimaryKeyConstraint("collection_id", "kept_id", name=op.f("pk_collected")),
    )
    op.create_index(op.f("ix_collected_kept_id"), "collected", ["kept_id"])
    op.create_index(
        op.f("ix_items_withdrawn_at"),
        "items",
        ["withdrawn_at"],
        sqlite_where=sa.column("withdrawn_at").is_not(None),
        postgresql_where=sa.column("withdrawn_at").is_not(None),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_items_withdrawn_at"), "items")
    for table in ("collected", "collections", "kept", "reads"):
        op.drop_table(table)
