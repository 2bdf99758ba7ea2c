"""Compose the parts and start: settings, drivers, storage, station, then the window or one command."""

import argparse
import logging
import os
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from station.errors import StationError
from station.settings import Settings, read_settings

if TYPE_CHECKING:
    from station.devices.driver import Driver
    from station.flow.headless import Parts
    from station.flow.options import FitOut, Options, SecondOpinion
    from station.flow.ports import Exporter
    from station.model.specimen import Props
    from station.storage.key_desk import KeyDesk
    from station.storage.keys.keeper import Safekeeping
    from station.storage.open import OpenStore

VERSION = "0.1.0"

# Imports inside functions spare start-up time: the window is there before the database and OpenCV are.


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    given = sys.argv[1:] if argv is None else argv
    # A crash must not leave pictures and keys readable in a dump of the memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return run_command(given) if given else open_window(read_settings(os.environ))
    except StationError as error:
        from ui import console

        return console.could_not(error)


def run_command(given: Sequence[str]) -> int:
    """Do what the command line asks for and return the exit status."""
    from ui import console

    arguments = console.parser().parse_args(given)
    settings = read_settings(os.environ)
    if arguments.command is None:
        return open_window(settings)
    if arguments.command == "rehearse":
        return rehearse(settings, arguments)
    with parts(settings) as made:
        try:
            return console.run(arguments, made)
        except BrokenPipeError:
            # Whoever reads the answer has read enough; Python would complain once more when it closes the pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return console.COULD_NOT


def open_window(settings: Settings) -> int:
    """Open the window and stay until it is closed."""
    if sys.platform == "linux" and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        from ui import console

        print(
            "There is no screen to open the window on; `make run ARGS=--help` lists the commands without one.",
            file=sys.stderr,
        )
        return console.COULD_NOT
    from ui.main_window import run_window
    from ui.screens.passphrase import PassphraseQuestion

    question = PassphraseQuestion()
    return run_window(
        lambda: said_aloud(fit_out(settings, question.ask)),
        options(settings, practice=True),
        settings.scheme,
        kiosk=settings.kiosk,
    )


