"""Calibrations that are kept and signed, and who let devices be used."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "stations",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key", sa.Text),
        sa.Column("latest", sa.Text),
    )
    op.create_table(
        "devices",
        sa.Column("station", sa.Text, primary_key=True),
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("clearances", sa.Integer, nullable=False),
        sa.Column("pictures", sa.Integer, nullable=False),
        sa.Column("watched", sa.Text, nullable=False),
    )
    op.create_table(
        "calibrations",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("station", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("device_name", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("extent", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("driver", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("scans", sa.Integer, nullable=False),
        sa.Column("target_expires", sa.Text),
        sa.Column("picture", sa.Text, nullable=False),
        sa.Column("noise_sha256", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("noise", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("station", "device", "run"),
    )
    op.create_table(
        "calibration_pictures",
        sa.Column("calibration", sa.Integer, sa.ForeignKey("calibrations.number"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    op.create_table(
        "clearances",
        sa.Column("station", sa.Text, primary_key=True),
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
