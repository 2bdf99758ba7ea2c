"""Values of the model as rows and JSON text: everything comes back, nothing else is taken."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import StorageDamaged
from station.model.document import PartialDate, Reading
from station.model.quality import QualityReport
from station.model.record import ApplicationRecord, Attachment, Override, OverrideNote, Provenance
from station.model.visit import Act
from station.storage import rows
from station.storage.encode import decode, encode
from station.storage.tables import applications, attachments

DATES = st.builds(PartialDate, st.integers(0, 9999), st.integers(0, 12), st.integers(0, 31))
TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(fold=0))
st.register_type_strategy(PartialDate, DATES)
st.register_type_strategy(datetime, TIMES)


@given(st.one_of(*(st.from_type(kind) for kind in (QualityReport, Reading, OverrideNote, Provenance))))
def test_every_value_comes_back_as_it_was_written(value: QualityReport | Reading | OverrideNote | Provenance):
    again = decode(type(value), encode(value), "test")

    # By representation and as text: a NaN is not equal to itself.
    assert repr(again) == repr(value)
    assert encode(again) == encode(value)


@given(st.builds(ApplicationRecord, attachments=st.just(())))
def test_every_field_of_an_application_has_its_column(record: ApplicationRecord):
    row = rows.application_row(record)

    assert rows.record_of({applications.c[name]: value for name, value in row.items()}) == record


@given(st.from_type(Attachment))
def test_every_field_of_an_attachment_has_its_column(attachment: Attachment):
    row = rows.attachment_row(attachment)

    assert repr(rows.attachment_of({attachments.c[name]: value for name, value in row.items()})) == repr(
        attachment
    )


@given(st.builds(Act, facts=st.dictionaries(st.text(), st.none() | st.text() | st.lists(st.integers()))))
def test_every_field_of_an_act_has_its_column(one: Act):
    assert rows.act_of(rows.act_row("visit-1", 3, one)) == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"kind":"passes_for_an_obvious_reason"}',
        '{"kind":"no_such_kind","reason":"r","note":""}',
        '{"kind":"passes_for_an_obvious_reason","reason":7,"note":""}',
        '{"kind":"passes_for_an_obvious_reason","reason":"r","note":"","more":1}',
    ],
)
def test_what_was_not_written_by_us_is_refused_without_quoting_it(text: str):
    with pytest.raises(StorageDamaged) as refused:
        decode(OverrideNote, text, "attachment 7")

    assert refused.value.context == {"what": "OverrideNote of attachment 7"}
    assert refused.value.__suppress_context__


def test_a_field_that_older_rows_lack_takes_its_default():
    text = '{"kind":"passes_for_an_obvious_reason","reason":"bandage"}'

    assert decode(OverrideNote, text, "test") == OverrideNote(Override.OBVIOUS, "bandage", "")
