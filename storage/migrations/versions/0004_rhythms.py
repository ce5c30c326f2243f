"""Rhythms of subscriptions, the health and limits of channels, further statements of a story."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "buckets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_buckets")),
    )
    op.create_table(
        "mentions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_mentions_alert_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_mentions_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("alert_id", "version_id", name=op.f("uq_mentions_alert_id_version_id")),
    )
    op.create_index(
        op.f("ix_mentions_alert_id"),
        "mentions",
        ["alert_id"],
        unique=False,
        sqlite_where=sa.column("told_at").is_(None),
        postgresql_where=sa.column("told_at").is_(None),
    )
    op.add_column("channels", sa.Column("failures", sa.Integer(), nullable=True))
    op.add_column("channels", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("zone", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("quiet", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("cap", sa.Integer(), nullable=True))
    op.add_column("subscriptions", sa.Column("canary", sa.Integer(), nullable=True))
    op.add_column("alerts", sa.Column("batch", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("alerts", "batch")
    op.drop_column("subscriptions", "canary")
    op.drop_column("subscriptions", "cap")
    op.drop_column("subscriptions", "quiet")
    op.drop_column("subscriptions", "zone")
    op.drop_column("channels", "not_before")
    op.drop_column("channels", "failures")
    op.drop_index(
        op.f("ix_mentions_alert_id"),
        table_name="mentions",
        sqlite_where=sa.column("told_at").is_(None),
        postgresql_where=sa.column("told_at").is_(None),
    )
    op.drop_table("mentions")
    op.drop_table("buckets")
