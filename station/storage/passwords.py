"""Passwords and PINs as they are stored: Argon2id (RFC 9106), slow by intent. Fulfils `ports.Hashing`."""

from functools import cached_property
from typing import TYPE_CHECKING

from station.model.officer import as_typed

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PASSES, MEMORY_KIB, LANES = 2, 65_536, 1
"""0.12 s on one core of a small machine; OWASP asks for 19 MiB and 2 passes, or as much work otherwise."""


class Argon2:
    """Argon2id with these parameters, which stand in what is stored. Safe to call from any thread."""

    def __init__(self, passes: int = PASSES, memory_kib: int = MEMORY_KIB, lanes: int = LANES) -> None:
        """Hash by so much work; nothing is loaded yet."""
        self._work = (passes, memory_kib, lanes)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        # argon2 costs 20 ms of start-up and is needed only when somebody signs in.
        from argon2 import PasswordHasher

        return PasswordHasher(*self._work)

    @cached_property
    def _nobodys(self) -> str:
        """What a password is held against when nobody has the name that was typed."""
        return self._hasher.hash("nobody")

    def hashed(self, secret: str) -> str:
        """Return what is stored: parameters, salt and hash as text."""
        return self._hasher.hash(as_typed(secret))

    def proved(self, secret: str, stored: str) -> str:
        """Return `stored`, or made anew where it was made with other parameters; "" when it is not the secret.

        With `stored` "" (nobody has this name) it takes as long, and is never the secret.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            self._hasher.verify(stored or self._nobodys, as_typed(secret))
        except (VerificationError, InvalidHashError):
            return ""
        if not stored:
            return ""
        return self.hashed(secret) if self._hasher.check_needs_rehash(stored) else stored
