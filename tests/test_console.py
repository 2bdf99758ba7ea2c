"""The headless commands on files and on the store, and how the program starts: lines and an exit status."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import main
from drivers.simulated.papers import drawn
from station.errors import ImportRefused, PictureError, SettingsError
from station.flow import expected
from station.imaging import codec
from station.model.capability import ColourMode
from station.model.quality import Status
from station.model.record import AttachmentKind
from station.model.specimen import Flaw, Paper, PaperKind
from station.storage.verify import ProblemKind
from tests.commands import ROOT, ask, is_said, verified
from tests.kiosk import ANNA
from tests.rogue import png
from tests.stored import expected as expect
from tests.stored import picture
from ui import console, console_audit
from ui.wording import store_notices


@pytest.fixture(autouse=True)
def simulated_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is connected to this machine stays out."""
    monkeypatch.setenv("STATION_DRIVERS", "simulated")
    monkeypatch.setenv("STATION_DRIVER", '{"simulated": {"pace": "instant"}}')


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Draw a letter at 300 dpi, good, dark and blurred, and spoil copies of its file."""
    folder = tmp_path_factory.mktemp("pictures")
    letter, dark, blurred = (
        codec.encode_png(drawn(Paper(PaperKind.LETTER, ANNA, flaws), 1, 300, ColourMode.GREY), (300.0, 300.0))
        for flaws in ((), (Flaw.DARK,), (Flaw.BLURRED,))
    )
    contents = {
        "letter.png": letter,
        "dark.png": dark,
        "blurred.png": blurred,
        "empty.png": b"",
        "cut_off.png": letter[: len(letter) // 2],
        "damaged.png": letter[:5000] + bytes([letter[5000] ^ 1]) + letter[5001:],
        "text.png": b"This is no picture.",
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return {name.partition(".")[0]: folder / name for name in contents}


BAD = {"empty": "empty", "cut_off": "truncated", "damaged": "damaged", "text": "unknown"}


# -- read and assess ------------------------------------------------------------------------------------------


def test_read_prints_one_object_for_a_file(
    capsys: pytest.CaptureFixture[str], pictures: dict[str, Path]
) -> None:
    status, (row,) = ask(capsys, "read", pictures["letter"])
    assert status == console.DONE
    assert set(row) == {"file", "mrz", "barcodes", "took_ms"}
    assert row["file"] == str(pictures["letter"])
    assert row["mrz"] == {"status": "not_found", "format": None, "lines": [], "fields": {}}
    codes = {code["text"]: code for code in row["barcodes"]}
    letter = codes[ANNA.letter_number]
    assert set(letter) == {"status", "symbology", "text", "bytes_hex", "corners"}
    assert (letter["status"], letter["symbology"]) == ("accepted", "Code128")
    assert bytes.fromhex(letter["bytes_hex"]) == ANNA.letter_number.encode()
    assert [len(corner) for corner in letter["corners"]] == [2, 2, 2, 2]
    assert row["took_ms"] > 0


@pytest.mark.parametrize("command", [["read"], ["assess", "--profile", "page"]], ids=["read", "assess"])
def test_a_file_that_is_no_picture_does_not_keep_the_others_from_their_turn(
    capsys: pytest.CaptureFixture[str], pictures: dict[str, Path], tmp_path: Path, command: list[str]
) -> None:
    reasons = {pictures[name]: reason for name, reason in BAD.items()}
    reasons |= {tmp_path / "not there.png": "unreadable", tmp_path: "unreadable"}
    status, rows = ask(capsys, *command, *reasons, pictures["letter"])
    assert status == console.COULD_NOT
    assert [row["file"] for row in rows] == [*map(str, reasons), str(pictures["letter"])]
    for row, reason in zip(rows, reasons.values(), strict=False):
        assert (row["code"], row["reason"]) == (PictureError.code, reason)
        assert is_said(PictureError(reason=reason), row["message"])
    assert "code" not in rows[-1]

    main.main([*command, *map(str, reasons)])
    said = capsys.readouterr().out.splitlines()
    for line, (path, reason) in zip(said, reasons.items(), strict=True):
        assert line.startswith(f"{path}: ")
        assert is_said(PictureError(reason=reason), line)


def test_assess_says_what_to_do_about_every_finding_that_is_not_good(
    capsys: pytest.CaptureFixture[str], pictures: dict[str, Path]
) -> None:
    files = [pictures[name] for name in ("letter", "dark", "blurred")]
    status, (good, dark, blurred) = ask(capsys, "assess", "--profile", "page", *files)
    assert status == console.FINDINGS
    versions = {"version", "digest", "measures"}
    assert set(good) == {"file", "profile", "verdict", "findings", "took_ms", *versions}
    verdicts = (good["verdict"], dark["verdict"], blurred["verdict"])
    assert (good["profile"], *verdicts) == ("page", "PASS", "WARN", "FAIL")
    for finding in good["findings"] + dark["findings"] + blurred["findings"]:
        assert {"measure", "status", "raw", "unit", "score", "limit", "instruction"} <= set(finding)
        assert bool(finding["instruction"]) is (finding["status"] != Status.PASS)
    (white,) = [f for f in dark["findings"] if f["measure"] == "paper_white"]
    assert white["status"] == Status.FAIL
    assert white["raw"] < white["limit"]["fail_low"]
    assert "dark" in white["instruction"]


def test_assess_ends_well_when_all_is_good(
    capsys: pytest.CaptureFixture[str], pictures: dict[str, Path]
) -> None:
    assert main.main(["assess", "--profile", "page", str(pictures["letter"])]) == console.DONE
    first, *others = capsys.readouterr().out.splitlines()
    assert first == f"{pictures['letter']}: Good."
    assert others
    assert all(line.startswith("  ") and "_" not in line and "PASS" not in line for line in others)


def test_read_without_anything_to_read_is_a_finding(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    blank.write_bytes(png(np.full((400, 300), 255, np.uint8)))
    assert main.main(["read", str(blank)]) == console.FINDINGS
    assert "was found" in capsys.readouterr().out


def test_a_file_name_that_no_terminal_can_write_is_no_trouble(tmp_path: Path) -> None:
    name = os.fsdecode(str(tmp_path).encode() + b"/\xff\xfe.png")
    for words in (["read", name], ["read", "--json", name]):
        done = subprocess.run(
            [sys.executable, "main.py", *words], cwd=ROOT, capture_output=True, check=False, timeout=300
        )
        assert (done.returncode, done.stderr) == (console.COULD_NOT, b"")
        assert b"udcff" in done.stdout


def test_a_profile_that_the_centre_does_not_have_is_a_matter_of_settings(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pictures: dict[str, Path],
    tmp_path: Path,
) -> None:
    shipped = ROOT / "resources" / "profiles" / "page.toml"
    (tmp_path / "page.toml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("STATION_PROFILES", str(tmp_path))
    assert main.main(["assess", "--profile", "passport", str(pictures["letter"])]) == console.COULD_NOT
    assert is_said(SettingsError(problem="missing"), capsys.readouterr().err)


# -- import and verify ----------------------------------------------------------------------------------------


def a_day(folder: Path) -> Path:
    """Write three lines of which the second and the third cannot be taken."""
    path = folder / "day.csv"
    path.write_text(
        "application_number,letter_number,category,surname,birth_date\n"
        "V300000111,L000123456,visitor,Núñez,1988-04-12\n"
        "V300000122,L000123467,visitor,Example,1988-14-12\n"
        "V300000133,L000123478,tourist,Example,1988-04-12\n",
        encoding="utf-8",
    )
    return path


def numbers() -> set[str]:
    """Look into the store that the commands use."""
    with main.parts(main.read_settings(os.environ)) as parts, parts.units() as work:
        return {listing.application_number for listing in work.records.today()}


def test_a_refused_line_keeps_the_list_out_unless_the_good_lines_are_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    day = a_day(tmp_path)
    status, rows = ask(capsys, "import", day)
    assert status == console.FINDINGS
    assert [(row["line"], row["column"], row["problem"]) for row in rows] == [
        (3, "birth_date", "bad_date"),
        (4, "category", "unknown_category"),
    ]
    assert all(row["file"] == str(day) for row in rows)
    assert numbers() == set()

    assert main.main(["import", str(day)]) == console.FINDINGS
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Line 3, Date of birth: a date is written as year-month-day, such as 1990-08-04."
    assert "Nothing was changed" in said[-1]
    assert numbers() == set()

    status, rows = ask(capsys, "import", day, "--keep-good")
    assert (status, len(rows)) == (console.FINDINGS, 2)
    assert numbers() == {"V300000111"}


def test_a_good_list_is_taken_and_taken_again(capsys: pytest.CaptureFixture[str]) -> None:
    day = ROOT / "resources" / "rehearsals" / "day.csv"
    lines = len(expected.read_expected(day).records)
    assert ask(capsys, "import", day) == (console.DONE, [])
    assert len(numbers()) == lines
    assert main.main(["import", str(day)]) == console.DONE
    assert capsys.readouterr().out == f"Added 0, updated 0, left as they were {lines}.\n"


def test_a_list_that_is_none_is_refused_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = tmp_path / "day.csv"
    wrong.write_text("name,passport\nErika Mustermann,C01X00T47\n")
    assert main.main(["import", "--json", str(wrong)]) == console.COULD_NOT
    said = capsys.readouterr()
    assert said.out == ""
    assert is_said(ImportRefused(reason="columns"), said.err)
    assert "Mustermann" not in said.err


def test_verify_names_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(capsys) == (console.DONE, [])
    # While this store is open, as a station's would be, nothing is swept aside.
    with closing(main.open_storage(main.read_settings(os.environ))) as store:
        (record,) = expect(store, ANNA)
        with store.units() as work:
            work.records.put(record.attach(picture("a", b"lost", kind=AttachmentKind.DOCUMENT)))
            work.commit()
        stray = store.pictures.put(b"nobody's")
        status, rows = verified(capsys)
        assert status == console.FINDINGS
        assert {row["kind"]: row["what"] for row in rows}["picture_extra"] == stray
        assert {row["kind"] for row in rows} == {"picture_extra", "picture_missing"}
        assert main.main(["verify"]) == console.FINDINGS
        said = capsys.readouterr().out.splitlines()
        assert len(said) == 4
        assert said[0].startswith("Key unprotected: ")
        assert all("_" not in line for line in said)


def test_what_is_noticed_of_a_store_is_said_by_verify_and_in_the_log_and_is_no_problem(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, expected_logs: list[str]
) -> None:
    settings = main.read_settings(os.environ)
    with closing(main.open_storage(settings)) as store:
        expect(store, ANNA)  # an act of this station, in a folder that another one takes over
    other = settings.model_copy(update={"station": "kiosk-2"})
    expected_logs += ["key_beside", "other_station"]
    with main.parts(other) as parts:
        assert console.run(console.parser().parse_args(["verify"]), parts) == console.DONE
        told = capsys.readouterr().out.splitlines()
        assert console.run(console.parser().parse_args(["verify", "--json"]), parts) == console.DONE
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["kind"], row["what"]) for row in rows] == [
        ("notice", "key_beside"), ("notice", "other_station"),
    ]  # fmt: skip
    assert told == [
        f"Key unprotected: {rows[0]['message']}", f"Another station's data: {rows[1]['message']}",
        "Store, journal and audit are sound.",
    ]  # fmt: skip
    main.said_aloud(SimpleNamespace(notices=("key_beside", "other_station")))  # type: ignore[arg-type]
    said = [record.getMessage() for record in caplog.records if record.name == "station.storage"]
    assert said == [f"{row['what']}: {row['message']}" for row in rows]
    assert "main.py key --keep" in said[0] and "main.py" not in said[1]


def test_every_notice_names_what_is_to_be_done_about_it() -> None:
    remedies = {
        "key_beside": "main.py key --keep", "rotation_unfinished": "main.py rotate-key",
        "database_plain_transport": "database_tls", "other_station": "close the station",
    }  # fmt: skip
    assert remedies.keys() == store_notices._NOTICES.keys()
    assert all(remedy in store_notices.whole(notice) for notice, remedy in remedies.items())


def test_every_problem_of_a_store_has_words() -> None:
    assert {kind.value for kind in ProblemKind} == set(console_audit.PROBLEMS)


# -- the start ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "variables", "found", "meant"),
    [
        ("scheem = 'dark'", {}, "scheem", "scheme"),
        ("attempts_allowed = 99", {}, "attempts_allowed", "1 to 20"),
        ("[driver.simulted]\npace = 'real'", {}, "driver.simulted", "simulated"),
        ("scheme = dark", {}, "station.toml", "TOML"),
        ("", {"STATION_SCHEMES": "dark"}, "STATION_SCHEMES", "STATION_SCHEME"),
        ("", {"STATION_ATTEMPTS_ALLOWED": "many"}, "STATION_ATTEMPTS_ALLOWED", "1 to 20"),
    ],
)
def test_a_setting_that_cannot_be_understood_stops_the_start_and_names_what_was_meant(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    file: str,
    variables: dict[str, str],
    found: str,
    meant: str,
) -> None:
    monkeypatch.setattr(main, "open_window", lambda _: pytest.fail("the window opened"))
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("STATION_DRIVER")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "station.toml").write_text(file)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for words in (["verify"], []):
        assert main.main(words) == console.COULD_NOT
        said = capsys.readouterr().err
        assert "A setting cannot be understood." in said
        assert found in said and meant in said and SettingsError.code in said
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["station.toml"]


@pytest.mark.parametrize(
    "words",
    [
        ["nosuch"],
        ["read"],
        ["assess", "letter.png"],
        ["assess", "--profile", "finger", "letter.png"],
        ["scan", "--device", "x"],
        ["scan", "--device", "x", "--out", "y", "--dpi", "many"],
        ["rehearse"],
    ],
    ids=" ".join,
)
def test_words_that_are_no_command_end_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(words)
    assert ended.value.code == console.COULD_NOT
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("script", "options"),
    [("nosuch.toml", []), ("bad.toml", []), ("typo.toml", []), ("good.toml", ["--size", "wide"])],
)
def test_a_rehearsal_that_cannot_begin_ends_with_two(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    script: str,
    options: list[str],
) -> None:
    shipped = (ROOT / "resources" / "rehearsals" / "first_visit.toml").read_text(encoding="utf-8")
    (tmp_path / "bad.toml").write_text("This is no TOML")
    (tmp_path / "typo.toml").write_text("unheard_of = 1\n" + shipped, encoding="utf-8")
    (tmp_path / "good.toml").write_text(shipped, encoding="utf-8")
    assert main.main(["rehearse", str(tmp_path / script), *options]) == console.COULD_NOT
    assert "A setting cannot be understood." in capsys.readouterr().err


def test_the_commands_work_as_a_program(pictures: dict[str, Path], tmp_path: Path) -> None:
    environment = {**os.environ, "STATION_DATA_DIR": str(tmp_path / "data")}
    words = [sys.executable, "main.py", "read", "--json", str(pictures["letter"]), str(pictures["empty"])]
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (console.COULD_NOT, "")
    good, empty = map(json.loads, done.stdout.splitlines())
    assert ANNA.letter_number in {code["text"] for code in good["barcodes"]}
    assert empty["reason"] == "empty"
    assert not (tmp_path / "data").exists()  # reading files needs no store
