"""The version of the tables, and the way from an older one."""

from pathlib import Path

import sqlalchemy as sa

from station.errors import StorageDamaged, StorageTooNew
from station.storage.tables import metadata

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""All versions that this program knows, the oldest first; a test holds them against `migrations/versions`."""

_LOCK = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_advisory_xact_lock(20250521)",
}
"""What lets one station migrate while the others wait; the number only has to be the same in all of them."""


def bring_up_to_date(engine: sa.Engine) -> None:
    """Make the tables, or change those of an older version; does nothing when they are of this version.

    Raises:
        StorageTooNew: a newer version of the program made them (`revision`).
        StorageDamaged: they are not those of the version that they say; nothing was changed.
    """
    with engine.connect() as connection:
        if revision(connection) == REVISIONS[-1]:
            _prove(connection)
            return
    with engine.connect() as connection:
        connection.exec_driver_sql(_LOCK[connection.dialect.name])
        found = revision(connection)
        if found != REVISIONS[-1]:
            try:
                migrate(connection)
            except sa.exc.DatabaseError:
                raise StorageDamaged(what="database", detail=f"tables_not_of_{found}") from None
        _prove(connection)
        connection.commit()


def _prove(connection: sa.Connection) -> None:
    """Stop where a table or a column is missing: somebody else changed them, or half of them."""
    found = sa.inspect(connection).get_multi_columns()
    there = {name: {column["name"] for column in columns} for (_, name), columns in found.items()}
    for table in metadata.tables.values():
        if missing := {column.name for column in table.columns} - there.get(table.name, set()):
            raise StorageDamaged(what="database", detail=f"no_{table.name}.{min(missing)}")


def revision(connection: sa.Connection) -> str | None:
    """Return the version of the tables, None when there are none.

    Raises:
        StorageTooNew: it is none of `REVISIONS`.
    """
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found is not None and found not in REVISIONS:
        raise StorageTooNew(revision=found)
    return found


def migrate(connection: sa.Connection) -> None:
    """Run the migrations that are missing, within the connection's transaction."""
    # Alembic costs 0.2 s of start-up and is needed only here, once in the life of a version.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
