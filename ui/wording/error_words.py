"""What is worded of one failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wording:
    """One failure as marked English text. `whys` by the fact `reason` or `problem` take the place of `why`.

    `detail` is said only when every fact that it names is known, and so is each sentence of `more`.
    """

    what: str
    why: str
    do: str
    detail: str = ""
    more: tuple[str, ...] = ()
    whys: Mapping[str, str] = field(default_factory=dict)
