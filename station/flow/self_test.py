"""The station looks at golden pictures: decoder, readers and measures answer as they did when they were proved.

`make golden` notes the answers beside the pictures. How near is near enough is settled for each measure in
station/quality/tolerance.py. Stateless; safe from any thread.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType

from station.errors import PictureError, SelfTestFailed, StationError
from station.flow.board import Board
from station.flow.events import Event, SelfTested, Trouble
from station.flow.workshop import Workshop
from station.imaging import codec
from station.model.image import Pixels
from station.model.photo import PhotoProfile
from station.model.quality import Finding, Limit, QualityReport
from station.quality import tolerance, versions
from station.quality.assess import assess
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.photo.crop import propose
from station.quality.photo.head import head
from station.quality.photo.judge import judge
from station.quality.profile import Asked, Profile, Subject
from station.quality.sample import PageSample, PortraitSample
from station.reading import barcode, mrz_optical
from station.settings import resources_dir

_log = logging.getLogger(__name__)

GOLDEN = resources_dir() / "golden"
ANSWERS = "answers.json"

_TODAY = date(2026, 1, 1)
"""Decides the centuries of the golden zone's dates, whatever the clock shows."""

_NAMED = 3
"""So many measures that differ are named; a changed decoder changes them all."""

_PHOTO = PhotoProfile(
    "golden", "Golden", "1", (), size_px=(420, 540), least_px=(70, 90), head_height=(0.57, 0.69),
    eye_line=(0.3, 0.5), centre=(0.45, 0.55), head_width=(0.4, 0.8), inter_eye_px=50.0, roll=8.0,
    quality=(95, 60), bytes_range=(0, 1_000_000), margin=0.05,
)  # fmt: skip

