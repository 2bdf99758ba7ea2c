"""Stored verdicts come to again: the same to the last bit, or the difference named."""

import json
import shutil
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

import main
from station.imaging import codec
from station.model.image import PictureRef, Pixels
from station.model.quality import Finding, Limit, QualityReport, Status
from station.model.record import ApplicationRecord, Attachment, AttachmentKind
from station.quality import versions
from station.quality.assess import assess
from station.quality.measure import Measured
from station.quality.page.exposure import PaperWhite
from station.quality.profile import load_profiles
from station.quality.sample import PageSample
from station.settings import resources_dir
from station.storage.open import open_store
from tests.commands import ask
from tests.kiosk import kiosk
from tests.page_faults import letter
from tests.stored import applicant, expected, picture
from tests.visits import applicants, whole_visit
from ui import console

PROFILES = resources_dir() / "profiles"


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a station after a whole simulated visit: all five kinds of pictures."""
    folder = tmp_path_factory.mktemp("visited")
    applicant = applicants(1)[0]
    with kiosk(folder, [applicant]) as at:
        whole_visit(at.ready(), applicant)
    return folder


@pytest.fixture
def at(visited: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATION_DATA_DIR", str(visited))
    return visited


def record_of(folder: Path) -> ApplicationRecord:
    with closing(open_store(folder)) as store, store.units() as work:
        (only,) = work.records.with_pictures()
        return work.records.get(only)


def test_a_replay_of_a_whole_visit_is_the_same_for_every_picture(
    at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = record_of(at)
    assert {attachment.kind for attachment in record.attachments} == set(AttachmentKind)
    status, (*rows, summary) = ask(capsys, "replay", record.application_number)
    assert {(row["outcome"], len(row["differences"]), len(row["limits"])) for row in rows} == {("same", 0, 0)}
    assert [row["picture"] for row in rows] == [attachment.id for attachment in record.attachments]
    assert {row["judged_by"] for row in rows} == {versions.stamp()} == {summary["measures"]}
    assert (status, summary["same"], summary["pictures"]) == (console.DONE, len(rows), len(rows))
    assert record_of(at) == record


# -- small pages -----------------------------------------------------------------------------------------------

CORNER = (slice(0, 700), slice(0, 900))
PAGE: Pixels = np.ascontiguousarray(letter(5).scanned()[CORNER])
DPI = (300.0, 300.0)


def page(name: str, data: bytes | None = None, report: QualityReport | None = None) -> Attachment:
    """Describe the stored page, judged as the workshop judges it; `data` lies in its place."""
    coded = codec.encode_png(PAGE, DPI)
    judged = report or assess(load_profiles(PROFILES)["page"], PageSample(PAGE, DPI, coded))
    data = coded if data is None else data
    ref = PictureRef(sha256(data).hexdigest(), "image/png", len(data), 900, 700, DPI)
    return picture(name, picture=ref, report=judged)


def keep(
    folder: Path, *attached: Attachment, number: str = "GV-2025-0001", data: tuple[bytes, ...] = ()
) -> None:
    """Put a record with these pictures into the store of a folder."""
    with closing(open_store(folder)) as store:
        for stored in (codec.encode_png(PAGE, DPI), *data):
            store.pictures.put(stored)
        (record,) = expected(store, applicant(number))
        with store.units() as work:
            work.records.put(replace(work.records.get(record.id), attachments=attached))
            work.commit()


def with_finding(report: QualityReport, measure: str, **facts: object) -> QualityReport:
    changed = (replace(f, **facts) if f.measure == measure else f for f in report.findings)  # type: ignore[arg-type]
    return replace(report, findings=tuple(changed))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path / "station"))
    return tmp_path / "station"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main.main(["replay", *words])
    return status, capsys.readouterr().out


def test_a_measure_that_is_off_by_one_is_named_with_both_values(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, page("p1"))
    right = PaperWhite.assess

    def wrong(self: PaperWhite, sample: PageSample) -> Measured:
        answer = right(self, sample)
        return replace(answer, raw=answer.raw + 1)

    monkeypatch.setattr(PaperWhite, "assess", wrong)
    status, (row, summary) = ask(capsys, "replay", "--all")
    ((measure, was, now),) = [(d["measure"], d["was"]["raw"], d["now"]["raw"]) for d in row["differences"]]
    assert (status, row["outcome"], summary["differs"]) == (console.FINDINGS, "differs", 1)
    assert measure == "paper_white"
    assert now == pytest.approx(was + 1)
    _, text = said(capsys, "GV-2025-0001")
    assert f"paper_white: was {was!r} L*" in text


def test_another_version_of_the_measures_is_told_as_such_and_is_no_damage(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = page("p1").report
    assert report is not None
    old = replace(with_finding(report, "noise", raw=99.0), measures="3-0123456789abcdef")
    keep(store, page("p1", report=old), page("p2", report=replace(report, measures="")))
    status, (first, second, _) = ask(capsys, "replay", "--all")
    assert (status, first["outcome"], second["outcome"]) == (console.DONE, "other_measures", "same")
    _, text = said(capsys, "--all")
    assert f"judged by measures 3, now {versions.edition(versions.stamp())}" in text


def test_the_last_digit_of_another_processor_is_no_difference_of_a_measure(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = page("p1").report
    assert report is not None
    before = next(finding.raw for finding in report.findings if finding.measure == "text_contrast")
    assert before is not None
    keep(
        store,
        page("near", report=with_finding(report, "text_contrast", raw=before + 0.001)),
        page("far", report=with_finding(report, "text_contrast", raw=before + 0.01)),
        page("counted", report=with_finding(report, "jpeg_quality", raw=99.999)),
    )
    _, (*rows, _) = ask(capsys, "replay", "--all")
    assert [row["outcome"] for row in rows] == ["rounded", "differs", "differs"]


def test_a_profile_with_one_limit_changed_is_noticed_and_the_limit_named(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, page("p1"))
    shutil.copytree(PROFILES, tmp_path / "profiles")
    file = tmp_path / "profiles" / "page.toml"
    text = file.read_text("utf-8")
    assert text.count("\nlow = 75 ") == 1  # of paper_white
    file.write_text(text.replace("\nlow = 75 ", "\nlow = 74 "), "utf-8")
    monkeypatch.setenv("STATION_PROFILES", str(file.parent))
    status, (row, _) = ask(capsys, "replay", "--all")
    ((measure, was, now),) = [(c["measure"], c["was"]["low"], c["now"]["low"]) for c in row["limits"]]
    assert (measure, was, now) == ("paper_white", 75.0, 74.0)
    # The verdict itself stands: it is come to again by the limits of its own time.
    assert (status, row["outcome"], row["other_profile"]) == (console.DONE, "same", True)
    assert "limit of paper_white: was low 75, fail_low 55, is low 74, fail_low 55" in said(capsys, "--all")[1]


def test_a_report_that_names_a_profile_and_holds_other_limits_was_changed(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = page("p1").report
    assert report is not None
    keep(store, page("p1", report=with_finding(report, "resolution", limit=Limit(low=1.0))))
    status, (row, _) = ask(capsys, "replay", "--all")
    assert (status, row["outcome"]) == (console.FINDINGS, "other_limits")
    assert [change["measure"] for change in row["limits"]] == ["resolution"]


def test_a_missing_and_a_damaged_picture_are_named_and_the_others_go_on(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = codec.encode_png(PAGE, DPI)[:-100]
    keep(store, page("gone", b"never stored"), page("half", half), page("whole"), data=(half,))
    status, (gone, damaged, whole, summary) = ask(capsys, "replay", "--all")
    assert [gone["outcome"], damaged["outcome"], whole["outcome"]] == ["no_picture", "no_picture", "same"]
    assert (gone["picture"], gone["code"], damaged["code"]) == ("gone", "SG-004", "PC-001")
    assert (status, summary["no_picture"]) == (console.FINDINGS, 2)


def test_all_replays_every_record_that_has_pictures(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        keep(store, page(f"p{number}"), number=f"GV-2025-000{number}")
    with closing(open_store(store)) as opened, opened.units() as work:
        expected(opened, applicant("GV-2025-0009"))
        first = work.records.with_pictures(limit=2)
        assert (len(first), len(work.records.with_pictures(first[-1], 2))) == (2, 1)
    status, (*rows, summary) = ask(capsys, "replay", "--all")
    assert (status, {row["picture"] for row in rows}, summary["same"]) == (console.DONE, {"p0", "p1", "p2"}, 3)


def test_a_record_or_all_must_be_named_and_one_that_is_not_there_is_said(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([], ["--all", "GV-2025-0001"]):
        with pytest.raises(SystemExit):
            main.main(["replay", *words])
    assert main.main(["replay", "GV-1999-0001"]) == console.COULD_NOT
    assert "RC-001" in capsys.readouterr().err


# -- other limits ----------------------------------------------------------------------------------------------

STRICT = """
name = "page"
title = "Stricter"
version = "9"
subject = "page"
[limits.noise]
high = 2
fail_high = 5
[limits.paper_white]
low = 80
fail_low = 60
"""


def judged(noise: float, white: float) -> QualityReport:
    """Return a report that passes up to a noise of 4 and a white down to 75, and fails beyond 8 and 55."""

    def finding(name: str, raw: float, *, warns: bool, fails: bool, limit: Limit) -> Finding:
        status = Status.FAIL if fails else Status.WARN if warns else Status.PASS
        return Finding(name, status, raw, limit=limit)

    dirty = finding("noise", noise, warns=noise > 4, fails=noise > 8, limit=Limit(high=4, fail_high=8))
    pale = finding("paper_white", white, warns=white < 75, fails=white < 55, limit=Limit(low=75, fail_low=55))
    return QualityReport("page", (dirty, pale))


def test_flips_are_counted_by_kind_way_and_measure(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {
        (1.0, 90.0): 6,  # PASS, stays
        (3.0, 90.0): 3,  # PASS -> WARN by noise
        (3.0, 78.0): 2,  # PASS -> WARN by both
        (6.0, 90.0): 4,  # WARN -> FAIL by noise
        (1.0, 58.0): 1,  # WARN -> FAIL by paper_white
        (9.0, 90.0): 2,  # FAIL, stays
    }
    attached = [
        picture(f"{noise}-{white}-{number}", report=judged(noise, white))
        for (noise, white), count in pages.items()
        for number in range(count)
    ]
    keep(store, *attached, picture("other", report=replace(judged(3, 90), profile="passport")))
    (tmp_path / "strict.toml").write_text(STRICT, "utf-8")
    status, (*flips, summary) = ask(capsys, "replay", "--all", "--profile", tmp_path / "strict.toml")
    assert (status, len(flips)) == (console.DONE, 10)
    assert (summary["kind"], summary["pictures"], summary["flips"]) == ("document", 18, 10)
    assert {(c["was"], c["now"], tuple(c["by"])): c["count"] for c in summary["changes"]} == {
        ("PASS", "WARN", ("noise",)): 3,
        ("PASS", "WARN", ("noise", "paper_white")): 2,
        ("WARN", "FAIL", ("noise",)): 4,
        ("WARN", "FAIL", ("paper_white",)): 1,
    }
    _, text = said(capsys, "--all", "--profile", str(tmp_path / "strict.toml"))
    assert text == (
        "document: 10 of 18 would flip: 4 WARN -> FAIL by noise, 3 PASS -> WARN by noise, "
        "2 PASS -> WARN by noise and paper_white, 1 WARN -> FAIL by paper_white.\n"
    )


def test_a_measure_that_a_report_lacks_is_measured_in_the_stored_picture(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(store, page("p1", report=judged(1, 90)), page("gone", b"never stored", judged(1, 90)))
    (tmp_path / "strict.toml").write_text(f"{STRICT}[limits.resolution]\nfail_low = 301\n", "utf-8")
    status, (flip, gone, summary) = ask(capsys, "replay", "--all", "--profile", tmp_path / "strict.toml")
    assert (flip["picture"], flip["was"], flip["now"], flip["by"]) == ("p1", "PASS", "FAIL", ["resolution"])
    assert (gone["picture"], gone["code"]) == ("gone", "SG-004")
    assert (status, summary["pictures"], summary["flips"]) == (console.FINDINGS, 1, 1)


def test_a_real_portrait_is_judged_by_other_limits(
    at: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PROFILES / "portrait.toml").read_text("utf-8")
    assert text.count("fail_low = 120\n") == 1  # of inter_eye_distance
    (tmp_path / "portrait.toml").write_text(
        text.replace("fail_low = 120\n", "fail_low = 5000\n").replace("\nlow = 120 ", "\nlow = 5000 "), "utf-8"
    )
    _, (*_, summary) = ask(capsys, "replay", "--all", "--profile", tmp_path / "portrait.toml")
    assert (summary["kind"], summary["pictures"]) == ("portrait", 1)
    assert all("inter_eye_distance" in change["by"] for change in summary["changes"])


# -- files -----------------------------------------------------------------------------------------------------


def test_pictures_in_a_folder_are_held_against_what_assess_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], store: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("good", "changed", "unjudged"):
        (folder / f"{name}.png").write_bytes(codec.encode_png(PAGE, DPI))
    main.main(["assess", "--json", "--profile", "page", str(folder / "good.png"), str(folder / "changed.png")])
    rows = capsys.readouterr().out
    (folder / "reports.jsonl").write_text(f"{rows}{{broken\n", "utf-8")
    dark = np.ascontiguousarray(PAGE // 2)
    (folder / "changed.png").write_bytes(codec.encode_png(dark, DPI))
    status, (good, changed, broken, unjudged, _) = ask(capsys, "replay", folder)
    assert (good["picture"], good["outcome"]) == ("good.png", "same")
    assert (changed["picture"], changed["outcome"]) == ("changed.png", "differs")
    assert "paper_white" in {difference["measure"] for difference in changed["differences"]}
    assert (broken["outcome"], broken["picture"]) == ("no_report", "reports.jsonl, 3")
    assert (unjudged["outcome"], unjudged["picture"]) == ("no_report", "unjudged.png")
    assert status == console.FINDINGS
    assert not store.exists(), "a folder is replayed without the store"
    assert json.loads(rows.splitlines()[0])["digest"] == load_profiles(PROFILES)["page"].digest
