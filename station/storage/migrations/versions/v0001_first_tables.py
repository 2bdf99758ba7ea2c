"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "applications",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("application_number", sa.Text, nullable=False),
        sa.Column("letter_number", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("surname", sa.Text, nullable=False),
        sa.Column("given_names", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Text),
        sa.Column("sex", sa.Text, nullable=False),
        sa.Column("nationality", sa.Text, nullable=False),
        sa.Column("document_number", sa.Text),
        sa.Column("document_state", sa.Text),
        sa.Column("document_expiry", sa.Text),
        sa.Column("application_key", folded, nullable=False, unique=True),
        sa.Column("letter_key", folded),
        sa.Column("document_key", folded),
        sa.Column("sort_name", folded, nullable=False),
    )
    op.create_index("applications_letter", "applications", ["letter_key"])
    op.create_index("applications_document", "applications", ["document_key"])
    op.create_index(
        "applications_waiting",
        "applications",
        ["sort_name", "key"],
        sqlite_where=sa.text("state <> 'sealed'"),
        postgresql_where=sa.text("state <> 'sealed'"),
    )
    op.create_table(
        "terms",
        sa.Column("term", folded),
        sa.Column("application", sa.Integer, autoincrement=False),
        sa.Column("words", folded, nullable=False),
        sa.PrimaryKeyConstraint("term", "application", postgresql_include=["words"]),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attachments",
        sa.Column("application", sa.Integer, sa.ForeignKey("applications.key"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("width_px", sa.Integer, nullable=False),
        sa.Column("height_px", sa.Integer, nullable=False),
        sa.Column("dpi_x", sa.Double),
        sa.Column("dpi_y", sa.Double),
        sa.Column("provenance", sa.Text, nullable=False),
        sa.Column("report", sa.Text),
        sa.Column("reading", sa.Text),
        sa.Column("override", sa.Text),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("application", sa.Integer, sa.ForeignKey("applications.key"), nullable=False),
        sa.Column("opened_station", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("station", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_index(
        "visits_open",
        "visits",
        ["application"],
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "acts",
        sa.Column("visit", sa.Text, sa.ForeignKey("visits.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
