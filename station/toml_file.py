"""TOML files that staff may edit, read strictly: what cannot be understood is named, never guessed."""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from station.errors import SettingsError

_T = TypeVar("_T")

_MOST = sys.float_info.max


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file. `where` is the file's name, `path` the table's own key, "" for the whole file.

    Every reading method raises SettingsError with `where`, `key` and `problem`: missing or wrong_type.
    """

    where: str
    values: dict[str, object] = field(repr=False)
    path: str = ""

    def only(self, *known: str) -> None:
        """Refuse a key that is not known, with the key that was probably meant.

        Raises:
            SettingsError: `problem` is unknown_key.
        """
        for key in self.values:
            if key not in known:
                raise self.refusal(key, "unknown_key", meant(key, known))

    def text(self, key: str) -> str:
        """Return a text that is not blank."""
        text = self._typed(key, str)
        if not text.strip():
            raise self.refusal(key, "missing")
        return text

    def number(self, key: str) -> float | None:
        """Return a number, None where the key is absent."""
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not -_MOST <= value <= _MOST:
            raise self.refusal(key, "wrong_type")
        return float(value)

    def whole(self, key: str, least: int = 0) -> int | None:
        """Return a whole number of at least this, None where the key is absent.

        Raises:
            SettingsError: `problem` is wrong_type, or wrong_value when it is less.
        """
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refusal(key, "wrong_type")
        if value < least:
            raise self.refusal(key, "wrong_value", f">= {least}")
        return value

    def words(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        """Return a list of known words, each once and at least one, in its order.

        Raises:
            SettingsError: `problem` is missing, wrong_type, wrong_value or duplicate.
        """
        known, found = tuple(known), self._typed(key, list)
        for word in found:
            if not isinstance(word, str):
                raise self.refusal(key, "wrong_type")
            if word not in known:
                raise self.refusal(key, "wrong_value", meant(word, known) or ", ".join(known))
        if not found:
            raise self.refusal(key, "missing")
        if len(set(found)) < len(found):
            raise self.refusal(key, "duplicate")
        return tuple(found)

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false, the default where the key is absent."""
        return self._typed(key, bool) if key in self.values else default

    def table(self, key: str) -> "Table":
        """Return the table under this key."""
        return Table(self.where, self._typed(key, dict), self._full(key))

    def tables(self, key: str) -> Iterator["Table"]:
        """Return the tables of a list, one after another; their paths count from 1."""
        for number, values in enumerate(self._typed(key, list), 1):
            path = f"{key}.{number}"
            if not isinstance(values, dict):
                raise self.refusal(path, "wrong_type")
            yield Table(self.where, values, self._full(path))

    def refusal(self, key: str, problem: str, suggestion: str = "") -> SettingsError:
        """Return the error that names this key of this table."""
        return SettingsError(where=self.where, key=self._full(key), problem=problem, suggestion=suggestion)

    def _typed(self, key: str, kind: type[_T]) -> _T:
        if key not in self.values:
            raise self.refusal(key, "missing")
        value = self.values[key]
        if not isinstance(value, kind):
            raise self.refusal(key, "wrong_type")
        return value

    def _full(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def meant(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, "" when none is near."""
    return next(iter(get_close_matches(word, list(known), n=1)), "")


def read_table(path: Path) -> Table:
    """Read a whole file.

    Raises:
        SettingsError: `problem` is unreadable or not_toml.
    """
    try:
        return Table(path.name, _parsed(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(where=path.name, key="", problem="unreadable", suggestion="") from error
    except (ValueError, RecursionError) as error:  # faults of the coding and of the grammar; nested too deeply
        raise SettingsError(where=path.name, key="", problem="not_toml", suggestion="") from error


def _parsed(text: str) -> dict[str, object]:
    """Parse a text; numbers beyond 64 bits are refused (TOML 1.0.0, Integer), Python would take them."""
    values: dict[str, object] = tomllib.loads(text)
    inner: list[object] = [values]
    while inner:
        value = inner.pop()
        if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            raise ValueError("number")
        inner += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return values


def files_of(folder: Path) -> list[Path]:
    """Return the TOML files of a folder by name.

    Raises:
        SettingsError: the folder holds none; `problem` is missing.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise SettingsError(where=folder.name, key="", problem="missing", suggestion="")
    return files
