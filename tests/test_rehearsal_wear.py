"""The wear of the scanner in the script of a rehearsal: read strictly, what is not said is sound."""

from dataclasses import replace
from pathlib import Path

import pytest

from station.errors import SettingsError
from station.model.degradation import SOUND, Speck
from station.toml_file import Table
from ui.rehearsal.script import read_script
from ui.rehearsal.wear import wear_of


def wear_table(**words: object) -> Table:
    return Table("script.toml", dict(words), "steps.1.wear")


def test_a_script_says_the_wear_of_the_scanner(tmp_path: Path) -> None:
    speck = {"x_px": 40, "y_px": 50.0, "diameter_px": 6, "depth": 0.5}
    wear = wear_of(wear_table(noise=1, scale=[0.01, 0], cast=[1.0, 0.9, 1.0], specks=[speck]))
    assert wear == replace(
        SOUND, noise=1.0, scale=(0.01, 0.0), cast=(1.0, 0.9, 1.0), specks=(Speck(40.0, 50.0, 6.0, 0.5),)
    )
    assert wear_of(wear_table()) is None
    script = tmp_path / "script.toml"
    script.write_text(
        'record = "V1"\nsteps = [{ wear = { noise = 0.9 } }, { seat = 2, wear = "mask_blue" }, { wear = {} }]\n'
    )
    assert [told.split()[0] for told, _ in read_script(script).steps] == ["wear", "seat", "wear"]


@pytest.mark.parametrize(
    ("words", "key", "problem"),
    [
        ({"nois": 1}, "nois", "unknown_key"),
        ({"seed": 4}, "seed", "unknown_key"),
        ({"noise": True}, "noise", "wrong_type"),
        ({"noise": -1.0}, "noise", "wrong_value"),
        ({"blur_px": 0.8}, "blur_px", "wrong_type"),
        ({"scale": [0.1]}, "scale", "wrong_type"),
        ({"scale": [-1.0, 0.0]}, "scale", "wrong_value"),
        ({"skew": float("nan")}, "skew", "wrong_type"),
        ({"specks": [{"x_px": 1, "y_px": 1, "depth": 0.5}]}, "specks.1.diameter_px", "missing"),
        ({"streaks": [{"left": 1}]}, "streaks.1.left", "unknown_key"),
    ],
)
def test_a_wear_that_cannot_be_is_named(words: dict[str, object], key: str, problem: str) -> None:
    with pytest.raises(SettingsError) as told:
        wear_of(wear_table(**words))
    assert (told.value.context["key"], told.value.context["problem"]) == (f"steps.1.wear.{key}", problem)
