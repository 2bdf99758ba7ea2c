"""The applicant of a rehearsal: an expected application of the invented day that no visit has touched yet."""

import re
from dataclasses import replace
from itertools import count
from pathlib import Path

from station.errors import RecordNotFound
from station.flow.expected import read_expected
from station.flow.ports import UnitsOfWork
from station.model.document import MrzFormat
from station.model.record import ApplicationRecord, RecordState
from station.reading.mrz_build import Holder, build


def applicant(units: UnitsOfWork, day: Path, number: str) -> ApplicationRecord:
    """Return the applicant of this application number, expected; an empty store gets the whole day first.

    One whose visit was begun in an earlier rehearsal is left alone: a namesake with numbers of their own comes
    instead, so a rehearsal can be run again in the same data folder.

    Raises:
        RecordNotFound: the day has no such applicant; ImportRefused, StorageError.
    """
    invented = read_expected(day).records
    wanted = [record for record in invented if record.application_number == number]
    if not wanted:
        raise RecordNotFound(record=number)
    with units() as work:
        if not work.records.today():
            work.records.expect(invented)
        for turn in count():
            namesake = _namesake(wanted[0], turn)
            found = work.records.with_identifier("application_number", namesake.application_number)
            if not found:
                work.records.expect([namesake])
                found = work.records.with_identifier("application_number", namesake.application_number)
            if found[0].state is RecordState.EXPECTED:
                record = work.records.get(found[0].record_id)
                break
        work.commit()
    return record


def printed_lines(record: ApplicationRecord) -> tuple[str, ...]:
    """Return the machine-readable lines of the applicant's passport (TD3)."""
    document = record.document
    holder = Holder(
        surname=record.surname,
        given_names=record.given_names,
        document_number=document.number if document else "",
        birth_date=record.birth_date,
        expiry_date=document.expiry_date if document else None,
        sex=record.sex,
        nationality=record.nationality,
        issuing_state=(document.issuing_state if document else "") or record.nationality,
    )
    return build(holder, MrzFormat.TD3)


def _namesake(record: ApplicationRecord, turn: int) -> ApplicationRecord:
    if not turn:
        return record
    document = record.document
    return replace(
        record,
        application_number=_other(record.application_number, turn),
        letter_number=_other(record.letter_number, turn),
        document=replace(document, number=_other(document.number, turn)) if document else None,
    )


def _other(number: str, turn: int) -> str:
    """Return another number of the same shape, far from those of the day."""

    def later(digits: re.Match[str]) -> str:
        room = 10 ** len(digits[0])
        return str((int(digits[0]) + room // 2 + turn) % room).zfill(len(digits[0]))

    return re.sub(r"\d+$", later, number)
