"""PDF/A-2b files of stored pages (ISO 19005-2): nothing resampled, each file proved before it counts.

Pages are read one at a time and written at once, so memory does not grow with their number. The same pages give
the same bytes: dates are those of the pages, the file's ID is taken from its content.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from station.delivery.embed import embed
from station.delivery.folder import named_trouble, sync
from station.delivery.pdf_file import PdfFile, number, numbers, reference, text
from station.delivery.place import Place, place
from station.delivery.text_layer import TextLayer
from station.delivery.verify_pdfa import prove
from station.delivery.xmp import About
from station.devices.cancel import CancelToken
from station.errors import ExportRefused, PictureError, StorageDamaged
from station.flow.ports import Chapter, Exported, PictureStore, Volume
from station.imaging import srgb
from station.model.record import Attachment

_SUFFIX = ".pdf"


class PdfExporter:
    """Writes volumes as PDF/A-2b. Fulfils `station.flow.ports.Exporter`; safe to call from any thread.

    With `text_layer` each page carries what tesseract reads on it as invisible text, where that is installed.
    """

    def __init__(self, pictures: PictureStore, software: str, *, text_layer: bool = False) -> None:
        """Take pages from `pictures`; `software` names the program and its version in the files."""
        self._pictures = pictures
        self._software = software
        self._text_layer = text_layer

    def export(
        self,
        volumes: Sequence[Volume],
        folder: Path,
        progress: Callable[[int, int], None],
        cancel: CancelToken,
    ) -> tuple[Exported, ...]:
        """Write one file for each volume, all of them or none; a file of the same name is replaced.

        Raises:
            ExportRefused: a volume has no page, a stored picture is damaged, or a file fails its checks.
            StorageFull, StorageMissing: the folder does not take it. Cancelled.
        """
        total = sum(len(chapter.pages) for volume in volumes for chapter in volume.chapters)
        done = 0
        with named_trouble(), ExitStack() as undo:
            folder.mkdir(parents=True, exist_ok=True)
            made: list[tuple[Path, Path, _Bound]] = []
            for volume in volumes:
                handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=f"{_SUFFIX}.part")
                unfinished = Path(name)
                undo.callback(unfinished.unlink, missing_ok=True)
                with open(handle, "wb") as file:
                    bound = _Bound(PdfFile(file), self._software, TextLayer() if self._text_layer else None)
                    for chapter, page in _pages(volume):
                        cancel.check()
                        self._put(bound, chapter, page, cancel)
                        done += 1
                        progress(done, total)
                    bound.close(volume)
                    file.flush()
                    os.fsync(handle)
                prove(unfinished)
                made.append((unfinished, folder / (quote(volume.name, safe="") + _SUFFIX), bound))
            cancel.check()
            exported = tuple(
                Exported(path, len(bound.pages), unfinished.stat().st_size, tuple(bound.without_text))
                for unfinished, path, bound in made
            )
            for unfinished, path, _ in made:
                unfinished.replace(path)
            sync(folder)
        return exported

    def _put(self, bound: "_Bound", chapter: Chapter, page: Attachment, cancel: CancelToken) -> None:
        try:
            bound.add(page, self._pictures.get(page.picture.sha256), cancel)
        except (StorageDamaged, PictureError) as error:
            at = chapter.pages.index(page) + 1
            raise ExportRefused(reason="damaged", item=chapter.id, page=at) from error


@dataclass(slots=True)
class _Bound:
    """One file that is being filled, page after page."""

    file: PdfFile
    software: str
    text: TextLayer | None
    tree: int = 0
    pages: list[int] = field(default_factory=list)
    fitted: list[int] = field(default_factory=list)
    simulated: list[int] = field(default_factory=list)
    without_text: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep the number of the page tree, which every page names."""
        self.tree = self.file.reserve()

    def add(self, page: Attachment, data: bytes, cancel: CancelToken) -> None:
        """Write one page: the picture, how it lies, and the page itself."""
        size = (page.picture.width_px, page.picture.height_px)
        image = embed(data, page.picture.media_type, size)
        placed = place(size, page.picture.dpi, page.adjustment, image.orientation)
        picture = self.file.stream(image.entries, image.parts)
        objects, content = [b"/Im %s" % reference(picture)], b"q %s cm /Im Do Q\n" % numbers(placed.matrix)
        at = len(self.pages) + 1
        if self.text is not None:
            layer = self.text.read(self.file, data, page, placed, cancel)
            if layer is None:
                self.without_text.append(at)
            else:
                objects.append(b"/Tx %s" % reference(layer))
                content += b"/Tx Do\n"
        self.pages.append(self._page(placed, objects, content))
        if placed.fitted:
            self.fitted.append(at)
        if page.provenance.simulated:
            self.simulated.append(at)

    def _page(self, placed: Place, objects: Sequence[bytes], content: bytes) -> int:
        contents = self.file.stream(b"", (content,))
        box = b"[0 0 %s %s]" % (number(placed.width_pt), number(placed.height_pt))
        return self.file.add(
            b"<< /Type /Page /Parent %s /MediaBox %s /Resources << /XObject << %s >> >> /Contents %s >>"
            % (reference(self.tree), box, b" ".join(objects), reference(contents))
        )

    def close(self, volume: Volume) -> None:
        """Write what holds the pages together.

        Raises:
            ExportRefused: there is no page.
        """
        if not self.pages:
            raise ExportRefused(reason="no_pages", item=volume.name)
        kids = b" ".join(map(reference, self.pages))
        self.file.add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self.pages), kids), self.tree)
        at = max(page.provenance.taken_at for _, page in _pages(volume))
        about = About(volume.title, tuple(self._remarks()), self.software, at)
        metadata = self.file.stream(b"/Type /Metadata /Subtype /XML", (about.packet(),))
        profile = self.file.stream(b"/N 3 /Alternate /DeviceRGB", (srgb.profile(),))
        intent = self.file.add(
            b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier %s /Info %s "
            b"/DestOutputProfile %s >>" % (text(srgb.NAME), text(srgb.NAME), reference(profile))
        )
        outlines, labels = self._outlines(volume.chapters), b" ".join(_labels(volume.chapters))
        root = self.file.add(
            b"<< /Type /Catalog /Pages %s /Outlines %s /PageMode /UseOutlines /PageLabels << /Nums [%s] >> "
            b"/Metadata %s /OutputIntents [%s] /ViewerPreferences << /DisplayDocTitle true >> >>"
            % (reference(self.tree), reference(outlines), labels, reference(metadata), reference(intent))
        )
        self.file.close(root, self.file.add(about.information()))

    def _outlines(self, chapters: Sequence[Chapter]) -> int:
        """Write a bookmark for each chapter (ISO 32000-1:2008, 12.3.3)."""
        top = self.file.reserve()
        marks = [self.file.reserve() for _ in chapters]
        begin = 0
        for at, (mark, chapter) in enumerate(zip(marks, chapters, strict=True)):
            beside = b"/Prev %s " % reference(marks[at - 1]) if at else b""
            beside += b"/Next %s " % reference(marks[at + 1]) if at + 1 < len(marks) else b""
            first = reference(self.pages[begin])
            self.file.add(
                b"<< /Title %s /Parent %s %s/Dest [%s /Fit] >>"
                % (text(chapter.title), reference(top), beside, first),
                mark,
            )
            begin += len(chapter.pages)
        return self.file.add(
            b"<< /Type /Outlines /First %s /Last %s /Count %d >>"
            % (reference(marks[0]), reference(marks[-1]), len(marks)),
            top,
        )

    def _remarks(self) -> Iterator[str]:
        if self.fitted:
            yield f"Resolution not known, page fitted to A4: {_listed(self.fitted)}."
        if self.simulated:
            yield f"Page from a simulated device: {_listed(self.simulated)}."


def _pages(volume: Volume) -> Iterator[tuple[Chapter, Attachment]]:
    return ((chapter, page) for chapter in volume.chapters for page in chapter.pages)


def _labels(chapters: Sequence[Chapter]) -> Iterator[bytes]:
    """Number the pages of each chapter from 1 behind its id (12.4.2)."""
    begin = 0
    for chapter in chapters:
        yield b"%d << /S /D /P %s >>" % (begin, text(f"{chapter.id}-"))
        begin += len(chapter.pages)


def _listed(pages: Sequence[int]) -> str:
    return ", ".join(map(str, pages))
