"""Pictures of every coding, records that hold them, and their export into a folder."""

import io
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from station.delivery.pdf import PdfExporter
from station.devices.cancel import CancelToken
from station.errors import StorageDamaged
from station.flow.ports import Exported
from station.flow.volumes import volumes
from station.model.checklist import Checklist, Item
from station.model.image import PictureRef
from station.model.record import ApplicationRecord, Attachment
from tests.stored import applicant, picture

RECORD_ID = "0123456789abcdef0123456789abcdef"
DPI = (150.0, 150.0)
LIST = Checklist("visitor", "Visitor", (Item("form", "Application form"), Item("funds", "Proof of funds")))
SOFTWARE = "visa-station 0.1.0"


class Pictures(dict[str, bytes]):
    """A picture store in memory."""

    def put(self, data: bytes) -> str:
        name = sha256(data).hexdigest()
        self[name] = data
        return name

    def get(self, sha256: str) -> bytes:  # type: ignore[override]
        if sha256 not in self:
            raise StorageDamaged(what=f"picture {sha256}")
        return self[sha256]


def drawn(mode: str = "RGB", size: tuple[int, int] = (120, 170), seed: int = 1) -> Image.Image:
    """Draw a page of large coloured fields, unlike at every corner."""
    fields = np.random.default_rng(seed).integers(0, 256, (5, 4, 3), np.uint8)
    return Image.fromarray(fields).resize(size, Image.Resampling.NEAREST).convert(mode)


def coded(image: Image.Image, kind: str, **how: Any) -> bytes:
    """Code a picture as a device or a program would."""
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


@dataclass
class Desk:
    """A record in the making and the folder that it is exported to."""

    folder: Path
    pictures: Pictures
    record: ApplicationRecord

    def add(
        self, data: bytes, media_type: str = "image/jpeg", size: tuple[int, int] = (120, 170), **change: Any
    ) -> Attachment:
        """Put one page on the record."""
        ref = PictureRef(self.pictures.put(data), media_type, len(data), *size, change.pop("dpi", DPI))
        number = len(self.record.attachments) + 1
        fields = {"item": "form", "page": number, **change}
        page = replace(picture(f"page-{number}", data), picture=ref, **fields)
        self.record = replace(self.record, attachments=(*self.record.attachments, page))
        return page

    def export(self, *items: str, text_layer: bool = False, **change: Any) -> tuple[Exported, ...]:
        """Write the files."""
        given = {"progress": lambda _done, _total: None, "cancel": CancelToken(), **change}
        exporter = PdfExporter(self.pictures, SOFTWARE, text_layer=text_layer)
        return exporter.export(volumes(self.record, LIST, items), self.folder, **given)

    @property
    def files(self) -> list[str]:
        """What lies in the folder, hidden files too."""
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []


def desk(tmp_path: Path) -> Desk:
    """Begin with a record without pages."""
    return Desk(tmp_path / "out", Pictures(), replace(applicant(), id=RECORD_ID))
