"""The standard's one score for all, which needs a closed network."""

from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PortraitSample


class UnifiedQualityScore:
    """What OFIQ's own network makes of the whole face (ISO/IEC 29794-5:2025, 7.2).

    raw: the network's magnitude. Nothing of ours stands in for it: NOT_ASSESSED (`no_engine`) unless the
    customer has plugged OFIQ in with its models; `engine_silent` when that could not tell. For information:
    like the luminances, it is not to refuse a person.
    """

    name = "unified_quality_score"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return what OFIQ said."""
        if sample.ofiq is None:
            return Unmeasured("no_engine")
        native, score = sample.ofiq.get(self.name, (0.0, -1))
        return Unmeasured("engine_silent") if score < 0 else Measured(native, score=score)
