"""What the window does not wait for: the database, OpenCV and the readers come after it is there."""

import subprocess
import sys
from pathlib import Path

import pytest

STORE_AND_CV = {"cv2", "sqlalchemy", "alembic", "psycopg"}
READERS = {"zxingcpp", "pyzbar"}


@pytest.mark.parametrize(
    ("wanted", "later"), [("main, ui.main_window", STORE_AND_CV | READERS), ("main, ui.console", STORE_AND_CV)]
)
def test_what_is_heavy_is_not_imported_before_it_is_needed(wanted: str, later: set[str]) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", f"import sys, {wanted}; print(*sys.modules)"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert later.isdisjoint(shown.stdout.split())
