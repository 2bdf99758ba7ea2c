"""Bytes to pixels and back, and the one door to OpenCV."""

import ast
import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from station.errors import PictureError
from station.imaging.codec import PIXELS_MAX, decode, encode_png, fit, grey, thumbnail
from station.imaging.cv import cv
from station.model.image import Pixels

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("PNG", "JPEG", "TIFF", "PPM")


def drawn(height: int = 61, width: int = 43, channels: int = 3) -> Pixels:
    rng = np.random.default_rng(5)
    shape = (height, width, channels) if channels > 1 else (height, width)
    return rng.integers(0, 256, shape).astype(np.uint8)


def saved(pixels: Pixels, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def refusal(data: bytes) -> object:
    with pytest.raises(PictureError) as caught:
        decode(data)
    return caught.value.context["reason"]


def png_that_claims(width: int, height: int) -> bytes:
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0),
        b"IDAT": zlib.compress(bytes(100_000)),
        b"IEND": b"",
    }
    coded = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(coded)


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (61, 43), (61, 43, 3), (3, 200, 3)])
def test_png_brings_every_pixel_back(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    data = encode_png(pixels, (300, 300))
    assert np.array_equal(decode(data).pixels, pixels)
    assert np.array_equal(np.array(Image.open(io.BytesIO(data))), pixels)
    theirs = cv().imdecode(np.frombuffer(data, np.uint8), cv().IMREAD_UNCHANGED)
    assert np.array_equal(theirs[..., ::-1] if pixels.ndim == 3 else theirs, pixels)


def test_the_same_pixels_give_the_same_bytes_also_from_a_view() -> None:
    pixels = drawn(40, 60)
    assert encode_png(pixels[::-1][::-1]) == encode_png(pixels.copy())


@pytest.mark.parametrize("dpi", [(300.0, 300.0), (600.0, 300.0), (203.0, 203.0), (75.0, 75.0)])
def test_resolution_travels_with_the_picture(dpi: tuple[float, float]) -> None:
    assert decode(encode_png(drawn(), dpi)).dpi == dpi


def test_resolution_is_written_in_dots_per_metre() -> None:
    data = encode_png(drawn(), (300, 600))
    at = data.index(b"pHYs") + 4
    # 300 / 0.0254 = 11811.02, 600 / 0.0254 = 23622.05; unit 1 is the metre
    assert struct.unpack_from(">IIB", data, at) == (11811, 23622, 1)
    assert b"pHYs" not in encode_png(drawn())
    assert decode(encode_png(drawn())).dpi is None


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("TIFF", "image/tiff"),
        ("PPM", "image/x-portable-anymap"),
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_four_formats_are_read(kind: str, media_type: str, channels: int) -> None:
    pixels = cv().GaussianBlur(drawn(channels=channels), (0, 0), 4)
    options = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    decoded = decode(saved(pixels, kind, **options))
    assert decoded.media_type == media_type
    assert decoded.pixels.shape == pixels.shape
    assert np.abs(decoded.pixels.astype(int) - pixels).max() <= (6 if kind == "JPEG" else 0)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%abc", b"Dear officer", b"GIF89a" + bytes(40), b"\x00", bytes(500), b"BM" + bytes(60)]
)
def test_what_is_no_picture_of_ours_is_unknown(data: bytes) -> None:
    assert refusal(data) == "unknown"


def test_nothing_is_empty() -> None:
    assert refusal(b"") == "empty"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_a_picture_that_was_cut_off_is_refused(kind: str, share: float) -> None:
    data = saved(drawn(90, 120), kind)
    reason = refusal(data[: int(len(data) * share)])
    assert reason == "truncated" if kind != "TIFF" else reason in ("truncated", "damaged")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_without_its_end_mark_is_refused(kind: str) -> None:
    data = saved(drawn(90, 120), kind)
    assert refusal(data[:-2]) == "truncated"


