"""Who may work here. Fulfils `station.flow.ports.Accounts`; used on the storage lane only."""

from datetime import datetime

import sqlalchemy as sa

from station.errors import AccountRefused, StorageDamaged
from station.flow.ports import Account
from station.model.officer import Officer, Role
from station.storage import rows
from station.storage.conflict import insert_new
from station.storage.folding import words
from station.storage.tables import officers


class SqlAccounts:
    """The accounts on one connection; nothing is durable before its unit of work commits."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work on a connection that the unit of work owns."""
        self._connection = connection

    def all(self) -> tuple[Officer, ...]:
        """Return all accounts by name."""
        found = self._connection.execute(sa.select(officers).order_by(officers.c.name_key)).mappings()
        return tuple(_account(row).officer for row in found)

    def named(self, name: str) -> Account | None:
        """Return the account of this name, None when there is none."""
        return self._find(officers.c.name_key == _key(name))

    def get(self, officer_id: str) -> Account:
        """Return one account.

        Raises:
            AccountRefused: there is none (`unknown`).
        """
        found = self._find(officers.c.id == officer_id)
        if found is None:
            raise AccountRefused(reason="unknown")
        return found

    def add(self, officer: Officer, password: str, at: datetime) -> None:
        """Add an account with the hash of its password.

        Raises:
            AccountRefused: `name_taken`, or `no_name`.
        """
        row = {
            "id": officer.id,
            "name": " ".join(officer.name.split()),
            "name_key": _key(officer.name),
            "password": password,
            "pin": "",
            "made_at": rows.time_text(at),
            **_standing(officer),
        }
        if not row["name_key"]:
            raise AccountRefused(reason="no_name")
        if not insert_new(self._connection, [row], [officers.c.id]):
            raise AccountRefused(reason="name_taken")

    def change(self, officer: Officer) -> None:
        """Store roles, `enabled`, `one_time`, `failures` and `waits_until`; the name stays."""
        self._update(officer.id, **_standing(officer))

    def give_password(self, officer_id: str, password: str) -> None:
        """Store the hash of a password."""
        self._update(officer_id, password=password)

    def give_pin(self, officer_id: str, pin: str) -> None:
        """Store the hash of a PIN, "" for none."""
        self._update(officer_id, pin=pin)

    def count_failure(self, officer_id: str) -> int:
        """Count an attempt to sign in before it is looked at, and return how many there were in a row."""
        self._update(officer_id, failures=officers.c.failures + 1)
        counted = sa.select(officers.c.failures).where(officers.c.id == officer_id)
        failures: int = self._connection.execute(counted).scalar_one()
        return failures

    def _find(self, which: sa.ColumnElement[bool]) -> Account | None:
        row = self._connection.execute(sa.select(officers).where(which)).mappings().one_or_none()
        return None if row is None else _account(row)

    def _update(self, officer_id: str, **values: object) -> None:
        change = sa.update(officers).where(officers.c.id == officer_id).values(**values)
        if self._connection.execute(change).rowcount != 1:
            raise AccountRefused(reason="unknown")


def _key(name: str) -> str:
    return " ".join(words(name))


def _standing(officer: Officer) -> dict[str, object]:
    waits = officer.waits_until
    return {
        "roles": " ".join(role.value for role in Role if role in officer.roles),
        "enabled": officer.enabled,
        "one_time": officer.one_time,
        "failures": officer.failures,
        "waits_until": None if waits is None else rows.time_text(waits),
    }


def _account(row: rows.Row) -> Account:
    column = officers.c
    waits = row[column.waits_until]
    what = f"officer {row[column.id]}"
    try:
        roles = frozenset(map(Role, row[column.roles].split()))
    except ValueError:
        raise StorageDamaged(what=what) from None
    officer = Officer(
        row[column.id],
        row[column.name],
        roles,
        row[column.enabled],
        row[column.one_time],
        bool(row[column.pin]),
        row[column.failures],
        None if waits is None else rows.time_of(waits, what),
    )
    return Account(officer, row[column.password], row[column.pin])
