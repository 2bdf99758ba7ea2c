"""Photos that are cut from portraits by parameters."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add where a photo lies on its portrait."""
    op.add_column("attachments", sa.Column("crop", sa.Text))
