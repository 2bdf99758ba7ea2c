"""Killed at any moment, again and again on one data folder: in visits and while the key is changed.

Each child goes on where the one before it was killed. What was shown is stored, in its order; no picture
lies with another applicant; the store is sound each time.
"""

import random
import signal
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from station.flow.events import Event, Listed
from station.storage import rotation
from station.storage.keys.keeper import Safekeeping
from station.storage.keys.vault import NAME, read_vault
from station.storage.open import open_store
from tests.faults import MarkedDriver, Shown, go_through, proved, said
from tests.kiosk import Kiosk, kiosk
from tests.nursery import Death, nursery
from tests.visits import applicants

KILLS = 12
SEED = 7
CROWD = 40
"""Expected applications; a soak needs more of them."""

ROTATES = 4
"""Every so many-th child changes the key."""

WORDS = 30
"""About as many things as are said of a visit."""

CHANGES = 700
"""About as many changes of the disk as a visit makes, or a change of the key; SQLite's are most of them."""

OWN = 60
"""Of these about as many are the program's own."""

Tell = Callable[[object], None]


def warm() -> None:
    """Load everything that a visit needs, by one."""
    with TemporaryDirectory() as folder:
        work_on(Path(folder), lambda _: None, visits=1)


def work_on(folder: Path, tell: Tell, crowd: int = CROWD, visits: int = CROWD) -> None:
    """Go on with the visit that was interrupted, then through those that nobody began; tell of each change."""

    def ear(event: Event) -> None:
        if (one := said(event)) is not None:
            tell(one)

    driver = MarkedDriver()
    people = {person.application_number: person for person in applicants(crowd)}
    with kiosk(folder, tuple(people.values()), drivers=(driver,), scan_dpi=75, ear=ear) as at:
        at.ready()
        for _ in range(visits):
            go_through(at, driver, people[next_of(at)])


def next_of(at: Kiosk) -> str:
    """Return the first of today's list: interrupted visits stand before the others."""
    return at.do(at.station.list_today, Listed, lambda event: event.query == "").listings[0].application_number


def rotate_on(folder: Path, tell: Tell) -> None:
    """Change the key; tell of each picture on the way, and of the new key when it counts alone."""
    database = folder / "station.sqlite3"
    done = rotation.rotate(folder, database, Safekeeping(), lambda *of: tell(("progress", of)))
    tell(("rotated", done.new))


def key_of(folder: Path) -> str:
    vault = read_vault(folder / NAME)
    return vault.key_id if vault is not None else ""


def death(chance: random.Random, words: int) -> Death:
    """Choose a moment: by what was said and a little time, or by what is written."""
    return chance.choice(
        (
            Death(words=chance.randrange(words), linger_s=chance.random() * 0.03),
            Death(change=chance.randrange(1, CHANGES)),
            Death(change=chance.randrange(1, OWN), own=True),
        )
    )


def kill_and_prove(folder: Path, kills: int, seed: int, crowd: int = CROWD) -> int:
    """Kill so many children, prove the store after each, and return how much was accepted in all."""
    chance = random.Random(seed)
    data = folder / "data"
    open_store(data).close()
    told: list[Shown] = []
    with nursery(warm) as nest:
        for kill in range(1, kills + 1):
            if kill % ROTATES:
                heard, code = nest.kill(death(chance, WORDS), data, work_on, crowd)
                assert code == -signal.SIGKILL
                told += heard
            else:
                heard, code = nest.kill(death(chance, WORDS), data, rotate_on)
                done = [what for word, what in heard if word == "rotated"]
                assert code == -signal.SIGKILL or (code == 0 and done)
                assert not done or key_of(data) == done[0]
            proved(data, told[-2 * WORDS :])
    rotation.rotate(data, data / "station.sqlite3", Safekeeping(), lambda *_: None)
    assert not rotation.is_unfinished(data)
    assert proved(data, told) > 0
    return len(told)


def test_what_was_accepted_outlives_kills_in_visits_and_in_changes_of_the_key(tmp_path: Path) -> None:
    print(f"seed {SEED}")
    assert kill_and_prove(tmp_path, KILLS, SEED) >= KILLS
