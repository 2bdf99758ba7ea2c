"""The cleanest scan of the empty glass, as it stands in the row of its device."""

from station.errors import StorageDamaged
from station.flow.calibration_ports import EmptyGlass
from station.model.image import PictureRef
from station.storage.rows import Row, time_of, time_text
from station.storage.tables import devices

COLUMNS = tuple(column for column in devices.c if column.name.startswith("glass_"))
"""What `glass_of` reads beside the station and the device."""

_UNKNOWN = (devices.c.glass_dpi_x, devices.c.glass_dpi_y)


def glass_row(glass: EmptyGlass | None) -> dict[str, object]:
    """Return the columns that keep a scan of the empty glass; None forgets the one before."""
    if glass is None:
        return dict.fromkeys(column.name for column in COLUMNS)
    picture = glass.picture
    return {
        "glass_sha256": picture.sha256,
        "glass_media_type": picture.media_type,
        "glass_size_bytes": picture.size_bytes,
        "glass_width_px": picture.width_px,
        "glass_height_px": picture.height_px,
        "glass_dpi_x": picture.dpi[0] if picture.dpi else None,
        "glass_dpi_y": picture.dpi[1] if picture.dpi else None,
        "glass_at": time_text(glass.at),
        "glass_marks": glass.marks,
    }


def glass_of(row: Row) -> EmptyGlass | None:
    """Return the scan of the empty glass in a row of `devices`, None where there is none.

    Raises:
        StorageDamaged: the row was not written by this program.
    """
    column, what = devices.c, f"empty glass of {row[devices.c.device]}"
    written = [row[each] is not None for each in COLUMNS if each not in _UNKNOWN]
    if not any(written):
        return None
    if not all(written):
        raise StorageDamaged(what=what)
    picture = PictureRef(
        sha256=row[column.glass_sha256],
        media_type=row[column.glass_media_type],
        size_bytes=row[column.glass_size_bytes],
        width_px=row[column.glass_width_px],
        height_px=row[column.glass_height_px],
        dpi=None if row[column.glass_dpi_x] is None else (row[column.glass_dpi_x], row[column.glass_dpi_y]),
    )
    return EmptyGlass(picture, time_of(row[column.glass_at], what), row[column.glass_marks])
