"""The way to a database server: TLS, unless nothing leaves this machine; who asks for less is refused."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from station.errors import SettingsError
from station.storage import tls
from station.storage.open import open_store
from station.storage.tls import is_protected, safe_transport

HERE = (
    "postgresql://station@/visits",
    "postgresql://station@/visits?host=/run/postgresql",
    "postgresql://station@/visits?host=@abstract",
    "postgresql://station@localhost/visits",
    "postgresql://station@127.0.0.1:5433/visits",
    "postgresql://station@[::1]/visits",
    "postgresql://station@/visits?host=localhost&host=127.0.0.2",
    "postgresql://station@/visits?hostaddr=127.0.0.1",
)
ELSEWHERE = (
    "postgresql://station@database.example/visits",
    "postgresql://station@192.0.2.7/visits",
    "postgresql://station@[2001:db8::7]/visits",
    "postgresql://station@localhost.example/visits",
    "postgresql://station@/visits?host=localhost,database.example",
    "postgresql://station@/visits?host=localhost&host=database.example",
    "postgresql://station@localhost/visits?hostaddr=192.0.2.7",
    "postgresql://station@/visits?service=centre",
)


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE", "PGSSLROOTCERT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(tls, "_BUNDLES", (str(tmp_path / "absent.crt"), str(tmp_path / "bundle.crt")))
    (tmp_path / "bundle.crt").touch()


def asked(address: str, *, forced: bool = True) -> dict[str, object]:
    return dict(safe_transport(sa.make_url(address), tls=forced).query)


@pytest.mark.parametrize("address", HERE)
def test_nothing_is_asked_for_where_nothing_leaves_the_machine(address: str):
    assert "sslmode" not in asked(address)
    assert is_protected(sa.make_url(address))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_server_elsewhere_must_prove_who_it_is(address: str, tmp_path: Path):
    assert asked(address)["sslmode"] == "verify-full"
    assert asked(address)["sslrootcert"] == str(tmp_path / "bundle.crt")
    assert not is_protected(sa.make_url(address))
    joint = "&" if "?" in address else "?"
    for mode in ("require", "verify-ca", "verify-full"):
        named = f"{address}{joint}sslmode={mode}"
        assert asked(named)["sslmode"] == mode
        assert is_protected(sa.make_url(named))


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "nonsense", "REQUIRE"])
def test_an_address_that_asks_for_less_is_refused(mode: str, tmp_path: Path):
    address = f"postgresql://station:secret@database.example/visits?sslmode={mode}"
    with pytest.raises(SettingsError) as told:
        open_store(tmp_path, address)
    assert told.value.context["problem"] == "no_tls"
    assert "secret" not in str(told.value)
    assert asked(address, forced=False)["sslmode"] == mode


def test_the_last_word_of_an_address_counts_as_it_does_for_the_server():
    with pytest.raises(SettingsError):
        asked("postgresql://station@database.example/visits?sslmode=require&sslmode=disable")


def test_own_root_certificates_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    address = ELSEWHERE[0]
    assert asked(f"{address}?sslrootcert=centre.pem")["sslrootcert"] == "centre.pem"
    monkeypatch.setenv("PGSSLROOTCERT", "centre.pem")
    assert "sslrootcert" not in asked(address)
    monkeypatch.delenv("PGSSLROOTCERT")
    (tmp_path / ".postgresql").mkdir()
    (tmp_path / ".postgresql" / "root.crt").touch()
    assert "sslrootcert" not in asked(address)


def test_an_address_from_the_surroundings_counts_beside_a_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.7")
    assert asked("postgresql://station@localhost/visits")["sslmode"] == "verify-full"
    assert asked("postgresql://station@localhost/visits?hostaddr=127.0.0.1") == {"hostaddr": "127.0.0.1"}


@pytest.mark.parametrize(("name", "value"), [("PGHOST", "database.example"), ("PGSERVICE", "centre")])
def test_what_the_surroundings_say_counts_too(name: str, value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, value)
    assert asked(HERE[0])["sslmode"] == "verify-full"


def test_an_allowed_way_in_the_clear_is_taken_as_it_is():
    assert asked(ELSEWHERE[0], forced=False) == {}
    assert asked(f"{ELSEWHERE[0]}?sslmode=require", forced=False) == {"sslmode": "require"}