Answer = str | tuple[float, int | None]
"""What was read, or why nothing was measured, as text; or the raw value as reports bear it, and its points."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """An answer that is not the golden one."""

    measure: str
    picture: str
    golden: Answer | None
    found: Answer | None


def deviations(folder: Path = GOLDEN) -> tuple[Deviation, ...]:
    """Return what differs from the golden answers, the decoder first; nothing when all is well.

    Raises:
        SelfTestFailed: `reason` is damaged: the golden files are not what they were.
    """
    golden = noted(folder)
    different = [
        Deviation(name, picture, expected.get(name), found.get(name))
        for picture, (sha256, expected) in golden.items()
        for found in [answers(_proved(folder / picture, sha256))]
        for name in (*expected, *(found.keys() - expected.keys()))
        if not agree(name, expected.get(name), found.get(name))
    ]
    return tuple(sorted(different, key=lambda deviation: deviation.measure != versions.DECODER))


def prove(folder: Path = GOLDEN) -> None:
    """Make sure that this station measures as it was proved to.

    Raises:
        SelfTestFailed: it does not: `reason` is differs, with `measures`; or damaged, with `measures` "".
    """
    names = []
    for deviation in deviations(folder):
        found = (deviation.measure, deviation.picture, deviation.golden, deviation.found)
        _log.error("self-test: %s of %s is to be %r and is %r", *found)
        names.append(deviation.measure)
    names = list(dict.fromkeys(names))
    if names:
        named = ", ".join(names[:_NAMED])
        raise SelfTestFailed(reason="differs", measures=named, count=len(names))


def agree(measure: str, golden: Answer | None, found: Answer | None) -> bool:
    """Tell whether an answer is the golden one, as nearly as the measure can be held to."""
    if not isinstance(golden, tuple) or not isinstance(found, tuple):
        return golden == found
    return tolerance.alike(measure, golden, found)


def answers(path: Path) -> dict[str, Answer]:
    """Return what this station makes of one golden picture, by measure."""
    try:
        data = path.read_bytes()
        pixels = codec.decode(data).pixels
    except (OSError, PictureError):
        return {versions.DECODER: "unreadable"}
    shape = "x".join(map(str, pixels.shape))
    decoded = f"{shape} {hashlib.sha256(pixels.tobytes()).hexdigest()}"
    return {versions.DECODER: decoded, **dict(ASKED[path.name](pixels, data))}


def noted(folder: Path = GOLDEN) -> dict[str, tuple[str, dict[str, Answer]]]:
    """Return each picture's SHA-256 and golden answers, as `make golden` noted them.

    Raises:
        SelfTestFailed: they cannot be read.
    """
    try:
        pictures = json.loads((folder / ANSWERS).read_text("utf-8"))["pictures"]
        return {
            name: (entry["sha256"], {measure: _answer(told) for measure, told in entry["answers"].items()})
            for name, entry in pictures.items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise SelfTestFailed(reason="damaged", measures="", picture=ANSWERS) from None


def _answer(told: object) -> Answer:
    if isinstance(told, str):
        return told
    if isinstance(told, list) and len(told) == 2:
        return float(told[0]), None if told[1] is None else int(told[1])
    raise TypeError


def _proved(path: Path, sha256: str) -> Path:
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SelfTestFailed(reason="damaged", measures="", picture=path.name)
    return path


# -- at the start ----------------------------------------------------------------------------------------------


def begin(post: Callable[..., None], notify: Callable[[Event], None], board: Board, workshop: Workshop) -> None:
    """Look at the golden pictures on a workshop lane; what differs keeps every real device from being used.

    Posts SelfTested, and Trouble when it failed. Called on the desk lane, which `post` leads back to.
    """

    def ended(done: "Future[None]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            notify(SelfTested())
            return
        if not isinstance(error, StationError):
            _log.error("the self-test broke off", exc_info=error)
            error = SelfTestFailed(reason="fault", measures="")
        board.refuse(error)
        notify(SelfTested(error))
        notify(Trouble(error))

    workshop.submit(prove).add_done_callback(partial(post, ended))


# -- what is asked of each picture -----------------------------------------------------------------------------


def _page(pixels: Pixels, data: bytes) -> Iterator[tuple[str, Answer]]:
    yield from _said(assess(_EVERY_PAGE, PageSample(pixels, codec.decode(data).dpi, data)))


def _portrait(pixels: Pixels, data: bytes) -> Iterator[tuple[str, Answer]]:
    sample = PortraitSample(pixels, encoded=data)
    yield from _said(assess(_EVERY_PORTRAIT, sample))
    if sample.face is not None:
        size = (pixels.shape[1], pixels.shape[0])
        seen = head(sample.face, sample.person, size)
        yield from _said(judge(propose(seen, size, _PHOTO), seen, size, _PHOTO))


def _zone(pixels: Pixels, _: bytes) -> Iterator[tuple[str, Answer]]:
    found = mrz_optical.read(pixels, today=_TODAY)
    yield versions.PRINTED_LINES, "\n".join((found.mrz.status, *found.mrz.lines)) if found else "not_found"


def _codes(pixels: Pixels, _: bytes) -> Iterator[tuple[str, Answer]]:
    read = sorted(f"{code.symbology.value} {code.text}" for code in barcode.read(pixels))
    yield versions.BAR_CODES, "\n".join(read)


def _said(report: QualityReport) -> Iterator[tuple[str, Answer]]:
    for finding in report.findings:
        yield finding.measure, _said_of(finding)


def _said_of(finding: Finding) -> Answer:
    return finding.reason if finding.raw is None else (finding.raw, finding.score)


def _every(name: str, subject: Subject, measures: Mapping[str, object]) -> Profile:
    return Profile(name, name, "1", subject, dict.fromkeys(measures, Asked(Limit(), required=False)))


_EVERY_PAGE = _every("golden page", Subject.PAGE, PAGE)
_EVERY_PORTRAIT = _every("golden portrait", Subject.PORTRAIT, PORTRAIT)

ASKED: Mapping[str, Callable[[Pixels, bytes], Iterator[tuple[str, Answer]]]] = MappingProxyType(
    {
        "page.jpg": _page,
        "spoilt.jpg": _page,
        "zone.png": _zone,
        "portrait.jpg": _portrait,
        "shades.jpg": _portrait,
        "mask.jpg": _portrait,
        "codes.png": _codes,
    }
)
"""The golden pictures. Of each measure one shows little of what it looks for, another much."""
