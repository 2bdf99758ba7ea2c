"""What a target of the fuzzing is: samples, what eats them, and by which names it may refuse them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.opencv_camera import coded
from station.errors import SettingsError, StationError
from station.imaging import codec

Eat = Callable[[bytes, Path], object]
Samples = Callable[[], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Target:
    """`eat` takes a spoilt sample and an empty folder of its own; it may raise what is `named` only."""

    samples: Samples
    eat: Eat
    named: tuple[type[Exception], ...] = (StationError,)
    prepare: Callable[[Path], object] = lambda folder: None


def of_file(name: str, read: Callable[[Path], object]) -> Eat:
    """Write the sample to a file of this name and have it read."""

    def eat(data: bytes, folder: Path) -> None:
        (folder / name).write_bytes(data)
        read(folder / name)

    return eat


def of_files(*folders: Path) -> Samples:
    """Take the files of the program for samples."""
    return lambda: [file.read_bytes() for folder in folders for file in sorted(folder.glob("*.toml"))]


def of_toml(*shipped: Path, read: Callable[[Path], object], whole_folder: bool = False) -> Target:
    """Read a TOML file by itself; with `whole_folder`, the folder of which it is one file."""

    def eat(data: bytes, folder: Path) -> None:
        (folder / "spoilt.toml").write_bytes(data)
        read(folder if whole_folder else folder / "spoilt.toml")

    return Target(of_files(*shipped), eat, (SettingsError,))


@contextmanager
def small_pictures(most: int = 1 << 20) -> Iterator[None]:
    """Let no picture have more pixels: what the large ones need is for `test_picture_bombs`."""
    held = codec.PIXELS_MAX, coded.PIXELS_MAX
    codec.PIXELS_MAX = coded.PIXELS_MAX = most  # type: ignore[misc]
    try:
        yield
    finally:
        codec.PIXELS_MAX, coded.PIXELS_MAX = held  # type: ignore[misc]
