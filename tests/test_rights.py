"""Rights at every door of the station, and the words for those who are refused."""

import re
from pathlib import Path
from typing import Any

import pytest

from station.errors import NotAllowed
from station.flow import session
from station.flow.events import SessionChanged, SignInRefused, Trouble
from station.flow.people import People
from station.flow.station import Station
from station.model.officer import RIGHTS, NewAccount, Right, Role
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.target import TargetKind
from station.model.visit import Step
from tests.peopled import ADA, ODA, ROLES, ROSA, TESS, TOM, at_work, peopled, trouble
from ui.wording import people
from ui.wording.errors import word

OBVIOUS = OverrideNote(Override.OBVIOUS, "original_is_so")

W, V, AGAINST, C = Right.WORK, Right.VISIT, Right.OVERRIDE, Right.CALIBRATE
DOORS: dict[str, tuple[Right | None, tuple[Any, ...], dict[str, Any]]] = {
    "list_today": (V, (), {}),
    "list_overridden": (V, (), {}),
    "search": (V, ("a",), {}),
    "submit": (V, ("nobody",), {}),
    "take_keys": (V, ("nobody",), {"whole": True}),
    "open_record": (V, ("none",), {}),
    "resume": (V, ("none",), {}),
    "import_file": (V, (Path("none.csv"),), {}),
    "enter": (V, (Step.REVIEW,), {}),
    "leave": (V, (), {}),
    "seal": (V, (), {}),
    "confirm_match": (V, (), {}),
    "correct_mrz": (V, (None, "", ""), {}),
    "waive_item": (V, ("item", "reason"), {}),
    "claim_item": (V, ("item",), {}),
    "answer": (V, ("question", True), {}),
    "drop": (V, ((),), {}),
    "move": (V, ((), "item", 0), {}),
    "pair": (V, ((),), {}),
    "part": (V, ("none",), {}),
    "turn": (V, ((), 90), {}),
    "straighten": (V, ("none",), {"on": True}),
    "crop": (V, ("none",), {"on": True}),
    "undo": (V, (), {}),
    "keep": (AGAINST, ("none", OBVIOUS), {}),
    "scan": (V, (AttachmentKind.DOCUMENT,), {}),
    "go_on": (V, (), {}),
    "cancel_job": (W, (), {}),
    "export": (V, (Path("none"),), {}),
    "start_preview": (V, (64, 48), {}),
    "start_reading": (V, (64, 48), {}),
    "take_still": (V, (), {}),
    "accept_still": (V, (), {}),
    "auto_capture": (V, (), {"on": False}),
    "choose_attempt": (V, (1,), {}),
    "crop_still": (V, (None,), {}),
    "discard_still": (V, (), {}),
    "show_calibrations": (C, (), {}),
    "calibrate": (C, ("none", TargetKind.CARD), {}),
    "check_glass": (C, ("none",), {}),
    "calibrate_camera": (C, ("none", 64, 48), {}),
    "skip_calibration_step": (C, (), {}),
    "flashed": (C, (), {}),
    "calibration_history": (C, ("none",), {}),
    "compare_devices": (C, (), {}),
    "write_calibration_report": (C, ("none", Path("none")), {}),
    "write_target": (C, (TargetKind.CARD, Path("none")), {}),
    "allow_device": (C, ("none", "", "", 1.0), {}),
    "release_device": (C, ("none", "", "", ""), {}),
    "choose": (W, ("none",), {}),
    "find_devices": (W, (), {}),
    "people.countersign": (W, ("name", "password", "reason"), {}),
    "people.list_accounts": (Right.ACCOUNTS, (), {}),
    "people.add_account": (Right.ACCOUNTS, (NewAccount("New", "", frozenset()),), {}),
    "people.change_account": (Right.ACCOUNTS, ("none", ()), {"enabled": True}),
    "people.reset_password": (Right.ACCOUNTS, ("none", ""), {}),
    "people.change_password": (W, ("", ""), {}),
    "people.change_pin": (W, ("", ""), {}),
}
"""Every command that somebody gives, the right that it needs, and something to give it.

Whoever may calibrate may ask for a leave or a release; who signs it is proved in `test_clearing`.
"""

FOR_ALL = {
    "start", "close", "picture", "stop_preview", "people.set_up", "people.sign_in", "people.return_by_pin",
    "people.lock", "people.sign_out", "people.touch", "people.decline_second",
}  # fmt: skip
"""Those that end something, that come before any right, or that ask for themselves (a picture is not found)."""


def test_every_command_is_listed_with_its_right():
    commands = {name for name in vars(Station) if not name.startswith("_")}
    commands |= {f"people.{name}" for name in vars(People) if not name.startswith("_")}
    assert commands == DOORS.keys() | FOR_ALL


@pytest.mark.parametrize("name", [ROSA, ODA, TOM, ADA, TESS])
def test_each_role_is_let_through_its_own_doors_only(
    tmp_path: Path, name: str, expected_logs: list[str], monkeypatch: pytest.MonkeyPatch
):
    expected_logs.append("a fault of the program on lane desk")  # some doors are given nothing sensible
    monkeypatch.chdir(tmp_path)
    with peopled(tmp_path, name, ROSA if name != ROSA else ODA, idle_s=1e9) as people:
        at_work(people, name)
        people.kiosk.station.stop_preview()
        open_to = set()
        for door, (_, given, named) in DOORS.items():
            command = people.kiosk.station
            for part in door.split("."):
                command = getattr(command, part)
            since = len(people.kiosk.events)
            command(*given, **named)
            people.kiosk.do(people.kiosk.station.people.lock, SessionChanged)
            told = [e.error for e in people.kiosk.events[since:] if isinstance(e, Trouble)]
            refusals = [
                e.context for e in told if isinstance(e, NotAllowed) and e.context["reason"] == "no_right"
            ]
            if not refusals:
                open_to.add(door)
            at_work(people, name)
        rights = RIGHTS[ROLES[name]]
        assert open_to == {door for door, (right, _, _) in DOORS.items() if right in rights}


def test_a_reason_against_the_measures_needs_its_own_right_at_the_portrait_too(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        at_work(people, ODA)
        people.kiosk.open("V000123456")
        told = trouble(people, lambda: people.kiosk.station.accept_still(OBVIOUS))
        assert told["reason"] == "no_still"


def test_the_refusal_says_who_may(tmp_path: Path):
    with peopled(tmp_path, ADA) as people:
        at_work(people, ADA)
        told = trouble(people, people.kiosk.station.show_calibrations)
        assert told == {
            "right": "calibrate", "roles": ("officer", "supervisor", "technician"), "reason": "no_right",
        }  # fmt: skip


def test_every_role_and_every_refusal_has_words():
    flow = Path(session.__file__).parent
    sources = "".join((flow / name).read_text("utf-8") for name in ("session.py", "proving.py"))
    reasons = set(re.findall(r'SignInRefused\(\s*"(\w+)"', sources)) | {
        "wait",
        "locked_out",
        "pin_spent",
        "pin_wrong",
    }
    flaws = {"short", "long", "name", "same", "new_password", "no_right"}
    assert people.REFUSALS.keys() == reasons | flaws
    for reason in people.REFUSALS:
        assert "{" not in people.refusal(SignInRefused(reason, 90))
    assert all(people.about(of).endswith(".") for of in Role)
    told = word(NotAllowed(right="calibrate", roles=("officer", "technician"), reason="no_right"))
    assert told.detail == "Who may: Officer, Technician."
