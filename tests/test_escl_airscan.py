"""The simulated eSCL scanner before a client that others wrote: Debian's sane-airscan, through scanimage."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from drivers.simulated.escl_server import EsclServer
from drivers.simulated.escl_trouble import Trouble
from tests.escl_rig import Serve
from tests.escl_rig import serve as serve

pytestmark = pytest.mark.system("sane-utils", "sane-airscan")

PATIENCE_S = 120.0
JAMMED = 6
"""scanimage ends with the number of the SANE status: SANE_STATUS_JAMMED."""

Scanimage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def scanimage(tmp_path: Path) -> Scanimage:
    """Run scanimage on a simulated scanner, with a SANE configuration of its own."""

    def run(server: EsclServer, *arguments: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "dll.conf").write_text("airscan\n")
        (tmp_path / "airscan.conf").write_text(
            f'[devices]\n"Sim" = {server.url}/, eSCL\n[options]\ndiscovery = disable\n'
        )
        ran = subprocess.run(
            ["scanimage", "-d", "airscan:e0:Sim", *arguments],
            env={**os.environ, "SANE_CONFIG_DIR": str(tmp_path), "PATH": os.environ["PATH"] + ":/usr/bin"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        return ran

    return run


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def pages(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("page*.png"))


BATCH = ("--format=png", "--batch=page%d.png", "--resolution", "75")


def test_it_scans_the_glass_at_300_dpi(serve: Serve, scanimage: Scanimage, tmp_path: Path) -> None:
    ran = scanimage(
        serve(),
        "--source",
        "Flatbed",
        "--mode",
        "Color",
        "--resolution",
        "300",
        "--format=png",
        "-o",
        "page.png",
    )
    assert (ran.returncode, pages(tmp_path)) == (0, ["page.png"]), ran.stderr
    # A4: 210 x 297 mm are 2480 x 3508 pixels; the client rounds millimetres to its own fixed point.
    assert size_of(tmp_path / "page.png") == pytest.approx((2480, 3508), abs=2)


def test_it_is_offered_as_what_it_is(serve: Serve, scanimage: Scanimage) -> None:
    told = scanimage(serve(), "--help").stdout
    assert re.search(r"--resolution 75\|150\|300\|600", told)
    assert re.search(r"--source Flatbed\|ADF\|ADF Duplex", told)


def test_three_sheets_have_six_sides(serve: Serve, scanimage: Scanimage, tmp_path: Path) -> None:
    ran = scanimage(serve(sheets=3), "--source", "ADF Duplex", "--mode", "Gray", *BATCH)
    assert ran.returncode == 0, ran.stderr
    assert pages(tmp_path) == [f"page{number}.png" for number in range(1, 7)]
    assert "out of documents" in ran.stderr


def test_a_jam_keeps_the_page_before_it_there_too(serve: Serve, scanimage: Scanimage, tmp_path: Path) -> None:
    server = serve(sheets=3)
    server.spoil(Trouble.JAM, at=2)
    ran = scanimage(server, "--source", "ADF", "--mode", "Gray", *BATCH)
    assert (ran.returncode, pages(tmp_path)) == (JAMMED, ["page1.png"]), ran.stderr
    assert "jammed" in ran.stderr


def test_a_busy_scanner_is_asked_again(serve: Serve, scanimage: Scanimage, tmp_path: Path) -> None:
    server = serve()
    server.spoil(Trouble.BUSY, times=2)
    ran = scanimage(server, "--source", "Flatbed", "--mode", "Gray", *BATCH, "--batch-count=1")
    assert (ran.returncode, pages(tmp_path)) == (0, ["page1.png"]), ran.stderr
    assert [code for method, _, code in server.requests if method == "POST"] == [503, 503, 201]
