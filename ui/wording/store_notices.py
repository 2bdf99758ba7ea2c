"""What the store says aloud as long as it is so: a word for the top of the window, and the whole of it."""

from ui.wording.translate import QT_TRANSLATE_NOOP, translated

_CONTEXT = "Store"

_NOTICES: dict[str, tuple[str, str]] = {
    "key_beside": (
        QT_TRANSLATE_NOOP("Store", "Key unprotected"),
        QT_TRANSLATE_NOOP(
            "Store",
            "The stored data are not protected against theft of this computer: their key lies unprotected "
            "beside them. The technician sets up a key store or a passphrase, then runs main.py key --keep.",
        ),
    ),
    "database_plain_transport": (
        QT_TRANSLATE_NOOP("Store", "Database in the clear"),
        QT_TRANSLATE_NOOP(
            "Store",
            "The database is reached over the network without TLS, as the settings allow: whoever listens "
            "reads the applicants' data. The technician gives the server a certificate, then takes "
            "database_tls = false out of the settings.",
        ),
    ),
    "other_station": (
        QT_TRANSLATE_NOOP("Store", "Another station's data"),
        QT_TRANSLATE_NOOP(
            "Store",
            "Other stations worked with this data folder, and this one never did. If it was copied or put back "
            "by mistake, close the station before anything is done: every act is signed as this station's. If "
            "the stations share it on purpose, the first act here ends this notice.",
        ),
    ),
    "rotation_unfinished": (
        QT_TRANSLATE_NOOP("Store", "Key change unfinished"),
        QT_TRANSLATE_NOOP(
            "Store",
            "A change of the key was interrupted. Nothing is lost; the technician closes the station and runs "
            "main.py rotate-key, which goes on where it stopped.",
        ),
    ),
}


def short(notice: str) -> str:
    """Say a notice in a word or two."""
    return translated(_CONTEXT, _NOTICES[notice][0])


def whole(notice: str) -> str:
    """Say what a notice means and what to do."""
    return translated(_CONTEXT, _NOTICES[notice][1])
