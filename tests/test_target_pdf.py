"""A target as a PDF: true millimetres, one black ink, no scaling, and notes that keep clear."""

import io
from dataclasses import replace
from math import pi

import pikepdf
import pytest

from station.calibration.label import text_of
from station.calibration.layouts import FOLDER, load_layouts
from station.calibration.shapes import extent
from station.delivery.target_pdf import NOTES, target_pdf
from station.model.target import TargetKind, TargetLabel, TargetLayout
from station.settings import resources_dir

LAYOUTS = load_layouts(resources_dir() / FOLDER)
LABEL = TargetLabel(TargetKind.A4, "1", "S-0001")
LETTER = 0.56
"""Of Helvetica's digits in its size; a line of digits, small letters and a few capitals is no wider."""


@pytest.fixture(params=list(TargetKind), ids=str)
def layout(request: pytest.FixtureRequest) -> TargetLayout:
    found: TargetLayout = LAYOUTS[request.param]
    return found


@pytest.fixture
def label(layout: TargetLayout) -> TargetLabel:
    return replace(LABEL, kind=layout.kind)


def test_the_page_is_the_sheet_and_is_not_scaled(layout: TargetLayout, label: TargetLabel) -> None:
    with pikepdf.open(io.BytesIO(target_pdf(layout, label))) as pdf:
        (page,) = pdf.pages
        points = (0, 0, layout.width * 72 / 25.4, layout.height * 72 / 25.4)
        assert [float(side) for side in page.MediaBox] == pytest.approx(points, abs=1e-5)
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert pdf.docinfo["/Title"] == f"{layout.title}, S-0001"
        assert pdf.check_pdf_syntax() == []


def test_everything_lies_in_millimetres_from_the_top_left(layout: TargetLayout, label: TargetLabel) -> None:
    with pikepdf.open(io.BytesIO(target_pdf(layout, label))) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
    matrix = [float(number) for number in steps[0].operands]
    assert str(steps[0].operator) == "cm"
    assert matrix == pytest.approx([72 / 25.4, 0, 0, -72 / 25.4, 0, layout.height * 72 / 25.4], abs=1e-5)
    boxes = [[float(n) for n in step.operands] for step in steps if str(step.operator) == "re"]
    for fiducial in layout.fiducials:
        (x, y), half = fiducial.centre, fiducial.size / 2
        assert [x - half, y - half, half, half] in [pytest.approx(box, abs=1e-5) for box in boxes]
        assert [x, y, half, half] in [pytest.approx(box, abs=1e-5) for box in boxes]


def test_what_is_neutral_is_one_ink(label: TargetLabel, layout: TargetLayout) -> None:
    with pikepdf.open(io.BytesIO(target_pdf(layout, label))) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
    greys = {float(step.operands[0]) for step in steps if str(step.operator) == "g"}
    colours = [[float(n) for n in step.operands] for step in steps if str(step.operator) == "rg"]
    wanted = {patch.design for patch in layout.patches}
    assert {0.0, 1.0} <= greys
    assert {round(level * 255) for level in greys} == {0, 255} | {d[0] for d in wanted if len(set(d)) == 1}
    assert {tuple(round(n * 255) for n in c) for c in colours} == {d for d in wanted if len(set(d)) > 1}


def test_dots_are_round() -> None:
    layout = LAYOUTS[TargetKind.A4]
    with pikepdf.open(io.BytesIO(target_pdf(layout, LABEL))) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
    curves = [[float(n) for n in step.operands] for step in steps if str(step.operator) == "c"]
    assert len(curves) == 4 * (len(layout.dots) + 1)  # the ring has a hole
    starts = [[float(n) for n in step.operands] for step in steps if str(step.operator) == "m"]
    right_of_first = [layout.dots[0].centre[0] + 1.0, layout.dots[0].centre[1]]
    begin = next(start for start in starts if start == pytest.approx(right_of_first))
    # The area of four cubics by Green's theorem, in steps of a hundredth.
    area, (x, y) = 0.0, begin
    for curve in curves[:4]:
        points = [(x, y), *zip(curve[::2], curve[1::2], strict=True)]
        last = points[0]
        for at in range(1, 101):
            t = at / 100
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            now = tuple(sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1))
            area += (last[0] * now[1] - now[0] * last[1]) / 2
            last = (now[0], now[1])
        x, y = points[-1]
    assert [x, y] == pytest.approx(begin)
    assert abs(area) == pytest.approx(pi, rel=5e-4)


def test_notes_keep_clear_of_all_that_is_measured(layout: TargetLayout, label: TargetLabel) -> None:
    longest = replace(label, serial="S" * 16, reference="0" * 12, expires="20270131")
    facts = {"title": layout.title, "serial": longest.serial, "label": text_of(longest)}
    groups = (layout.fiducials, layout.markers, layout.squares, layout.patches, layout.dots, layout.rulers)
    left, top, right, bottom = extent(layout.symbol)
    quiet = layout.symbol.size / 20  # a module; the symbol has 20 and more
    rooms = [
        (left - quiet, top, right + quiet, bottom),
        *(extent(element) for group in groups for element in group),
    ]
    for note in NOTES[layout.kind]:
        (left, base), said = note.begin, note.text.format(**facts)
        right, top, bottom = (
            left + len(said) * note.size * LETTER,
            base - 0.75 * note.size,
            base + 0.25 * note.size,
        )
        assert right < layout.width - 3 and bottom < layout.height - 2
        for box in rooms:
            assert max(box[0] - right, left - box[2], box[1] - bottom, top - box[3]) >= 0, (note.text, box)


def test_the_same_label_gives_the_same_bytes(layout: TargetLayout, label: TargetLabel) -> None:
    assert target_pdf(layout, label) == target_pdf(layout, label)
    assert target_pdf(layout, label) != target_pdf(layout, replace(label, serial="S-0002"))
