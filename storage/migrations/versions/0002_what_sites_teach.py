"""What sites teach us, how far back a source was read, editions in other languages, and what the operator is told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "hash", name=op.f("pk_blocks")),
    )
    op.create_table(
        "robots",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_robots")),
    )
    op.create_table(
        "backfills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_page", sa.Text(), nullable=True),
        sa.Column("reached", sa.Date(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_backfills_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfills")),
    )
    op.create_index(
        op.f("ix_backfills_source_id"),
        "backfills",
        ["source_id"],
        unique=True,
        sqlite_where=sa.column("ended_at").is_(None),
        postgresql_where=sa.column("ended_at").is_(None),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("began", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_notices_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(
        op.f("ix_notices_due_at"),
        "notices",
        ["due_at"],
        unique=False,
        sqlite_where=sa.column("sent_at").is_(None),
        postgresql_where=sa.column("sent_at").is_(None),
    )
    op.create_index(op.f("ix_notices_source_id_id"), "notices", ["source_id", "id"], unique=False)
    op.create_table(
        "editions",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_editions_item_id")),
        sa.PrimaryKeyConstraint("item_id", "key", name=op.f("pk_editions")),
    )
    op.create_index(op.f("ix_editions_key"), "editions", ["key"], unique=False)
    op.add_column("channels", sa.Column("operator_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sightings", sa.Column("feed_id", sa.Text(), nullable=True))
    op.add_column("sightings", sa.Column("backfill_id", sa.Integer(), nullable=True))
    op.create_index(
        op.f("ix_sightings_backfill_id"),
        "sightings",
        ["backfill_id"],
        unique=False,
        sqlite_where=sa.column("next_attempt_at").is_not(None),
        postgresql_where=sa.column("next_attempt_at").is_not(None),
    )
    op.add_column("versions", sa.Column("cut", sa.JSON(), nullable=True))
    op.add_column("sources", sa.Column("full_fetch_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("habits", sa.JSON(), nullable=True))
    op.add_column("sources", sa.Column("told_reason", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("gap_page", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sources", "gap_page")
    op.drop_column("sources", "told_reason")
    op.drop_column("versions", "cut")
    op.drop_column("sources", "habits")
    op.drop_column("sources", "full_fetch_at")
    op.drop_index(
        op.f("ix_sightings_backfill_id"),
        table_name="sightings",
        sqlite_where=sa.column("next_attempt_at").is_not(None),
        postgresql_where=sa.column("next_attempt_at").is_not(None),
    )
    op.drop_column("sightings", "backfill_id")
    op.drop_column("sightings", "feed_id")
    op.drop_column("channels", "operator_since")
    op.drop_index(op.f("ix_editions_key"), table_name="editions")
    op.drop_table("editions")
    op.drop_index(op.f("ix_notices_source_id_id"), table_name="notices")
    op.drop_index(
        op.f("ix_notices_due_at"),
        table_name="notices",
        sqlite_where=sa.column("sent_at").is_(None),
        postgresql_where=sa.column("sent_at").is_(None),
    )
    op.drop_table("notices")
    op.drop_index(
        op.f("ix_backfills_source_id"),
        table_name="backfills",
        sqlite_where=sa.column("ended_at").is_(None),
        postgresql_where=sa.column("ended_at").is_(None),
    )
    op.drop_table("backfills")
    op.drop_table("robots")
    op.drop_table("blocks")
