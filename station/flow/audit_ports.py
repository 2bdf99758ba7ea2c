"""What the flow needs of the audit, as protocols; `station.storage` fulfils them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from station.model.audit import AnchorReason


class Audit(Protocol):
    """What was done, told for ever. Acts of visits, changes of records and calibrations tell themselves."""

    def tell(
        self,
        act: str,
        *,
        officer: str = "",
        at: datetime | None = None,
        record: str = "",
        visit: str = "",
        before: str = "",
        after: str = "",
    ) -> None:
        """Note one thing that was done; it is durable when `UnitOfWork.commit` returns.

        `act` is a word in small letters; `officer`, `record`, `visit` are ids, `before` and `after` digests of
        what was stored. No personal data. `at` None is now.
        """
        ...

    def anchor(self, reason: AnchorReason) -> None:
        """Have the log signed as far as it goes with this commit, and that written down beside the database."""
        ...


class Trail(Protocol):
    """The audit, for whoever reads it. On the storage lane only."""

    def export(self, write: Callable[[str], object], first: date | None, last: date | None) -> int:
        """Give every line to `write`, entries of these days (UTC, both included, None: all); returns how many.

        Raises:
            StorageDamaged: the station's key is lost.
        """
        ...

    def public_key(self) -> str:
        """Return the public key of this station as PEM, made when there is none yet.

        Raises:
            StorageDamaged: the station's key is lost. StorageFull, StorageMissing.
        """
        ...
