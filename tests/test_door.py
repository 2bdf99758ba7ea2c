"""The door before a scanner: nothing passes that it does not offer, all passes that it does."""

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from station.devices.door import TOLERANCE_MM, refuse
from station.errors import Unsupported
from station.model.capability import (
    Area,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    ResolutionRange,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from ui.wording.errors import word

INFO = DeviceInfo("simulated:scanner", DeviceKind.SCANNER, "simulated", "A scanner", "0")
A4 = (210.0, 297.0)
ALL = ScannerCapabilities(tuple(Source), tuple(ColourMode), (150, 300, 600), A4)
PAGE = Area(0, 0, 139, 102)
"""A passport's page with a rim."""


def refusal(capabilities: ScannerCapabilities, settings: ScanSettings) -> dict[str, object]:
    """What the door says when it stops these settings."""
    with pytest.raises(Unsupported) as caught:
        refuse(INFO, capabilities, settings)
    return caught.value.context


@pytest.mark.parametrize(
    ("less", "asked", "setting", "value", "offered"),
    [
        ({"sources": (Source.FLATBED,)}, {"source": Source.DUPLEX}, "source", "duplex", ("flatbed",)),
        ({"modes": (ColourMode.GREY,)}, {"mode": ColourMode.COLOUR}, "mode", "colour", ("grey",)),
        ({"resolutions_dpi": (150, 300)}, {"resolution_dpi": 600}, "resolution_dpi", 600, (150, 300)),
        (
            {"resolutions_dpi": ResolutionRange(75, 600, 75)},
            {"resolution_dpi": 400},
            "resolution_dpi",
            400,
            ResolutionRange(75, 600, 75),
        ),
        ({"area_mm": (105.0, 74.0)}, {"area": PAGE}, "area", PAGE, (105.0, 74.0)),
    ],
)
def test_what_a_scanner_lacks_is_refused_with_what_it_has(
    less: dict[str, object], asked: dict[str, object], setting: str, value: object, offered: object
) -> None:
    capabilities, settings = replace(ALL, **less), replace(ScanSettings(), **asked)  # type: ignore[arg-type]
    assert refusal(capabilities, settings) == {
        "device": INFO.id, "setting": setting, "value": value, "offered": offered, "reason": "not_offered",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("none", "setting"),
    [
        ({"sources": ()}, "source"),
        ({"modes": ()}, "mode"),
        ({"resolutions_dpi": ()}, "resolution_dpi"),
        ({"resolutions_dpi": ResolutionRange(300, 150)}, "resolution_dpi"),
        ({"area_mm": (0.0, 0.0)}, "area"),
        ({"area_mm": (216.0, 0.0)}, "area"),
    ],
)
def test_a_scanner_that_has_none_of_a_kind_at_all_is_refused_in_words_of_its_own(
    none: dict[str, object], setting: str
) -> None:
    facts = refusal(replace(ALL, **none), ScanSettings())  # type: ignore[arg-type]
    assert (facts["setting"], facts["reason"], facts["offered"]) == (setting, "has_none", ())
    other = word(Unsupported(**{**facts, "reason": "not_offered", "offered": ("grey",)}))
    assert word(Unsupported(**facts)).why != other.why


def test_what_a_driver_cannot_tell_passes() -> None:
    silent = ScannerCapabilities(None, None, None, None)
    refuse(INFO, silent, ScanSettings(Source.DUPLEX, ColourMode.BINARY, 1200, Area(0, 0, 500, 900)))


def test_all_of_the_glass_is_offered_by_whoever_has_one() -> None:
    refuse(INFO, ALL, ScanSettings(area=None))


@pytest.mark.parametrize("edge", [0, 1, 2, 3])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_do_not_pass(edge: int, number: float) -> None:
    edges = [0.0, 0.0, 100.0, 100.0]
    edges[edge] = number
    assert refusal(ALL, ScanSettings(area=Area(*edges)))["setting"] == "area"


resolutions = st.one_of(
    st.none(),
    st.lists(st.integers(50, 1200), max_size=6).map(tuple),
    st.builds(ResolutionRange, st.integers(50, 300), st.integers(50, 1200), st.integers(1, 100)),
)
capabilities = st.builds(
    ScannerCapabilities,
    st.none() | st.lists(st.sampled_from(Source), unique=True).map(tuple),
    st.none() | st.lists(st.sampled_from(ColourMode), unique=True).map(tuple),
    resolutions,
    st.none() | st.tuples(st.floats(0, 400), st.floats(0, 400)),
)
millimetres = st.floats(-5, 450)
areas = st.none() | st.builds(Area, millimetres, millimetres, millimetres, millimetres)
settings = st.builds(
    ScanSettings, st.sampled_from(Source), st.sampled_from(ColourMode), st.integers(50, 1200), areas
)


@given(capabilities, settings)
def test_nothing_passes_that_is_outside(can: ScannerCapabilities, asked: ScanSettings) -> None:
    try:
        refuse(INFO, can, asked)
    except Unsupported:
        return
    assert can.sources is None or asked.source in can.sources
    assert can.modes is None or asked.mode in can.modes
    dpi = asked.resolution_dpi
    match can.resolutions_dpi:
        case ResolutionRange(low, high, step):
            assert dpi in range(low, high + 1, step)
        case tuple(offered):
            assert dpi in offered
    if can.area_mm is not None:
        width, height = can.area_mm
        area = asked.area or Area(0, 0, width, height)
        assert area.left_mm + area.width_mm <= width + TOLERANCE_MM
        assert area.top_mm + area.height_mm <= height + TOLERANCE_MM
        assert min(area.left_mm, area.top_mm) >= -TOLERANCE_MM
        assert min(area.width_mm, area.height_mm) > 0


@given(st.data(), capabilities)
def test_whatever_is_offered_passes(data: st.DataObject, can: ScannerCapabilities) -> None:
    match can.resolutions_dpi:
        case ResolutionRange(low, high, step):
            offered = range(low, high + 1, step)
        case None:
            offered = range(50, 1201)
        case listed:
            offered = listed  # type: ignore[assignment]
    sources, modes = (tuple(Source) if can.sources is None else can.sources, can.modes)
    modes = tuple(ColourMode) if modes is None else modes
    assume(sources and modes and offered and (can.area_mm is None or min(can.area_mm) > 1))
    area = None
    if can.area_mm is not None and data.draw(st.booleans()):
        (left, right), (top, bottom) = (
            sorted(data.draw(st.tuples(st.floats(0, edge), st.floats(0, edge)))) for edge in can.area_mm
        )
        assume(right - left > 0.01 and bottom - top > 0.01)
        area = Area(left, top, right - left, bottom - top)
    asked = ScanSettings(
        data.draw(st.sampled_from(sources)),
        data.draw(st.sampled_from(modes)),
        data.draw(st.sampled_from(offered)),
        area,
    )
    refuse(INFO, can, asked)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (ScanSettings(Source.DUPLEX), ("paper source: Feeder, both sides", "Glass, Feeder")),
        (ScanSettings(mode=ColourMode.COLOUR), ("colours: Colour", "Grey, Black and white")),
        (ScanSettings(mode=ColourMode.GREY, resolution_dpi=400), ("resolution: 400 dpi", "150, 300 dpi")),
        (
            ScanSettings(mode=ColourMode.GREY, area=Area(80, 10, 139, 102)),
            ("area: 219 x 112 mm", "210 x 297 mm"),
        ),
    ],
)
def test_a_refusal_says_what_was_asked_what_there_is_and_what_to_do(
    asked: ScanSettings, told: tuple[str, str]
) -> None:
    less = ScannerCapabilities(
        (Source.FLATBED, Source.FEEDER), (ColourMode.GREY, ColourMode.BINARY), (150, 300), A4
    )
    message = word(Unsupported(**refusal(less, asked)))
    times = "\N{MULTIPLICATION SIGN}"
    assert message.detail.replace(times, "x") == f"Asked for {told[0]}. Offered: {told[1]}."
    assert "another scanner" in message.do and "administrator" in message.do


def test_a_refused_range_is_told_by_its_ends() -> None:
    some = replace(ALL, resolutions_dpi=ResolutionRange(75, 600, 75))
    assert "75 to 600 dpi" in word(Unsupported(**refusal(some, ScanSettings(resolution_dpi=1200)))).detail


def test_a_source_that_the_profile_does_not_name_is_the_profiles_refusal() -> None:
    error = Unsupported(device="passport_page", setting="profile", value="feeder", offered="flatbed")
    message = word(error)
    assert message.detail == "Asked for paper source: Feeder. Offered: Glass."
    assert "administrator" in message.why
