"""Which older programs may go on beside a newer schema."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compatibility",
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("oldest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_compatibility")),
    )
    op.execute(f"INSERT INTO compatibility (revision, oldest) VALUES ('{revision}', '{down_revision}')")


def downgrade() -> None:
    op.drop_table("compatibility")
