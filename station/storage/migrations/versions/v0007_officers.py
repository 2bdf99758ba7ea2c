"""Who may work here."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "officers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", folded, nullable=False, unique=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("pin", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("one_time", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("waits_until", sa.Text),
        sa.Column("made_at", sa.Text, nullable=False),
    )
