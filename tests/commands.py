"""Headless commands given in this process, as the command line gives them."""

import json
from pathlib import Path
from typing import Any

import pytest

import main
from station.errors import StationError
from ui import console_audit
from ui.wording.errors import word

ROOT = Path(main.__file__).parent


def ask(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """Give a command with --json; its exit status and its objects come back."""
    command, *others = map(str, words)
    status = main.main([command, "--json", *others])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def is_said(error: StationError, text: str) -> bool:
    """Tell whether a text says what happened, why, what to do, and the code."""
    message = word(error)
    return all(part and part in text for part in (message.what, message.why, message.do, message.code))


def verified(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    """Verify the store; the exit status and what is wrong come back, without what is only noticed."""
    status, rows = ask(capsys, "verify")
    return status, [row for row in rows if row["kind"] != console_audit.NOTICE]
