"""Pages that are straightened, turned, and paired as two sides of one sheet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is kept beside each picture."""
    op.add_column("attachments", sa.Column("adjustment", sa.Text))
    op.add_column("attachments", sa.Column("sheet", sa.Text, nullable=False, server_default=""))
    op.add_column("attachments", sa.Column("back", sa.Boolean, nullable=False, server_default=sa.false()))
