"""Inserting where another kiosk may have been first."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import sqlalchemy as sa


def insert_new(
    connection: sa.Connection, new: Sequence[Mapping[str, object]], giving: Sequence[sa.Column[Any]]
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Insert the rows that no unique index of the table holds already; returns `giving` of those inserted.

    Unlike a violated constraint this leaves the transaction usable on PostgreSQL.
    """
    # Only the dialect in use is imported: the other one would cost every start 36 ms.
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    insert = dialect.insert(giving[0].table).on_conflict_do_nothing()
    return connection.execute(insert.returning(*giving), new).all()
