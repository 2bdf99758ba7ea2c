"""What every reader of documents and codes must do, as `tests/contracts.py` says it of scanners and cameras.

Subclass it, and give the fixtures:

    open_device    opens the same reader anew, as often as it is called
    send           sends the lines of a document, or the one text of a code, through the opened reader
    unplug         pulls its plug
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice

import pytest

from station.devices.cancel import CancelToken
from station.devices.device import Reader
from station.errors import DeviceError, DeviceLost
from station.model.capability import DeviceInfo, DeviceKind, ReaderCapabilities
from station.model.swipe import Swipe, SwipeKind
from tests.contracts import cancel_soon

Send = Callable[..., None]

ANNAS = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<04")
BORIS = ("P<UTOIVANOV<<BORIS<<<<<<<<<<<<<<<<<<<<<<<<<<", "X1234567A7UTO0102030M3001019<<<<<<<<<<<<<<00")
"""Invented passports: rows as in ICAO 9303-4 with their check digits."""


def heard(reader: Reader, number: int) -> list[Swipe]:
    """Listen until so many frames came."""
    with closing(reader.read(CancelToken())) as swipes:
        return list(islice(swipes, number))


class ReaderContract:
    """What every reader must do."""

    @pytest.fixture
    def reader(self, open_device: Callable[[], Reader]) -> Iterator[Reader]:
        """Open the device for one test."""
        device = open_device()
        yield device
        device.close()

    def test_it_says_who_it_is_and_what_it_can_send(self, reader: Reader) -> None:
        assert isinstance(reader.info, DeviceInfo)
        assert reader.info.kind is DeviceKind.READER
        assert reader.info.id.startswith(f"{reader.info.driver}:")
        able = reader.capabilities()
        assert isinstance(able, ReaderCapabilities) and able == reader.capabilities()
        assert able.kinds is None or set(able.kinds) <= {SwipeKind.DOCUMENT, SwipeKind.CODE}

    def test_a_document_comes_as_lines_and_a_code_as_text_in_their_order(
        self, reader: Reader, send: Send
    ) -> None:
        send(*ANNAS)
        send("L000123456")
        document, code = heard(reader, 2)
        assert (document.kind, document.lines) == (SwipeKind.DOCUMENT, ANNAS)
        assert (code.kind, code.text) == (SwipeKind.CODE, "L000123456")

    def test_nothing_of_a_document_stands_in_its_repr(self, reader: Reader, send: Send) -> None:
        send(*ANNAS)
        send("L000123456")
        told = repr(heard(reader, 2))
        assert "ERIKSSON" not in told and "L000123456" not in told

    def test_it_closes_twice_and_opens_again(
        self, reader: Reader, open_device: Callable[[], Reader], send: Send
    ) -> None:
        reader.close()
        reader.close()
        again = open_device()
        try:
            send(*BORIS)
            assert heard(again, 1)[0].lines == BORIS
        finally:
            again.close()

    def test_a_closed_reader_cannot_be_read(self, reader: Reader) -> None:
        reader.close()
        with pytest.raises(DeviceError) as caught:
            heard(reader, 1)
        assert caught.value.context["device"] == reader.info.id

    def test_a_cancel_ends_the_waiting_and_it_can_be_read_again(self, reader: Reader, send: Send) -> None:
        cancel = CancelToken()
        timer = cancel_soon(cancel)
        with closing(reader.read(cancel)) as swipes:
            assert list(swipes) == []
        timer.join()
        send(*ANNAS)
        assert heard(reader, 1)[0].lines == ANNAS

    def test_a_cancel_before_the_start_brings_nothing(self, reader: Reader) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with closing(reader.read(cancel)) as swipes:
            assert list(swipes) == []

    def test_what_was_swiped_before_it_was_opened_is_lost(
        self, reader: Reader, open_device: Callable[[], Reader], send: Send
    ) -> None:
        send(*ANNAS)
        reader.close()
        again = open_device()
        try:
            send(*BORIS)
            assert heard(again, 1)[0].lines == BORIS
        finally:
            again.close()

    def test_a_pulled_plug_is_told_after_what_came_before(
        self, reader: Reader, send: Send, unplug: Callable[[], None]
    ) -> None:
        send(*ANNAS)
        with closing(reader.read(CancelToken())) as swipes:
            assert next(swipes).lines == ANNAS
            unplug()
            with pytest.raises(DeviceLost) as caught:
                next(swipes)
        assert caught.value.context["device"] == reader.info.id
