"""Whether a document was typed by a reader through another keyboard layout than the one it thinks it has.

A reader that types sends the keys of a United States keyboard; the system makes of them what its layout says.
The fault is named, never mended: a wrong character could fit a check digit by chance.
"""

import datetime

from station.model.document import MrzStatus
from station.reading import mrz

_AZERTY = str.maketrans("AQZW?.", "QAWZM<")
_QWERTZ = str.maketrans("YZ;", "ZY<")

LAYOUTS: dict[str, dict[int, int]] = {
    "AZERTY": _AZERTY | str.maketrans("&é\"'(-è_çà", "1234567890"),
    "AZERTY (be)": _AZERTY | str.maketrans("&é\"'(§è!çà", "1234567890"),
    "QWERTZ": _QWERTZ,
    "QWERTY (es, it, pt)": str.maketrans(";", "<"),
    "QWERTY (fr-CA)": str.maketrans("'", "<"),
}
"""What a layout makes of the keys of a zone, back to what is printed on them."""


def fault(text: str, today: datetime.date) -> str:
    """Return the layout through which the text would be a zone whose check digits hold, "" for none."""
    if mrz.split(text) is not None:
        return ""
    for layout, keys in LAYOUTS.items():
        lines = mrz.split(text.translate(keys))
        if lines is not None:
            zone = mrz.parse(lines, today=today)
            if zone.status is not MrzStatus.NOT_FOUND and zone.check_ok:
                return layout
    return ""
