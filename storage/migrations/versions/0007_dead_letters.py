"""The operator is told of alerts that are dead."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("channel_id", sa.Integer(), nullable=True))
    op.add_column("notices", sa.Column("letters", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("notices", "letters")
    op.drop_column("notices", "channel_id")
