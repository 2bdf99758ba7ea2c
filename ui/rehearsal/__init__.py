"""Rehearsals: a script works the real window with keys and mouse, on simulated devices."""

import sys
from collections.abc import Callable
from pathlib import Path

from station.errors import SettingsError
from station.flow.options import FitOut, Options
from ui.app import make_application
from ui.rehearsal.player import NotReached, Player
from ui.rehearsal.script import read_script
from ui.theme import Scheme

DONE, NOT_SEALED, COULD_NOT = 0, 1, 2


def run_rehearsal(
    fit_out: Callable[[], FitOut],
    options: Options,
    script: Path,
    screenshots: Path | None,
    size: str,
    scheme: Scheme,
) -> int:
    """Run a script in the real window and return the exit status: 0 when the visit was sealed at its end.

    Raises:
        SettingsError: the script or the size cannot be understood; nothing was opened.
    """
    width, height = _size(size)
    read = read_script(script)
    make_application([], scheme)
    player = Player(fit_out, options, read.record, screenshots)
    player.open(width, height)
    try:
        for number, (told, act) in enumerate(read.steps, 1):
            _print(f"{number:3} {told}")
            act(player)
    except NotReached as why:
        player.keep_picture("failed")
        sys.stderr.write(f"{script.name}, step {number}, {told}: {why}\n")
        return COULD_NOT
    finally:
        player.close()
    return DONE if player.sealed else NOT_SEALED


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise SettingsError(where="--size", key="size", problem="wrong_value", suggestion="1920x1080")
    return int(width), int(height)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
