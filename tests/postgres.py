"""A private PostgreSQL server for tests and benchmarks, from Debian's package, in a folder of its own.

As a pytest plugin (`pytest_plugins = ["tests.postgres"]`) it brings `database_url`: each test that takes it
runs on SQLite and on PostgreSQL.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from station.storage.open import open_store

STARTS_WITHIN_S = 60
"""A loaded machine of the checks needs far more than the usual second."""

_TEMPLATE = "station_template"

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Server:
    """A running server that listens on a socket in its own folder only."""

    def __init__(self, folder: Path, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        """Run the server that `begin` starts and whose socket lies in this folder."""
        self._folder = folder
        self._numbers = count(1)
        self._begin = begin
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = self._begin()
        _wait(self, self._process, self._folder)

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it and all its connections; what runs is undone. SIGQUIT: as if it fell."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(STARTS_WITHIN_S)
            self._process = None

    def url(self, database: str) -> str:
        """Return the address of a database, as settings name it."""
        return f"postgresql://station@/{database}?host={self._folder}"

    def create(self, template: str = "template1") -> str:
        """Make a database like the template and return its name."""
        name = f"station_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def run(self, statement: str) -> None:
        """Run one statement on the server."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_server(*, durable: bool) -> Iterator[Server]:
    """Run a server until the block ends; `durable` says that it syncs what it commits, as a real one does."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder = Path(tempfile.mkdtemp(prefix="station-pg-"))
    user = _owner()
    os.chown(folder, user.pw_uid, user.pw_gid)
    quick = () if durable else _QUICK
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "max_connections=20", *quick)
    cluster = folder / "cluster"
    try:
        _as(
            user,
            binaries / "initdb",
            "-D",
            cluster,
            "-U",
            "station",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        )

        def begin() -> subprocess.Popen[bytes]:
            with (folder / "log").open("ab") as log:
                return subprocess.Popen(
                    [binaries / "postgres", "-D", cluster, *(f"--{setting}" for setting in settings)],
                    stdout=log,
                    stderr=log,
                    **_identity(user),
                )

        server = Server(folder, begin)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system("postgresql"))]
)
def database_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server | None]:
    """The server that tests run on, None for SQLite."""
    if request.param == "sqlite":
        yield None
        return
    with running_server(durable=False) as server:
        server.run(f"CREATE DATABASE {_TEMPLATE}")
        open_store(tmp_path_factory.mktemp("template"), server.url(_TEMPLATE)).close()
        yield server


@pytest.fixture
def database_url(database_server: Server | None) -> Iterator[str | None]:
    """The address of a fresh database, None for the one in the store's folder."""
    if database_server is None:
        yield None
        return
    name = database_server.create(_TEMPLATE)
    yield database_server.url(name)
    database_server.run(f"DROP DATABASE {name} WITH (FORCE)")


def _owner() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root; then its own user, which Debian's package brings, owns the server."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _identity(user: pwd.struct_passwd) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _as(user: pwd.struct_passwd, *command: object) -> None:
    subprocess.run(
        [str(word) for word in command], check=True, stdout=subprocess.DEVNULL, cwd="/", **_identity(user)
    )


def _wait(server: Server, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.05)
