"""What lies over a face is told, and what belongs to it is not: beards, lipstick, dark skin, odd light."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from drivers.simulated.head import render
from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.specimen import Sitter, Wear
from station.quality.measure import Measured
from station.quality.portrait.covering import Covering
from station.quality.portrait.occlusion_substitute import (
    EyesOcclusionSubstitute,
    FaceOcclusionSubstitute,
    LowerFaceOcclusionSubstitute,
)
from station.quality.sample import PortraitSample
from tests.covered_faces import BEARDS, LENSES, MASKS, bearded, masked, painted_lips, shaded, skin
from tests.made_faces import SHARED

LOWER_FACE_MOST = 0.5
EYES_MOST = 0.6
FACE_MOST = 0.2
"""Limits that the measures are made for: at most this is bare."""

COMPOSITES = ("f_african", "m_african", "m_multi", "f_easian", "f_white")
"""From dark to light, averaged from many: nobody."""

composite = pytest.mark.skipif(not SHARED.exists(), reason="the composite faces lie beside the repository")


@cache
def covering_drawn(wear: Wear, complexion: int, side_light: float = 0.0) -> Covering:
    sitter = Sitter(seed=complexion, complexion=complexion, wear=wear, side_light=side_light)
    return PortraitSample(render(sitter, 800, 600), live=True).covering


@cache
def face_of(name: str) -> Pixels:
    """Return a composite with about 100 px between the eyes."""
    return codec.thumbnail(codec.decode((SHARED / "composite" / f"{name}.jpg").read_bytes()).pixels, 675)


@cache
def mesh_of(name: str) -> PortraitSample:
    return PortraitSample(face_of(name))


def covering_of(pixels: Pixels) -> Covering:
    return PortraitSample(pixels, live=True).covering


@pytest.mark.parametrize("complexion", [3, 5, 8])  # light, middle, dark
def test_a_drawn_bare_face_is_bare_and_so_is_one_with_clear_glasses(complexion: int) -> None:
    for wear in (Wear.NOTHING, Wear.GLASSES):
        seen = covering_drawn(wear, complexion)
        assert seen.lower_face < 0.1 and seen.eyes < 0.3 and seen.face < 0.1


@pytest.mark.parametrize("complexion", [3, 8])
def test_a_drawn_mask_or_sunglasses_are_seen(complexion: int) -> None:
    for wear in (Wear.MASK_BLUE, Wear.MASK_WHITE, Wear.MASK_BLACK):
        seen = covering_drawn(wear, complexion)
        assert seen.lower_face > LOWER_FACE_MOST and seen.eyes < EYES_MOST and seen.face > FACE_MOST
    seen = covering_drawn(Wear.SUNGLASSES, complexion)
    assert seen.eyes > EYES_MOST and seen.lower_face < 0.1 and seen.face > FACE_MOST


def test_light_from_one_side_covers_nothing() -> None:
    seen = covering_drawn(Wear.NOTHING, 6, 0.8)
    assert seen.lower_face < 0.3 and seen.eyes < EYES_MOST


def test_the_three_measures_say_what_is_covered_and_where() -> None:
    sitter = Sitter(seed=2, complexion=4, wear=Wear.MASK_BLUE)
    sample = PortraitSample(render(sitter, 800, 600), live=True)
    eyes, lower, face = (
        measure.assess(sample)
        for measure in (EyesOcclusionSubstitute(), LowerFaceOcclusionSubstitute(), FaceOcclusionSubstitute())
    )
    assert isinstance(eyes, Measured) and isinstance(lower, Measured) and isinstance(face, Measured)
    assert (eyes.raw, lower.raw, face.raw) == (
        sample.covering.eyes,
        sample.covering.lower_face,
        sample.covering.face,
    )
    assert face.raw == pytest.approx(
        np.mean([sample.covering.eyes, sample.covering.nose, sample.covering.cheeks, sample.covering.mouth])
    )
    assert eyes.region and lower.region
    assert eyes.region.top + eyes.region.height <= lower.region.top  # eyes above the nose's tip


@composite
@pytest.mark.parametrize("name", COMPOSITES)
def test_a_mask_is_seen_in_every_colour_even_that_of_the_skin(name: str) -> None:
    face, mesh = face_of(name), mesh_of(name).landmarks
    for colour in (*MASKS.values(), skin(face, mesh)):
        assert covering_of(masked(face, mesh, colour)).lower_face > LOWER_FACE_MOST
    for colour in (MASKS["blue"], MASKS["black"], skin(face, mesh)):
        assert covering_of(masked(face, mesh, colour, under_nose=True)).lower_face > LOWER_FACE_MOST


@composite
@pytest.mark.parametrize("name", COMPOSITES)
def test_dark_lenses_are_seen_in_every_colour(name: str) -> None:
    face, mesh = face_of(name), mesh_of(name).landmarks
    for colour in LENSES.values():
        for dark in (1.0, 0.85):
            seen = covering_of(shaded(face, mesh, colour, dark))
            assert seen.eyes > EYES_MOST and seen.lower_face < LOWER_FACE_MOST


@composite
@pytest.mark.parametrize("name", COMPOSITES)
def test_beards_and_lipstick_belong_to_the_face(name: str) -> None:
    face, mesh = face_of(name), mesh_of(name).landmarks
    assert covering_of(face).lower_face < 0.1
    assert mesh_of(name).covering.eyes < 0.3
    for colour in BEARDS.values():
        assert covering_of(bearded(face, mesh, colour)).lower_face < LOWER_FACE_MOST
    for colour in ((170, 20, 40), (75, 20, 60)):
        assert covering_of(painted_lips(face, mesh, colour)).lower_face < LOWER_FACE_MOST


def _gain(factor: float) -> Callable[[Pixels], Pixels]:
    return lambda face: np.clip(face * factor, 0, 255).astype(np.uint8)


def _grain(face: Pixels) -> Pixels:
    noise = np.random.default_rng(2).normal(0, 12, face.shape)
    return np.clip(face + noise, 0, 255).astype(np.uint8)


LIGHTS: dict[str, Callable[[Pixels], Pixels]] = {
    "half": _gain(0.5),
    "burnt": _gain(1.4),
    "warm": lambda face: np.clip(face * [1.12, 1.0, 0.72], 0, 255).astype(np.uint8),
    "grey": lambda face: np.repeat(codec.grey(face)[..., None], 3, axis=2),
    "grain": _grain,
    "blur": lambda face: cv().GaussianBlur(face, (0, 0), 2.0),
    "small": lambda face: cv().resize(face, None, fx=0.45, fy=0.45, interpolation=cv().INTER_AREA),
}


@composite
@pytest.mark.parametrize("light", LIGHTS)
def test_the_light_does_not_matter(light: str) -> None:
    for name in ("m_african", "f_white"):
        face, mesh = face_of(name), mesh_of(name).landmarks
        bare = covering_of(LIGHTS[light](face))
        assert bare.lower_face < 0.3 and bare.eyes < 0.4 and bare.face < FACE_MOST
        assert covering_of(LIGHTS[light](masked(face, mesh, MASKS["blue"]))).lower_face > LOWER_FACE_MOST
        assert covering_of(LIGHTS[light](shaded(face, mesh, LENSES["black"]))).eyes > EYES_MOST


@composite
def test_a_fringe_down_to_the_brows_is_not_taken_for_skin() -> None:
    for name in COMPOSITES:
        face, mesh = face_of(name).copy(), mesh_of(name).landmarks
        (left, _), (right, below) = (
            mesh[127, :2].astype(int),
            (mesh[356, 0].astype(int), mesh[9, 1].astype(int)),
        )
        face[max(0, below - 120) : below, left:right] = (35, 25, 20)
        seen = covering_of(face)
        assert seen.lower_face < LOWER_FACE_MOST and seen.eyes < EYES_MOST
