"""What may be said about a machine-readable zone, and what each remark makes of its status."""

from collections.abc import Iterable, Mapping

from station.model.document import MrzRemark, MrzStatus

_BEST: Mapping[str, MrzStatus] = {
    # Good to know.
    "cleaned": MrzStatus.ACCEPTED,
    "corrected": MrzStatus.ACCEPTED,
    "document_type_unknown": MrzStatus.ACCEPTED,
    "name_shortened": MrzStatus.ACCEPTED,
    "name_without_given": MrzStatus.ACCEPTED,
    "number_long": MrzStatus.ACCEPTED,
    "sex_x": MrzStatus.ACCEPTED,
    "birth_date_unknown": MrzStatus.ACCEPTED,
    "birth_date_partial": MrzStatus.ACCEPTED,
    "expiry_date_unknown": MrzStatus.ACCEPTED,
    "expiry_date_partial": MrzStatus.ACCEPTED,
    "birth_date_zeros": MrzStatus.ACCEPTED,
    "expiry_date_zeros": MrzStatus.ACCEPTED,
    "expiry_date_far": MrzStatus.ACCEPTED,
    "french_layout": MrzStatus.ACCEPTED,
    # To be looked at: no check digit speaks for it.
    "repaired": MrzStatus.UNSURE,
    "size_doubtful": MrzStatus.UNSURE,
    "document_code_impossible": MrzStatus.UNSURE,
    "issuing_state_unknown": MrzStatus.UNSURE,
    "nationality_unknown": MrzStatus.UNSURE,
    "name_missing": MrzStatus.UNSURE,
    "name_malformed": MrzStatus.UNSURE,
    "name_digit": MrzStatus.UNSURE,
    "number_missing": MrzStatus.UNSURE,
    "number_not_checked": MrzStatus.UNSURE,
    "cell_doubtful": MrzStatus.UNSURE,
    "two_zones": MrzStatus.UNSURE,
    "sex_impossible": MrzStatus.UNSURE,
    # Wrong as it stands.
    "check_failed": MrzStatus.CHECK_FAILED,
    "repair_suggested": MrzStatus.CHECK_FAILED,
    "birth_date_impossible": MrzStatus.CHECK_FAILED,
    "expiry_date_impossible": MrzStatus.CHECK_FAILED,
    # No zone at all.
    "line_count": MrzStatus.NOT_FOUND,
    "line_length": MrzStatus.NOT_FOUND,
    "foreign_character": MrzStatus.NOT_FOUND,
    "no_filler": MrzStatus.NOT_FOUND,
    "not_a_zone": MrzStatus.NOT_FOUND,
    "reader_missing": MrzStatus.NOT_FOUND,
}
"""Every remark, and the best that a zone with it can be."""

REMARKS: tuple[str, ...] = tuple(_BEST)
"""All remark codes, for the wording."""

_WORSE = tuple(MrzStatus)


def status_of(remarks: Iterable[MrzRemark]) -> MrzStatus:
    """Return the status of a zone with these remarks: the worst of them decides."""
    return max((_BEST[remark.code] for remark in remarks), key=_WORSE.index, default=MrzStatus.ACCEPTED)
