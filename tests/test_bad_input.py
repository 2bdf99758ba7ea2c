"""What should not come, comes: damaged pages, broken drivers, foreign codes, wrong lists.

Nothing of it is kept, nothing that was safe is lost, the officer is told, and the station goes on.
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drivers.outboard import OutboardDriver
from station.errors import (
    DeviceBusy,
    DeviceLost,
    DeviceTimeout,
    DriverFault,
    ImportRefused,
    PictureError,
    WrongApplicant,
)
from station.flow import board
from station.flow.events import (
    DevicesChanged,
    ImportEnded,
    JobEnded,
    Listed,
    LiveJudged,
    Notice,
    Outcome,
    PortraitJudged,
    Trouble,
    VisitChanged,
)
from station.flow.views import DeviceState, DeviceView
from station.imaging import codec
from station.model.capability import Source
from station.model.image import Page
from station.model.record import AttachmentKind
from station.model.specimen import Paper, PaperKind
from station.storage.open import open_store
from tests import outboard_driver
from tests.kiosk import ANNA, Kiosk, kiosk
from tests.rogue import CAMERA, SCANNER, Hang, RogueDriver, bug, png, says, sheet
from ui.wording.errors import word_code
from ui.wording.remarks import notice

OTHER_SIZE = png(np.zeros((10, 20, 3), np.uint8))


@pytest.fixture
def rogue() -> RogueDriver:
    return RogueDriver()


@pytest.fixture
def at(tmp_path: Path, rogue: RogueDriver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kiosk]:
    monkeypatch.setattr(board, "RETRY_S", 0.0)
    with kiosk(tmp_path, drivers=(rogue,), scan_dpi=150) as opened:
        yield opened


def scan(at: Kiosk) -> JobEnded:
    """Scan what the feeder holds as pages of the first item."""
    item = at.visit.items[0].item.id
    return at.do(lambda: at.station.scan(AttachmentKind.DOCUMENT, item=item, source=Source.FEEDER), JobEnded)


def shades(at: Kiosk) -> list[int]:
    """Tell which sheets lie on the record, by the grey of their corner; their bytes come from the store."""
    pages = at.visit.of_kind(AttachmentKind.DOCUMENT)
    return [250 - int(at.station.picture(p.attachment.id, 300).result(60)[0, 0, 0]) for p in pages]


def until_device(at: Kiosk, device: str, state: DeviceState, since: int = 0) -> DeviceView:
    """Wait until a device or a driver is shown in this state."""

    def shown(event: DevicesChanged) -> list[DeviceView]:
        return [view for view in event.devices if view.info.id == device and view.state is state]

    return shown(at.until(DevicesChanged, shown, since))[0]


def store_is_sound(at: Kiosk) -> bool:
    """Prove every row against its picture."""
    store = open_store(at.folder)
    try:
        return [p for p in store.verify() if p.kind != "picture_extra"] == []
    finally:
        store.close()


# -- pages ----------------------------------------------------------------------------------------------------


def jpeg(page: Page) -> bytes:
    buffer = BytesIO()
    Image.fromarray(page.pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (sheet(2, pixels=np.zeros((0, 200, 3), np.uint8)), "empty"),
        (sheet(2, encoded=b"", media_type="image/jpeg"), "empty"),
        (sheet(2, encoded=b"\x00" * 500, media_type="image/jpeg"), "unknown"),
        (sheet(2, encoded=jpeg(sheet(2))[:-900], media_type="image/jpeg"), "truncated"),
        (sheet(2, encoded=OTHER_SIZE, media_type="image/png"), "damaged"),
        (sheet(2, encoded=png(sheet(2).pixels), media_type="image/jpeg"), "damaged"),
    ],
    ids=["no rows", "no bytes", "junk", "cut off", "another size", "another kind"],
)
def test_a_page_that_is_no_picture_is_refused_and_the_others_stay(
    at: Kiosk, rogue: RogueDriver, bad: Page, reason: str
) -> None:
    at.ready().open(ANNA.application_number)
    rogue.pages = [sheet(1), bad]
    ended = scan(at)
    assert ended.outcome is Outcome.FAILED
    assert says(ended, PictureError).context["reason"] == reason
    assert (ended.done, shades(at)) == (1, [1])
    rogue.pages = [sheet(3), sheet(4)]
    assert scan(at).outcome is Outcome.COMPLETED
    assert shades(at) == [1, 3, 4]
    assert store_is_sound(at)


def test_what_the_device_coded_itself_is_stored_to_the_last_byte(at: Kiosk, rogue: RogueDriver) -> None:
    at.ready().open(ANNA.application_number)
    coded = jpeg(sheet(1))
    rogue.pages = [sheet(1, pixels=codec.decode(coded).pixels, encoded=coded, media_type="image/jpeg")]
    assert scan(at).outcome is Outcome.COMPLETED
    (page,) = at.visit.pages
    store = open_store(at.folder)
    assert store.pictures.get(page.attachment.picture.sha256) == coded
    assert page.attachment.picture.media_type == "image/jpeg"
    store.close()


# -- drivers with bugs ----------------------------------------------------------------------------------------


def test_a_bug_in_a_scan_keeps_the_pages_before_it(
    at: Kiosk, rogue: RogueDriver, expected_logs: list[str]
) -> None:
    expected_logs.append(f"the driver of {SCANNER} failed in a scan")
    at.ready().open(ANNA.application_number)
    rogue.pages, rogue.misdeeds["scan"] = [sheet(1), sheet(2)], bug
    since = len(at.events)
    ended = scan(at)
    assert says(ended, DriverFault).context == {"device": SCANNER, "detail": "RuntimeError", "kept": 2}
    assert shades(at) == [1, 2]
    until_device(at, SCANNER, DeviceState.FAILED, since)
    at.ready()
    assert scan(at).outcome is Outcome.COMPLETED
    assert shades(at) == [1, 2, 1, 2]


@pytest.mark.parametrize("verb", ["open", "capabilities"])
def test_a_bug_in_opening_shows_on_the_chip_and_the_next_look_tries_again(
    tmp_path: Path,
    rogue: RogueDriver,
    monkeypatch: pytest.MonkeyPatch,
    expected_logs: list[str],
    verb: str,
) -> None:
    expected_logs.append("driver rogue failed to open a device")
    monkeypatch.setattr(board, "RETRY_S", 0.0)
    rogue.misdeeds[verb] = bug
    with kiosk(tmp_path, drivers=(rogue,)) as at:
        chip = until_device(at, SCANNER, DeviceState.FAILED)
        assert chip.error == DriverFault.code
        assert word_code(chip.error).do
        until_device(at, CAMERA, DeviceState.READY)
        at.ready()
        assert rogue.closed == ([SCANNER] if verb == "capabilities" else [])


def test_a_bug_in_finding_hides_no_other_driver_and_the_next_look_heals_it(
    tmp_path: Path, rogue: RogueDriver, expected_logs: list[str]
) -> None:
    broken = RogueDriver("broken", devices=())
    broken.misdeeds["find"] = bug
    expected_logs.append("driver broken failed while looking for devices")
    with kiosk(tmp_path, drivers=(rogue, broken)) as at:
        assert until_device(at, "broken", DeviceState.FAILED).error == DriverFault.code
        until_device(at, SCANNER, DeviceState.READY)
        at.until(
            DevicesChanged, lambda e: len(e.devices) == 2 and "broken" not in {v.info.id for v in e.devices}
        )


def test_a_bug_in_closing_keeps_nothing_else_from_being_closed(
    tmp_path: Path, rogue: RogueDriver, expected_logs: list[str]
) -> None:
    expected_logs.append(f"a fault of the program on lane {SCANNER}")
    rogue.misdeeds["close"] = bug
    with kiosk(tmp_path, drivers=(rogue,)) as at:
        at.ready().open(ANNA.application_number)
    assert sorted(rogue.closed) == [CAMERA, SCANNER]
    with kiosk(tmp_path, drivers=(rogue,)) as at:
        assert at.list_now().listings[0].visit_id  # the visit was put down all the same


# -- drivers that hang ----------------------------------------------------------------------------------------


@pytest.fixture
def hang() -> Iterator[Hang]:
    hanging = Hang()
    yield hanging
    hanging.let_go()


def be_patient(at: Kiosk, seconds: float) -> None:
    """Set how long a silent device is waited for: short only once one hangs, a slow machine is silent too."""
    assert at.station._desk is not None
    object.__setattr__(at.station._desk.options, "patience_s", seconds)


@pytest.mark.parametrize("verb", ["open", "capabilities"])
def test_a_driver_that_hangs_in_opening_is_left_behind(
    tmp_path: Path, rogue: RogueDriver, hang: Hang, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(board, "RETRY_S", 0.0)
    rogue.misdeeds[verb] = hang
    with kiosk(tmp_path, drivers=(rogue,)) as at:
        until_device(at, CAMERA, DeviceState.READY)
        hang.until_entered()
        be_patient(at, 0.0)
        chip = until_device(at, SCANNER, DeviceState.FAILED)
        be_patient(at, 90.0)
        assert chip.error == DeviceTimeout.code
        assert word_code(chip.error).do
        at.ready().open(ANNA.application_number)
        rogue.pages = [sheet(1)]
        assert scan(at).outcome is Outcome.COMPLETED
        before = rogue.closed.count(SCANNER)
        hang.let_go()
        rogue.until_closed(SCANNER, before + 1)  # what came too late, not what is in use
        assert scan(at).outcome is Outcome.COMPLETED


def test_a_driver_that_hangs_in_finding_is_shown_and_hides_no_other(
    tmp_path: Path, rogue: RogueDriver, hang: Hang
) -> None:
    deaf = RogueDriver("deaf", devices=())
    deaf.misdeeds["find"] = hang
    with kiosk(tmp_path, drivers=(rogue, deaf)) as at:
        at.ready()
        hang.until_entered()
        be_patient(at, 0.0)
        assert until_device(at, "deaf", DeviceState.FAILED).error == DeviceTimeout.code
        be_patient(at, 90.0)
        assert at.list_now().listings
        since = len(at.events)
        hang.let_go()
        at.until(DevicesChanged, lambda e: "deaf" not in {view.info.id for view in e.devices}, since)


@pytest.mark.parametrize("live", [False, True], ids=["alone", "from the live picture"])
def test_a_camera_that_hangs_in_a_still_ends_it_once_and_the_next_one_works(
    at: Kiosk, rogue: RogueDriver, hang: Hang, live: bool
) -> None:
    at.ready().open(ANNA.application_number)
    if live:
        at.do(lambda: at.station.start_preview(160, 120), LiveJudged)
    rogue.misdeeds["still"] = hang
    since = len(at.events)
    at.station.take_still()
    hang.until_entered()
    be_patient(at, 0.0)
    says(at.until(JobEnded, since=since), DeviceTimeout)
    be_patient(at, 90.0)
    at.ready()
    assert at.do(at.station.take_still, PortraitJudged).candidate is not None
    hang.let_go()
    at.until(JobEnded, lambda e: e.outcome is Outcome.COMPLETED, since)
    assert len([e for e in at.events[since:] if isinstance(e, JobEnded)]) == 2


def test_two_stills_at_once_are_one(at: Kiosk, rogue: RogueDriver, hang: Hang) -> None:
    at.ready().open(ANNA.application_number)
    rogue.misdeeds["still"] = hang
    at.station.take_still()
    says(at.do(at.station.take_still, Trouble), DeviceBusy)
    hang.let_go()
    assert at.until(JobEnded).outcome is Outcome.COMPLETED


def test_a_camera_without_a_picture_or_with_a_bug_gives_no_still_and_then_one(
    at: Kiosk, rogue: RogueDriver, expected_logs: list[str]
) -> None:
    expected_logs.append(f"the driver of {CAMERA} failed in a still")
    at.ready().open(ANNA.application_number)
    good, rogue.still = rogue.still, np.zeros((0, 320, 3), np.uint8)
    assert says(at.do(at.station.take_still, JobEnded), PictureError).context["reason"] == "empty"
    rogue.still = good
    rogue.misdeeds["still"] = bug
    says(at.do(at.station.take_still, JobEnded), DriverFault)
    at.ready()
    assert at.do(at.station.take_still, PortraitJudged).candidate is not None


# -- a driver in a child process ------------------------------------------------------------------------------


def test_a_driver_whose_process_dies_keeps_the_pages_and_the_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "RETRY_S", 0.0)
    driver = OutboardDriver("fake", "tests.outboard_driver:FakeDriver")
    driver.configure({"devices": "die"})
    device = outboard_driver.info("die").id
    # Each look starts a process of its own: only the looks that the test asks for.
    with kiosk(tmp_path, drivers=(driver,), scan_dpi=300, poll_s=3600.0) as at:
        at.ready().open(ANNA.application_number)
        since = len(at.events)
        ended = scan(at)
        assert says(ended, DeviceLost).context["kept"] == 2
        assert len(at.visit.pages) == 2
        until_device(at, device, DeviceState.FAILED, since)
        at.do(at.station.find_devices, DevicesChanged, lambda e: e.devices[0].state is DeviceState.READY)
        assert at.list_now().listings
        assert says(scan(at), DeviceLost).context["kept"] == 2
        assert len(at.visit.pages) == 4


# -- codes and lists ------------------------------------------------------------------------------------------


def test_an_unknown_code_opens_nothing_and_feeds_nothing(tmp_path: Path) -> None:
    with kiosk(tmp_path) as at:
        at.ready()
        told = at.do(lambda: at.station.submit("XQ-77/99-UNKNOWN"), Notice)
        assert notice(told).what and notice(told).do
        assert not [e for e in at.events if isinstance(e, VisitChanged)]
        before = at.open(ANNA.application_number)
        told = at.do(lambda: at.station.submit("XQ-77/99-UNKNOWN"), Notice)
        assert told.code == "code_not_known"
        assert notice(told).what and notice(told).do
        assert at.visit.record == before.record


def test_a_letter_whose_code_means_nothing_here_is_kept_and_said(tmp_path: Path) -> None:
    with kiosk(tmp_path, scan_dpi=300) as at:
        at.ready().open(ANNA.application_number)
        strange = replace(ANNA, id="x", letter_number="QQ99-XX", application_number="ZZ-000-1")
        at.simulated.props.lay((Paper(PaperKind.LETTER, strange),))
        told = at.do(lambda: at.station.scan(AttachmentKind.LETTER), Notice)
        assert told.code == "letter_unreadable"
        at.until(JobEnded)
        assert at.visit.letter is not None
        assert {code.text for code in at.visit.letter.barcodes} >= {"QQ99-XX"}
        assert at.visit.letter.identifiers == ()


def test_a_list_with_wrong_columns_changes_nothing(tmp_path: Path) -> None:
    with kiosk(tmp_path) as at:
        before = at.ready().list_now().listings
        wrong = tmp_path / "day.csv"
        wrong.write_text("name,passport\nErika Mustermann,C01X00T47\n")
        refused = at.do(lambda: at.station.import_file(wrong), Trouble)
        assert says(refused, ImportRefused).context["reason"] == "columns"
        assert at.list_now().listings == before
        wrong.write_text(
            "application_number,category,surname,birth_date\nV300000111,visitor,Núñez,1988-04-12\n"
        )
        ended = at.do(lambda: at.station.import_file(wrong), ImportEnded)
        assert ended.imported is not None
        assert ended.imported.added == 1


def test_every_refusal_of_a_visit_can_be_said(at: Kiosk) -> None:
    at.ready().open(ANNA.application_number)
    commands = {
        "seal": at.station.seal,
        "drop": lambda: at.station.drop(["no such picture"]),
        "accept": at.station.accept_still,
        "other letter": lambda: at.station.submit("L000654321"),
        "match": at.station.confirm_match,
    }
    for name, command in commands.items():
        error = at.do(command, Trouble).error
        assert says(error, type(error)), name
    assert isinstance(at.do(commands["other letter"], Trouble).error, WrongApplicant)
    assert at.do(at.station.list_today, Listed).listings
