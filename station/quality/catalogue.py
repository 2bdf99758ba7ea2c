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
from station.quality.portrait.background import BackgroundLightness, BackgroundUniformity
from station.quality.portrait.exposure import FaceHighlights, FaceLightness, OverExposure, UnderExposure
from station.quality.portrait.sharpness import FaceSharpness
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
    FaceSharpness(),
    FaceHighlights(),
    FaceLightness(),
    OverExposure(),
    UnderExposure(),
    BackgroundUniformity(),
    BackgroundLightness(),
)

PAGE: Mapping[str, Measure[PageSample]] = MappingProxyType({measure.name: measure for measure in _PAGE})
PORTRAIT: Mapping[str, Measure[PortraitSample]] = MappingProxyType({m.name: m for m in _PORTRAIT})
