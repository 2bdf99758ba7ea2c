"""The right specimens before the simulated devices, so that a newcomer can practise a whole visit."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from station.flow.options import FitOut
from station.flow.visit_in_hand import VisitInHand
from station.model.capability import Source
from station.model.image import Pixels
from station.model.record import ApplicationRecord, AttachmentKind, RecordState
from station.model.specimen import Paper, PaperKind, Sitter
from station.model.target import TargetKind, TargetLabel
from station.settings import resources_dir

_PAPERS = {
    AttachmentKind.LETTER: PaperKind.LETTER,
    AttachmentKind.PASSPORT_PAGE: PaperKind.PASSPORT,
    AttachmentKind.DOCUMENT: PaperKind.FORM,
}


_CARD = 235
"""Light grey."""

_BOARD_DPI = 150.0
_SERIAL = "PRACTICE"
"""Of the drawn target."""


@dataclass(slots=True, eq=False)
class Practice:
    """Lays out what belongs to the visit in hand, or to the next one expected. Nothing when it is not `on`."""

    out: FitOut
    on: bool

    def lay(self, hand: VisitInHand | None, kind: AttachmentKind, item: str, source: Source) -> None:
        """Lay what is to be scanned on the glass, or twice into the feeder."""
        if self.on and self.out.props is not None:
            checklist = hand.checklist if hand else None
            titles = {entry.id: entry.title for entry in checklist.items} if checklist else {}
            passports = hand.record.of_kind(AttachmentKind.PASSPORT_PAGE) if hand else ()
            both = kind is AttachmentKind.LETTER and not passports
            shape = PaperKind.LETTER_AND_PASSPORT if both else _PAPERS[kind]
            paper = Paper(shape, self._record(hand), title=titles.get(item, ""))
            self.out.props.lay((paper,) if source is Source.FLATBED else (paper, paper))

    def lay_target(self, kind: TargetKind, dpi: int) -> None:
        """Lay a target of our own on the glass, drawn finely enough to be scanned at `dpi`."""
        if self.on and self.out.props is not None:
            from station.calibration.draw import draw
            from station.calibration.layouts import FOLDER, load_layouts

            fine, layout = 2 * dpi, load_layouts(resources_dir() / FOLDER)[kind]
            drawing = draw(layout, TargetLabel(kind, layout.revision, _SERIAL), fine)
            self.out.props.lay((Paper(PaperKind.TARGET, drawing=drawing, drawing_dpi=fine),))

    def clear_glass(self) -> None:
        """Take everything off the glass."""
        if self.on and self.out.props is not None:
            self.out.props.lay(())

    def show_board(self, draw: Callable[[float], Pixels]) -> None:
        """Move a board before the camera, as `draw` draws it at a resolution in dpi."""
        if self.on and self.out.props is not None:
            drawing = draw(_BOARD_DPI)
            self.out.props.show(Paper(PaperKind.TARGET, drawing=drawing, drawing_dpi=_BOARD_DPI))

    def show_card(self) -> None:
        """Hold an even, light card before the camera that fills its picture."""
        if self.on and self.out.props is not None:
            self.out.props.show(Paper(PaperKind.TARGET, drawing=np.full((360, 640), _CARD, np.uint8)))

    def put_away(self) -> None:
        """Take away what is held before the camera."""
        if self.on and self.out.props is not None:
            self.out.props.show(None)

    def hold(self, hand: VisitInHand | None) -> None:
        """Hold the passport before the camera."""
        if self.on and self.out.props is not None:
            self.out.props.show(Paper(PaperKind.PASSPORT, self._record(hand)))

    def seat(self, hand: VisitInHand | None) -> None:
        """Let the applicant stand before the camera, with nothing in hand."""
        if self.on and self.out.props is not None:
            self.out.props.show(None)
            if hand is not None:
                self.out.props.seat(Sitter(seed=random.Random(hand.record.id).randrange(1, 1000)))

    def _record(self, hand: VisitInHand | None) -> ApplicationRecord | None:
        if hand is not None:
            return hand.record
        with self.out.store.units() as work:
            waiting = [x for x in work.records.today() if x.state is RecordState.EXPECTED]
            return work.records.get(waiting[0].record_id) if waiting else None
