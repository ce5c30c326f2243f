"""What an edit did to a topic's statement is kept, and alerts tell of edits too: one of each for a subscription.

SQLite can give a table another uniqueness only by making it anew, which no row may refer to meanwhile: what refers to
the alerts is laid aside and put back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CHILDREN = ("mentions", "delivery_alerts")
BEFORE = ("subscription_id", "story_id")
NOW = (*BEFORE, "event", "occasion")
PUBLISHED = "published"


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_changes_topic_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_changes_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("version_id", "topic_id", name=op.f("uq_changes_version_id_topic_id")),
    )
    op.add_column("subscriptions", sa.Column("events", sa.Text(), nullable=True))
    aside = _lay_aside()
    with op.batch_alter_table("alerts") as alerts:
        alerts.add_column(sa.Column("event", sa.Text(), nullable=False, server_default=PUBLISHED))
        alerts.add_column(sa.Column("occasion", sa.Integer(), nullable=False, server_default="0"))
        alerts.add_column(sa.Column("change_id", sa.Integer(), nullable=True))
        alerts.create_foreign_key(op.f("fk_alerts_change_id"), "changes", ["change_id"], ["id"])
        alerts.drop_constraint(_name(BEFORE), type_="unique")
        alerts.create_unique_constraint(_name(NOW), list(NOW))
    _put_back(aside)


def downgrade() -> None:
    alerts = sa.table("alerts", sa.column("id"), sa.column("event"))
    later = sa.select(alerts.c.id).where(alerts.c.event != PUBLISHED)
    for child in CHILDREN:
        theirs = sa.table(child, sa.column("alert_id"))
        op.execute(sa.delete(theirs).where(theirs.c.alert_id.in_(later)))
    op.execute(sa.delete(alerts).where(alerts.c.event != PUBLISHED))
    aside = _lay_aside()
    with op.batch_alter_table("alerts") as batch:
        batch.drop_constraint(_name(NOW), type_="unique")
        batch.create_unique_constraint(_name(BEFORE), list(BEFORE))
        batch.drop_constraint(op.f("fk_alerts_change_id"), type_="foreignkey")
        for column in ("change_id", "occasion", "event"):
            batch.drop_column(column)
    _put_back(aside)
    op.drop_column("subscriptions", "events")
    op.drop_table("changes")


def _name(columns: tuple[str, ...]) -> str:
    return op.f(f"uq_alerts_{'_'.join(columns)}")


def _lay_aside() -> tuple[str, ...]:
    if op.get_bind().dialect.name != "sqlite":
        return ()
    for child in CHILDREN:
        op.execute(f"CREATE TEMPORARY TABLE aside_{child} AS SELECT * FROM {child}")
        op.execute(f"DELETE FROM {child}")
    return CHILDREN


def _put_back(aside: tuple[str, ...]) -> None:
    for child in aside:
        op.execute(f"INSERT INTO {child} SELECT * FROM aside_{child}")
        op.execute(f"DROP TABLE aside_{child}")
