"""What is printed on a page as invisible text to search, read by the separate program tesseract (Apache-2.0).

The picture goes in by a pipe and the text comes back by one: nothing readable is left on a disk. Whatever goes
wrong there costs the page its text, never the file.
"""

import logging
import shutil
import subprocess
import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO

import pikepdf

from station.delivery.pdf_file import PdfFile, numbers, reference
from station.delivery.place import Place
from station.devices.cancel import CancelToken
from station.imaging import adjust, codec
from station.model.record import Attachment
from station.surroundings import of_child

_log = logging.getLogger(__name__)

PATIENCE_S = 120.0
"""How long one page may take."""

LANGUAGES = "eng+fra"
"""The centres' languages; tesseract takes those of them that it has."""

# What tesseract's pages are made of; anything else in one is not carried over.
_KNOWN = frozenset({"q", "Q", "cm", "BT", "ET", "Tr", "Tm", "Tf", "Tz", "TJ", "Td", "Tj"})


@dataclass(slots=True)
class TextLayer:
    """Reads the pages of one file; what their texts share, the font, is written once."""

    _written: dict[bytes, int] = field(default_factory=dict)

    def read(
        self, file: PdfFile, data: bytes, page: Attachment, placed: Place, cancel: CancelToken
    ) -> int | None:
        """Write the text of one page as a form that covers it; None when there is none to be had."""
        program = shutil.which("tesseract")
        if program is None:
            return None
        pixels = codec.grey(adjust.shown(codec.decode(data).pixels, page.adjustment))
        dpi = adjust.dpi_shown(page.adjustment, page.picture.dpi)
        answer = _asked(program, codec.encode_png(pixels), round(dpi[0]) if dpi else None, cancel)
        cancel.check()
        if answer is None:
            return None
        try:
            with pikepdf.open(BytesIO(answer)) as read:
                return self._form(file, read.pages[0], placed)
        except (pikepdf.PdfError, RuntimeError, LookupError, ValueError, TypeError, AttributeError) as error:
            _log.warning("a page has no text: what tesseract wrote cannot be read (%s)", type(error).__name__)
            return None

    def _form(self, file: PdfFile, page: pikepdf.Page, placed: Place) -> int:
        operators = {str(instruction.operator) for instruction in pikepdf.parse_content_stream(page)}
        if not operators <= _KNOWN:
            raise ValueError(operators - _KNOWN)
        left, bottom, right, top = (float(side) for side in page.mediabox)
        across, up = placed.width_pt / (right - left), placed.height_pt / (top - bottom)
        matrix = (across, 0, 0, up, -left * across, -bottom * up)
        fonts = self._object(file, page.resources.get("/Font", pikepdf.Dictionary()))
        entries = b"/Type /XObject /Subtype /Form /BBox [%s] /Matrix [%s] /Resources << /Font %s >>" % (
            numbers((left, bottom, right, top)), numbers(matrix), fonts
        )  # fmt: skip
        content = zlib.compress(page.Contents.read_bytes())
        return file.stream(entries + b" /Filter /FlateDecode", (content,))

    def _object(self, file: PdfFile, value: object) -> bytes:
        """Write an object of another file as it stands here; streams and dictionaries of a kind only once."""
        if isinstance(value, pikepdf.Stream):
            entries = b" ".join(self._entries(file, value, leave=("/Length",)))
            raw = value.read_raw_bytes()
            key = sha256(entries + raw).digest()
            if key not in self._written:
                self._written[key] = file.stream(entries, (raw,))
            return reference(self._written[key])
        if isinstance(value, pikepdf.Dictionary):
            body = b"<< %s >>" % b" ".join(self._entries(file, value))
            if "/Type" not in value:
                return body
            key = sha256(body).digest()
            if key not in self._written:
                self._written[key] = file.add(body)
            return reference(self._written[key])
        if isinstance(value, pikepdf.Array):
            return b"[%s]" % b" ".join(self._object(file, entry) for entry in value.as_list())
        return pikepdf.Array([value]).unparse().removeprefix(b"[").removesuffix(b"]").strip()

    def _entries(self, file: PdfFile, value: pikepdf.Object, leave: tuple[str, ...] = ()) -> list[bytes]:
        return [
            pikepdf.Name(name).unparse() + b" " + self._object(file, entry)
            for name, entry in value.items()
            if name not in leave
        ]


def _asked(program: str, picture: bytes, dpi: int | None, cancel: CancelToken) -> bytes | None:
    """Return the page of text that tesseract makes of a picture; it is ended by a cancel and when it hangs."""
    words = [program, "stdin", "stdout", "-l", LANGUAGES, "-c", "textonly_pdf=1"]
    words += ["--dpi", str(dpi)] if dpi else []
    try:
        with subprocess.Popen(
            [*words, "pdf"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=of_child(),
        ) as reader:
            cancel.on_cancel(reader.kill)
            try:
                answer, _ = reader.communicate(picture, PATIENCE_S)
            except subprocess.TimeoutExpired:
                reader.kill()
                _log.warning("a page has no text: tesseract took longer than %d seconds", PATIENCE_S)
                return None
    except OSError as error:
        _log.warning("a page has no text: tesseract did not start (%s)", type(error).__name__)
        return None
    if reader.returncode != 0 and not cancel.cancelled:
        _log.warning("a page has no text: tesseract ended with %d", reader.returncode)
    return answer if reader.returncode == 0 and answer else None
