"""One export in a process of its own: prints its seconds and the most megabytes that the process held."""

import sys
import time
from dataclasses import replace
from pathlib import Path


def station(folder: Path) -> None:
    """Export a record whose pages are the folder's pictures, from a real store."""
    from PIL import Image

    from station.delivery.pdf import PdfExporter
    from station.devices.cancel import CancelToken
    from station.flow.volumes import volumes
    from station.model.image import PictureRef
    from station.storage.keys.station_key import StationKey
    from station.storage.picture_store import FolderPictureStore
    from tests.stored import applicant, picture

    store = FolderPictureStore(folder / "pictures", StationKey(bytes(32)))
    record = replace(applicant(), id="0" * 32)
    for number, path in enumerate(sorted(folder.glob("*.jpg")), 1):
        data = path.read_bytes()
        with Image.open(path) as image:
            ref = PictureRef(store.put(data), "image/jpeg", len(data), *image.size, (300.0, 300.0))
        record = record.attach(picture(path.stem, item="form", page=number, picture=ref))
    began = time.perf_counter()
    exporter = PdfExporter(store, "visa-station")
    exporter.export(volumes(record, None), folder, lambda _done, _total: None, CancelToken())
    tell(began)


def img2pdf(folder: Path) -> None:
    """Let img2pdf make a file of the same pictures."""
    import img2pdf as peer

    began = time.perf_counter()
    with (folder / "peer.pdf").open("wb") as file:
        peer.convert([str(path) for path in sorted(folder.glob("*.jpg"))], outputstream=file)
    tell(began)


def tell(began: float) -> None:
    """Say how long it took and how much memory there was at most."""
    took = time.perf_counter() - began
    # Not ru_maxrss: a child takes that over from the process that started it.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(took, int(status["VmHWM"].split()[0]) * 1024 / 1e6)


if __name__ == "__main__":
    {"station": station, "img2pdf": img2pdf}[sys.argv[1]](Path(sys.argv[2]))
