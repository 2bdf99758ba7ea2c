"""What SANE devices offer, in the words of real backends: sources, both sides, whole piles, keys."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from drivers.sane.face import SaneScanner
from station.devices.resolutions import common
from station.errors import Unsupported
from station.model.capability import (
    Area,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    ResolutionRange,
    ScanSettings,
    Source,
)
from tests.contracts import scanned
from tests.fake_sane import SHEETS, FakeSane

STRIP = ScanSettings(Source.FEEDER, ColourMode.GREY, 75, Area(0, 0, 20, 10))
SIDES = {
    Source.FLATBED: [False],
    Source.FEEDER: [False] * SHEETS,
    Source.DUPLEX: [False, True] * (SHEETS // 2),
}
"""Which pages are backs; the fake has sheets of one side each, so a duplex scan brings as many pages."""

Words = tuple[str, ...] | None


@pytest.fixture
def library() -> FakeSane:
    return FakeSane()


def on(library: FakeSane) -> SaneScanner:
    info = DeviceInfo("sane:fake:0", DeviceKind.SCANNER, "sane", "A fake", "fake:0")
    return SaneScanner(info, library, 1, {})


def backs(scanner: SaneScanner, source: Source) -> list[bool]:
    return [page.back for page in scanned(scanner, replace(STRIP, source=source))]


FEEDER_LEFT = "Automatic Document Feeder(left aligned)"
FEEDER_LEFT_BOTH = "Automatic Document Feeder(left aligned,Duplex)"

CHOICES: dict[str, tuple[tuple[str, ...], dict[Source, str]]] = {
    "fujitsu": (
        ("ADF Front", "ADF Back", "ADF Duplex"),
        {Source.FEEDER: "ADF Front", Source.DUPLEX: "ADF Duplex"},
    ),
    "canon_dr": (
        ("Flatbed", "ADF Front", "ADF Back", "ADF Duplex", "Card Front", "Card Back", "Card Duplex"),
        {Source.FLATBED: "Flatbed", Source.FEEDER: "ADF Front", Source.DUPLEX: "ADF Duplex"},
    ),
    "brscan4": (
        ("FlatBed", FEEDER_LEFT, FEEDER_LEFT_BOTH, "Automatic Document Feeder(centrally aligned)"),
        {Source.FLATBED: "FlatBed", Source.FEEDER: FEEDER_LEFT, Source.DUPLEX: FEEDER_LEFT_BOTH},
    ),
    "hpaio": (
        ("Flatbed", "ADF", "Duplex"),
        {Source.FLATBED: "Flatbed", Source.FEEDER: "ADF", Source.DUPLEX: "Duplex"},
    ),
    "hp5590": (
        ("TMA Slides", "TMA Negatives", "ADF Duplex", "ADF", "Flatbed"),
        {Source.FLATBED: "Flatbed", Source.FEEDER: "ADF", Source.DUPLEX: "ADF Duplex"},
    ),
    "both sides in one word": (
        ("ADF Front/Back", "ADF Back", "ADF Front"),
        {Source.FEEDER: "ADF Front", Source.DUPLEX: "ADF Front/Back"},
    ),
    "snapscan": (
        ("Flatbed", "Transparency Adapter", "Document Feeder"),
        {Source.FLATBED: "Flatbed", Source.FEEDER: "Document Feeder"},
    ),
    "kvs1025": (("adf", "fb"), {Source.FLATBED: "fb", Source.FEEDER: "adf"}),
}


@pytest.mark.parametrize("backend", CHOICES)
def test_the_words_of_a_backend_are_set_and_the_backs_are_marked(library: FakeSane, backend: str) -> None:
    library.sources, meant = CHOICES[backend]
    scanner = on(library)
    assert scanner.capabilities().sources == tuple(source for source in Source if source in meant)
    for source, word in meant.items():
        assert backs(scanner, source) == SIDES[source]
        assert library.values["source"] == word
    for source in set(Source) - set(meant):
        with pytest.raises(Unsupported) as caught:
            backs(scanner, source)
        assert caught.value.context["setting"] == "source"


EPSON = ("Flatbed", "Automatic Document Feeder", "Transparency Unit")
SWITCHED: dict[str, tuple[Words, dict[str, Words], Mapping[Source, Mapping[str, object]]]] = {
    "epson2": (
        EPSON,
        {"adf-mode": ("Simplex", "Duplex")},
        {Source.FLATBED: {}, Source.FEEDER: {"adf-mode": "Simplex"}, Source.DUPLEX: {"adf-mode": "Duplex"}},
    ),
    "kvs40xx": (
        ("adf", "fb"),
        {"duplex": None, "feeder-mode": ("single", "continuous")},
        {
            Source.FLATBED: {"duplex": False, "feeder-mode": "single"},
            Source.FEEDER: {"duplex": False, "feeder-mode": "continuous"},
            Source.DUPLEX: {"duplex": True, "feeder-mode": "continuous"},
        },
    ),
    "matsushita, that names no source": (
        None,
        {"duplex": None, "feeder-mode": ("One page", "All pages")},
        {
            Source.FEEDER: {"duplex": False, "feeder-mode": "All pages"},
            Source.DUPLEX: {"duplex": True, "feeder-mode": "All pages"},
        },
    ),
    "lexmark": (
        ("Flatbed", "ADF"),
        {"scan-both-sides": None, "batch-scan": None},
        {
            Source.FLATBED: {"scan-both-sides": False, "batch-scan": False},
            Source.FEEDER: {"scan-both-sides": False, "batch-scan": True},
            Source.DUPLEX: {"scan-both-sides": True, "batch-scan": True},
        },
    ),
}


@pytest.mark.parametrize("backend", SWITCHED)
def test_switches_beside_the_source_are_turned_on_and_off_again(library: FakeSane, backend: str) -> None:
    library.sources, library.switches, meant = SWITCHED[backend]
    library.switches_hide = backend == "epson2"
    scanner = on(library)
    assert scanner.capabilities().sources == tuple(meant)
    for source in (Source.DUPLEX, *meant):
        assert backs(scanner, source) == SIDES[source]
        stand = {name: library.values.get(name) for name in meant[source]}
        assert stand == meant[source]
    for source in set(Source) - set(meant):
        with pytest.raises(Unsupported):
            backs(scanner, source)


def test_a_device_that_names_no_source_and_has_no_switch_gives_one_page_a_scan(library: FakeSane) -> None:
    library.sources = None
    scanner = on(library)
    assert scanner.capabilities().sources is None
    assert backs(scanner, Source.FLATBED) == [False]
    with pytest.raises(Unsupported):
        backs(scanner, Source.FEEDER)


def test_a_list_of_words_without_both_is_no_switch(library: FakeSane) -> None:
    library.sources, library.switches = EPSON, {"adf-mode": ("Duplex",), "ScanMode": ("Fast", "Best")}
    assert on(library).capabilities().sources == (Source.FLATBED, Source.FEEDER)


def test_capabilities_hold_for_every_source_and_leave_the_first_one_set(library: FakeSane) -> None:
    library.feeder_dpi = (150.0, 300.0, 600.0)
    able = on(library).capabilities()
    assert able.resolutions_dpi == (150, 300)
    assert able.area_mm == (216, 297)
    assert library.values["source"] == "FlatBed"


def test_a_source_that_is_named_but_cannot_be_set_is_not_there(library: FakeSane) -> None:
    library.refused = "ADF Duplex"
    assert on(library).capabilities().sources == (Source.FLATBED, Source.FEEDER)


@pytest.mark.parametrize(
    ("offered", "shared"),
    [
        ([(75, 300), (300, 600)], (300,)),
        ([(75, 150), (300, 600)], (75, 150)),
        ([ResolutionRange(50, 600), (75, 1200)], (75,)),
        ([ResolutionRange(50, 600), ResolutionRange(75, 300, 25)], ResolutionRange(75, 300, 25)),
        ([ResolutionRange(50, 100), ResolutionRange(200, 300)], ResolutionRange(50, 100)),
        ([None, (75,)], (75,)),
        ([None, None], None),
    ],
)
def test_resolutions_of_several_sources_are_those_that_all_have(offered: list, shared: object) -> None:
    assert common(offered) == shared


# -- keys ------------------------------------------------------------------------------------------------------


def test_only_keys_that_can_be_read_are_buttons(library: FakeSane) -> None:
    library.buttons = dict.fromkeys(
        ("scan", "button-2", "email", "page-loaded", "cover-open", "power", "stop"), 0
    )
    library.mute_buttons = {"email"}
    assert on(library).capabilities().buttons == ("scan", "button-2")


def test_a_device_without_keys_has_none(library: FakeSane) -> None:
    assert on(library).capabilities().buttons == ()


def test_buttons_that_are_down_are_named(library: FakeSane) -> None:
    library.buttons = {"scan": 0, "copy": 0}
    scanner = on(library)
    assert scanner.pressed() == ()
    library.buttons["copy"] = 1
    assert scanner.pressed() == ("copy",)
    assert len(scanned(scanner, replace(STRIP, source=Source.FLATBED))) == 1
    assert scanner.pressed() == ("copy",)
