"""Sheets on paper: what stands on them, that nothing is cut off, and that printers can draw their bars."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PySide6.QtPrintSupport import QPrinter

from station.errors import StorageMissing
from station.flow import headless, sheets
from station.flow.checklists import CATEGORIES, load_checklists
from station.model.checklist import Checklist, Item, ItemState
from station.model.document import Separator, SeparatorKind
from station.reading import barcode, separators
from station.settings import resources_dir
from tests.commands import ROOT
from tests.printed import NUMBER, a_visit
from tests.sheet_pages import painted
from ui.printing import output
from ui.printing.canvas import Canvas, Paper
from ui.printing.checklists import checklist_pages
from ui.printing.separators import separator_pages

DAY = date(2026, 11, 22)
LONG = "A certified translation of every paper that is neither in English nor in French, and its original"


@pytest.fixture(scope="module")
def visitor() -> Checklist:
    return load_checklists(resources_dir() / "checklists")["visitor"]


# -- values ----------------------------------------------------------------------------------------------------


def test_there_is_a_sheet_for_each_item_and_one_for_the_next(visitor: Checklist) -> None:
    views = sheets.separators(visitor)
    assert [view.item for view in views] == [*visitor.items, None]
    named = [separators.parse(view.code.text) for view in views]
    assert [found and found.item for found in named] == [item.id for item in visitor.items] + [""]


def test_a_list_of_nobody_has_no_states_and_no_number(visitor: Checklist) -> None:
    view = sheets.checklist_sheet(visitor, DAY)
    assert (view.application_number, view.number_bars, view.name) == ("", (), "")
    assert [line.item for line in view.lines] == list(visitor.items)
    assert {line.state for line in view.lines} == {None}
    questions = {question.id: question.text for question in visitor.questions}
    assert [line.question for line in view.lines] == [questions.get(item.when, "") for item in visitor.items]


def test_an_applicants_list_has_states_and_the_name_only_when_asked_for(visitor: Checklist) -> None:
    visit = a_visit(visitor)
    view = sheets.checklist_sheet(visitor, DAY, visit)
    assert view.application_number == NUMBER
    assert [line.state for line in view.lines] == [item.state for item in visit.items]
    assert view.name == ""
    assert sheets.checklist_sheet(visitor, DAY, visit, with_name=True).name == "Eriksson, Anna Maria"
    assert NUMBER not in repr(view) and "Eriksson" not in repr(view)


def test_who_takes_a_list_along_reads_what_is_still_to_be_brought(visitor: Checklist) -> None:
    view = sheets.checklist_sheet(visitor, DAY, a_visit(visitor), take_along=True)
    open_states = {ItemState.MISSING, ItemState.NOT_BROUGHT, ItemState.TOO_FEW, ItemState.UNDECIDED}
    assert {line.state for line in view.lines} == open_states


# -- pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", Paper)
def test_nothing_stands_where_a_printer_cannot_print(paper: Paper, visitor: Checklist, qapp: object) -> None:
    stretched = replace(
        visitor,
        title=LONG,
        items=tuple(
            replace(item, title=LONG) if at % 3 == 0 else item for at, item in enumerate(visitor.items)
        ),
    )
    visit = a_visit(stretched)
    visit = replace(visit, record=replace(visit.record, surname="Papadimitrakopoulou " * 4))
    view = sheets.checklist_sheet(stretched, DAY, visit, with_name=True)
    drawn = [*separator_pages(sheets.separators(stretched)[:2]), *checklist_pages(view, paper)]
    for page in drawn:
        picture = painted(page, 100, paper)
        edge = round(9 / 25.4 * 100)
        inner = picture[edge:-edge, edge:-edge]
        assert (inner < 128).any()
        outer = picture.astype(np.int16)
        outer[edge:-edge, edge:-edge] = 255
        assert (outer == 255).all()


def test_a_long_list_goes_over_pages_that_all_say_whose_it_is(visitor: Checklist, qapp: object) -> None:
    many = replace(visitor, items=tuple(Item(f"item_{at}", LONG) for at in range(60)), questions=())
    pages = checklist_pages(sheets.checklist_sheet(many, DAY, a_visit(many)), Paper.LETTER)
    assert len(pages) == pytest.approx(5, abs=2)
    for page in (pages[0], pages[-1]):
        assert separators.application_numbers(barcode.read(painted(page, 200, Paper.LETTER))) == {NUMBER}


def test_a_list_with_nothing_left_says_so_on_one_page(visitor: Checklist, qapp: object) -> None:
    visit = a_visit(visitor)
    done = replace(visit, items=tuple(replace(item, state=ItemState.PRESENT) for item in visit.items))
    (page,) = checklist_pages(sheets.checklist_sheet(visitor, DAY, done, take_along=True), Paper.A4)
    assert (painted(page, 100) < 128).any()


@pytest.mark.parametrize("dpi", [200, 203, 300, 600])
def test_bars_are_whole_dots_no_finer_than_the_standard_allows(
    dpi: int, visitor: Checklist, qapp: object
) -> None:
    """ISO/IEC 15417: modules of one width, ten of them clean on each side; 0.33 mm by the house's rule."""
    for view in sheets.separators(visitor)[-3:]:
        (page,) = separator_pages([view])
        picture = painted(page, dpi)
        assert set(np.unique(picture[round(0.75 * len(picture))])) == {0, 255}  # no grey edge
        edges = np.flatnonzero(np.diff(np.r_[255, picture[round(0.75 * len(picture))], 255]))
        widths = np.diff(edges)
        module = widths.min()
        assert tuple(widths // module) == view.code.bars and not (widths % module).any()
        assert module * 25.4 / dpi >= 0.33 - 0.5 * 25.4 / dpi
        assert min(edges[0], picture.shape[1] - edges[-1]) >= 10 * module


def test_an_item_too_long_for_bars_keeps_its_other_code(visitor: Checklist, qapp: object) -> None:
    item = replace(visitor.items[0], id="translation_of_" * 4)
    (view, _) = sheets.separators(replace(visitor, items=(item,)))
    (page,) = separator_pages([view])
    picture = painted(page, 200)
    named = separators.find(picture, (200, 200), barcode.read(picture))
    assert named == Separator(SeparatorKind.ITEM, item.id)


# -- devices ---------------------------------------------------------------------------------------------------


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


@pytest.mark.parametrize(("paper", "points"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_a_pdf_has_the_papers_size_and_no_pictures(
    paper: Paper, points: tuple[int, int], visitor: Checklist, qapp: object
) -> None:
    pages = separator_pages(sheets.separators(visitor))
    with opened(output.pdf(paper, pages, visitor.title)) as file:
        assert len(file.pages) == len(visitor.items) + 1
        assert str(file.docinfo.Title) == visitor.title
        for page in file.pages:
            assert [float(side) for side in page.mediabox] == pytest.approx([0, 0, *points], abs=1)
            assert page.get_images() == {}
            assert page.Resources.Font.keys()


def test_a_printer_draws_the_same_pages(visitor: Checklist, qapp: object, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    assert output.put(printer, Paper.A4, separator_pages(sheets.separators(visitor)[:3]))
    with opened((tmp_path / "printed.pdf").read_bytes()) as file:
        assert len(file.pages) == 3


@pytest.mark.qt_log_ignore("Returned false")
def test_a_printer_that_takes_nothing_is_told_of(qapp: object, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "nowhere" / "printed.pdf"))
    drawn: list[Canvas] = []
    assert not output.put(printer, Paper.A4, [drawn.append])
    assert drawn == []


# -- the command -----------------------------------------------------------------------------------------------


def test_the_command_writes_a_file_and_says_how_many_pages(visitor: Checklist, tmp_path: Path) -> None:
    file = tmp_path / "sheets.pdf"
    done = subprocess.run(
        [sys.executable, "main.py", "sheets", "--json", "--category=visitor", "--paper=letter", "--out", file],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"file": str(file), "pages": len(visitor.items) + 1}
    with opened(file.read_bytes()) as written:
        assert float(written.pages[0].mediabox[2]) == pytest.approx(612, abs=1)
    assert [path.name for path in tmp_path.iterdir()] == ["sheets.pdf"]


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    with pytest.raises(StorageMissing):
        headless.keep(tmp_path / "nowhere" / "sheets.pdf", b"new")
    folder = tmp_path / "sheets.pdf"
    folder.mkdir()
    with pytest.raises(StorageMissing):
        headless.keep(folder, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["sheets.pdf"]


def test_every_category_of_the_command_has_a_list() -> None:
    assert set(load_checklists(resources_dir() / "checklists")) == set(CATEGORIES)
