"""An index of words as they are written, beside that of stems; and by which analysis both were made."""

import sqlalchemy as sa
from alembic import op

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
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE version_text_forms"
            " USING fts5(title, body, content='', tokenize='ascii', detail=column)"
        )
    else:
        op.execute(
            "CREATE TABLE version_text_forms (id bigint PRIMARY KEY, terms tsvector NOT NULL, long boolean NOT NULL)"
        )
        op.execute("CREATE INDEX ix_version_text_forms_terms ON version_text_forms USING gin (terms)")
        op.execute("CREATE INDEX ix_version_text_forms_long ON version_text_forms (id) WHERE long")


def downgrade() -> None:
    op.execute("DROP TABLE version_text_forms")
    op.drop_table("full_texts")
