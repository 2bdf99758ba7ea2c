"""OFIQ in its child process: used when the customer's folder is whole, and never in the station's way.

The package itself is a stand-in here: a module `ofiq` with the interface of python-ofiq 0.3.1, written where
the child finds it. What it does is told by the file `does` in its folder.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from station.errors import OfiqFault
from station.quality.ofiq import Ofiq
from station.quality.ofiq.folder import FILES
from station.toml_file import read_table
from ui.wording.errors import word

STAND_IN = """
import os, pathlib, socket, sys, time

class OFIQError(Exception): ...
class ConfigError(OFIQError): ...
class QualityError(OFIQError): ...
class FaceDetectionError(QualityError): ...

class OFIQ:
    def __init__(self, config_dir):
        self.folder = pathlib.Path(config_dir)
        self.does = (self.folder / "does").read_text()
        print("OFIQ says hello on standard output")
        if self.does == "refuse":
            raise ConfigError("MissingConfigFileError")

    def vector_quality(self, image_rgb, include_raw=False):
        os.write(1, b"so does its C library")
        if self.does == "hang":
            time.sleep(3600)
        if self.does == "crash once" and not (self.folder / "crashed").exists():
            (self.folder / "crashed").touch()
            os.abort()
        if self.does == "call out":
            socket.create_connection(("127.0.0.1", 9))
        if self.does == "no face":
            raise FaceDetectionError("no face")
        return {
            "UnifiedQualityScore": {"raw": 24.25, "scalar": 61.5},
            "InterEyeDistance": {"raw": float(image_rgb[0, 0, 0]), "scalar": 100.0},
            "HeadSize": {"raw": float(image_rgb.shape[1]), "scalar": 0.0},
            "Sharpness": None if self.does == "half" else {"raw": 12.0, "scalar": -1.0},
        }
"""

GREY = np.full((3, 4), 77, np.uint8)


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Ofiq]]:
    """Make an Ofiq over a whole folder whose package does what the test says; all are closed at the end."""
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "ofiq.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packages"))
    made: list[Ofiq] = []

    def make(does: str, **options: float) -> Ofiq:
        folder = tmp_path / "ofiq data"
        (folder / "models").mkdir(parents=True)
        (folder / "does").write_text(does)
        (folder / "models" / "net.onnx").write_bytes(b"weights")
        digest = hashlib.sha256(b"weights").hexdigest()
        files = tmp_path / "files.toml"
        files.write_text(f'[[file]]\npath = "models/net.onnx"\nbytes = 7\nsha256 = "{digest}"\n')
        made.append(Ofiq(folder, files=files, **options))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


def refusal(engine: Ofiq) -> OfiqFault:
    with pytest.raises(OfiqFault) as fault:
        engine.assess(GREY)
    assert engine.child_pid is None
    return fault.value


def test_scores_come_by_our_names_and_prints_do_not_disturb(plugged: Callable[..., Ofiq]) -> None:
    engine = plugged("answer")
    assert engine.child_pid is None  # nothing runs before the first picture
    colour = np.zeros((2, 5, 3), np.uint8)
    colour[0, 0] = 200, 10, 10
    assert engine.assess(colour) == {
        "unified_quality_score": (24.25, 62),
        "inter_eye_distance": (200.0, 100),
        "head_size": (5.0, 0),
        "sharpness": (0.0, -1),  # a score of -1: could not be assessed
    }
    first = engine.child_pid
    assert engine.assess(GREY)["inter_eye_distance"] == (77.0, 100)  # grey is told three times
    assert engine.child_pid == first  # models are loaded once
    engine.close()
    engine.close()
    assert engine.child_pid is None


def test_a_picture_larger_than_a_pipe_arrives_whole_and_what_was_not_judged_is_left_out(
    plugged: Callable[..., Ofiq],
) -> None:
    scores = plugged("half").assess(np.full((700, 900, 3), 9, np.uint8))
    assert scores["head_size"] == (900.0, 0)
    assert "sharpness" not in scores


def test_a_picture_without_a_face_has_no_scores(plugged: Callable[..., Ofiq]) -> None:
    assert plugged("no face").assess(GREY) == {}


def test_a_child_that_crashes_is_followed_by_one_that_answers(plugged: Callable[..., Ofiq]) -> None:
    engine = plugged("crash once")
    assert engine.assess(GREY)["unified_quality_score"] == (24.25, 62)


def test_a_child_that_hangs_is_ended(plugged: Callable[..., Ofiq], monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    kill = os.killpg

    def noted(group: int, sign: int) -> None:
        ended.append(group)
        kill(group, sign)

    monkeypatch.setattr(os, "killpg", noted)
    fault = refusal(plugged("hang", answer_s=0.3))
    assert fault.context == {"reason": "silent", "seconds": 0.3}
    assert len(set(ended)) == 2  # one, and the one that was asked once more
    for pid in ended:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_nothing_calls_out(plugged: Callable[..., Ofiq]) -> None:
    assert refusal(plugged("call out")).context == {"reason": "ended", "detail": "exit 1"}


def test_an_engine_that_refuses_its_folder_is_not_asked_again(plugged: Callable[..., Ofiq]) -> None:
    fault = refusal(plugged("refuse"))
    assert fault.context == {"reason": "refused", "detail": "ConfigError"}
    assert word(fault).why == "It does not take its folder or the picture."


def test_a_package_that_is_not_installed_is_said(plugged: Callable[..., Ofiq], tmp_path: Path) -> None:
    engine = plugged("answer")
    (tmp_path / "packages" / "ofiq.py").write_text("raise ImportError\n")
    assert refusal(engine).context == {"reason": "not_installed", "detail": ""}


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "no_file"), (b"weight", "changed"), (b"WEIGHTS", "changed")]
)
def test_a_folder_that_is_not_whole_starts_no_child(
    plugged: Callable[..., Ofiq],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    reason: str,
) -> None:
    engine = plugged("answer")
    model = tmp_path / "ofiq data" / "models" / "net.onnx"
    model.unlink() if content is None else model.write_bytes(content)
    monkeypatch.setattr("subprocess.Popen", None)
    assert refusal(engine).context == {"reason": reason, "file": "models/net.onnx"}


def test_the_published_folder_has_thirteen_files_of_454_megabytes(tmp_path: Path) -> None:
    entries = list(read_table(FILES).tables("file"))
    models = [entry for entry in entries if entry.text("path").startswith("models/")]
    assert len(entries) == 13 and len(models) == 12
    assert sum(entry.whole("bytes") or 0 for entry in models) == 453_497_937
    assert all(len(bytes.fromhex(entry.text("sha256"))) == 32 for entry in entries)
    with closing(Ofiq(tmp_path / "nowhere")) as engine:
        assert refusal(engine).context == {"reason": "no_folder"}
    with closing(Ofiq(tmp_path)) as engine:
        assert refusal(engine).context == {"reason": "no_file", "file": "ofiq_config.jaxn"}
