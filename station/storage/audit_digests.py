"""What the audit holds of a record and of an act: digests of their rows.

The digest of a record covers the columns of its application and, for each attachment, its place and its
manifest, which in turn covers the attachment's row. A column that a later version adds is left out where it is
at its default, so that older digests still hold.
"""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from station.storage.audit_entry import canonical, digest
from station.storage.rows import Row
from station.storage.tables import attachments

APPLICATION = (
    "id", "version", "state", "application_number", "letter_number", "category", "surname", "given_names",
    "birth_date", "sex", "nationality", "document_number", "document_state", "document_expiry",
)  # fmt: skip
"""Not those that only repeat others for the search."""

ACT = ("visit", "number", "kind", "at", "officer", "facts")

_ATTACHMENT = tuple(
    column.name
    for column in attachments.columns
    if column.name not in ("application", "position", "manifest", "manifest_signature")
)

AT_ONCE = 500
"""Rows asked for in one statement."""

Placed = tuple[str, int, str]
"""The id of an attachment, its position, and its digest."""


def record_digest(application: Row, attached: Iterable[Placed]) -> str:
    """Return the digest of a record by the columns of its application.

    Raises:
        TypeError: a column holds what this program does not write.
    """
    return digest(canonical([[application[name] for name in APPLICATION], sorted(attached)]))


def attachment_digest(row: Row) -> str:
    """Return the digest of an attachment by the columns of its row; TypeError as by `record_digest`."""
    text = row["manifest"]
    return digest(canonical([row[name] for name in _ATTACHMENT]) if text is None else text)


def act_digest(row: Row) -> str:
    """Return the digest of an act by the columns of its row; TypeError as by `record_digest`."""
    return digest(canonical([row[name] for name in ACT]))


def attached(connection: sa.Connection, applications: Sequence[int]) -> Mapping[int, list[Placed]]:
    """Return what is attached to the applications with these keys, an empty list where there is nothing."""
    found: dict[int, list[Placed]] = {key: [] for key in applications}
    column = attachments.c
    for start in range(0, len(applications), AT_ONCE):
        which = column.application.in_(applications[start : start + AT_ONCE])
        brief = sa.select(column.application, column.id, column.position, column.manifest)
        for row in connection.execute(brief.where(which, column.manifest.is_not(None))).mappings():
            found[row["application"]].append((row["id"], row["position"], attachment_digest(row)))
        for row in connection.execute(
            sa.select(attachments).where(which, column.manifest.is_(None))
        ).mappings():
            found[row["application"]].append((row["id"], row["position"], attachment_digest(row)))
    return found
