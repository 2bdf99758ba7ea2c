"""What one frame of the live camera says of a paper, and what it leaves open."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from drivers.simulated.driver import SimulatedDriver
from drivers.simulated.props import CAMERA_ID
from station.devices.cancel import CancelToken
from station.flow.events import PaperSight
from station.flow.glance import Sighting, agrees, glance, pitch
from station.model.capability import CameraSettings
from station.model.document import Certainty, Identifier, MrzCell, MrzStatus, Reading
from station.model.image import Pixels
from station.model.record import ApplicationRecord, AttachmentKind
from station.model.specimen import Flaw, Paper, PaperKind, Sitter
from station.reading.mrz import parse
from tests.kiosk import ANNA, BORIS, TODAY, rules

# ICAO 9303-4, appendix: the specimen with a later expiry; the kiosk's Anna holds this passport.
LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<04")


@lru_cache
def seen(
    record: ApplicationRecord | None, *flaws: Flaw, kind: PaperKind, cell_px: float, light: float
) -> Pixels:
    driver = SimulatedDriver()
    driver.props.seat(Sitter(light=light))
    driver.props.show(Paper(kind, record, flaws) if record else None, cell_px)
    camera = driver.open(next(info for info in driver.find() if info.id == CAMERA_ID))
    return camera.still(CameraSettings(), CancelToken()).pixels


def look(
    record: ApplicationRecord | None,
    *flaws: Flaw,
    kind: PaperKind = PaperKind.PASSPORT,
    cell_px: float = 20.0,
    light: float = 1.0,
) -> Sighting:
    pixels = seen(record, *flaws, kind=kind, cell_px=cell_px, light=light)
    return glance(pixels, rules()["patterns"], TODAY.date())


def test_what_a_frame_shows() -> None:
    accepted = ("mrz", *LINES)
    assert look(ANNA).words == accepted
    assert look(ANNA, cell_px=14.0).words == accepted
    assert look(ANNA, Flaw.UPSIDE_DOWN).words == accepted
    letter = look(ANNA, kind=PaperKind.LETTER)
    assert letter.words == ("codes", "letter_number L000123456")
    assert len(letter.outlines) == 1
    far = look(ANNA, cell_px=10.0)
    assert (far.sight, far.words) == (PaperSight.TOO_FAR, ())
    assert look(None, light=0.2).sight is PaperSight.TOO_DARK
    assert look(None).sight is PaperSight.NOTHING
    assert "ERIKSSON" not in repr(look(ANNA))


def test_two_passports_in_one_picture_say_nothing() -> None:
    middle = slice(480, 1440)
    left, right = (
        seen(who, kind=PaperKind.PASSPORT, cell_px=15.0, light=1.0)[:, middle] for who in (ANNA, BORIS)
    )
    both = glance(np.concatenate([left, right], axis=1), rules()["patterns"], TODAY.date())
    assert both.sight is PaperSight.DOUBTFUL
    assert both.words == ()


def test_the_pitch_of_a_line_that_runs_aslant() -> None:
    # Cell middles at (0, 0), (12, 5), (24, 10): 13 px apart, by Pythagoras.
    def cell(x: float, y: float) -> MrzCell:
        return MrzCell("A", 1.0, ((x - 2, y - 3), (x + 2, y - 3), (x + 2, y + 3), (x - 2, y + 3)))

    assert pitch([cell(0, 0), cell(12, 5), cell(24, 10)]) == pytest.approx(13.0)


def test_a_still_agrees_only_when_it_says_the_same_beyond_doubt() -> None:
    mrz = parse(LINES, today=TODAY.date())
    passport_page, letter = AttachmentKind.PASSPORT_PAGE, AttachmentKind.LETTER
    said = Reading(mrz=replace(mrz, status=MrzStatus.ACCEPTED))
    words = ("mrz", *LINES)
    assert agrees(words, [(passport_page, said)])
    assert not agrees(words, [(passport_page, Reading(mrz=replace(mrz, status=MrzStatus.UNSURE)))])
    assert not agrees(("mrz", LINES[0], LINES[1][::-1]), [(passport_page, said)])
    assert not agrees(words, [(letter, Reading())])
    number = Identifier("letter_number", "L1", "p", Certainty.ACCEPTED)
    unsure = replace(number, certainty=Certainty.UNSURE)
    code = ("codes", "letter_number L1")
    assert agrees(code, [(letter, Reading(identifiers=(number,)))])
    assert not agrees(code, [(letter, Reading(identifiers=(unsure,)))])
    assert not agrees(code, [(letter, Reading(identifiers=(number,))), (passport_page, said)])
