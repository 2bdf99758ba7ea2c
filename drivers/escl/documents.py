"""The XML of eSCL: capabilities, status and the settings of a job. Nothing in it is trusted.

Elements are found by their names alone, since devices differ in the namespaces, and in where they nest what.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from xml.sax.saxutils import escape

from station.model.capability import ColourMode, ResolutionRange, Source

MOST_BYTES = 1_000_000
"""Of one document. The longest seen, a status with a long list of jobs, had 3 kB."""

UNITS_PER_INCH = 300
LARGEST_UNITS = 100_000
"""8.5 m: no glass and no feeder takes more; what is larger is a mistake."""
LARGEST_DPI = 19_200

MODES = {
    "RGB24": ColourMode.COLOUR,
    "Grayscale8": ColourMode.GREY,
    "BlackAndWhite1": ColourMode.BINARY,
}
FORMATS = {
    ColourMode.COLOUR: ("image/jpeg", "image/png"),
    ColourMode.GREY: ("image/jpeg", "image/png"),
    ColourMode.BINARY: ("image/png",),
}
"""What we ask for, best first. JPEG cannot hold one bit a pixel."""

_INTAKES = {
    "PlatenInputCaps": Source.FLATBED,
    "AdfSimplexInputCaps": Source.FEEDER,
    "AdfDuplexInputCaps": Source.DUPLEX,
}
_DECLARATION = re.compile(r"<!\s*(doctype|entity)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")


class Malformed(Exception):
    """A document that is not what eSCL says; the text is a word or two for the log."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What goes together. `formats` are media types; `resolutions` None means that the device cannot tell."""

    modes: frozenset[ColourMode]
    formats: frozenset[str]
    resolutions: tuple[int, ...] | ResolutionRange | None

    def format_of(self, mode: ColourMode) -> str | None:
        """Return the best format in this mode; None when there is none that we read."""
        if mode not in self.modes:
            return None
        return next((media for media in FORMATS[mode] if media in self.formats), None)