def rehearse(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run a scripted visit on simulated devices through the real window."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.rehearsal import run_rehearsal

    tables = {"simulated": settings.driver.get("simulated", {})}
    drivers = ("simulated", "escl") if tables["simulated"].get("network") else ("simulated",)
    simulated = settings.model_copy(update={"drivers": drivers, "driver": tables})
    return run_rehearsal(
        lambda: fit_out(simulated), options(settings, rehearsal=True), arguments.script,
        arguments.screenshots, arguments.size, arguments.scheme,
    )  # fmt: skip


def options(settings: Settings, *, practice: bool = False, rehearsal: bool = False) -> "Options":
    """Tell the station its names and limits."""
    from datetime import timedelta

    from station.calibration.schedule import Plan
    from station.flow.options import Options
    from station.model.capability import CameraSettings, Lock
    from station.model.record import Override
    from station.model.swipe import Framing

    return Options(
        station=settings.station,
        officer=settings.officer,
        software=VERSION,
        rehearsal=rehearsal,
        practice=practice,
        self_test=not rehearsal,
        sign_in=settings.sign_in and not rehearsal,
        idle_s=60.0 * settings.idle_minutes,
        shift_s=3600.0 * settings.shift_hours,
        second_person=frozenset(map(Override, settings.second_person)),
        attempts_allowed=settings.attempts_allowed,
        cores=os.cpu_count() or 2,
        keys=Framing(settings.wedge_prefix.encode(), settings.wedge_suffix.encode()),
        photo=settings.photo,
        plan=Plan(
            timedelta(days=settings.calibration_days), settings.calibration_scans, settings.calibration_daily
        ),
        locks=frozenset(settings.calibration_locks),
        camera=CameraSettings(locks=tuple(map(Lock, settings.camera_locks)), rotation=settings.camera_rotation),
    )


def fit_out(settings: Settings, ask: Callable[[], str | None] = lambda: None) -> "FitOut":
    """Open and load everything that takes time; runs on the desk lane. `ask` asks for a passphrase."""
    from station.delivery.calibration_report import CalibrationReporter
    from station.delivery.pdf import PdfExporter
    from station.flow.checklists import load_checklists
    from station.flow.options import FitOut
    from station.flow.photo_profiles import load_photo_profiles
    from station.flow.scan_profiles import load_scan_profiles, prove
    from station.quality.ofiq.engine import Ofiq
    from station.quality.profile import load_profiles
    from station.reading.patterns import load_patterns
    from station.storage.passwords import Argon2

    drivers, failures, props = find_drivers(settings)
    profiles, checklists = load_profiles(settings.profiles), load_checklists(settings.checklists)
    scan_profiles = load_scan_profiles(settings.scan_profiles)
    prove(checklists, scan_profiles, profiles)
    patterns = load_patterns(settings.patterns)
    store = open_storage(settings, ask)  # last: what fails before it leaves nothing open
    return FitOut(
        store_name="PostgreSQL" if settings.database_url else "SQLite",
        drivers=drivers,
        failures=failures,
        profiles=profiles,
        checklists=checklists,
        scan_profiles=scan_profiles,
        photo_profiles=load_photo_profiles(settings.photo_profiles),
        patterns=patterns,
        props=props,
        second_opinion=Ofiq(settings.ofiq_data_dir) if settings.ofiq_data_dir else None,
        reporter=CalibrationReporter(),
        exporter=PdfExporter(store.pictures, VERSION, text_layer=settings.text_layer),
        store=store,
        notices=store.notices,
        hashing=Argon2(),
    )


def find_drivers(settings: Settings) -> "tuple[tuple[Driver, ...], Mapping[str, StationError], Props | None]":
    """Load the drivers that the settings name; what failed is kept to be shown."""
    from station.devices.registry import Registry

    escl = {"cache": str(settings.data_dir / "escl.json"), **settings.driver.get("escl", {})}
    registry = Registry(settings.drivers, {**settings.driver, "escl": escl})
    props = next((driver.props for driver in registry.drivers if hasattr(driver, "props")), None)
    url = next((driver.network_url for driver in registry.drivers if hasattr(driver, "network_url")), "")
    for driver in registry.drivers:
        if url and hasattr(driver, "introduce"):
            driver.introduce(url)
    return registry.drivers, {failed.name: failed.error for failed in registry.failures}, props


def open_storage(settings: Settings, ask: Callable[[], str | None] = lambda: None) -> "OpenStore":
    """Open the store that the settings name."""
    from station.storage.open import open_store

    return open_store(
        settings.data_dir, settings.database_url, settings.station, safekeeping(settings, ask), say_encrypted,
        tls=settings.database_tls, anchors=settings.audit_anchors,
    )  # fmt: skip


def said_aloud(out: "FitOut") -> "FitOut":
    """Say in the log too what does not protect the stored data as it should, and what to do about it."""
    from ui.wording.store_notices import whole

    for notice in out.notices:
        logging.getLogger("station.storage").warning("%s: %s", notice, whole(notice))
    return out


def safekeeping(settings: Settings, ask: Callable[[], str | None] = lambda: None) -> "Safekeeping":
    """Tell how the key of the stored data is kept here."""
    from station.storage.keys.keeper import Safekeeping
    from station.storage.keys.passphrase import read_passphrase

    file = settings.passphrase_file
    return Safekeeping(
        passphrase=lambda: read_passphrase(file) if file is not None else None,
        ask=ask,
        key_store=True,
        beside=settings.unprotected_key,
    )


def keys(settings: Settings) -> "KeyDesk":
    """Give the technician's door to the key of the stored data."""
    from station.storage.key_desk import KeyDesk
    from station.storage.open import database_file, key_acts

    folder, url = settings.data_dir, settings.database_url
    acts = partial(
        key_acts, folder, url, settings.station, tls=settings.database_tls, anchors=settings.audit_anchors
    )
    return KeyDesk(folder, database_file(folder, url), safekeeping(settings), acts)


def say_encrypted(done: int, total: int) -> None:
    """Say how far the encryption of what was stored before got."""
    if done % 100 == 0 or done == total:
        print(f"Encrypting what was stored before: {done} of {total} pictures.", file=sys.stderr)


@contextmanager
def parts(settings: Settings) -> "Iterator[Parts]":
    """Offer the parts that headless commands need, each made when asked for and given back at the end."""
    from station.delivery.board_pdf import board_pdf
    from station.delivery.target_pdf import target_pdf
    from station.devices.driver import Closing
    from station.flow.checklists import load_checklists
    from station.flow.headless import Parts
    from station.flow.photo_profiles import load_photo_profiles
    from station.quality.profile import load_profiles
    from station.reading.patterns import load_patterns

    with ExitStack() as undo:

        def drivers() -> "tuple[tuple[Driver, ...], Mapping[str, StationError]]":
            found, failures, _ = find_drivers(settings)
            for driver in found:
                if isinstance(driver, Closing):
                    undo.callback(driver.close)
            return found, failures

        @cache
        def opened() -> "OpenStore":
            store = undo.enter_context(closing(open_storage(settings)))
            store.sweep()  # as at every start: a page that was replaced or removed is no fault
            return store

        def exporter(text: bool) -> "Exporter":
            from station.delivery.pdf import PdfExporter

            return PdfExporter(opened().pictures, f"visa-station {VERSION}", text_layer=text)

        @cache
        def second_opinion() -> "SecondOpinion | None":
            from station.quality.ofiq.engine import Ofiq

            engine = Ofiq(settings.ofiq_data_dir) if settings.ofiq_data_dir else None
            if engine is not None:
                undo.callback(engine.close)
            return engine

        yield Parts(
            drivers=drivers,
            profiles=lambda: load_profiles(settings.profiles),
            units=lambda: opened().units(),
            problems=lambda: opened().verify(),
            patterns=lambda: load_patterns(settings.patterns),
            checklists=lambda: load_checklists(settings.checklists),
            exporter=exporter,
            target_pdf=target_pdf,
            board_pdf=board_pdf,
            pictures=lambda: opened().pictures,
            photo_profiles=lambda: load_photo_profiles(settings.photo_profiles),
            second_opinion=second_opinion,
            keys=lambda: keys(settings),
            trail=lambda: opened().trail,
            notices=lambda: opened().notices,
        )


if __name__ == "__main__":
    sys.exit(main())
