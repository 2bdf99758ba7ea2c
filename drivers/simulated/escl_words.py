"""The XML that the simulated eSCL scanner speaks and understands."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from drivers.simulated.stationery import A4_MM
from station.model.capability import ColourMode
from station.model.image import MM_PER_INCH

PIXELS = 300
"""Sizes are counted in 1/300 inch."""
RESOLUTIONS = (75, 150, 300, 600)
COLOUR_WORDS = {
    "RGB24": ColourMode.COLOUR,
    "Grayscale8": ColourMode.GREY,
    "BlackAndWhite1": ColourMode.BINARY,
}
FORMATS = ("image/jpeg", "image/png")
MODEL = "Station Simulator"

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
    ' xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)


def capabilities_xml() -> str:
    """Return ScannerCapabilities: glass and duplex feeder of A4."""
    return (
        f"{_HEAD}<scan:ScannerCapabilities {_SPACES}><pwg:Version>2.63</pwg:Version>"
        f"<pwg:MakeAndModel>{MODEL}</pwg:MakeAndModel><pwg:SerialNumber>SIM-ESCL-1</pwg:SerialNumber>"
        f"<scan:Platen>{_intake('PlatenInputCaps')}</scan:Platen>"
        f"<scan:Adf>{_intake('AdfSimplexInputCaps')}{_intake('AdfDuplexInputCaps')}"
        "<scan:FeederCapacity>50</scan:FeederCapacity><scan:AdfOptions>"
        "<scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption>"
        "</scan:AdfOptions></scan:Adf></scan:ScannerCapabilities>"
    )


def status_xml(state: str, feeder: str, jobs: Iterable[tuple[str, str, str, int]]) -> str:
    """Return ScannerStatus; a job is its path, state, reason and count of pages."""
    told = "".join(
        f"<scan:JobInfo><pwg:JobUri>{path}</pwg:JobUri><pwg:ImagesCompleted>{done}</pwg:ImagesCompleted>"
        f"<pwg:JobState>{state}</pwg:JobState><pwg:JobStateReasons>"
        f"<pwg:JobStateReason>{reason}</pwg:JobStateReason></pwg:JobStateReasons></scan:JobInfo>"
        for path, state, reason, done in jobs
    )
    return (
        f"{_HEAD}<scan:ScannerStatus {_SPACES}><pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State>"
        f"<scan:AdfState>{feeder}</scan:AdfState><scan:Jobs>{told}</scan:Jobs></scan:ScannerStatus>"
    )


def word_in(asked: ET.Element, name: str) -> str:
    """Return the text of the first element of this name, "" when there is none."""
    return next(((one.text or "").strip() for one in asked.iter() if one.tag.rpartition("}")[2] == name), "")


def number_in(asked: ET.Element, name: str) -> int:
    """Return the number in the first element of this name, 0 when there is none."""
    word = word_in(asked, name)
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 7 else 0


def _intake(name: str) -> str:
    width, height = (round(mm / MM_PER_INCH * PIXELS) for mm in A4_MM)
    modes = "".join(f"<scan:ColorMode>{word}</scan:ColorMode>" for word in COLOUR_WORDS)
    formats = "".join(f"<pwg:DocumentFormat>{word}</pwg:DocumentFormat>" for word in FORMATS)
    steps = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
        f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in RESOLUTIONS
    )
    return (
        f"<scan:{name}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{width}</scan:MaxWidth>"
        f"<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight>"
        "<scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile>"
        f"<scan:ColorModes>{modes}</scan:ColorModes><scan:DocumentFormats>{formats}</scan:DocumentFormats>"
        f"<scan:SupportedResolutions><scan:DiscreteResolutions>{steps}</scan:DiscreteResolutions>"
        f"</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles></scan:{name}>"
    )
