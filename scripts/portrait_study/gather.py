"""Measures all faces in every light: `python -m scripts.portrait_study.gather FOLDER`.

FOLDER holds the ten composite faces (f_african.jpg … m_white.jpg) of DeBruine 2016,
doi 10.6084/m9.figshare.4055130.v1, CC BY 4.0. Only figures are kept; no picture goes into the repository.
"""

import sys
from collections.abc import Iterator
from math import atan2, degrees
from pathlib import Path

import numpy as np

from drivers.simulated.camera import SimulatedCamera
from drivers.simulated.driver import SimulatedDriver
from scripts.portrait_study.readings import (
    LIGHT,
    LUMINANCE,
    OF_LIGHT,
    SKIN,
    STOPS,
    TONE,
    VERDICT,
    Reading,
    write,
)
from station.devices.cancel import CancelToken
from station.imaging import codec
from station.imaging.cv import cv
from station.model.capability import CameraSettings, DeviceKind
from station.model.image import Pixels
from station.model.quality import QualityReport
from station.model.specimen import Sitter
from station.quality import lightness
from station.quality.assess import assess
from station.quality.portrait.aligned import cheeks
from station.quality.profile import load_profiles
from station.quality.sample import PortraitSample

PROFILES = Path(__file__).parents[2] / "resources" / "profiles"
COMPLEXIONS = 8
"""What a drawn person's complexion is chosen from (`station.model.specimen.Sitter`)."""
_PERSON = 2
_DECIMALS = 2


def main(folder: Path) -> None:
    """Measure and keep."""
    faces = [*composites(folder), *drawn()]
    write(reading for face in faces for reading in readings(*face))


def composites(folder: Path) -> Iterator[tuple[str, str, str, Pixels]]:
    """Yield kind, name, group and pixels of the averaged faces."""
    for path in sorted(folder.glob("[fm]_*.jpg")):
        yield "composite", path.stem, path.stem.partition("_")[2], codec.decode(path.read_bytes()).pixels


def drawn() -> Iterator[tuple[str, str, str, Pixels]]:
    """Yield the same of one drawn head in all complexions, in the same light."""
    driver = SimulatedDriver()
    camera = driver.open(next(info for info in driver.find() if info.kind is DeviceKind.CAMERA))
    assert isinstance(camera, SimulatedCamera)
    for number in range(1, COMPLEXIONS + 1):
        driver.props.seat(Sitter(seed=_PERSON, complexion=number))
        still = camera.still(CameraSettings(), CancelToken())
        yield "drawn", f"complexion_{number}", str(number), still.pixels
    camera.close()


def readings(kind: str, face: str, group: str, pixels: Pixels) -> Iterator[Reading]:
    """Yield what all measures say of a face, and what those of the light say in more light and in less."""
    profile = load_profiles(PROFILES)["portrait"]
    for stops in STOPS:
        sample = PortraitSample(exposed(pixels, stops))
        report = assess(profile, sample)
        told = Reading(kind, face, group, stops, VERDICT, report.verdict.value)
        for finding in report.findings:
            if stops == 0 or finding.measure in (*LIGHT, *LUMINANCE):
                raw = None if finding.raw is None else round(finding.raw, _DECIMALS + 1)
                yield Reading(
                    kind, face, group, stops, finding.measure, finding.status.value, raw, finding.score
                )
        light = QualityReport(profile.name, tuple(f for f in report.findings if f.measure in LIGHT))
        yield Reading(kind, face, group, stops, OF_LIGHT, light.verdict.value)
        yield told
        if stops == 0:
            for measure, value in zip((SKIN, TONE), skin(sample), strict=True):
                yield Reading(kind, face, group, stops, measure, "", round(value, _DECIMALS))


def exposed(pixels: Pixels, stops: float) -> Pixels:
    """Return the picture as the camera would have taken it with so many stops more light.

    In linear light (IEC 61966-2-1); what is above white is cut off, as in a sensor.
    """
    light = np.minimum(lightness.LINEAR * 2**stops, 1)
    codes = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    result: Pixels = cv().LUT(pixels, np.rint(255 * codes).astype(np.uint8))
    return result


def skin(sample: PortraitSample) -> tuple[float, float]:
    """Return L* of the cheeks and their individual typology angle, degrees (Chardon et al. 1991).

    Above 55 very light, 41 light, 28 intermediate, 10 tan, -30 brown, below it dark.
    """
    zones = cheeks(sample.aligned)
    assert zones is not None, "the faces of the study look ahead"
    found = np.concatenate([lightness.lab(sample.aligned.pixels[zone]).reshape(-1, 3) for zone in zones])
    level, _, yellow = np.median(found, axis=0)
    return float(level), degrees(atan2(level - 50, yellow))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
