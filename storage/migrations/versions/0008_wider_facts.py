"""What searches ask beside words, in the narrow rows that charts are counted from."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BATCH = 5_000

items = sa.table("items", sa.column("id", sa.Integer), sa.column("source_id", sa.Integer))
versions = sa.table(
    "versions",
    sa.column("id", sa.Integer),
    sa.column("item_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("current", sa.Boolean),
    sa.column("language", sa.Text),
    sa.column("published_day", sa.Date),
    sa.column("seen_at", sa.DateTime),
)


def upgrade() -> None:
    op.drop_table("version_facts")
    _create(
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer()),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_version_facts_item_id")),
    )
    edited = sa.and_(sa.column("current"), sa.column("number") > 1)
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


def _create(*more: sa.Column[Any] | sa.ForeignKeyConstraint) -> None:
    """Make the table with what is there of every version."""
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
        *more,
    )
    rows = op.get_bind().execute(
        sa.select(versions, items.c.source_id)
        .join(items, items.c.id == versions.c.item_id)
        .order_by(versions.c.id)
        .execution_options(yield_per=BATCH)
    )
    for some in rows.partitions():
        op.bulk_insert(facts, [{column.name: _values(row)[column.name] for column in facts.c} for row in some])


def _values(row: sa.Row[Any]) -> dict[str, Any]:
    """What a version is filtered and counted by."""
    return {
        "id": row.id,
        "item_id": row.item_id,
        "number": row.number,
        "source_id": row.source_id,
        "day": _day(row.published_day, row.seen_at).toordinal(),
        "published": row.published_day.toordinal() if row.published_day else None,
        "language": row.language,
        "current": row.current,
    }


def _day(published: date | None, seen_at: datetime) -> date:
    """The day that the ministry claims; without a claim, or with one in the future or long ago, that of seeing."""
    latest = (seen_at + timedelta(days=1)).date()
    return seen_at.date() if published is None or published > latest or published.year < 1990 else published