@dataclass(frozen=True, slots=True)
class Intake:
    """One way for paper to come in; sizes in 1/300 inch."""

    min_width: int
    min_height: int
    max_width: int
    max_height: int
    profiles: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a scanner says of itself."""

    model: str
    intakes: dict[Source, Intake]


@dataclass(frozen=True, slots=True)
class JobView:
    """How a job stands: `state` and `reasons` in the words of PWG 5100.x."""

    path: str
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScannerView:
    """How the scanner stands, in its own words; "" where it says nothing."""

    state: str
    feeder: str
    jobs: tuple[JobView, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A job as it is asked for; `left`, `top`, `width`, `height` in 1/300 inch.

    `open_end` tells that a page may be shorter: the sheet ends where it ends.
    """

    source: Source
    mode: ColourMode
    media_type: str
    dpi: int
    left: int
    top: int
    width: int
    height: int
    open_end: bool

    @property
    def feeds(self) -> bool:
        """Whether paper comes from the feeder."""
        return self.source is not Source.FLATBED

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of a page in pixels."""
        return (round(self.width * self.dpi / UNITS_PER_INCH), round(self.height * self.dpi / UNITS_PER_INCH))

    def xml(self) -> bytes:
        """Return the body of the request for a job (ScanSettings)."""
        word = next(word for word, mode in MODES.items() if mode is self.mode)
        duplex = f"<scan:Duplex>{str(self.source is Source.DUPLEX).lower()}</scan:Duplex>" if self.feeds else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<scan:ScanSettings xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
            ' xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03">'
            "<pwg:Version>2.0</pwg:Version><scan:Intent>Document</scan:Intent><pwg:ScanRegions><pwg:ScanRegion>"
            "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>"
            f"<pwg:XOffset>{self.left}</pwg:XOffset><pwg:YOffset>{self.top}</pwg:YOffset>"
            f"<pwg:Width>{self.width}</pwg:Width><pwg:Height>{self.height}</pwg:Height>"
            "</pwg:ScanRegion></pwg:ScanRegions>"
            f"<pwg:InputSource>{'Feeder' if self.feeds else 'Platen'}</pwg:InputSource>"
            f"<scan:ColorMode>{word}</scan:ColorMode>"
            f"<pwg:DocumentFormat>{escape(self.media_type)}</pwg:DocumentFormat>"
            f"<scan:DocumentFormatExt>{escape(self.media_type)}</scan:DocumentFormatExt>"
            f"<scan:XResolution>{self.dpi}</scan:XResolution><scan:YResolution>{self.dpi}</scan:YResolution>"
            f"{duplex}</scan:ScanSettings>"
        ).encode()


def tree(body: bytes) -> ET.Element:
    """Parse a document that declares nothing: no entity is ever expanded, no other file read.

    Raises:
        Malformed.
    """
    if len(body) > MOST_BYTES:
        raise Malformed("too large")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    if _DECLARATION.search(text):
        raise Malformed("declares a document type")
    try:
        return ET.fromstring(text)  # from text, the coding that the document names is not looked at
    except (ET.ParseError, ValueError) as error:
        raise Malformed("not XML") from error


def offer_of(body: bytes) -> Offer:
    """Read ScannerCapabilities.

    Raises:
        Malformed: it is none, or offers nothing that we can use.
    """
    root = _rooted(body, "ScannerCapabilities")
    intakes = {}
    for word, source in _INTAKES.items():
        intake = next((_intake(element) for element in _all(root, word)), None)
        if intake is not None:
            intakes[source] = intake
    if not intakes:
        raise Malformed("no source of use")
    return Offer(_text(root, "MakeAndModel"), intakes)


def view_of(body: bytes) -> ScannerView:
    """Read ScannerStatus.

    Raises:
        Malformed.
    """
    root = _rooted(body, "ScannerStatus")
    jobs = tuple(
        JobView(
            path=_text(job, "JobUri"),
            state=_text(job, "JobState"),
            reasons=tuple((reason.text or "").strip() for reason in _all(job, "JobStateReason")),
        )
        for job in _all(root, "JobInfo")
    )
    own = {_name(child): (child.text or "").strip() for child in root}
    return ScannerView(own.get("State", ""), own.get("AdfState", ""), jobs)


def _rooted(body: bytes, name: str) -> ET.Element:
    root = tree(body)
    if _name(root) != name:
        raise Malformed(f"no {name}")
    return root


def _intake(element: ET.Element) -> Intake | None:
    """Read a way in; None when its sizes are none, or it has no mode, format and resolution that we can use."""
    low = (_number(element, "MinWidth") or 0, _number(element, "MinHeight") or 0)
    high = (_number(element, "MaxWidth") or 0, _number(element, "MaxHeight") or 0)
    if not all(0 < top <= LARGEST_UNITS and floor <= top for floor, top in zip(low, high, strict=True)):
        return None
    profiles = tuple(filter(_is_of_use, map(_profile, _all(element, "SettingProfile"))))
    return Intake(*low, *high, profiles) if profiles else None


def _is_of_use(profile: Profile) -> bool:
    return profile.resolutions != () and any(profile.format_of(mode) for mode in profile.modes)


def _profile(element: ET.Element) -> Profile:
    words = {(mode.text or "").strip() for mode in _all(element, "ColorMode")}
    formats = chain(_all(element, "DocumentFormat"), _all(element, "DocumentFormatExt"))
    return Profile(
        modes=frozenset(MODES[word] for word in words & MODES.keys()),
        formats=frozenset((media.text or "").strip().lower() for media in formats),
        resolutions=_resolutions(element),
    )


def _resolutions(profile: ET.Element) -> tuple[int, ...] | ResolutionRange | None:
    """Read resolutions that hold for both axes; discrete ones where a device names both kinds.

    Three forms of ranges were seen: XResolutionRange inside ResolutionRange, XResolutionRange by itself, and
    XResolution inside ResolutionRange.
    """
    supported = next(_all(profile, "SupportedResolutions"), None)
    if supported is None:
        return None
    pairs = [
        (_number(one, "XResolution"), _number(one, "YResolution"))
        for one in _all(supported, "DiscreteResolution")
    ]
    if pairs:
        return tuple(sorted({x for x, y in pairs if x is not None and x == y and 0 < x <= LARGEST_DPI}))
    spans = [
        (low, high, _number(axis, "Step") or 1)
        for axis in supported.iter()
        if _name(axis).startswith(("XResolution", "YResolution"))
        and (low := _number(axis, "Min")) is not None
        and (high := _number(axis, "Max")) is not None
    ]
    low = max((span[0] for span in spans), default=0) or 1
    high = min((span[1] for span in spans), default=0)
    if not low <= high <= LARGEST_DPI:
        return ()
    return ResolutionRange(low, high, max(span[2] for span in spans))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (inner for inner in element.iter() if _name(inner) == name)


def _text(element: ET.Element, name: str) -> str:
    return next(((inner.text or "").strip() for inner in _all(element, name)), "")


def _number(element: ET.Element, name: str) -> int | None:
    text = _text(element, name)
    return int(text) if _NUMBER.fullmatch(text) and text.isascii() else None
