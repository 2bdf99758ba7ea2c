"""Overrides are counted and found without reading what they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Count what visits set aside; no visit of an older version set anything aside."""
    op.add_column("visits", sa.Column("set_aside", sa.Integer, nullable=False, server_default="0"))
    for name, table, columns, where in (
        ("visits_set_aside", "visits", ["application", "set_aside"], "set_aside > 0"),
        ("attachments_overridden", "attachments", ["application"], "override IS NOT NULL"),
        ("acts_decisive", "acts", ["at", "visit"], "kind IN ('kept', 'set_aside', 'sealed')"),
    ):
        some = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)
