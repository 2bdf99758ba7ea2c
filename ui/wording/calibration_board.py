"""What the officer does with the board before a camera that is being calibrated, in one sentence at a time."""

from collections import Counter

from station.flow.calibration_views import BoardSeen
from ui.wording.names import Mark, MarkTone
from ui.wording.translate import QT_TRANSLATE_NOOP, filled, number, translated

_CONTEXT = "CalibrationBoard"

STEPS = ("board", "card", "still")
"""What a camera is shown, one after another."""

_STEP_NAMES = {
    "board": QT_TRANSLATE_NOOP("CalibrationBoard", "The board, from all sides"),
    "card": QT_TRANSLATE_NOOP("CalibrationBoard", "An even card"),
    "still": QT_TRANSLATE_NOOP("CalibrationBoard", "A scene that keeps still"),
}

_REASONS: dict[tuple[str, str], str] = {
    ("board", "no_board"): QT_TRANSLATE_NOOP(
        "CalibrationBoard", "Hold the board up so that the camera sees it."
    ),
    ("board", "few_corners"): QT_TRANSLATE_NOOP("CalibrationBoard", "Show more of the board: part is hidden."),
    ("board", "blurred"): QT_TRANSLATE_NOOP("CalibrationBoard", "Hold the board still for a moment."),
    ("board", "flat_view"): QT_TRANSLATE_NOOP("CalibrationBoard", "Turn the face of the board to the camera."),
    ("board", "too_small"): QT_TRANSLATE_NOOP("CalibrationBoard", "Hold the board nearer to the camera."),
    ("board", "no_solution"): QT_TRANSLATE_NOOP("CalibrationBoard", "Lean the board further than before."),
    ("board", "portrait_place"): QT_TRANSLATE_NOOP(
        "CalibrationBoard", "Hold the board upright where the applicant's face will be."
    ),
    ("board", "turn_board"): QT_TRANSLATE_NOOP(
        "CalibrationBoard", "Turn the board a little, like a clock's hand."
    ),
    ("board", "edge_target"): QT_TRANSLATE_NOOP(
        "CalibrationBoard", "Hold a sheet with one black edge, a little slanted, in the middle at eye height."
    ),
    ("card", ""): QT_TRANSLATE_NOOP("CalibrationBoard", "Hold the even card like this."),
    ("card", "covered"): QT_TRANSLATE_NOOP("CalibrationBoard", "Uncover the lens and show it the even card."),
    ("card", "too_dark"): QT_TRANSLATE_NOOP("CalibrationBoard", "The card is too dark. Turn it to the light."),
    ("card", "clipped"): QT_TRANSLATE_NOOP(
        "CalibrationBoard", "The card is too bright. Turn it from the light."
    ),
    ("card", "not_even"): QT_TRANSLATE_NOOP(
        "CalibrationBoard", "Hold the even card so near that it fills the picture."
    ),
    ("still", ""): QT_TRANSLATE_NOOP("CalibrationBoard", "Let nothing move for a moment."),
    ("still", "moving"): QT_TRANSLATE_NOOP("CalibrationBoard", "Something moves. Step back from the camera."),
    ("still", "too_dark"): QT_TRANSLATE_NOOP("CalibrationBoard", "It is too dark here. Switch the light on."),
    ("still", "clipped"): QT_TRANSLATE_NOOP("CalibrationBoard", "It is too bright here. Take the light away."),
    ("still", "flash"): QT_TRANSLATE_NOOP("CalibrationBoard", "The screen flashes a few times. Let it."),
}
"""What to do, by step and by why a frame was not taken."""

_PLACES: dict[tuple[bool, bool], str] = {
    (False, False): QT_TRANSLATE_NOOP("CalibrationBoard", "Hold the board at the upper left of the picture."),
    (False, True): QT_TRANSLATE_NOOP("CalibrationBoard", "Hold the board at the upper right of the picture."),
    (True, False): QT_TRANSLATE_NOOP("CalibrationBoard", "Hold the board at the lower left of the picture."),
    (True, True): QT_TRANSLATE_NOOP("CalibrationBoard", "Hold the board at the lower right of the picture."),
}

_LEAN_X = QT_TRANSLATE_NOOP("CalibrationBoard", "Lean the board towards you, or away from you.")
_LEAN_Y = QT_TRANSLATE_NOOP("CalibrationBoard", "Turn the left or the right side of the board towards you.")
_MOVE = QT_TRANSLATE_NOOP("CalibrationBoard", "Move the board a little, and hold it still again.")
_ENOUGH = QT_TRANSLATE_NOOP("CalibrationBoard", "Enough was seen. The lens is being worked out.")

_VIEWS = QT_TRANSLATE_NOOP("CalibrationBoard", "Views taken: {views} of {needed}")
_FRAMES = QT_TRANSLATE_NOOP("CalibrationBoard", "Frames taken: {views} of {needed}")
_CELLS = QT_TRANSLATE_NOOP("CalibrationBoard", "Parts of the picture still empty: {count} of 16")
_TILTS = QT_TRANSLATE_NOOP(
    "CalibrationBoard", "Leaning views still to come: {forth} to and fro, {side} sideways"
)

_TONES: dict[str, MarkTone] = {"good": "good", "look": "look", "info": "accent"}

_HALF = 2


def step_name(step: str) -> str:
    """Return what is shown to the camera in one step."""
    return translated(_CONTEXT, _STEP_NAMES[step])


def do_now(seen: BoardSeen) -> Mark:
    """Return the one thing to do now."""
    if seen.complete:
        return _said("good", _ENOUGH)
    if (seen.step, seen.reason) in _REASONS:
        return _said("look" if seen.reason else "info", _REASONS[seen.step, seen.reason])
    if seen.cells:
        return _said("info", _PLACES[_emptiest(seen.cells)])
    forth, side = seen.tilts
    if forth or side:
        return _said("info", _LEAN_X if forth >= side else _LEAN_Y)
    return _said("info", _MOVE)


def still_to_come(seen: BoardSeen) -> tuple[str, ...]:
    """Return what the views lack, as lines of figures."""
    facts = {"views": number(seen.views), "needed": number(seen.views_needed)}
    if seen.step != "board":
        return (filled(_CONTEXT, _FRAMES, facts),)
    forth, side = seen.tilts
    return (
        filled(_CONTEXT, _VIEWS, facts),
        filled(_CONTEXT, _CELLS, {"count": number(len(seen.cells))}),
        filled(_CONTEXT, _TILTS, {"forth": number(forth), "side": number(side)}),
    )


def _emptiest(cells: tuple[tuple[int, int], ...]) -> tuple[bool, bool]:
    """Return the quarter (lower, right) with the most empty cells; of equals the first from the top left."""
    counted = Counter((row >= _HALF, column >= _HALF) for row, column in cells)
    return min(counted, key=lambda quarter: (-counted[quarter], quarter))


def _said(icon: str, text: str) -> Mark:
    return Mark(icon, translated(_CONTEXT, text), _TONES[icon])
