"""Where on the sheet something lies, in words."""

from ui.widgets.plots.points import Rows, third
from ui.wording.translate import QT_TRANSLATE_NOOP, translated

_PLACES = (
    (
        QT_TRANSLATE_NOOP("Places", "top left"),
        QT_TRANSLATE_NOOP("Places", "top"),
        QT_TRANSLATE_NOOP("Places", "top right"),
    ),
    (
        QT_TRANSLATE_NOOP("Places", "left"),
        QT_TRANSLATE_NOOP("Places", "middle"),
        QT_TRANSLATE_NOOP("Places", "right"),
    ),
    (
        QT_TRANSLATE_NOOP("Places", "bottom left"),
        QT_TRANSLATE_NOOP("Places", "bottom"),
        QT_TRANSLATE_NOOP("Places", "bottom right"),
    ),
)


def place_name(rows: Rows, value: float) -> str:
    """Return the third of the field in which a value stands first, as one goes by its rows."""
    y, row = next((y, row) for y, row in enumerate(rows) if value in row)
    return translated("Places", _PLACES[third(y, len(rows))][third(tuple(row).index(value), len(row))])
