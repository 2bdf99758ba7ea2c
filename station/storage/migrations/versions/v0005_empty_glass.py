"""The cleanest scan of each scanner's empty glass."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the picture, when it was taken, and how many marks it shows."""
    op.add_column("devices", sa.Column("glass_sha256", sa.Text))
    op.add_column("devices", sa.Column("glass_media_type", sa.Text))
    op.add_column("devices", sa.Column("glass_size_bytes", sa.Integer))
    op.add_column("devices", sa.Column("glass_width_px", sa.Integer))
    op.add_column("devices", sa.Column("glass_height_px", sa.Integer))
    op.add_column("devices", sa.Column("glass_dpi_x", sa.Double))
    op.add_column("devices", sa.Column("glass_dpi_y", sa.Double))
    op.add_column("devices", sa.Column("glass_at", sa.Text))
    op.add_column("devices", sa.Column("glass_marks", sa.Integer))
