"""Drivers come from entry points; one that fails leaves the others alone."""

from pathlib import Path

import pytest

from drivers.simulated.driver import SimulatedDriver
from station.devices.driver import Driver
from station.devices.registry import GROUP, Registry

WORKING = """
class Working:
    name = "working"

    def configure(self, options):
        self.options = options

    def find(self):
        return ()

    def open(self, info):
        raise RuntimeError


class Refusing(Working):
    name = "refusing"

    def configure(self, options):
        raise ValueError("speed is no number")


class NoDriver:
    name = "no_driver"
"""

POINTS = f"""[{GROUP}]
working = strange_drivers_working:Working
refusing = strange_drivers_working:Refusing
no_driver = strange_drivers_working:NoDriver
misnamed = strange_drivers_working:Working
broken = strange_drivers_broken:Driver
untouched = strange_drivers_untouched:Driver
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a distribution with strange drivers, as another package would be."""
    (tmp_path / "strange_drivers_working.py").write_text(WORKING)
    (tmp_path / "strange_drivers_broken.py").write_text("import a_library_that_is_not_there\n")
    (tmp_path / "strange_drivers_untouched.py").write_text("raise SystemExit('imported although not named')\n")
    metadata = tmp_path / "strange_drivers-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: strange-drivers\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(tmp_path)


def test_a_configured_driver_is_loaded_with_its_own_options(installed: None) -> None:
    registry = Registry(["working"], {"working": {"speed": 3}, "other": {"speed": 4}})
    (driver,) = registry.drivers
    assert isinstance(driver, Driver)
    assert vars(driver)["options"] == {"speed": 3}
    assert registry.failures == ()


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("broken", "ModuleNotFoundError: No module named 'a_library_that_is_not_there'"),
        ("refusing", "ValueError: speed is no number"),
        ("no_driver", "is no driver"),
        ("misnamed", "is no driver of this name"),
        ("unheard_of", "no entry point unheard_of"),
    ],
)
def test_a_driver_that_fails_is_kept_with_its_reason_and_the_others_work(
    installed: None, name: str, detail: str
) -> None:
    registry = Registry([name, "working"])
    assert [driver.name for driver in registry.drivers] == ["working"]
    (failure,) = registry.failures
    assert failure.name == failure.error.context["driver"] == name
    assert detail in str(failure.error.context["detail"])
    assert failure.error.__cause__ is not None


def test_a_name_given_twice_is_one_driver(installed: None) -> None:
    assert len(Registry(["working", "working"]).drivers) == 1


def test_given_drivers_are_taken_as_they_are() -> None:
    driver = SimulatedDriver()
    registry = Registry.of([driver])
    assert registry.drivers == (driver,)
