"""Where the raw bytes of each version lie, and by which digests they are chained."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_evidence_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("node", "number", name=op.f("uq_evidence_node_number")),
    )
    op.create_index(op.f("ix_evidence_version_id"), "evidence", ["version_id"])
    op.create_index(op.f("ix_evidence_payload"), "evidence", ["payload"])
    op.execute(f"INSERT INTO compatibility (revision, oldest) VALUES ('{revision}', '{down_revision}')")


def downgrade() -> None:
    op.execute(f"DELETE FROM compatibility WHERE revision = '{revision}'")
    op.drop_table("evidence")
