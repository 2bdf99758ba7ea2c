"""What makes one drawn person different from another: invented from a number, the same on every machine."""

import random
from dataclasses import dataclass

from drivers.simulated.brush import Colour
from drivers.simulated.head_shape import Features

BLACK_HAIR: Colour = (28, 24, 26)
BROWN_HAIR: Colour = (64, 44, 34)
FAIR_HAIR: Colour = (124, 90, 58)
BROWN_IRIS: Colour = (74, 48, 32)

COMPLEXIONS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((222, 180, 150), BROWN_HAIR, BROWN_IRIS),
    ((201, 152, 117), BLACK_HAIR, BROWN_IRIS),
    ((238, 203, 180), FAIR_HAIR, (86, 98, 88)),
    ((126, 84, 60), BLACK_HAIR, BROWN_IRIS),
    ((214, 168, 132), BLACK_HAIR, BROWN_IRIS),
    ((166, 116, 84), BLACK_HAIR, BROWN_IRIS),
    ((232, 194, 168), BROWN_HAIR, (84, 100, 112)),
    ((98, 66, 50), BLACK_HAIR, (52, 36, 28)),
)
"""Skin, hair and iris."""
GARMENTS: tuple[Colour, ...] = ((44, 62, 92), (92, 44, 54), (48, 78, 70), (62, 58, 66), (96, 74, 48))


@dataclass(frozen=True, slots=True)
class Looks:
    """Colours, hair and features. `stubble` 0 to 1 darkens the lower face."""

    seed: int
    skin: Colour
    hair: Colour
    iris: Colour
    garment: Colour
    long_hair: bool
    stubble: float
    brows: float
    features: Features

    @classmethod
    def of(cls, seed: int, complexion: int = 0) -> "Looks":
        """Return the looks that belong to this seed; `complexion` 1 to 8 chooses the colours instead of it."""
        dice = random.Random(f"looks {seed}")
        skin, hair, iris = COMPLEXIONS[((complexion or seed) - 1) % len(COMPLEXIONS)]
        long_hair = bool(seed % 2)
        return cls(
            seed=seed,
            skin=skin,
            hair=hair,
            iris=iris,
            garment=GARMENTS[seed % len(GARMENTS)],
            long_hair=long_hair,
            stubble=0.0 if long_hair else dice.uniform(0.2, 0.7),
            brows=dice.uniform(0.75, 1.0) if long_hair else dice.uniform(1.0, 1.3),
            features=Features(
                jaw=dice.uniform(-0.08, 0.0) if long_hair else dice.uniform(0.0, 0.06),
                nose=dice.uniform(-0.12, 0.12),
                cheeks=dice.uniform(-0.03, 0.03),
                lips=dice.uniform(-0.06, 0.06),
            ),
        )
