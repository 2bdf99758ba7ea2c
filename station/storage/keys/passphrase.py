"""The passphrase from a file: its first line, so that an editor's line end does no harm."""

from pathlib import Path

from station.errors import PassphraseRefused


def read_passphrase(path: Path) -> str:
    """Return the passphrase in this file.

    Raises:
        PassphraseRefused: the file cannot be read, is empty or no text in UTF-8.
    """
    try:
        first, _, _ = path.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        raise PassphraseRefused(reason="unreadable") from None
    passphrase = first.removesuffix("\r")
    if not passphrase:
        raise PassphraseRefused(reason="unreadable")
    return passphrase
