"""Document pages in their order: moved, paired, parted; nothing is lost and nobody's pages change places."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import RecordNotFound
from station.flow import arranging
from station.model.image import PictureRef
from station.model.record import ApplicationRecord, Attachment, AttachmentKind, Provenance

FROM = Provenance("d", "d", None, "d", "{}", "0", "o", datetime(2026, 11, 22, tzinfo=UTC), True)


def page(name: str, item: str, number: int, **facts: object) -> Attachment:
    ref = PictureRef(name.rjust(64, "0"), "image/png", 1, 10, 10)
    made = Attachment(name, AttachmentKind.DOCUMENT, ref, FROM, item=item, page=number)
    return replace(made, **facts)  # type: ignore[arg-type]


def record(*pages: Attachment) -> ApplicationRecord:
    portrait = replace(page("portrait", "", 1), kind=AttachmentKind.PORTRAIT)
    return ApplicationRecord("r", "V1", attachments=(portrait, *pages))


def order(of: ApplicationRecord, item: str) -> str:
    pages = arranging.pages_of(of, item)
    assert [p.page for p in pages] == list(range(1, len(pages) + 1)) or not pages
    return "".join(p.id for p in pages)


FOUR = record(page("a", "form", 1), page("b", "form", 2), page("c", "form", 3), page("x", "bank", 1))


@pytest.mark.parametrize(
    ("ids", "item", "place", "form", "bank"),
    [
        (["a"], "form", 2, "bca", "x"),
        (["c"], "form", 0, "cab", "x"),
        (["a", "c"], "form", 1, "bac", "x"),
        (["c", "a"], "bank", 0, "b", "acx"),
        (["x"], "form", 99, "abcx", ""),
        (["b"], "bank", -5, "ac", "bx"),
        (["a", "b", "c"], "bank", 1, "", "xabc"),
    ],
)
def test_pages_go_where_they_are_put_in_the_order_that_they_had(ids, item, place, form, bank):
    after = FOUR.change(arranging.moved(FOUR, ids, item, place))

    assert (order(after, "form"), order(after, "bank")) == (form, bank)


def test_only_what_differs_is_stored_anew():
    assert [p.id for p in arranging.moved(FOUR, ["c"], "form", 1)] == ["c", "b"]
    assert arranging.moved(FOUR, ["b"], "form", 1) == ()


def test_both_sides_of_a_sheet_move_together():
    both = FOUR.change(arranging.paired(FOUR, ["a", "b"]))
    after = both.change(arranging.moved(both, ["b"], "bank", 0))

    assert (order(after, "form"), order(after, "bank")) == ("c", "abx")


def test_a_page_is_never_put_between_the_sides_of_a_sheet():
    both = FOUR.change(arranging.paired(FOUR, ["a", "b"]))
    after = both.change(arranging.moved(both, ["x"], "form", 1))

    assert order(after, "form") == "abxc"


def test_the_back_of_a_card_moves_behind_its_front():
    both = FOUR.change(arranging.paired(FOUR, ["c", "a"]))
    front, back = (p for p in arranging.pages_of(both, "form") if p.sheet)

    assert order(both, "form") == "acb"
    assert (front.id, front.back, back.id, back.back) == ("a", False, "c", True)
    assert front.sheet == back.sheet


def test_a_page_that_is_paired_anew_leaves_its_old_other_side_alone():
    first = FOUR.change(arranging.paired(FOUR, ["a", "b"]))
    after = first.change(arranging.paired(first, ["b", "c"]))
    sheets = {p.id: p.sheet for p in arranging.pages_of(after, "form")}

    assert sheets["a"] == ""
    assert sheets["b"] == sheets["c"] != ""


def test_a_sheet_is_parted_into_two_pages():
    both = FOUR.change(arranging.paired(FOUR, ["a", "b"]))
    after = both.change(arranging.parted(both, "b"))

    assert after == FOUR


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: arranging.moved(FOUR, ["nobody"], "form", 0),
        lambda: arranging.moved(FOUR, [], "form", 0),
        lambda: arranging.moved(FOUR, ["portrait"], "form", 0),
        lambda: arranging.paired(FOUR, ["a"]),
        lambda: arranging.paired(FOUR, ["a", "x"]),
        lambda: arranging.parted(FOUR, "a"),
    ],
)
def test_what_is_not_there_is_refused(wrong):
    with pytest.raises(RecordNotFound):
        wrong()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["move", "pair", "part"]),
            st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3, unique=True),
            st.sampled_from(["form", "bank"]),
            st.integers(-2, 9),
        ),
        max_size=12,
    )
)
def test_whatever_is_done_no_page_is_lost_and_no_sheet_torn(steps):
    now = record(*(page(name, "form", number) for number, name in enumerate("abcdefgh", 1)))
    for what, ids, item, place in steps:
        try:
            if what == "move":
                now = now.change(arranging.moved(now, ids, item, place))
            elif what == "pair":
                now = now.change(arranging.paired(now, ids))
            else:
                now = now.change(arranging.parted(now, ids[0]))
        except RecordNotFound:
            continue

        assert sorted(order(now, "form") + order(now, "bank")) == list("abcdefgh")
        for pages in (arranging.pages_of(now, "form"), arranging.pages_of(now, "bank")):
            backs = [n for n, p in enumerate(pages) if p.back]
            assert all(pages[n - 1].sheet == pages[n].sheet and not pages[n - 1].back for n in backs)
            assert sum(bool(p.sheet) for p in pages) == 2 * len(backs)
