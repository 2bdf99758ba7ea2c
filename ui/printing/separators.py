"""Separator sheets: one page for each item of a checklist, and one that means the next item."""

from collections.abc import Iterable
from functools import partial

from station.flow.sheets import SheetView
from ui.printing.canvas import MIDDLE, QUIET, Canvas, Page, Style, Words, largest
from ui.wording.translate import QT_TRANSLATE_NOOP, translated

_CONTEXT = "Sheets"
_KIND = QT_TRANSLATE_NOOP("Sheets", "Separator sheet")
_NEXT = QT_TRANSLATE_NOOP("Sheets", "Next document")
_BEFORE_ITEM = (
    QT_TRANSLATE_NOOP("Sheets", "Put this sheet before the pages of this document."),
    QT_TRANSLATE_NOOP("Sheets", "The pages behind it are filed under it, up to the next separator sheet."),
)
_BEFORE_NEXT = (
    QT_TRANSLATE_NOOP("Sheets", "Put this sheet between two documents."),
    QT_TRANSLATE_NOOP("Sheets", "The pages behind it are filed under the next item of the checklist."),
)
_ALWAYS = QT_TRANSLATE_NOOP("Sheets", "Any edge may go first. The sheet itself is not kept; use it again.")
_PRINT = QT_TRANSLATE_NOOP("Sheets", "Print at full size (100 %), in black, on white paper.")

_EDGE = 10.0  # the patch code keeps 6.35 mm from the leading edge (A-61599), printers leave up to 6 white
_SIDE = 18.0
_TALL = 28.0
_MATRIX_MODULE, _BARS_MODULE = 1.69, 0.51  # 20 and 6 dots of 300 dpi: read at 100 dpi, and with a crease


def separator_pages(views: Iterable[SheetView]) -> tuple[Page, ...]:
    """Return one page for each sheet."""
    return tuple(partial(_page, view) for view in views)


def _page(view: SheetView, on: Canvas) -> None:
    room = on.width - 2 * _SIDE
    _patch(on, view.patch)
    y = _EDGE + sum(view.patch) + 14
    told = f"{translated(_CONTEXT, _KIND)} \N{MIDDLE DOT} {view.checklist.title}"
    y += on.words(_SIDE, y, Words(told, Style(4.2, colour=QUIET), room)) + 5
    title = view.item.title if view.item else translated(_CONTEXT, _NEXT)
    on.words(_SIDE, y, largest(title, room, (18, 16, 14, 12, 10), lines=3))

    foot = on.height - _EDGE - sum(view.patch) - 9
    print_it = Words(translated(_CONTEXT, _PRINT), Style(3, colour=QUIET), room)
    on.words(on.width / 2, foot - print_it.height, print_it, MIDDLE)
    text = Words(view.code.text, Style(3.4), room)
    y = foot - print_it.height - 9 - text.height
    on.words(on.width / 2, y, text, MIDDLE)
    y -= _TALL + 1.5
    on.bars(view.code.bars, on.width / 2, y, _TALL, on.width, _BARS_MODULE, MIDDLE)

    lines = [*(_BEFORE_ITEM if view.item else _BEFORE_NEXT), _ALWAYS]
    side = len(view.code.matrix) * _MATRIX_MODULE
    beside = _SIDE + side + 12
    words = [Words(translated(_CONTEXT, line), Style(4.8), on.width - _SIDE - beside) for line in lines]
    tall = sum(each.height for each in words) + 3 * (len(words) - 1)
    middle = y - 14 - max(side, tall) / 2
    on.matrix(view.code.matrix, _SIDE, middle - side / 2, _MATRIX_MODULE)
    y = middle - tall / 2
    for each in words:
        y += on.words(beside, y, each) + 3


def _patch(on: Canvas, widths: tuple[float, ...]) -> None:
    """Draw the patch code along the top and the bottom, each read from its own edge inwards."""
    y = _EDGE
    for number, width in enumerate(widths):
        if number % 2 == 0:
            on.ink(_SIDE, y, on.width - 2 * _SIDE, width)
            on.ink(_SIDE, on.height - y - width, on.width - 2 * _SIDE, width)
        y += width
