"""Narrow rows that charts and facets are counted from."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 5_000

items = sa.table("items", sa.column("id", sa.Integer), sa.column("source_id", sa.Integer))
versions = sa.table(
    "versions",
    sa.column("id", sa.Integer),
    sa.column("item_id", sa.Integer),
    sa.column("current", sa.Boolean),
    sa.column("language", sa.Text),
    sa.column("published_day", sa.Date),
    sa.column("seen_at", sa.DateTime),
)


def upgrade() -> None:
    facts = op.create_table(
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
    rows = op.get_bind().execute(
        sa.select(versions, items.c.source_id)
        .join(items, items.c.id == versions.c.item_id)
        .order_by(versions.c.id)
        .execution_options(yield_per=BATCH)
    )
    for some in rows.partitions():
        op.bulk_insert(
            facts,
            [
                {
                    "id": row.id,
                    "source_id": row.source_id,
                    "day": _day(row.published_day, row.seen_at).toordinal(),
                    "language": row.language,
                    "current": row.current,
                }
                for row in some
            ],
        )


def downgrade() -> None:
    op.drop_table("version_facts")


def _day(published: date | None, seen_at: datetime) -> date:
    """The day that the ministry claims; without a claim, or with one in the future or long ago, that of seeing."""
    latest = (seen_at + timedelta(days=1)).date()
    return seen_at.date() if published is None or published > latest or published.year < 1990 else published
