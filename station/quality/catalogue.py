"""Every measure there is, by name. A new one is added here and asked for in a profile."""

from collections.abc import Mapping
from types import MappingProxyType

from station.quality.measure import Measure
from station.quality.page.blank import Marks
from station.quality.page.bleed_through import BleedThrough
from station.quality.page.contrast import TextContrast
from station.quality.page.covered import Covered
from station.quality.page.cut_edge import CutEdge
from station.quality.page.enlargement import Enlargement
from station.quality.page.exposure import ClippedHighlights, ClippedShadows, PaperWhite
from station.quality.page.jpeg_quality import JpegQuality
from station.quality.page.moire import Moire
from station.quality.page.noise import Noise
from station.quality.page.resolution import Resolution
from station.quality.page.shadow import UnevenLight
from station.quality.page.sharpness import TextSharpness, WorstTextSharpness
from station.quality.page.skew import Skew
from station.quality.page.streaks import Streaks
from station.quality.portrait.background import BackgroundUniformity
from station.quality.portrait.background_own import BackgroundColour, BackgroundEvenness, BackgroundLightness
from station.quality.portrait.colour import ColourSpace, NaturalColour
from station.quality.portrait.compression_substitute import CompressionSubstitute
from station.quality.portrait.expression_substitute import GazeSubstitute, SmileSubstitute
from station.quality.portrait.eyes_and_mouth import EyesOpen, MouthClosed
from station.quality.portrait.highlights import FaceHighlights
from station.quality.portrait.illumination import IlluminationUniformity
from station.quality.portrait.luminance import LIGHT
from station.quality.portrait.occlusion_substitute import (
    EyesOcclusionSubstitute,
    FaceOcclusionSubstitute,
    LowerFaceOcclusionSubstitute,
)
from station.quality.portrait.pose import HeadPose
from station.quality.portrait.sharpness_substitute import SharpnessSubstitute
from station.quality.portrait.single_face import SingleFacePresent
from station.quality.portrait.size import ROOM, InterEyeDistance
from station.quality.portrait.unified import UnifiedQualityScore
from station.quality.sample import PageSample, PortraitSample

_PAGE: tuple[Measure[PageSample], ...] = (
    Resolution(),
    TextSharpness(),
    WorstTextSharpness(),
    TextContrast(),
    PaperWhite(),
    ClippedHighlights(),
    ClippedShadows(),
    Marks(),
    Skew(),
    CutEdge(),
    UnevenLight(),
    Noise(),
    Covered(),
    BleedThrough(),
    Streaks(),
    Moire(),
    JpegQuality(),
    Enlargement(),
)
_PORTRAIT: tuple[Measure[PortraitSample], ...] = (
    UnifiedQualityScore(),
    BackgroundUniformity(),
    IlluminationUniformity(),
    *LIGHT,
    NaturalColour(),
    SingleFacePresent(),
    EyesOpen(),
    MouthClosed(),
    InterEyeDistance(),
    *ROOM,
    HeadPose("yaw"),
    HeadPose("pitch"),
    HeadPose("roll"),
    # Ours from here on: no component of the standard has these names.
    ColourSpace(),
    FaceHighlights(),
    BackgroundLightness(),
    BackgroundColour(),
    BackgroundEvenness(),
    SharpnessSubstitute(),
    SmileSubstitute(),
    GazeSubstitute(),
    FaceOcclusionSubstitute(),
    LowerFaceOcclusionSubstitute(),
    EyesOcclusionSubstitute(),
    CompressionSubstitute(),
)

PAGE: Mapping[str, Measure[PageSample]] = MappingProxyType({measure.name: measure for measure in _PAGE})
PORTRAIT: Mapping[str, Measure[PortraitSample]] = MappingProxyType({m.name: m for m in _PORTRAIT})
