"""Pictures as a still camera codes them: one colour with a dark corner at the top left of the coded rows."""

import io

from PIL import Image

SIZE = (1200, 800)
COLOUR = (200, 120, 40)


def jpeg(mode: str = "RGB", orientation: int | None = None, size: tuple[int, int] = SIZE) -> bytes:
    picture = Image.new("RGB", size, COLOUR)
    picture.paste((10, 10, 10), (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    file = io.BytesIO()
    picture.convert(mode).save(file, "JPEG", quality=95, exif=exif)
    return file.getvalue()
