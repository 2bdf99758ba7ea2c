"""Which certificate of a network scanner is trusted, and how a technician trusts another one."""

import errno
import json
import os
from pathlib import Path

import pytest

from drivers.escl.driver import EsclDriver
from drivers.escl.known import Known
from station.errors import CertificateChanged, SettingsError, StorageFull
from tests.contracts import scanned
from tests.escl_rig import SMALL, Serve, identity, opened
from tests.escl_rig import serve as serve
from ui.wording.errors import word


@pytest.mark.system("openssl")
def test_a_certificate_that_was_written_down_is_the_only_one(serve: Serve, tmp_path: Path) -> None:
    context, digest = identity(tmp_path)
    server = serve(tls=context)
    assert len(scanned(opened(server.url, digest.upper()), SMALL)) == 1
    with pytest.raises(CertificateChanged) as caught:
        opened(server.url, "0" * 64)
    assert caught.value.context["where"] == "[driver.escl]"


@pytest.mark.system("openssl")
def test_the_first_certificate_is_trusted_until_the_technician_deletes_it(serve: Serve, tmp_path: Path) -> None:
    cache = tmp_path / "escl.json"
    context, first = identity(tmp_path)
    server = serve(tls=context)
    scanner = opened(server.url, cache=str(cache))
    assert len(scanned(scanner, SMALL)) == 1
    device = scanner.info.id
    assert json.loads(cache.read_text())["certificates"] == {device: first}

    # Another start of the station, and another certificate at the same address.
    context.load_cert_chain(*other_identity(tmp_path))
    with pytest.raises(CertificateChanged) as caught:
        opened(server.url, cache=str(cache))
    assert caught.value.context["device"] == device
    assert f"File: escl.json. Certificate of: {device}." in word(caught.value).detail
    with pytest.raises(CertificateChanged):
        scanned(scanner, SMALL)
    assert all(path.endswith("Capabilities") or code < 400 for _, path, code in server.requests)

    values = json.loads(cache.read_text())
    del values["certificates"][device]
    cache.write_text(json.dumps(values))
    assert len(scanned(scanner, SMALL)) == 1
    assert json.loads(cache.read_text())["certificates"][device] != first


def other_identity(folder: Path) -> tuple[Path, Path]:
    identity(folder, "other")
    return folder / "other.pem", folder / "other.key"


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("{", "", "not_json"),
        ("[" * 100_000, "", "not_json"),
        ("[]", "", "wrong_type"),
        ("{}", "scanners", "missing"),
        ('{"scanners": {}, "certificates": {"a": 1}}', "certificates.a", "wrong_type"),
        ('{"scanners": {"a": {"url": "ftp://a", "name": "A", "seen": "2030-01-01"}}, "certificates": {}}',
         "scanners.a.url", "not_an_address"),
        ('{"scanners": {"a": {"url": "http://a", "name": "A", "seen": "today"}}, "certificates": {}}',
         "scanners.a.seen", "wrong_value"),
    ],
)  # fmt: skip
def test_a_damaged_file_of_certificates_is_never_taken_for_an_empty_one(
    tmp_path: Path, text: str, key: str, problem: str
) -> None:
    cache = tmp_path / "escl.json"
    cache.write_text(text)
    with pytest.raises(SettingsError) as caught:
        EsclDriver().configure({"cache": str(cache)})
    assert {name: caught.value.context[name] for name in ("where", "key", "problem")} == {
        "where": "escl.json", "key": key, "problem": problem,
    }  # fmt: skip
    assert cache.read_text() == text


def test_a_certificate_that_cannot_be_kept_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    known = Known(tmp_path / "data" / "escl.json")
    known.prove("escl:x", "a" * 64)
    with monkeypatch.context() as disk, pytest.raises(StorageFull):
        disk.setattr(os, "fsync", full)
        known.prove("escl:y", "b" * 64)
    known.prove("escl:x", "a" * 64)
    known.prove("escl:y", "c" * 64)  # the first that could be kept


def test_without_a_file_the_first_certificate_is_trusted_as_long_as_the_program_runs() -> None:
    known = Known()
    known.prove("escl:x", "a" * 64)
    known.prove("escl:y", "b" * 64)
    with pytest.raises(CertificateChanged):
        known.prove("escl:x", "b" * 64)
