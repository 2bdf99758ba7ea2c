"""The audit for whoever reads it: all chains as JSON lines with one signed statement, and the public key.

A file has the entries of each station in their order, and a last line that says from which entry to which those
of each station go, signed by the station that exports. `scripts/verify_audit.py` proves such a file by the
public key of that station alone.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from station.storage.audit_entry import canonical
from station.storage.rows import time_text
from station.storage.signing import Signer
from station.storage.station_keys import StationKeys
from station.storage.tables import audit

FORMAT = "visa-station/audit-export/1"

_DAY = timedelta(days=1)


class SqlTrail:
    """Reads the audit. Fulfils `station.flow.audit_ports.Trail`; on the storage lane only."""

    def __init__(self, engine: sa.Engine, signer: Signer) -> None:
        """Read on connections of its own."""
        self._engine = engine
        self._signer = signer

    def export(self, write: Callable[[str], object], first: date | None, last: date | None) -> int:
        """Give every line to `write`, entries of these days (both included, None: all); returns how many.

        Of each station the entries from the first to the last that lie in these days, without gaps.

        Raises:
            StorageDamaged: the station's key is lost.
        """
        key = self._key()
        entries = 0
        chains: list[dict[str, Any]] = []
        with self._engine.connect() as connection:
            for station, low, high in self._spans(connection, first, last):
                of_station = sa.select(audit).where(audit.c.station == station)
                query = of_station.where(audit.c.number.between(low, high)).order_by(audit.c.number)
                with connection.execute(query, execution_options={"yield_per": 1000}) as found:
                    for number, row in enumerate(found.mappings()):
                        if number == 0:
                            chains.append({"station": station, "first": low, "previous": row["previous"]})
                        chains[-1] |= {"last": row["number"], "hash": row["hash"]}
                        write(canonical(dict(row)) + "\n")
                        entries += 1
        statement = {
            "format": FORMAT,
            "exported_by": self._signer.station,
            "at": time_text(datetime.now(UTC)),
            "key": key,
            "chains": chains,
        }
        signature = self._signer.sign(canonical(statement)).hex()
        write(canonical({**statement, "signature": signature}) + "\n")
        return entries

    def public_key(self) -> str:
        """Return the public key of this station as PEM (RFC 8410), made when there is none yet.

        Raises:
            StorageDamaged: the station's key is lost. StorageFull, StorageMissing.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self._key()))
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    def _key(self) -> str:
        with self._engine.begin() as connection:
            return StationKeys(connection, self._signer).to_sign(self._signer.station)

    def _spans(
        self, connection: sa.Connection, first: date | None, last: date | None
    ) -> list[tuple[str, int, int]]:
        """Return station, first and last number of what lies in these days of UTC."""
        number = audit.c.number
        query = sa.select(audit.c.station, sa.func.min(number), sa.func.max(number))
        if first is not None:
            query = query.where(audit.c.at >= first.isoformat())
        if last is not None:
            query = query.where(audit.c.at < (last + _DAY).isoformat())
        found = connection.execute(query.group_by(audit.c.station).order_by(audit.c.station))
        return [(row[0], row[1], row[2]) for row in found]
