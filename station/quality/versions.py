"""Which measures judged: a whole number for each, raised whenever its answer to some picture changes.

A test holds the golden pictures against their expected outputs, and `make golden` writes no other output of a
measure whose number stayed the same. A number is never lowered, an entry never taken away.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import PIL
from PIL import features

from station.imaging.canonical_face import FACE_MODELS
from station.imaging.cv import cv
from station.imaging.model_file import MANIFEST

DECODER: Final = "decoder"
"""From bytes to pixels: all measures stand on it."""
PRINTED_LINES: Final = "printed_lines"
BAR_CODES: Final = "bar_codes"
SHEET_LENGTH: Final = "sheet_length"

VERSIONS: Mapping[str, int] = MappingProxyType(
    {
        DECODER: 1,
        PRINTED_LINES: 1,
        BAR_CODES: 1,
        # pages
        "resolution": 1,
        "text_sharpness": 1,
        "worst_text_sharpness": 1,
        "text_contrast": 1,
        "paper_white": 1,
        "clipped_highlights": 1,
        "clipped_shadows": 1,
        "marks": 1,
        "skew": 1,
        "cut_edge": 1,
        "uneven_light": 1,
        "noise": 1,
        "covered": 1,
        "bleed_through": 1,
        "streaks": 1,
        "moire": 1,
        "jpeg_quality": 1,
        "enlargement": 1,
        SHEET_LENGTH: 1,
        # portraits
        "unified_quality_score": 1,
        "background_uniformity": 1,
        "illumination_uniformity": 1,
        "luminance_mean": 1,
        "luminance_variance": 1,
        "under_exposure_prevention": 1,
        "over_exposure_prevention": 1,
        "dynamic_range": 1,
        "natural_colour": 1,
        "single_face_present": 1,
        "eyes_open": 1,
        "mouth_closed": 1,
        "inter_eye_distance": 1,
        "head_size": 1,
        "leftward_crop_of_the_face_image": 1,
        "rightward_crop_of_the_face_image": 1,
        "margin_above_of_the_face_image": 1,
        "margin_below_of_the_face_image": 1,
        "head_pose_yaw": 1,
        "head_pose_pitch": 1,
        "head_pose_roll": 1,
        "colour_space": 1,
        "face_highlights": 1,
        "background_lightness": 1,
        "background_colour": 1,
        "background_evenness": 1,
        "sharpness_substitute": 1,
        "smile_substitute": 1,
        "gaze_substitute": 1,
        "face_occlusion_substitute": 1,
        "lower_face_occlusion_substitute": 1,
        "eyes_occlusion_substitute": 1,
        "compression_substitute": 1,
        # photos that are cut from portraits
        "photo_head_height": 1,
        "photo_head_width": 1,
        "photo_eye_line": 1,
        "photo_centre": 1,
        "photo_margin": 1,
        "photo_roll": 1,
        "photo_inter_eye_distance": 1,
        "photo_size": 1,
        "photo_inside": 1,
    }
)


@cache
def stamp() -> str:
    """Return the version of all measures together as reports bear it: "64-3f2a…".

    The number grows with every change of a measure; the sixteen hex digits are of the SHA-256 of the versions,
    the proved networks and the libraries that count with us, so that no two that may differ look alike.
    """
    parts = [sorted(VERSIONS.items()), _networks(), _libraries()]
    digest = hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()
    return f"{sum(VERSIONS.values())}-{digest[:16]}"


def edition(of: str) -> str:
    """Return the number in a stamp, "" of a report that bears none."""
    return of.partition("-")[0]


def _networks() -> str:
    manifest: Path = FACE_MODELS / MANIFEST
    return hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() else ""


def _libraries() -> tuple[str, ...]:
    jpeg = features.version_feature("libjpeg_turbo") or features.version_codec("jpg")
    return np.__version__, cv().__version__, PIL.__version__, str(jpeg)
