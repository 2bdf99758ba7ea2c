"""A document scanner with flatbed and duplex feeder that scans drawn papers."""

from collections.abc import Generator

from drivers.simulated.faults import Cable
from drivers.simulated.glass import scanned
from drivers.simulated.props import BUTTONS, Stage
from drivers.simulated.stationery import A4_MM
from station.devices.cancel import CancelToken
from station.errors import FeederEmpty, Unsupported
from station.model.capability import (
    Area,
    ColourMode,
    DeviceInfo,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.image import MM_PER_INCH, Page
from station.model.specimen import Paper, PaperKind

CAPABILITIES = ScannerCapabilities(
    sources=tuple(Source),
    modes=tuple(ColourMode),
    resolutions_dpi=(75, 100, 150, 200, 300, 600),
    area_mm=A4_MM,
    buttons=BUTTONS,
)
ALL_OF_THE_GLASS = Area(0, 0, *A4_MM)
BACK = Paper(PaperKind.BLANK)
"""What stands on the back of every sheet."""


class SimulatedScanner:
    """Fulfils `Scanner` and `Pressable` of `station.devices.device`; used on one lane."""

    def __init__(self, info: DeviceInfo, stage: Stage, page_s: float) -> None:
        """Open the scanner; a page takes `page_s` seconds to pass under the lamp."""
        self.info = info
        self._stage = stage
        self._cable = Cable(stage, info.id)
        self._page_s = page_s

    def capabilities(self) -> ScannerCapabilities:
        """Say what the scanner can do."""
        return CAPABILITIES

    def pressed(self) -> tuple[str, ...]:
        """Return the keys that were pressed since they were last asked for.

        Raises:
            DeviceLost, DeviceOffline.
        """
        self._cable.check()
        return self._stage.take_presses()

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        """Yield what lies on the glass, or sheet after sheet until the feeder is empty.

        An empty glass gives a blank page. A sheet that was yielded has left the feeder; one that stuck has not.

        Raises:
            Cancelled, FeederEmpty, Unsupported, DeviceLost, DeviceOffline, and every scripted trouble.
        """
        self._refuse_what_is_not_offered(settings)
        if settings.source is Source.FLATBED:
            yield self._page(1, self._stage.glass, settings, cancel)
            return
        if self._stage.next_sheet is None:
            cancel.check()
            self._cable.check()
            raise FeederEmpty(device=self.info.id)
        number = 0
        while (sheet := self._stage.next_sheet) is not None:
            front = self._page(number + 1, sheet, settings, cancel)
            self._stage.take_sheet(sheet)
            yield front
            number += 1
            if settings.source is Source.DUPLEX:
                yield self._page(number + 1, BACK, settings, cancel, back=True)
                number += 1

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        self._cable.close()

    def _page(
        self,
        number: int,
        paper: Paper | None,
        settings: ScanSettings,
        cancel: CancelToken,
        *,
        back: bool = False,
    ) -> Page:
        cancel.check()
        self._cable.check(kept=number - 1)
        window = _window(settings)
        rows = window[0].stop - window[0].start
        self._cable.suffer(number, cancel, rows=rows // 3, expected=rows)
        self._cable.wait(self._page_s, cancel, kept=number - 1)
        pixels = scanned(self._stage, paper, settings.resolution_dpi, settings.mode, window)
        cancel.check()
        return Page(pixels, number, (settings.resolution_dpi, settings.resolution_dpi), back=back)

    def _refuse_what_is_not_offered(self, settings: ScanSettings) -> None:
        area = settings.area or ALL_OF_THE_GLASS
        width_mm, height_mm = A4_MM
        inside = (
            area.left_mm >= 0
            and area.top_mm >= 0
            and min(area.width_mm, area.height_mm) >= 1
            and area.left_mm + area.width_mm <= width_mm
            and area.top_mm + area.height_mm <= height_mm
        )
        offered = {
            "source": (settings.source, settings.source in (CAPABILITIES.sources or ())),
            "mode": (settings.mode, settings.mode in (CAPABILITIES.modes or ())),
            "resolution_dpi": (
                settings.resolution_dpi,
                settings.resolution_dpi in (CAPABILITIES.resolutions_dpi or ()),
            ),
            "area": (area, inside),
        }
        for setting, (value, ok) in offered.items():
            if not ok:
                raise Unsupported(device=self.info.id, setting=setting, value=value)


def _window(settings: ScanSettings) -> tuple[slice, slice]:
    """Return the rows and columns of the glass that the settings ask for."""
    area = settings.area or ALL_OF_THE_GLASS
    scale = settings.resolution_dpi / MM_PER_INCH
    top, left = round(area.top_mm * scale), round(area.left_mm * scale)
    return (
        slice(top, top + round(area.height_mm * scale)),
        slice(left, left + round(area.width_mm * scale)),
    )
