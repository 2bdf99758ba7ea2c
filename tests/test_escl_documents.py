"""What the driver `escl` makes of documents and settings, most of them wrong."""

from dataclasses import replace

import pytest

from drivers.escl import documents
from drivers.escl.documents import Malformed, offer_of, tree, view_of
from drivers.escl.driver import EsclDriver
from drivers.escl.offer import capabilities
from drivers.escl.picture import page_of
from drivers.escl.status import Refusal
from drivers.simulated.escl_words import capabilities_xml
from station.errors import (
    AccessDenied,
    CoverOpen,
    DeviceBusy,
    DeviceNotFound,
    DeviceOffline,
    DriverFault,
    FeederEmpty,
    PaperJam,
    SettingsError,
    StationError,
)
from station.model.capability import ColourMode, ResolutionRange, Source

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<scan",
        b"\xff\xfe<\x00a\x00",
        BOMB,
        BOMB.lower(),
        b"<a>" * 200_000,
        b"<a/>" + b" " * documents.MOST_BYTES,
        b"<!-- \x00 --><a/>",
    ],
    ids=["empty", "cut", "utf-16", "bomb", "small bomb", "deep", "large", "nul"],
)
def test_xml_that_is_none_or_declares_something_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        tree(body)


# -- documents -------------------------------------------------------------------------------------------------


def with_resolutions(inner: str) -> bytes:
    text = capabilities_xml()
    head, tail = "<scan:SupportedResolutions>", "</scan:SupportedResolutions>"
    parts = text.split(head)
    return head.join([parts[0], *(inner + tail + part.partition(tail)[2] for part in parts[1:])]).encode()


X_AXIS = "<scan:XResolutionRange><scan:Min>50</scan:Min><scan:Max>600</scan:Max></scan:XResolutionRange>"
Y_AXIS = "<scan:YResolutionRange><scan:Min>75</scan:Min><scan:Max>1200</scan:Max></scan:YResolutionRange>"


@pytest.mark.parametrize(
    "inner",
    [
        f"<scan:ResolutionRange>{X_AXIS}{Y_AXIS}</scan:ResolutionRange>",
        X_AXIS + Y_AXIS,
        f"<scan:ResolutionRange>{X_AXIS}{Y_AXIS}</scan:ResolutionRange>".replace(
            "ionRange><scan:M", "ion><scan:M"
        )
        .replace("</scan:Max></scan:XResolutionRange", "</scan:Max></scan:XResolution")
        .replace("</scan:Max></scan:YResolutionRange", "</scan:Max></scan:YResolution"),
    ],
    ids=["nested", "by itself", "as sane-airscan looks for it"],
)
def test_a_range_of_resolutions_is_read_in_its_three_forms(inner: str) -> None:
    assert capabilities(offer_of(with_resolutions(inner))).resolutions_dpi == ResolutionRange(75, 600)


def test_an_intake_of_no_size_is_not_offered() -> None:
    body = capabilities_xml().encode()
    none = body.replace(b"<scan:MaxWidth>2480<", b"<scan:MaxWidth>0<", 1)
    assert capabilities(offer_of(none)).sources == (Source.FEEDER, Source.DUPLEX)
    with pytest.raises(Malformed):
        offer_of(body.replace(b"<scan:MaxWidth>2480<", b"<scan:MaxWidth>0<"))


def test_a_model_name_in_latin_1_is_read() -> None:
    body = capabilities_xml().replace("Station Simulator", "Escáner").encode("latin-1")
    assert offer_of(body).model == "Escáner"


@pytest.mark.parametrize(
    ("feeder", "error"),
    [
        ("ScannerAdfMispick", PaperJam),
        ("ScannerAdfHatchOpen", CoverOpen),
        ("ScannerAdfEmpty", FeederEmpty),
        ("ScannedAdfLoaded", DriverFault),
        ("", DriverFault),
    ],
)
def test_words_of_the_feeder_have_names_and_unknown_ones_mean_nothing(
    feeder: str, error: type[StationError]
) -> None:
    view = view_of(f"<ScannerStatus><State>Idle</State><AdfState>{feeder}</AdfState></ScannerStatus>".encode())
    assert type(Refusal(409, view).error(empty=True, begun=False, device="escl:x")) is error


@pytest.mark.parametrize(
    ("code", "state", "error"),
    [
        (401, "Idle", AccessDenied),
        (409, "Testing", DeviceBusy),
        (409, "Down", DeviceOffline),
        (409, "Stopped", DriverFault),
        (503, "Idle", DeviceBusy),
    ],
)
def test_a_job_that_is_refused_has_a_reason(code: int, state: str, error: type[StationError]) -> None:
    view = view_of(f"<ScannerStatus><State>{state}</State></ScannerStatus>".encode())
    assert type(Refusal(code, view).error(empty=False, begun=False, device="escl:x")) is error


@pytest.mark.parametrize(
    "body", [b"\xff\xd8", b"\xff\xd8\xff\xc0", b"\xff\xd8\xff\xff\xff", b"\x89PNG\r\n\x1a\n"]
)
def test_a_picture_that_ends_in_its_header_is_none(body: bytes) -> None:
    order = documents.Order(Source.FLATBED, ColourMode.GREY, "image/jpeg", 75, 0, 0, 300, 300, open_end=False)
    with pytest.raises(DriverFault):
        page_of(body, order, 1, "escl:x")


# -- settings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "key", "problem"),
    [
        ({"scaners": []}, "scaners", "unknown_key"),
        ({"scanners": [{"url": "ftp://192.0.2.7/eSCL"}]}, "scanners.1.url", "not_an_address"),
        ({"scanners": [{"url": "http://user:secret@192.0.2.7/eSCL"}]}, "scanners.1.url", "not_an_address"),
        ({"scanners": [{"url": "http://[::1/eSCL"}]}, "scanners.1.url", "not_an_address"),
        ({"scanners": [{"url": "http://a b/"}]}, "scanners.1.url", "not_an_address"),
        ({"scanners": [{"name": "Desk"}]}, "scanners.1.url", "missing"),
        ({"scanners": [{"url": "http://192.0.2.7"}] * 2}, "scanners.2.url", "duplicate"),
        ({"scanners": [{"url": "https://192.0.2.7", "certificate": "12"}]}, "scanners.1.certificate", None),
        ({"scanners": [{"url": "http://192.0.2.7", "certificate": "a" * 64}]}, "scanners.1.certificate", None),
        ({"page_timeout_s": 0}, "page_timeout_s", "not_positive"),
        ({"page_tries": 1.5}, "page_tries", "not_positive"),
    ],
)
def test_a_setting_that_is_not_understood_is_named(
    options: dict[str, object], key: str, problem: str | None
) -> None:
    with pytest.raises(SettingsError) as caught:
        EsclDriver().configure(options)
    assert caught.value.context["key"] == key
    assert problem in (None, caught.value.context["problem"])
    assert "secret" not in str(caught.value)


def test_configured_scanners_are_named_without_being_asked() -> None:
    driver = EsclDriver()
    driver.configure({"scanners": [{"url": "https://192.0.2.7/eSCL/", "name": "Desk 1"}]})
    (info,) = driver.find()
    assert (info.id, info.name) == ("escl:https://192.0.2.7:443/eSCL", "Desk 1")
    with pytest.raises(DeviceNotFound):
        driver.open(replace(info, id="escl:other"))
