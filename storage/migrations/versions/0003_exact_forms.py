"""An index of words as they are written, beside that of stems; and by which analysis both were made."""

import sqlalchemy as sa
from alembic import op

from storage.database import create_full_text
from storage.query.compile import Index

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "full_texts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_full_texts")),
    )
    create_full_text(op.get_bind(), Index.FORMS)


def downgrade() -> None:
    op.execute(f"DROP TABLE {Index.FORMS}")
    op.drop_table("full_texts")
