"""What this station is set to: typed and frozen, read once from a TOML file and STATION_* variables.

A variable wins over the file, the file over the defaults. Nothing is guessed: an unknown key stops the start.
"""

import os
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from station.errors import SettingsError
from station.toml_file import Table, read_table

FILE_NAME: Final = "station.toml"
FILE_VARIABLE: Final = "STATION_SETTINGS"
DRIVER_GROUP: Final = "visa_station.drivers"

_PREFIX: Final = "STATION_"
_PATHS: Final = (
    "data_dir", "patterns", "profiles", "checklists", "scan_profiles", "photo_profiles", "ofiq_data_dir",
    "passphrase_file", "audit_anchors",
)  # fmt: skip


def resources_dir() -> Path:
    """Return the folder of the files that come with the program."""
    return Path(__file__).resolve().parent.parent / "resources"


def _home() -> Path:
    return platformdirs.user_data_path("visa-station", appauthor=False)


class Settings(BaseSettings):
    """All settings; a field's description says what it may be and is offered when a value is refused.

    `database_url` None means an SQLite file in `data_dir`; it may hold a password, so it is in no repr.
    `database_tls` False lets a server on another machine be reached in the clear, which is said at every start.
    `passphrase_file` wraps the key of the stored data; `unprotected_key` False refuses to start where neither a
    passphrase nor a key store of the operating system protects it.
    Without `sign_in` everybody works as `officer`. `second_person` names the kinds of overrides for which a
    supervisor signs beside the officer.
    `driver` holds one table of options for each driver, which that driver checks itself.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(default_factory=_home, description="a folder")
    database_url: str | None = Field(
        default=None, repr=False, description="dialect+driver://user@host/database"
    )
    database_tls: bool = Field(default=True, description="true, false")
    passphrase_file: Path | None = Field(default=None, description="a file")
    unprotected_key: bool = Field(default=True, description="true, false")
    station: str = Field(default="kiosk-1", min_length=1, max_length=40, description="1 to 40 characters")
    centre: str = Field(default="", max_length=80, description="up to 80 characters")
    officer: str = Field(default="officer", min_length=1, max_length=80, description="1 to 80 characters")
    sign_in: bool = Field(default=True, description="true, false")
    idle_minutes: int = Field(default=5, ge=1, le=60, description="1 to 60")
    shift_hours: int = Field(default=12, ge=1, le=24, description="1 to 24")
    second_person: tuple[
        Literal[
            "passes_for_an_obvious_reason", "passes_without_an_obvious_reason", "fails_although_measured_good"
        ],
        ...,
    ] = Field(
        default=(),
        description="passes_for_an_obvious_reason, passes_without_an_obvious_reason, "
        "fails_although_measured_good",
    )
    drivers: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("simulated", "sane", "escl", "opencv_camera", "serial_reader"), description="names of drivers"
    )
    driver: dict[str, dict[str, Any]] = Field(default_factory=dict, description="a table for each driver")
    patterns: Path = Field(default_factory=lambda: resources_dir() / "patterns", description="a file or folder")
    profiles: Path = Field(default_factory=lambda: resources_dir() / "profiles", description="a folder")
    checklists: Path = Field(default_factory=lambda: resources_dir() / "checklists", description="a folder")
    scan_profiles: Path = Field(
        default_factory=lambda: resources_dir() / "scan_profiles", description="a folder"
    )
    scheme: Literal["light", "dark", "system"] = Field(default="system", description="light, dark, system")
    kiosk: bool = Field(default=False, description="true, false")
    still: bool = Field(default=False, description="true, false")
    wedge_prefix: str = Field(default="", max_length=1, description="one character, or none")
    wedge_suffix: str = Field(default="\r", min_length=1, max_length=8, description="1 to 8 characters")
    text_layer: bool = Field(default=False, description="true, false")
    photo: str = Field(default="temporary_resident_photo", description="a profile of `photo_profiles`")
    photo_profiles: Path = Field(
        default_factory=lambda: resources_dir() / "photo_profiles", description="a folder"
    )
    camera_rotation: Literal[0, 90, 180, 270] = Field(default=0, description="0, 90, 180, 270")
    camera_locks: tuple[Literal["exposure", "white_balance", "focus"], ...] = Field(
        default=(), description="exposure, white_balance, focus"
    )
    calibration_locks: tuple[Literal["scanner", "camera", "simulated"], ...] = Field(
        default=("scanner",), description="scanner, camera, simulated"
    )
    calibration_days: int = Field(default=7, ge=1, le=366, description="1 to 366")
    calibration_scans: int = Field(default=20_000, ge=100, le=1_000_000, description="100 to 1000000")
    calibration_daily: bool = Field(default=True, description="true, false")
    audit_anchors: Path | None = Field(default=None, description="a folder")
    ofiq_data_dir: Path | None = Field(default=None, description="a folder")
    attempts_allowed: int = Field(default=3, ge=1, le=20, description="1 to 20")

    @field_validator("drivers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Take a list of names from the file, or one line with commas from the variable."""
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


def read_settings(environ: Mapping[str, str], path: Path | None = None) -> Settings:
    """Read the settings of this start.

    The file is `path`, else the one that STATION_SETTINGS names, else `station.toml` in the data folder, which
    need not exist. Paths in the file are taken from the file's folder, `~` is the user's home.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, unknown_key or wrong_value.
    """
    named = path or _path_in(environ, FILE_VARIABLE)
    home = _path_in(environ, "STATION_DATA_DIR") or _home()
    file = named or home / FILE_NAME
    from_file = _read_file(file) if named or os.path.exists(file) else {}
    from_variables = _read_variables(environ)
    try:
        settings = Settings(**{"data_dir": home, **from_file, **from_variables})
    except ValidationError as error:
        refused = error.errors(include_input=False, include_url=False)[0]
        key = str(refused["loc"][0])
        if key in from_variables:
            raise _wrong("environment", _PREFIX + key.upper(), key) from None
        raise _wrong(file.name, ".".join(map(str, refused["loc"])), key) from None
    drivers = {*settings.drivers, *entry_points(group=DRIVER_GROUP).names}
    Table(file.name, dict(settings.driver), "driver").only(*drivers)
    return settings


def _read_file(file: Path) -> dict[str, Any]:
    table = read_table(file)
    table.only(*Settings.model_fields)
    values: dict[str, Any] = dict(table.values)
    for name in _PATHS:
        if isinstance(value := values.get(name), str):
            values[name] = file.absolute().parent / _path(value, file.name, name)
    return values


def _read_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    given = {name: value for name, value in environ.items() if name.startswith(_PREFIX) and value}
    known = (_PREFIX + name.upper() for name in Settings.model_fields)
    Table("environment", dict(given)).only(FILE_VARIABLE, *known)
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in given.items()}
    try:
        values = source()
    except (ValueError, RecursionError):  # a table in a variable must be JSON
        raise _wrong("environment", "STATION_DRIVER", "driver") from None
    for name in set(_PATHS) & values.keys():
        values[name] = _path(str(values[name]), "environment", _PREFIX + name.upper()).absolute()
    return values


def _path_in(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    return _path(value, "environment", name).absolute() if value else None


def _path(text: str, where: str, key: str) -> Path:
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # the home of nobody
        path = None
    if path is None or "\0" in text:
        raise SettingsError(where=where, key=key, problem="wrong_value", suggestion="a file or folder")
    return path


def _wrong(where: str, key: str, field: str) -> SettingsError:
    allowed = Settings.model_fields[field].description
    return SettingsError(where=where, key=key, problem="wrong_value", suggestion=allowed)
