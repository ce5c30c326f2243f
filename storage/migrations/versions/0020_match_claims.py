"""Who asks the topics about a version, where several processes do."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_claims",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_match_claims_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_match_claims")),
    )
    op.execute(f"INSERT INTO compatibility (revision, oldest) VALUES ('{revision}', '{down_revision}')")


def downgrade() -> None:
    op.execute(f"DELETE FROM compatibility WHERE revision = '{revision}'")
    op.drop_table("match_claims")
