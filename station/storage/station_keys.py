"""Which key each station signs with, and the proof of what it signed."""

import sqlalchemy as sa

from station.errors import StorageDamaged
from station.storage.conflict import insert_new
from station.storage.signing import Signer, is_good
from station.storage.tables import stations


class StationKeys:
    """The keys of all stations on one store.

    A station's key is registered when it first signs and never changes. Of the own station the file in the data
    folder counts, so that a row which somebody else signed anew is noticed with the key beside it.
    """

    def __init__(self, connection: sa.Connection, signer: Signer, *, lost: bool = False) -> None:
        """Work on a connection that the unit of work owns; with a `lost` key the registered ones count."""
        self._connection = connection
        self._signer = signer
        self.station = signer.station
        self._own = None if lost else signer.station
        self._read: dict[str, str] = {}

    def to_sign(self, station: str) -> str:
        """Return the own public key in hex digits, registered as this station's.

        Raises:
            StorageDamaged: the key is lost, or this station signs with another one.
        """
        if self._registered(station) is None:
            key = self._signer.made_key().hex()
            insert_new(self._connection, [{"name": station}], [stations.c.name])
            self._connection.execute(
                sa.update(stations).where(stations.c.name == station, stations.c.key.is_(None)).values(key=key)
            )
        self._prove_registered(station)
        return self._signer.key().hex()

    def sign(self, text: str) -> str:
        """Return the own signature over the text in hex digits."""
        return self._signer.sign(text).hex()

    def prove_own(self) -> None:
        """Prove that the key in the data folder is the one with which this station signed before.

        Raises:
            StorageDamaged: it is lost or another one.
        """
        if self._registered(self._signer.station) is not None:
            self._prove_registered(self._signer.station)

    def prove(self, station: str, key: str, signature: str, text: str, what: str) -> None:
        """Prove that this station signed the text; `what` names it for the error.

        Raises:
            StorageDamaged: it did not, or the own key is lost.
        """
        expected = self._signer.key().hex() if station == self._own else self._registered(station)
        try:
            good = key == expected and is_good(bytes.fromhex(key), bytes.fromhex(signature), text)
        except ValueError:
            good = False
        if not good:
            raise StorageDamaged(what=what)

    def of(self, station: str) -> str:
        """Return the public key of a station in hex digits.

        Raises:
            StorageDamaged: it never signed anything, or the own key is lost.
        """
        key = self._signer.key().hex() if station == self._own else self._registered(station)
        if key is None:
            raise StorageDamaged(what="station key", detail="unknown")
        return key

    def is_signed(self, station: str, signature: str, text: str) -> bool:
        """Tell whether this station signed the text; False also when its key is not known or lost."""
        try:
            said = bytes.fromhex(signature)
            # `fromhex` takes capitals and blanks too: another spelling is not what was written.
            return said.hex() == signature and is_good(bytes.fromhex(self.of(station)), said, text)
        except (StorageDamaged, ValueError):
            return False

    def _prove_registered(self, station: str) -> None:
        if self._registered(station) != self._signer.key().hex():
            raise StorageDamaged(what="station key", detail="other_key")

    def _registered(self, station: str) -> str | None:
        if station not in self._read:
            found = self._connection.execute(sa.select(stations.c.key).where(stations.c.name == station))
            key: str | None = found.scalar_one_or_none()
            if key is None:
                return None
            self._read[station] = key
        return self._read[station]
