"""Readers on serial lines: real pyserial on a pseudo-terminal."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from typing import Any

import pytest

from drivers.serial_reader import SerialReaderDriver
from station.devices.cancel import CancelToken
from station.errors import DeviceBusy, DeviceLost, DeviceNotFound, SettingsError
from station.model.capability import DeviceInfo, DeviceKind
from station.model.swipe import SwipeKind
from tests.reader_contract import ANNAS, BORIS, ReaderContract, heard
from tests.serial_line import SerialLine, port, serial_driver, serial_line

FRAME = b"\x02" + b"\r".join(row.encode() for row in ANNAS) + b"\r\n\x03"


@pytest.fixture
def line() -> Iterator[SerialLine]:
    with serial_line() as opened:
        yield opened


def opened(line: SerialLine, **settings: Any) -> Any:
    driver = serial_driver(line, **settings)
    return driver.open(next(driver.find()))


class TestSerialReader(ReaderContract):
    """The contract, with frames between STX and ETX."""

    @pytest.fixture
    def open_device(self, line: SerialLine) -> Callable[[], Any]:
        return lambda: opened(line, framing="stx")

    @pytest.fixture
    def send(self, line: SerialLine) -> Callable[..., None]:
        return lambda *lines: line.send(b"\x02" + "\r".join(lines).encode() + b"\r\x03")

    @pytest.fixture
    def unplug(self, line: SerialLine) -> Callable[[], None]:
        return line.unplug


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        ({}, "{0}\r\n{1}\r\n"),
        ({}, "{0}{1}\r"),
        ({"framing": "stx"}, "\x02{0}\r{1}\r\n\x03"),
        ({"framing": "rte"}, "\x01\x62\x00OU\x021\r{0}\r{1}\r\x03z"),
        ({"framing": "marks", "prefix": "~", "suffix": "\r"}, "~{0}\r~{1}\r"),
        ({"framing": "marks", "prefix": "\x02", "suffix": "\x03\r"}, "\x02{0}\r{1}\x03\r"),
        ({"speed": 115200, "data_bits": 7, "parity": "even"}, "{0}\r{1}\r"),
    ],
)
def test_each_framing_of_the_settings_is_read(line: SerialLine, settings: dict[str, Any], sent: str) -> None:
    with closing(opened(line, **settings)) as reader:
        line.send(sent.format(*ANNAS).encode())
        assert heard(reader, 1)[0].lines == ANNAS


def test_a_frame_arrives_byte_by_byte(line: SerialLine) -> None:
    with closing(opened(line, framing="stx")) as reader:
        line.send_slowly(FRAME)
        assert heard(reader, 1)[0].lines == ANNAS


def test_a_code_without_an_end_is_ended_by_silence(line: SerialLine) -> None:
    with closing(opened(line)) as reader:
        line.send(b"]C1L000123456")
        (code,) = heard(reader, 1)
        assert (code.kind, code.text, code.symbology) == (SwipeKind.CODE, "L000123456", "Code128")


def test_a_frame_that_has_no_end_is_told_and_the_next_one_read(line: SerialLine) -> None:
    with closing(opened(line, framing="stx")) as reader:
        line.send(b"noise" + FRAME[:60] + FRAME)
        kinds = [swipe.kind for swipe in heard(reader, 2)]
        assert kinds == [SwipeKind.INCOMPLETE, SwipeKind.DOCUMENT]


def test_a_wrong_speed_is_told_as_garbage(line: SerialLine) -> None:
    with closing(opened(line)) as reader:
        line.send(bytes([0x9F, 0x00, 0xE6, 0x98, 0x06, 0x80, 0xFE, 0x1E, 0x8C]) * 4)
        assert heard(reader, 1)[0].kind is SwipeKind.GARBAGE


def test_a_plug_pulled_in_the_middle_of_a_frame_is_a_lost_reader_and_nothing_else(line: SerialLine) -> None:
    with closing(opened(line, framing="stx")) as reader, closing(reader.read(CancelToken())) as swipes:
        line.send(FRAME + FRAME[:50])
        assert next(swipes).lines == ANNAS
        line.unplug()
        with pytest.raises(DeviceLost) as caught:
            next(swipes)
    assert "ERIKSSON" not in repr(caught.value) + repr(caught.value.__cause__)


def test_two_programs_cannot_share_a_port(line: SerialLine) -> None:
    with closing(opened(line)), pytest.raises(DeviceBusy):
        opened(line)
    with closing(opened(line)) as reader:
        line.send("\r".join(BORIS).encode() + b"\r")
        assert heard(reader, 1)[0].lines == BORIS


def test_a_port_that_went_away_is_not_found(line: SerialLine) -> None:
    driver = serial_driver(line)
    (info,) = driver.find()
    line.unplug()
    assert list(driver.find()) == []
    with pytest.raises(DeviceNotFound):
        driver.open(info)
    with pytest.raises(DeviceNotFound):
        driver.open(DeviceInfo("serial_reader:other", DeviceKind.READER, "serial_reader", "", ""))


def test_a_usb_reader_is_found_in_whatever_socket_it_sits() -> None:
    there = [port("COM3"), port("COM12", 0x0C2E, 0x0206, "AB12")]
    driver = SerialReaderDriver(ports=lambda: there)
    ports = [{"usb": "0C2E:0206:ab12", "name": "A"}, {"usb": "0c2e:0206:other"}, {"port": "COM3"}]
    driver.configure({"ports": ports})
    found = {info.id: (info.address, info.name, info.serial) for info in driver.find()}
    assert found == {
        "serial_reader:0c2e:0206:ab12": ("COM12", "A", "AB12"),
        "serial_reader:COM3": ("COM3", "COM3", None),
    }
    there.pop()
    assert [info.id for info in driver.find()] == ["serial_reader:COM3"]


def test_without_settings_it_looks_at_no_port() -> None:
    def looked() -> Any:
        pytest.fail("looked")

    driver = SerialReaderDriver(ports=looked)
    driver.configure({})
    assert list(driver.find()) == []


@pytest.mark.parametrize(
    ("entry", "key", "problem"),
    [
        ({}, "ports.1.port", "missing"),
        ({"port": "a", "usb": "1:2"}, "ports.1.port", "wrong_value"),
        ({"port": "a", "baud": 9600}, "ports.1.baud", "unknown_key"),
        ({"port": "a", "speed": 9601}, "ports.1.speed", "wrong_value"),
        ({"port": "a", "framing": "stxx"}, "ports.1.framing", "wrong_value"),
        ({"port": "a", "framing": "marks", "prefix": "~"}, "ports.1.suffix", "missing"),
        ({"port": "a", "prefix": "~"}, "ports.1.prefix", "unknown_key"),
        ({"port": "a", "framing": "marks", "prefix": "", "suffix": "x"}, "ports.1.prefix", "wrong_value"),
        ({"port": "a", "check": "crc"}, "ports.1.check", "wrong_value"),
    ],
)
def test_settings_that_cannot_be_understood_are_named(entry: dict[str, Any], key: str, problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        SerialReaderDriver().configure({"ports": [entry]})
    assert (caught.value.context["key"], caught.value.context["problem"]) == (key, problem)


def test_frames_back_to_back_are_all_read(line: SerialLine) -> None:
    with closing(opened(line, framing="stx")) as reader, closing(reader.read(CancelToken())) as swipes:
        line.send(FRAME * 3)
        assert [swipe.lines for swipe in islice(swipes, 3)] == [ANNAS] * 3
