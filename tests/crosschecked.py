"""An invented applicant, her passport and letter, and shorthand for holding them against each other."""

import datetime
from dataclasses import replace

from station.model.document import (
    Certainty,
    Identifier,
    MrzFormat,
    MrzRemark,
    MrzStatus,
    PartialDate,
)
from station.model.record import ApplicationRecord, TravelDocument
from station.reading.crosscheck import compare
from station.reading.mrz import parse
from station.reading.mrz_build import Holder, build

TODAY = datetime.date(2026, 11, 22)
NAMES = (
    "letter_number",
    "application_number",
    "surname",
    "given_names",
    "birth_date",
    "sex",
    "nationality",
    "document_number",
    "expiry_date",
    "issuing_state",
    "age",
)

RECORD = ApplicationRecord(
    id="r1",
    application_number="V123456789",
    letter_number="BIL0042",
    surname="Eriksson",
    given_names="Anna Maria",
    birth_date=PartialDate(1990, 8, 12),
    sex="F",
    nationality="KHM",
    document=TravelDocument("N04512398", "KHM", PartialDate(2031, 4, 15)),
)
HOLDER = Holder(
    surname="Eriksson",
    given_names="Anna Maria",
    document_number="N04512398",
    birth_date=PartialDate(1990, 8, 12),
    expiry_date=PartialDate(2031, 4, 15),
    sex="F",
    nationality="KHM",
    issuing_state="KHM",
)
LETTER = Identifier("letter_number", "BIL0042", "letter", Certainty.ACCEPTED)


def passport(**changes):
    return parse(build(replace(HOLDER, **changes), MrzFormat.TD3), today=TODAY)


def checked(record=RECORD, mrz=None, identifiers=(), others=(), **changes):
    """Compare the record with the passport of its holder, changed in the named fields."""
    return compare(record, mrz=mrz or passport(**changes), identifiers=identifiers, today=TODAY, others=others)


def field(match, name):
    found = {one.name: one for one in match.fields}[name]
    return found.agreement, found.rule


OF_THE_ZONE = NAMES[2:10]
CHECKED = {"document_number", "birth_date", "expiry_date"}


def by_eye(match):
    return {one.name for one in match.fields if one.by_eye}


def said(mrz, code, name, status=MrzStatus.UNSURE):
    return replace(mrz, status=status, remarks=(*mrz.remarks, MrzRemark(code, name)))


def failing(**changes):
    """Return a passport of which the check digit of the number does not hold, nor the composite."""
    lines = passport(**changes).lines
    spoilt = str((int(lines[1][9]) + 1) % 10)
    return parse((lines[0], f"{lines[1][:9]}{spoilt}{lines[1][10:]}"), today=TODAY)


def both(first, second, **changes):
    return compare(RECORD, mrz=first, second=second, identifiers=(LETTER,), today=TODAY, **changes)
