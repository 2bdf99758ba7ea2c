"""The house itself: what would otherwise only be noticed by the next person who moves in."""

import os
import re
import socket
import subprocess
import sys
import threading
import tomllib
from importlib.metadata import entry_points
from itertools import count
from pathlib import Path

import pytest

from tests import leftovers
from tests.benchmarks.__main__ import aligned, cells

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (".ci", "docs", "drivers", "resources", "scripts", "station", "tests", "ui")
LONGEST = 400
TEXT = {".py", ".toml", ".md", ".txt", ".svg", ".qss", ".ts", ".yml", ".debian", ""}
# Put together here so that this file does not find itself.
MACHINE = re.compile(
    "|".join(["/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "/op" + "t/", "file" + ":///", "pypi" + r"\.org"])
)
LOCKS = ("requirements.txt", "requirements-dev.txt")


def all_files() -> list[Path]:
    """All files of the house, without what programs leave in it."""
    inside = (
        file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if "__pycache__" not in file.parts
    )
    return [file for file in (*ROOT.iterdir(), *inside) if file.is_file()]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return all_files()


def test_no_file_of_code_is_too_long(files: list[Path]) -> None:
    lines = {file: file.read_text("utf-8").count("\n") for file in files if file.suffix == ".py"}
    assert len(lines) > 50
    assert {str(file.relative_to(ROOT)): n for file, n in lines.items() if n > LONGEST} == {}


def test_no_file_knows_the_machine_that_it_was_written_on(files: list[Path]) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        if file.suffix in TEXT
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_python_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[a-z0-9-]+==\S+( ; .+)? \\\n", package), package.partition("\n")[0]
        assert re.search(r"\n    --hash=sha256:[0-9a-f]{64}", package), package.partition("\n")[0]


def test_the_suite_uses_the_versions_that_the_station_uses() -> None:
    run, test = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text("utf-8"), re.MULTILINE)) for name in LOCKS
    )
    assert run <= test


def test_the_notice_names_every_python_package() -> None:
    packages = re.findall(r"^([a-z0-9-]+)==", (ROOT / LOCKS[1]).read_text("utf-8"), re.MULTILINE)
    named = set(re.findall(r"^  (\S+)", (ROOT / "NOTICE").read_text("utf-8").lower(), re.MULTILINE))
    assert set(packages) - named == set()


def test_every_driver_that_is_announced_can_be_made() -> None:
    announced = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    points = entry_points(group="visa_station.drivers")
    assert {point.name: point.value for point in points} == announced["visa_station.drivers"]
    for point in points:
        assert point.load()().name == point.name


def test_every_toml_file_can_be_read(files: list[Path]) -> None:
    tables = [file for file in files if file.suffix == ".toml"]
    assert tables
    for file in tables:
        tomllib.loads(file.read_text("utf-8"))


def test_decisions_are_numbered_without_a_gap() -> None:
    notes = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(note.name[:4]) for note in notes] == [
        number for number, _ in zip(count(1), notes, strict=False)
    ]
    for note in notes:
        text = note.read_text("utf-8")
        assert text.startswith(f"# {note.name[:4]} "), note.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], (
            note.name
        )


def test_every_link_between_documents_leads_somewhere(files: list[Path]) -> None:
    for file in files:
        if file.suffix == ".md":
            for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text("utf-8")):
                assert (file.parent / target).exists(), f"{file.relative_to(ROOT)}: {target}"


def test_the_two_commands_stand_in_the_readme_and_in_the_makefile() -> None:
    readme, makefile = ((ROOT / name).read_text("utf-8") for name in ("README.md", "Makefile"))
    for target in ("run", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_package_of_the_list_says_who_needs_it() -> None:
    lines = (ROOT / "packages.debian").read_text("utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert packages
    for line in packages:
        assert re.fullmatch(r"(run|test) [a-z0-9.+-]+( \| [a-z0-9.+-]+)*", line), line


def test_setup_says_how_it_is_called() -> None:
    setup = subprocess.run([ROOT / "scripts" / "setup", "dinner"], capture_output=True, text=True, check=False)
    assert setup.returncode == 2
    assert setup.stderr.count("\n") == 1 and "scripts/setup run" in setup.stderr


def test_a_table_of_figures_is_aligned() -> None:
    table = aligned(
        [
            cells("storage", ("commit", 2.0, "ms", "below 5", 4.0)),
            cells("start", ("window", 0.25, "s", "", None)),
        ]
    )
    assert table == "storage: commit     2  ms  below 5  4  0.50\nstart: window    0.25  s"


# -- the rules of the suite ------------------------------------------------------------------------------------


def test_a_test_calls_nobody_beyond_this_machine() -> None:
    with pytest.raises(RuntimeError, match="reached for"):
        socket.create_connection(("192.0.2.1", 9))  # RFC 5737: an address of nobody
    with pytest.raises(RuntimeError, match="reached for"):
        socket.getaddrinfo("station.example", 80)


def test_the_programs_data_lie_apart() -> None:
    assert "pytest" in os.environ["STATION_DATA_DIR"]


def test_what_a_test_leaves_running_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "PATIENCE_S", 0.0)
    before = leftovers.look()
    told = threading.Event()
    thread = threading.Thread(target=told.wait, name="lane-left", daemon=True)
    thread.start()
    waiting = [sys.executable, "-c", "print(flush=True); input()"]
    child = subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        child.stdout.readline()  # before it runs, a process may have no command line yet
        left = leftovers.since(before)
    finally:
        told.set()
        child.communicate()
    assert "thread: lane-left" in left
    assert any(line.startswith("process: ") and "input()" in line for line in left)


def test_a_widget_that_is_left_is_named(qapp: object) -> None:
    from PySide6.QtWidgets import QWidget

    before = leftovers.look()
    widget = QWidget()
    widget.setObjectName("forgotten")
    assert leftovers.since(before) == ["widget: QWidget forgotten"]
    widget.deleteLater()
    assert leftovers.since(before) == []
