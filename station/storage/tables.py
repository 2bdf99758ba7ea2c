"""The tables. What changes here needs a new file under `migrations/versions`; a test compares the two.

The triggers that keep the audit append-only are made by migration 0005 alone.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that is compared byte by byte on every database: SQLite does so by itself."""

applications = sa.Table(
    "applications",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("application_number", sa.Text, nullable=False),
    sa.Column("letter_number", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("surname", sa.Text, nullable=False),
    sa.Column("given_names", sa.Text, nullable=False),
    sa.Column("birth_date", sa.Text),
    sa.Column("sex", sa.Text, nullable=False),
    sa.Column("nationality", sa.Text, nullable=False),
    sa.Column("document_number", sa.Text),
    sa.Column("document_state", sa.Text),
    sa.Column("document_expiry", sa.Text),
    sa.Column("application_key", FOLDED, nullable=False, unique=True),
    sa.Column("letter_key", FOLDED),
    sa.Column("document_key", FOLDED),
    sa.Column("sort_name", FOLDED, nullable=False),
    sa.Index("applications_letter", "letter_key"),
    sa.Index("applications_document", "document_key"),
    sa.Index(
        "applications_waiting",
        "sort_name",
        "key",
        sqlite_where=sa.text("state <> 'sealed'"),
        postgresql_where=sa.text("state <> 'sealed'"),
    ),
)

terms = sa.Table(
    "terms",
    metadata,
    sa.Column("term", FOLDED),
    sa.Column("application", sa.Integer, autoincrement=False),
    sa.Column("words", FOLDED, nullable=False),
    # No foreign key: one from here would make every change of an application look through all terms.
    sa.PrimaryKeyConstraint("term", "application", postgresql_include=["words"]),
    sqlite_with_rowid=False,
)
"""Each word of an application, with all its words beside it: a search of several words reads one range."""

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("application", sa.Integer, sa.ForeignKey("applications.key"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("width_px", sa.Integer, nullable=False),
    sa.Column("height_px", sa.Integer, nullable=False),
    sa.Column("dpi_x", sa.Double),
    sa.Column("dpi_y", sa.Double),
    sa.Column("provenance", sa.Text, nullable=False),
    sa.Column("report", sa.Text),
    sa.Column("reading", sa.Text),
    sa.Column("override", sa.Text),
    sa.Column("adjustment", sa.Text),
    sa.Column("sheet", sa.Text, nullable=False, server_default=""),
    sa.Column("back", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("crop", sa.Text),
    sa.Column("manifest", sa.Text),
    sa.Column("manifest_signature", sa.Text),
    sa.Index(
        "attachments_overridden",
        "application",
        sqlite_where=sa.text("override IS NOT NULL"),
        postgresql_where=sa.text("override IS NOT NULL"),
    ),
)
"""`manifest` is NULL in rows that are older than the audit (migration 0005)."""

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("application", sa.Integer, sa.ForeignKey("applications.key"), nullable=False),
    sa.Column("opened_station", sa.Text, nullable=False),
    sa.Column("opened_at", sa.Text, nullable=False),
    sa.Column("rehearsal", sa.Boolean, nullable=False),
    sa.Column("is_open", sa.Boolean, nullable=False),
    sa.Column("station", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("set_aside", sa.Integer, nullable=False, server_default="0"),
    sa.Index(
        "visits_set_aside",
        "application",
        "set_aside",
        sqlite_where=sa.text("set_aside > 0"),
        postgresql_where=sa.text("set_aside > 0"),
    ),
    sa.Index(
        "visits_open",
        "application",
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    ),
)
"""`is_open`, `station`, `step`, `number` (of acts) and `set_aside` (how many) repeat what the acts add up to;
`verify` compares them."""

DECISIVE = sa.text("kind IN ('kept', 'set_aside', 'sealed')")
"""Acts by which a day's overrides are found; said in these very words, or the index below is not used."""

acts = sa.Table(
    "acts",
    metadata,
    sa.Column("visit", sa.Text, sa.ForeignKey("visits.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Index("acts_decisive", "at", "visit", sqlite_where=DECISIVE, postgresql_where=DECISIVE),
)

stations = sa.Table(
    "stations",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key", sa.Text),
    sa.Column("latest", sa.Text),
)
"""The public half (hex digits) of the key that a station signs with, and the latest that its clock showed."""

devices = sa.Table(
    "devices",
    metadata,
    sa.Column("station", sa.Text, primary_key=True),
    sa.Column("device", sa.Text, primary_key=True),
    sa.Column("runs", sa.Integer, nullable=False),
    sa.Column("clearances", sa.Integer, nullable=False),
    sa.Column("pictures", sa.Integer, nullable=False),
    sa.Column("watched", sa.Text, nullable=False),
    sa.Column("glass_sha256", sa.Text),
    sa.Column("glass_media_type", sa.Text),
    sa.Column("glass_size_bytes", sa.Integer),
    sa.Column("glass_width_px", sa.Integer),
    sa.Column("glass_height_px", sa.Integer),
    sa.Column("glass_dpi_x", sa.Double),
    sa.Column("glass_dpi_y", sa.Double),
    sa.Column("glass_at", sa.Text),
    sa.Column("glass_marks", sa.Integer),
)
"""`runs` and `clearances` count the rows of the two tables below, so that one which was removed is missed.

The rest is the cleanest scan of the empty glass, all of it or (but for the resolution) nothing.
"""

calibrations = sa.Table(
    "calibrations",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("station", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("device_name", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("extent", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("passed", sa.Boolean, nullable=False),
    sa.Column("serial", sa.Text, nullable=False),
    sa.Column("driver", sa.Text, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("scans", sa.Integer, nullable=False),
    sa.Column("target_expires", sa.Text),
    sa.Column("picture", sa.Text, nullable=False),
    sa.Column("noise_sha256", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("seal", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("noise", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.UniqueConstraint("station", "device", "run"),
)
"""`signature` is over the text, `seal` over the columns before `key`, most of which repeat parts of the text.

Keys and signatures are in hex digits, the noise in base64.
"""

calibration_pictures = sa.Table(
    "calibration_pictures",
    metadata,
    sa.Column("calibration", sa.Integer, sa.ForeignKey("calibrations.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text, nullable=False),
)

clearances = sa.Table(
    "clearances",
    metadata,
    sa.Column("station", sa.Text, primary_key=True),
    sa.Column("device", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
"""Supervisors' leaves and technicians' releases of a device, numbered from 1 in the order given."""

officers = sa.Table(
    "officers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", FOLDED, nullable=False, unique=True),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("pin", sa.Text, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("one_time", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("waits_until", sa.Text),
    sa.Column("made_at", sa.Text, nullable=False),
)
"""Accounts: `password` and `pin` are Argon2id hashes; `failures` in a row, `waits_until` hold off guessing."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("station", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("visit", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index("audit_record", "record"),
    sa.Index("audit_visit", "visit"),
)
"""One chain for each station, numbered from 1; the database itself refuses to change or remove a row."""

audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("station", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)
"""How far each chain goes, signed anew with every commit, so that a last entry which was removed is missed."""

audit_anchors = sa.Table(
    "audit_anchors",
    metadata,
    sa.Column("station", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)
"""Heads that were signed to stay; append-only as well."""

audit_began = sa.Table(
    "audit_began",
    metadata,
    sa.Column("at", sa.Text, primary_key=True),
    sa.Column("applications", sa.Integer, nullable=False),
)
"""One row: when this store began to keep an audit, and the highest key of an application that was there before.

The first entry of each chain holds the row's digest.
"""