def test_a_jpeg_may_be_followed_by_padding_and_hold_another_jpeg_in_its_header() -> None:
    preview = saved(drawn(8, 8), "JPEG")
    data = saved(drawn(90, 120), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + preview)
    assert decode(data + bytes(512)).pixels.shape == (90, 120, 3)
    assert refusal(data[: len(data) * 2 // 3]) == "truncated"


def test_one_wrong_bit_in_a_png_is_damage() -> None:
    data = bytearray(encode_png(drawn(90, 120)))
    data[len(data) // 2] ^= 1
    assert refusal(bytes(data)) == "damaged"


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_bytes_are_refused_or_read_and_nothing_else(kind: str) -> None:
    rng = np.random.default_rng(9)
    good = saved(drawn(30, 30), kind)
    for _ in range(60):
        data = bytearray(good)
        for at in rng.integers(0, min(len(data), 400), 4):
            data[at] = rng.integers(0, 256)
        try:
            decode(bytes(data))
        except PictureError as error:
            assert error.context["reason"] in ("unknown", "damaged", "truncated", "too_large")


@pytest.mark.parametrize("side", [15_000, 30_000, 2**31 - 1])
def test_a_picture_is_refused_by_its_header_before_it_fills_the_memory(side: int) -> None:
    assert side * side > PIXELS_MAX
    assert refusal(png_that_claims(side, side)) == "too_large"


# EXIF 2.32, Orientation: where the first row and column of what is stored are to be seen, as (bottom, right).
CORNERS = {1: (0, 0), 2: (0, 1), 3: (1, 1), 4: (1, 0), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}


@pytest.mark.parametrize("orientation", CORNERS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_turned_picture_is_set_upright(orientation: int, kind: str) -> None:
    stored = np.full((32, 48), 255, np.uint8)
    stored[:8, :8] = 0
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode(saved(stored, kind, exif=exif, dpi=(300, 150)))
    height, width = (32, 48) if orientation < 5 else (48, 32)
    bottom, right = CORNERS[orientation]
    assert decoded.pixels.shape == (height, width)
    assert decoded.pixels[-4 if bottom else 4, -4 if right else 4] < 40
    assert decoded.pixels.mean() > 220
    assert decoded.dpi == ((300, 150) if orientation < 5 else (150, 300))


def test_what_is_transparent_is_paper() -> None:
    glass = np.zeros((4, 4, 4), np.uint8)
    glass[:2] = (10, 20, 30, 255)
    pixels = decode(saved(glass, "PNG")).pixels
    assert pixels[0, 0].tolist() == [10, 20, 30]
    assert pixels[3, 3].tolist() == [255, 255, 255]


def test_sixteen_bits_keep_their_brightness() -> None:
    deep = np.array([[0, 257 * 100, 65535]], np.uint16)
    assert decode(saved(deep, "PNG")).pixels.tolist() == [[0, 100, 255]]


def test_a_file_of_several_pages_is_no_single_page() -> None:
    pages = [Image.fromarray(drawn()) for _ in range(2)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    assert refusal(out.getvalue()) == "unknown"


@pytest.mark.parametrize("fast", [False, True])
def test_a_copy_fills_its_room_and_keeps_its_shape(fast: bool) -> None:
    assert fit(drawn(200, 100), 80, 80, fast=fast).shape == (80, 40, 3)
    assert fit(drawn(20, 10, 1), 80, 60, fast=fast).shape == (60, 30)
    assert fit(drawn(3000, 2), 100, 100, fast=fast).shape == (100, 1, 3)


def test_shrinking_averages_all_pixels() -> None:
    board = np.indices((64, 64)).sum(axis=0) % 2 * 200
    assert (fit(board.astype(np.uint8), 16, 16) == 100).all()


def test_a_thumbnail_is_never_larger_than_its_picture() -> None:
    assert thumbnail(drawn(1000, 500)).shape == (512, 256, 3)
    small = drawn(20, 30)
    assert np.array_equal(thumbnail(small), small)
    assert not np.shares_memory(thumbnail(small), small)


def test_grey_weighs_colours_as_the_eye_does() -> None:
    primaries = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    # ITU-R BT.601: 0.299, 0.587 and 0.114 of 255
    assert grey(primaries).tolist() == [[76, 150, 29]]


def test_opencv_has_one_door() -> None:
    importing = set()
    for folder in ("station", "ui", "drivers"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name.split(".")[0] == "cv2" for name in names):
                    importing.add(file.relative_to(ROOT).as_posix())
    assert importing == {"station/imaging/cv.py"}


@pytest.mark.parametrize("before", [None, "/somewhere/plugins"])
def test_opencv_leaves_the_variables_of_qt_alone(before: str | None) -> None:
    names = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
    environ = {name: value for name, value in os.environ.items() if name not in names}
    if before is not None:
        environ[names[0]] = before
    program = f"""
import os, sys
import station.imaging.codec
from station.imaging.cv import cv
assert "cv2" not in sys.modules
assert cv().getNumThreads() == 1
assert [os.environ.get(name) for name in {names}] == {[before, None]}
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
