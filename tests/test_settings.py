"""What staff write into the settings is understood, or refused with its place and a way out."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from station.errors import SettingsError
from station.settings import FILE_NAME, read_settings, resources_dir


def written(folder: Path, text: str) -> Path:
    file = folder / FILE_NAME
    file.write_text(text, "utf-8")
    return file


def refusal(folder: Path, text: str, **environ: str) -> dict[str, object]:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ, written(folder, text))
    return caught.value.context


def test_without_a_file_everything_has_a_value(tmp_path: Path) -> None:
    settings = read_settings({"STATION_DATA_DIR": str(tmp_path)})
    assert settings.data_dir == tmp_path
    assert settings.database_url is None
    assert settings.drivers == ("simulated", "sane", "escl", "opencv_camera", "serial_reader")
    assert settings.checklists == resources_dir() / "checklists"
    assert (settings.station, settings.officer, settings.scheme) == ("kiosk-1", "officer", "system")
    assert (settings.attempts_allowed, settings.scan_profiles.name) == (3, "scan_profiles")


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    written(tmp_path, 'officer = "A. Example"\nstation = "kiosk-7"\n')
    environ = {
        "STATION_DATA_DIR": str(tmp_path),
        "STATION_STATION": "kiosk-9",
        "STATION_CENTRE": "",
        "HOME": "/",
    }
    settings = read_settings(environ)
    assert (settings.station, settings.officer, settings.centre) == ("kiosk-9", "A. Example", "")


def test_the_example_that_we_ship_is_what_you_get_without_it(tmp_path: Path) -> None:
    environ = {"STATION_DATA_DIR": str(tmp_path)}
    example = resources_dir() / "station.example.toml"
    assert read_settings(environ, example) == read_settings(environ)
    lines = re.findall(r"^# (\w+ = .+|\[.+\])$", example.read_text("utf-8"), re.MULTILINE)
    everything = read_settings({}, written(tmp_path, "\n".join(lines)))
    assert everything.model_fields_set == set(type(everything).model_fields)


def test_each_driver_finds_its_own_table(tmp_path: Path) -> None:
    file = written(
        tmp_path, 'drivers = ["simulated"]\n[driver.simulated]\nseed = 7\n[driver.sane]\nhosts = []\n'
    )
    settings = read_settings({}, file)
    assert settings.drivers == ("simulated",)
    assert settings.driver == {"simulated": {"seed": 7}, "sane": {"hosts": []}}


def test_drivers_in_a_variable_stand_in_one_line(tmp_path: Path) -> None:
    environ = {"STATION_DATA_DIR": str(tmp_path), "STATION_DRIVERS": "simulated, sane"}
    assert read_settings(environ).drivers == ("simulated", "sane")


def test_paths_in_the_file_start_at_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'data_dir = "store"\nprofiles = "/srv/profiles"\nchecklists = "~/lists"\n')
    settings = read_settings({}, file)
    assert settings.data_dir == tmp_path / "store"
    assert settings.profiles == Path("/srv/profiles")
    assert settings.checklists == Path.home() / "lists"


def test_the_file_may_be_named_by_a_variable(tmp_path: Path) -> None:
    file = written(tmp_path, 'scheme = "dark"\n')
    assert read_settings({"STATION_SETTINGS": str(file)}).scheme == "dark"


def test_a_misspelt_key_is_refused_with_the_right_one(tmp_path: Path) -> None:
    facts = refusal(tmp_path, 'ofiicer = "A. Example"\n')
    assert facts == {"where": FILE_NAME, "key": "ofiicer", "problem": "unknown_key", "suggestion": "officer"}


def test_a_misspelt_variable_is_refused_with_the_right_one(tmp_path: Path) -> None:
    facts = refusal(tmp_path, "", STATION_SCEHME="dark")
    assert (facts["where"], facts["key"], facts["suggestion"]) == (
        "environment",
        "STATION_SCEHME",
        "STATION_SCHEME",
    )


def test_a_table_for_no_driver_is_refused_with_the_right_one(tmp_path: Path) -> None:
    facts = refusal(tmp_path, "[driver.simulatd]\npace = 'real'\n")
    assert (facts["key"], facts["problem"], facts["suggestion"]) == (
        "driver.simulatd",
        "unknown_key",
        "simulated",
    )


@pytest.mark.parametrize(
    ("line", "key", "allowed"),
    [
        ('scheme = "blue"', "scheme", "light, dark, system"),
        ("attempts_allowed = 0", "attempts_allowed", "1 to 20"),
        ("attempts_allowed = 0", "attempts_allowed", "1 to 20"),
        ('kiosk = "perhaps"', "kiosk", "true, false"),
        ('station = ""', "station", "1 to 40 characters"),
        ("drivers = [1]", "drivers.0", "names of drivers"),
        ("data_dir = 3", "data_dir", "a folder"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(
    tmp_path: Path, line: str, key: str, allowed: str
) -> None:
    facts = refusal(tmp_path, line)
    assert facts == {"where": FILE_NAME, "key": key, "problem": "wrong_value", "suggestion": allowed}


@pytest.mark.parametrize(("name", "value"), [("STATION_KIOSK", "perhaps"), ("STATION_DRIVER", "{no json")])
def test_a_wrong_value_in_a_variable_names_the_variable(tmp_path: Path, name: str, value: str) -> None:
    facts = refusal(tmp_path, "", **{name: value})
    assert (facts["where"], facts["key"], facts["problem"]) == ("environment", name, "wrong_value")


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"scheme = dark", "not_toml"), (b"officer = '\xff'", "not_toml"), (None, "unreadable")],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None, problem: str) -> None:
    file = tmp_path / FILE_NAME
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        read_settings({"STATION_SETTINGS": str(file)})
    assert caught.value.context["problem"] == problem


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = read_settings({"STATION_DATA_DIR": str(tmp_path)})
    with pytest.raises(ValidationError):
        settings.officer = "someone else"


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=4, max_size=30))
def test_no_password_is_ever_shown(password: str) -> None:
    url = f"postgresql+psycopg://station:~{password}~@database.test/visits"
    settings = read_settings({"STATION_DATA_DIR": "/nowhere", "STATION_DATABASE_URL": url})
    assert settings.database_url == url
    assert f"~{password}~" not in repr(settings) + str(settings)
    with pytest.raises(SettingsError) as caught:
        read_settings(
            {"STATION_DATA_DIR": "/nowhere", "STATION_DATABASE_URL": url, "STATION_SCAN_DPI": "~" + password}
        )
    assert f"~{password}" not in repr(caught.value) + str(caught.value)
