"""The layouts of our own targets: nothing overlaps, all keep from the edge, and bad files are named."""

from collections.abc import Mapping
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

from station.calibration.label import label_in, text_of
from station.calibration.layouts import FOLDER, load_layouts
from station.calibration.shapes import extent
from station.errors import SettingsError
from station.model.target import PatchKind, TargetKind, TargetLabel, TargetLayout
from station.settings import resources_dir

OURS = resources_dir() / FOLDER
LAYOUTS = load_layouts(OURS)
MARGIN_MM = {TargetKind.A4: 4.0, TargetKind.CARD: 3.0}
"""What printers leave blank round a sheet; a card is printed on a larger sheet or to its edge."""

WHITE_BESIDE_MM = {TargetKind.A4: 6.0, TargetKind.CARD: 2.5}
"""Between a slanted edge and the next ink: at 300 dpi 71 and 30 px, half of a 60 px wide region (2.1)."""

Box = tuple[float, float, float, float]


@pytest.fixture(params=list(TargetKind), ids=str)
def layout(request: pytest.FixtureRequest) -> TargetLayout:
    found: TargetLayout = LAYOUTS[request.param]
    return found


def elements(layout: TargetLayout) -> dict[str, Box]:
    """Name every element's room; the symbol's with a quiet zone of a module, of which it has 20 and more."""
    left, top, right, bottom = extent(layout.symbol)
    quiet = layout.symbol.size / 20
    named = {"symbol": (left - quiet, top - quiet, right + quiet, bottom + quiet)}
    for group in ("fiducials", "markers", "squares", "patches", "dots"):
        named |= {f"{group} {element.id}": extent(element) for element in getattr(layout, group)}
    return named | {f"ruler {at}": extent(ruler) for at, ruler in enumerate(layout.rulers)}


def gap(one: Box, other: Box) -> float:
    """Return the distance of two boxes along the axis that parts them; negative where they overlap."""
    return max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])


def test_nothing_overlaps(layout: TargetLayout) -> None:
    for (name, box), (other_name, other) in combinations(elements(layout).items(), 2):
        in_rows = name.startswith("patches") and other_name.startswith("patches")
        assert gap(box, other) >= (-1e-9 if in_rows else 0.2), (name, other_name)


def test_all_keep_from_the_edge(layout: TargetLayout) -> None:
    margin = MARGIN_MM[layout.kind] - 1e-9
    for name, (left, top, right, bottom) in elements(layout).items():
        assert min(left, top, layout.width - right, layout.height - bottom) >= margin, name


def test_slanted_edges_have_white_beside_them(layout: TargetLayout) -> None:
    ink = {
        **{f"dot {dot.id}": extent(dot) for dot in layout.dots},
        **{patch.id: extent(patch) for patch in layout.patches if patch.kind is not PatchKind.BLANK},
        **{f"fiducial {f.id}": extent(f) for f in layout.fiducials},
        **{f"marker {marker.id}": extent(marker) for marker in layout.markers},
        **{f"ruler {at}": extent(ruler) for at, ruler in enumerate(layout.rulers)},
        "symbol": extent(layout.symbol),
    }
    white = WHITE_BESIDE_MM[layout.kind]
    for square in layout.squares:
        if square.field:
            assert (square.field - square.size * 1.09) / 2 >= 5, "black on every side of the white square"
            continue
        left, top, right, bottom = extent(square)
        for name, box in ink.items():
            assert gap((left - white, top, right + white, bottom), box) >= 0, (square.id, name)
            assert gap((left, top - white, right, bottom + white), box) >= 0, (square.id, name)


def test_edges_lie_at_the_centre_and_near_every_corner(layout: TargetLayout) -> None:
    squares = {square.id: square.centre for square in layout.squares}
    width, height = layout.width, layout.height
    corners = {
        "top_left": (0, 0),
        "top_right": (width, 0),
        "bottom_left": (0, height),
        "bottom_right": (width, height),
    }
    diagonal = dist((0, 0), (width, height))
    for name, corner in corners.items():
        assert dist(squares[name], corner) < diagonal / 4
    assert dist(squares["centre"], (width / 2, height / 2)) < diagonal / 25
    # 2.1: an edge measures a direction when it is 2 to 10 degrees off it.
    assert all(abs(square.degrees) == 5 for square in layout.squares)


def test_fiducials_have_the_distances_that_a_ruler_checks() -> None:
    sides = {}
    for kind, layout in LAYOUTS.items():
        at = {fiducial.id: fiducial.centre for fiducial in layout.fiducials}
        sides[kind] = (dist(at["top_left"], at["top_right"]), dist(at["top_left"], at["bottom_left"]))
    assert sides[TargetKind.A4] == pytest.approx((180.0, 267.0))
    assert sides[TargetKind.CARD] == pytest.approx((75.60, 43.98))


def test_sizes_are_those_of_the_standards() -> None:
    a4, card = LAYOUTS[TargetKind.A4], LAYOUTS[TargetKind.CARD]
    assert (a4.width, a4.height) == (210, 297)  # ISO 216
    assert (card.width, card.height) == (85.60, 53.98)  # ISO/IEC 7810, ID-1


