"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
    op.create_index(
        op.f("ix_channels_name"),
        "channels",
        ["name"],
        unique=True,
        sqlite_where=sa.column("removed_at").is_(None),
        postgresql_where=sa.column("removed_at").is_(None),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("alert_first", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("reason_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("baseline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_index(op.f("ix_sources_enabled_next_poll_at"), "sources", ["enabled", "next_poll_at"], unique=False)
    op.create_index(
        op.f("ix_sources_key"),
        "sources",
        ["key"],
        unique=True,
        sqlite_where=sa.column("removed_at").is_(None),
        postgresql_where=sa.column("removed_at").is_(None),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    op.create_index(
        op.f("ix_topics_name"),
        "topics",
        ["name"],
        unique=True,
        sqlite_where=sa.column("removed_at").is_(None),
        postgresql_where=sa.column("removed_at").is_(None),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_deliveries_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("token", name=op.f("uq_deliveries_token")),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_revisit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revisits", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_items_source_id")),
        sa.ForeignKeyConstraint(["story_id"], ["items.id"], name=op.f("fk_items_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("key", name=op.f("uq_items_key")),
    )
    op.create_index(op.f("ix_items_next_revisit_at"), "items", ["next_revisit_at"], unique=False)
    op.create_index(op.f("ix_items_story_id"), "items", ["story_id"], unique=False)
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("new_items", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_polls_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index(
        op.f("ix_polls_owner"),
        "polls",
        ["owner"],
        unique=False,
        sqlite_where=sa.column("ended_at").is_(None),
        postgresql_where=sa.column("ended_at").is_(None),
    )
    op.create_index(op.f("ix_polls_source_id_id"), "polls", ["source_id", "id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_subscriptions_channel_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_subscriptions_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        op.f("ix_subscriptions_topic_id_channel_id"),
        "subscriptions",
        ["topic_id", "channel_id"],
        unique=True,
        sqlite_where=sa.column("ended_at").is_(None),
        postgresql_where=sa.column("ended_at").is_(None),
    )
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=False),
        sa.Column("published_day", sa.Date(), nullable=True),
        sa.Column("published_zone", sa.Text(), nullable=False),
        sa.Column("published_text", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_sightings_item_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_sightings_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_sightings_source_id_key")),
    )
    op.create_index(op.f("ix_sightings_item_id"), "sightings", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_sightings_source_id"),
        "sightings",
        ["source_id"],
        unique=False,
        sqlite_where=sa.column("listed"),
        postgresql_where=sa.column("listed"),
    )
    op.create_index(
        op.f("ix_sightings_source_id_next_attempt_at"),
        "sightings",
        ["source_id", "next_attempt_at"],
        unique=False,
        sqlite_where=sa.column("next_attempt_at").is_not(None),
        postgresql_where=sa.column("next_attempt_at").is_not(None),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=False),
        sa.Column("published_day", sa.Date(), nullable=True),
        sa.Column("published_zone", sa.Text(), nullable=False),
        sa.Column("published_text", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_versions_item_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_versions_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_versions_item_id_number")),
    )
    op.create_index(op.f("ix_versions_fingerprint"), "versions", ["fingerprint"], unique=False)
    op.create_index(
        op.f("ix_versions_id"),
        "versions",
        ["id"],
        unique=False,
        sqlite_where=sa.column("matched_at").is_(None),
        postgresql_where=sa.column("matched_at").is_(None),
    )
    op.create_index(
        op.f("ix_versions_item_id"),
        "versions",
        ["item_id"],
        unique=True,
        sqlite_where=sa.column("current"),
        postgresql_where=sa.column("current"),
    )
    op.create_index(
        op.f("ix_versions_item_id_id"),
        "versions",
        ["item_id", "id"],
        unique=False,
        sqlite_where=~sa.column("current"),
        postgresql_where=~sa.column("current"),
    )
    op.create_table(
        "matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("hits", sa.JSON(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_matches_topic_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_matches_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint("version_id", "topic_id", name=op.f("uq_matches_version_id_topic_id")),
    )
    op.create_index(op.f("ix_matches_topic_id_id"), "matches", ["topic_id", "id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_alerts_channel_id")),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_alerts_match_id")),
        sa.ForeignKeyConstraint(["story_id"], ["items.id"], name=op.f("fk_alerts_story_id")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], name=op.f("fk_alerts_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("subscription_id", "story_id", name=op.f("uq_alerts_subscription_id_story_id")),
    )
    op.create_index(
        op.f("ix_alerts_due_at"),
        "alerts",
        ["due_at"],
        unique=False,
        sqlite_where=sa.column("sent_at").is_(None),
        postgresql_where=sa.column("sent_at").is_(None),
    )
    op.create_table(
        "delivery_alerts",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_delivery_alerts_alert_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_alerts_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", "alert_id", name=op.f("pk_delivery_alerts")),
    )
    op.create_index(op.f("ix_delivery_alerts_alert_id"), "delivery_alerts", ["alert_id"], unique=False)

    # The stems of every version: in SQLite contentless, with the words split at blanks.
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE version_text USING fts5(title, body, content='', tokenize='ascii')")
    else:
        op.execute("CREATE TABLE version_text (id bigint PRIMARY KEY, terms tsvector NOT NULL, long boolean NOT NULL)")
        op.execute("CREATE INDEX ix_version_text_terms ON version_text USING gin (terms)")
        op.execute("CREATE INDEX ix_version_text_long ON version_text (id) WHERE long")


def downgrade() -> None:
    op.execute("DROP TABLE version_text")

    op.drop_index(op.f("ix_delivery_alerts_alert_id"), table_name="delivery_alerts")
    op.drop_table("delivery_alerts")
    op.drop_index(
        op.f("ix_alerts_due_at"),
        table_name="alerts",
        sqlite_where=sa.column("sent_at").is_(None),
        postgresql_where=sa.column("sent_at").is_(None),
    )
    op.drop_table("alerts")
    op.drop_index(op.f("ix_matches_topic_id_id"), table_name="matches")
    op.drop_table("matches")
    op.drop_index(
        op.f("ix_versions_item_id_id"),
        table_name="versions",
        sqlite_where=~sa.column("current"),
        postgresql_where=~sa.column("current"),
    )
    op.drop_index(
        op.f("ix_versions_item_id"),
        table_name="versions",
        sqlite_where=sa.column("current"),
        postgresql_where=sa.column("current"),
    )
    op.drop_index(
        op.f("ix_versions_id"),
        table_name="versions",
        sqlite_where=sa.column("matched_at").is_(None),
        postgresql_where=sa.column("matched_at").is_(None),
    )
    op.drop_index(op.f("ix_versions_fingerprint"), table_name="versions")
    op.drop_table("versions")
    op.drop_index(
        op.f("ix_sightings_source_id_next_attempt_at"),
        table_name="sightings",
        sqlite_where=sa.column("next_attempt_at").is_not(None),
        postgresql_where=sa.column("next_attempt_at").is_not(None),
    )
    op.drop_index(
        op.f("ix_sightings_source_id"),
        table_name="sightings",
        sqlite_where=sa.column("listed"),
        postgresql_where=sa.column("listed"),
    )
    op.drop_index(op.f("ix_sightings_item_id"), table_name="sightings")
    op.drop_table("sightings")
    op.drop_index(
        op.f("ix_subscriptions_topic_id_channel_id"),
        table_name="subscriptions",
        sqlite_where=sa.column("ended_at").is_(None),
        postgresql_where=sa.column("ended_at").is_(None),
    )
    op.drop_table("subscriptions")
    op.drop_index(op.f("ix_polls_source_id_id"), table_name="polls")
    op.drop_index(
        op.f("ix_polls_owner"),
        table_name="polls",
        sqlite_where=sa.column("ended_at").is_(None),
        postgresql_where=sa.column("ended_at").is_(None),
    )
    op.drop_table("polls")
    op.drop_index(op.f("ix_items_story_id"), table_name="items")
    op.drop_index(op.f("ix_items_next_revisit_at"), table_name="items")
    op.drop_table("items")
    op.drop_table("deliveries")
    op.drop_index(
        op.f("ix_topics_name"),
        table_name="topics",
        sqlite_where=sa.column("removed_at").is_(None),
        postgresql_where=sa.column("removed_at").is_(None),
    )
    op.drop_table("topics")
    op.drop_index(
        op.f("ix_sources_key"),
        table_name="sources",
        sqlite_where=sa.column("removed_at").is_(None),
        postgresql_where=sa.column("removed_at").is_(None),
    )
    op.drop_index(op.f("ix_sources_enabled_next_poll_at"), table_name="sources")
    op.drop_table("sources")
    op.drop_index(
        op.f("ix_channels_name"),
        table_name="channels",
        sqlite_where=sa.column("removed_at").is_(None),
        postgresql_where=sa.column("removed_at").is_(None),
    )
    op.drop_table("channels")
