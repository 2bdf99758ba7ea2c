"""Signing in: from the pressed key to the answer, on a whole station with the hash as it is shipped."""

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from station.flow.events import SessionChanged, SignInRefused
from station.storage.passwords import MEMORY_KIB, PASSES, Argon2
from tests.peopled import ODA, SECRETS, Peopled, employ, peopled

NAME = "sign_in"

RUNS = 7


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    hashing = Argon2()
    with tempfile.TemporaryDirectory() as folder:
        employ(Path(folder), ODA, hashing=hashing)
        with peopled(Path(folder), hashing=hashing) as people:
            times: dict[str, list[float]] = defaultdict(list)
            for _ in range(RUNS):
                times["wrong password"].append(_timed(people, ODA, "not her password"))
                times["unknown name"].append(_timed(people, "Otto Nobody", "not her password"))
                people.clock.turn(3600)
                times["password"].append(_timed(people, ODA, SECRETS[ODA]))
                began = time.perf_counter()
                people.lock()
                times["lock"].append(1000 * (time.perf_counter() - began))
    for what, target in (
        ("password", "at most 400"), ("wrong password", "at most 400"), ("unknown name", "as a wrong password"),
        ("lock", "at most 100"),
    ):  # fmt: skip
        yield what, statistics.median(times[what]), "ms", target, None
    stored = hashing.hashed(SECRETS[ODA])
    began = time.process_time()
    hashing.proved(SECRETS[ODA], stored)
    cost = 1000 * (time.process_time() - began)
    yield f"one hash ({PASSES} passes over {MEMORY_KIB // 1024} MiB)", cost, "ms CPU", "at least 80", None


def _timed(people: Peopled, name: str, password: str) -> float:
    began = time.perf_counter()
    said = people.sign_in(name, password)
    assert isinstance(said, SessionChanged | SignInRefused)
    return 1000 * (time.perf_counter() - began)
