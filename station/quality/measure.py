"""What a measure is: one question about one picture, with no limit and no memory of its own."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from station.model.quality import Region

SampleT = TypeVar("SampleT", contravariant=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """The answer in the measure's unit, with the place on the picture that it comes from where there is one.

    `score` is 0 to 100 where a standard maps the raw value to one.
    """

    raw: float
    region: Region | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """The picture gives no answer; `reason` is a word for the wording."""

    reason: str


class Measure(Protocol[SampleT]):
    """One question. Stateless: safe from any thread; the same sample gives the same answer."""

    @property
    def name(self) -> str:
        """The measure's stable name, used in profiles and records."""
        ...

    @property
    def unit(self) -> str:
        """The unit of the raw value."""
        ...

    def assess(self, sample: SampleT) -> Measured | Unmeasured:
        """Answer for this picture."""
        ...
