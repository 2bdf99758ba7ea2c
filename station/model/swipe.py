"""What a reader of documents or bar codes sends, how it is wrapped, and what came of it."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.model.document import Symbology

STX, ETX, SOH = b"\x02", b"\x03", b"\x01"


class BlockCheck(StrEnum):
    """The check byte behind the end mark: none is sent, one is sent and not proved, or it is the XOR.

    XOR runs over everything behind the begin mark up to and with the end mark (ISO 1155).
    """

    NONE = "none"
    UNPROVED = "unproved"
    XOR = "xor"


@dataclass(frozen=True, slots=True)
class Framing:
    """How a reader wraps what it sends.

    Without `begin` a frame is lines that are ended by CR, LF or both, or by silence. `header` counts bytes
    behind `begin` that belong to the wrapping, as those of 3M's RTE readers (RTE6701 manual, 9.1).
    """

    begin: bytes = b""
    end: bytes = b""
    check: BlockCheck = BlockCheck.NONE
    header: int = 0


class SwipeKind(StrEnum):
    """What one frame was: lines of a zone, the text of a code, half of something, or nothing that is known."""

    DOCUMENT = "document"
    CODE = "code"
    INCOMPLETE = "incomplete"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class Swipe:
    """One frame. Of a document the `lines` are as sent, check digits not looked at; of a code the `text`.

    `symbology` only where the reader tells it by an AIM identifier (ISO/IEC 15424) of a kind that we know.
    """

    kind: SwipeKind
    lines: tuple[str, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)
    symbology: Symbology | None = None
