"""The audit, its anchors, and the signed manifests of pictures."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

APPEND_ONLY = ("audit", "audit_anchors")


def upgrade() -> None:
    """Make the tables and their fence, and mark which rows are older than the audit."""
    op.add_column("attachments", sa.Column("manifest", sa.Text))
    op.add_column("attachments", sa.Column("manifest_signature", sa.Text))
    op.create_table(
        "audit",
        sa.Column("station", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("visit", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_index("audit_record", "audit", ["record"])
    op.create_index("audit_visit", "audit", ["visit"])
    op.create_table(
        "audit_heads",
        sa.Column("station", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
    )
    op.create_table(
        "audit_anchors",
        sa.Column("station", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
    )
    began = op.create_table(
        "audit_began",
        sa.Column("at", sa.Text, primary_key=True),
        sa.Column("applications", sa.Integer, nullable=False),
    )
    for statement in fence(op.get_bind().dialect.name):
        op.execute(statement)
    newest = op.get_bind().exec_driver_sql("SELECT max(key) FROM applications").scalar()
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    op.execute(sa.insert(began).values(at=now, applications=newest or 0))


def fence(dialect: str) -> list[str]:
    """Return the statements that make the tables refuse every change but a new row."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in APPEND_ONLY
            for change in ("UPDATE", "DELETE")
        ]
    refuse = (
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    return [
        refuse,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
            for table in APPEND_ONLY
        ),
    ]