def test_both_rows_of_grey_hold_the_same_steps_in_opposite_order() -> None:
    patches = {patch.id: patch for patch in LAYOUTS[TargetKind.A4].patches}
    steps = [(patches[f"grey_a_{n:02d}"], patches[f"grey_b_{n:02d}"]) for n in range(1, 13)]
    assert all(a.design == b.design for a, b in steps)
    assert all(a.left + b.left == 33 + 165 for a, b in steps)


def test_every_part_of_the_sheet_has_dots() -> None:
    layout = LAYOUTS[TargetKind.A4]
    cells = {(int(x // 70), int(y // 60)) for x, y in (dot.centre for dot in layout.dots)}
    assert cells == {(column, row) for column in range(3) for row in range(5)}
    assert [dot.ring for dot in layout.dots].count(True) == 1
    assert len({dot.id for dot in layout.dots}) == len(layout.dots) > 200


def test_blank_strips_cross_the_sheet() -> None:
    blank = {p.id: p for p in LAYOUTS[TargetKind.A4].patches if p.kind is PatchKind.BLANK}
    assert blank["strip_x_1"].width > 180 and blank["strip_x_2"].width > 180
    assert blank["strip_y_1"].height >= 250
    assert {f"field_{row}_{column}" for row in range(1, 8) for column in range(1, 6)} < set(blank)


# -- files that are not as they should be ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('kind = "a4"', 'kind = "a3"', "kind", "wrong_value"),
        ('kind = "a4"', 'kind = "card"', "kind", "duplicate"),
        ("width = 210.0", "width = 0", "width", "wrong_value"),
        ("width = 210.0", "width = nan", "width", "wrong_type"),
        ("width = 210.0", "width = true", "width", "wrong_type"),
        ("width = 210.0\n", "", "width", "missing"),
        ("width = 210.0", "paper = 210.0", "paper", "unknown_key"),
        ("{ id = 1,", "{ id = 0,", "markers", "duplicate"),
        ("{ id = 1,", "{ id = 50,", "markers.2.id", "wrong_value"),
        ("at = [105.0, 16.0]", "at = [105.0]", "symbol.at", "wrong_type"),
        ("[241, 221,", "[256, 221,", "rows.1.designs", "wrong_value"),
        ("[188, 48, 52]", "[188, 48]", "rows.3.designs", "wrong_type"),
        ('id = "grey_b"', 'id = "grey_a"', "patches", "duplicate"),
        ('kind = "grey"', 'kind = "blank"', "rows.1.kind", "wrong_value"),
    ],
)
def test_a_fault_in_a_layout_is_named(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    for path in OURS.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_layouts(tmp_path)
    facts: Mapping[str, object] = refused.value.context
    assert (facts["key"], facts["problem"]) == (key, problem)


def test_a_kind_without_a_layout_is_named(tmp_path: Path) -> None:
    (tmp_path / "ct_a4.toml").write_bytes((OURS / "ct_a4.toml").read_bytes())
    with pytest.raises(SettingsError) as refused:
        load_layouts(tmp_path)
    assert (refused.value.context["key"], refused.value.context["problem"]) == ("card", "missing")


# -- the label ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (TargetLabel(TargetKind.A4, "1", "S-0001"), "CT1;M1;S-0001;000000000000;00000000"),
        (
            TargetLabel(TargetKind.CARD, "12", "7", "0123456789ab", "20270131"),
            "CT1;C12;7;0123456789AB;20270131",
        ),
    ],
)
def test_a_label_is_its_text_and_back(label: TargetLabel, text: str) -> None:
    assert text_of(label) == text
    assert label_in(text) == label


@pytest.mark.parametrize(
    "text",
    [
        "", "CT1", "CT2;M1;S;000000000000;00000000", "CT1;X1;S;000000000000;00000000",
        "CT1;M0;S;000000000000;00000000", "CT1;M1;;000000000000;00000000",
        "CT1;M1;s;000000000000;00000000", "CT1;M1;S;00000000000;00000000",
        "CT1;M1;S;00000000000G;00000000", "CT1;M1;S;000000000000;20270231",
        "CT1;M1;S;000000000000;00000000\n", "CT1;M1;S;000000000000;0000000\u0660", "CT1;M1;" + "S" * 17
        + ";000000000000;00000000", "CT1;M1;S;A;000000000000;00000000",
    ],
)  # fmt: skip
def test_another_text_is_no_label(text: str) -> None:
    assert label_in(text) is None


@pytest.mark.parametrize(
    "label",
    [
        TargetLabel(TargetKind.A4, "1", "S;1"),
        TargetLabel(TargetKind.A4, "", "S"),
        TargetLabel(TargetKind.A4, "1", "S", "12"),
        TargetLabel(TargetKind.A4, "1", "S", "", "31.01.2027"),
    ],
)
def test_a_label_that_no_text_can_hold_is_refused(label: TargetLabel) -> None:
    with pytest.raises(ValueError, match="no such label"):
        text_of(label)
