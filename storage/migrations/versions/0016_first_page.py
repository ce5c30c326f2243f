"""A user says how the first page opens, and whether it says by itself that there is something new."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("today", sa.Text(), nullable=False, server_default="topic"))
    op.add_column("users", sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("users", "live")
    op.drop_column("users", "today")
