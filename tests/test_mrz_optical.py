"""Reading the zone by picture: every size and direction, all kinds of trouble, no wrong reading accepted."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from station.imaging.codec import grey
from station.imaging.cv import cv
from station.imaging.model_file import MANIFEST
from station.model.document import MrzFormat, MrzStatus
from station.reading import mrz_grid, mrz_judge, mrz_locate, mrz_marks, mrz_optical, mrz_recognise
from station.reading.mrz_build import check_digit
from station.reading.mrz_decode import decode
from station.reading.mrz_judge import Seen, judge
from station.reading.mrz_layout import LAYOUTS
from station.reading.mrz_optical import read
from station.reading.mrz_recognise import CLASSES
from tests import mrz_pages, mrz_stress
from tests.mrz_pages import LEVELS, flatbed, zones
from tests.mrz_papers import TODAY, invent
from tests.mrz_type import write

# ICAO 9303-4, appendix B, and 9303-5 (a card with a long document number).
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
LONG = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
PATIENT_S = 60.0


def cells_of(lines, doubts=()):
    """Return log-posteriors of clearly read lines; a doubt is (line, column, {character: posterior})."""
    seen = [np.full((len(line), len(CLASSES)), np.log(1e-6)) for line in lines]
    for line, text in zip(seen, lines, strict=True):
        line[np.arange(len(text)), [CLASSES.index(character) for character in text]] = np.log(0.9999)
    for line, column, posteriors in doubts:
        seen[line][column] = np.log(1e-6)
        for character, posterior in posteriors.items():
            seen[line][column, CLASSES.index(character)] = np.log(posterior)
    return seen


def judged(lines, doubts=(), score=-0.01):
    seen = [Seen(cells, np.ones(len(cells)), score, alone=True) for cells in cells_of(lines, doubts)]
    return judge(seen, TODAY)


def places(mrz, code):
    return [(remark.line, remark.column) for remark in mrz.remarks if remark.code == code]


def look(pixels):
    return read(pixels, today=TODAY, budget_s=PATIENT_S)


def a_passport(level=None, seed=7, lines=None):
    rng = np.random.default_rng(seed)
    lines = lines or invent(MrzFormat.TD3, rng)
    return lines, (level or flatbed(150))(MrzFormat.TD3, lines, rng)


# -- the grid -------------------------------------------------------------------------------------------------


def network_says(cells, before=4, after=4):
    """Return log-posteriors of glyphs three steps apart, each seen at its middle step only."""
    steps = before + 3 * cells + after
    answer = np.full((len(CLASSES) + 1, steps), np.log(1e-4))
    answer[0] = np.log(0.99)
    middles = before + 1 + 3 * np.arange(cells)
    answer[:, middles] = np.log(1e-4)
    answer[12, middles] = np.log(0.99)
    return answer, middles


def test_the_grid_finds_each_cell_and_prefers_the_true_number_of_them():
    for cells in (30, 36, 44):
        answer, middles = network_says(cells)
        grids = mrz_grid.fit(answer, {30, 36, 44})
        assert grids[cells].steps.tolist() == middles.tolist()
        assert max(grids, key=lambda count: grids[count].score) == cells


def test_a_grid_that_a_strip_has_no_room_for_is_not_there():
    answer, _ = network_says(30)
    assert 44 not in mrz_grid.fit(answer[:, :80], {30, 44})


# -- check digits ---------------------------------------------------------------------------------------------


def test_the_check_digit_decides_between_look_alikes_and_says_what_it_changed():
    cells = cells_of(PASSPORT, [(1, 5, {"O": 0.6, "0": 0.4})])  # L898902C3
    found = decode(cells, LAYOUTS[MrzFormat.TD3])
    assert found.lines == PASSPORT
    assert found.changed == ((1, 5),)
    assert found.gap == pytest.approx(np.log(0.6 / 0.4), abs=0.01)


def test_a_clear_cell_is_never_overruled():
    wrong = (PASSPORT[0], PASSPORT[1].replace("L898902C36", "L898902C35"))
    assert decode(cells_of(wrong), LAYOUTS[MrzFormat.TD3]) is None


def test_a_long_number_is_proved_by_the_digit_among_the_optional_data():
    doubt = [(0, 17, {"1": 0.7, "4": 0.3})]  # D23145890 734, check digit 9
    found = decode(cells_of(LONG, doubt), LAYOUTS[MrzFormat.TD1])
    assert found.lines == LONG


def test_an_empty_field_may_have_zero_or_filler_for_its_check_digit():
    head = "L898902C36UTO7408122F1204159" + "<" * 14
    for digit in "0<":
        body = head + digit
        line = body + check_digit(body[:10] + body[13:20] + body[21:43])
        assert decode(cells_of((PASSPORT[0], line)), LAYOUTS[MrzFormat.TD3]).lines[1] == line


def test_a_date_that_does_not_exist_is_no_solution():
    thirteenth = "741312" + check_digit("741312")
    line = PASSPORT[1][:13] + thirteenth + PASSPORT[1][20:43]
    line += check_digit(line[:10] + line[13:20] + line[21:43])
    assert decode(cells_of((PASSPORT[0], line)), LAYOUTS[MrzFormat.TD3]) is None


def test_the_alphabet_of_the_field_decides_first():
    cells = cells_of(PASSPORT, [(0, 5, {"3": 0.7, "E": 0.29}), (1, 13, {"T": 0.7, "7": 0.29})])
    assert decode(cells, LAYOUTS[MrzFormat.TD3]).lines == PASSPORT


# -- accepted or not ------------------------------------------------------------------------------------------


def test_clear_lines_are_accepted():
    for lines in (PASSPORT, LONG, VISA):
        assert judged(lines).status is MrzStatus.ACCEPTED


@pytest.mark.parametrize(
    ("line", "column", "posteriors"),
    [
        (0, 7, {"I": 0.9, "T": 0.1}),  # name
        (0, 1, {"<": 0.9, "K": 0.1}),  # document code
        (1, 20, {"F": 0.9, "M": 0.1}),  # sex
        (1, 11, {"T": 0.9, "Y": 0.1}),  # nationality
        (1, 1, {"8": 0.9, "S": 0.1}),  # the same for the check digit: 8 and S = 28 modulo 10
    ],
)
def test_a_doubt_that_no_check_digit_settles_is_left_to_the_officer(line, column, posteriors):
    mrz = judged(PASSPORT, [(line, column, posteriors)])
    assert mrz.status is MrzStatus.UNSURE
    assert mrz.lines == PASSPORT
    assert (line, column) in places(mrz, "cell_doubtful")


def test_a_doubt_that_the_check_digits_settle_the_way_it_was_seen_is_none():
    mrz = judged(PASSPORT, [(1, 5, {"0": 0.7, "O": 0.3})])
    assert mrz.status is MrzStatus.ACCEPTED


def test_a_cell_that_the_check_digits_changed_is_shown():
    mrz = judged(PASSPORT, [(1, 5, {"O": 0.6, "0": 0.4})])
    assert mrz.status is MrzStatus.UNSURE
    assert mrz.lines == PASSPORT
    assert places(mrz, "repaired") == [(1, 5)]


def test_the_first_letter_is_one_that_a_zone_may_begin_with():
    # Alone it looks more like an N, which no zone begins with; then V is the likeliest, and this is a visa.
    mrz = judged(VISA, [(0, 0, {"N": 0.83, "V": 0.16})])
    assert (mrz.format, mrz.lines) == (MrzFormat.MRVA, VISA)
    assert mrz.status is MrzStatus.ACCEPTED
    both = judged(VISA, [(0, 0, {"V": 0.7, "P": 0.3})])
    assert both.status is MrzStatus.UNSURE
    assert (0, 0) in places(both, "cell_doubtful")


def test_print_that_hardly_looks_like_glyphs_is_not_accepted():
    assert judged(PASSPORT, score=mrz_judge.GRID - 0.1).status is MrzStatus.UNSURE


def test_print_of_another_kind_is_no_zone():
    assert (
        judged(("VX87BG17LO3TM2LS3ZDB382Y1PU0FNFU8GRS5JXMM<<<", "<LA8CMWWF988E7NY6M7HO8TXNFT2U9Q296TB7Y4VQC<<"))
        is None
    )


# -- pictures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "accepted"), list(zip(LEVELS, [4, 4, 4, 4, 2], strict=True)))
def test_all_five_sizes_are_read(level, accepted):
    statuses = []
    for zone in zones(LEVELS[level], 5, 21):
        found = look(zone.pixels)
        assert found is not None
        assert (found.mrz.lines, found.mrz.format) == (zone.lines, zone.size)
        statuses.append(found.mrz.status)
    # A cut of the type that the network finds strange is read, and left to the officer.
    assert statuses.count(MrzStatus.ACCEPTED) >= accepted
    assert set(statuses) <= {MrzStatus.ACCEPTED, MrzStatus.UNSURE}


@pytest.mark.parametrize("trouble", mrz_stress.TROUBLES)
def test_no_trouble_makes_it_accept_what_is_wrong(trouble):
    for stress in mrz_stress.stresses(1, 9303, (trouble,)):
        found = look(stress.pixels)
        accepted = found is not None and found.mrz.status is MrzStatus.ACCEPTED
        assert not accepted or found.mrz.lines in stress.right


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_may_lie_on_its_side_or_upside_down(quarters):
    lines, page = a_passport()
    found = look(np.ascontiguousarray(np.rot90(page, -quarters)))
    assert found.mrz.lines == lines
    assert found.mrz.status is MrzStatus.ACCEPTED
    assert (found.turned - 90 * quarters + 180) % 360 - 180 == pytest.approx(0, abs=4)


@pytest.mark.parametrize("angle", [-29, -17, 24])
def test_a_page_may_lie_askew(angle):
    lines, page = a_passport()
    middle = (page.shape[1] / 2, page.shape[0] / 2)
    turn = cv().getRotationMatrix2D(middle, -angle, 1.0)
    turn[:, 2] += 120
    askew = cv().warpAffine(page, turn, (page.shape[1] + 240, page.shape[0] + 240), borderValue=(250,) * 3)
    found = look(askew)
    assert (found.mrz.status, found.mrz.lines) == (MrzStatus.ACCEPTED, lines)
    assert found.turned == pytest.approx(angle, abs=4)


def test_a_cell_knows_its_place_on_the_page():
    page = np.full((400, 1100, 3), 240, np.float32)
    for row, text in enumerate(PASSPORT):
        write(page, text, 10, 20 + 6.35 * row, 200)
    found = look(mrz_pages.finish(page, np.random.default_rng(1), 2))
    assert found.mrz.lines == PASSPORT
    assert [strip.shape[0] for strip in found.strips] == [32, 32]
    for row, line in enumerate(found.cells):
        assert "".join(cell.char for cell in line) == PASSPORT[row]
        for column, cell in enumerate(line):
            x, y = np.mean(cell.corners, axis=0) * 25.4 / 200
            assert x == pytest.approx(10 + (column + 0.5) * 2.54, abs=0.6)
            assert y == pytest.approx(20 + 6.35 * row - 1.2, abs=0.4)
            assert cell.posterior > 0.9


def test_grey_pages_are_read_as_well_as_coloured_ones():
    lines, page = a_passport()
    assert look(grey(page)).mrz.lines == lines


def test_dark_security_print_is_seen_through():
    read_right = 0
    for zone in zones(flatbed(200, dark=0.4), 5, 3):
        found = look(zone.pixels)
        read_right += found is not None and found.mrz.lines == zone.lines
    assert read_right >= 3


def test_a_wrong_check_digit_fails_and_shows_the_lines():
    lines, _ = a_passport()
    digit = str((int(lines[1][9]) + 3) % 10)
    wrong = (lines[0], lines[1][:9] + digit + lines[1][10:])
    _, page = a_passport(lines=wrong)
    found = look(page)
    assert found.mrz.status is MrzStatus.CHECK_FAILED
    assert found.mrz.lines == wrong


def test_a_zone_that_is_cut_off_is_never_accepted():
    _, page = a_passport()
    width = page.shape[1]
    for part in (page[:, : width // 2], page[:, width // 4 :], page[: round(page.shape[0] * 0.74)]):
        found = look(np.ascontiguousarray(part))
        assert found is None or found.mrz.status is not MrzStatus.ACCEPTED


def test_what_is_covered_is_not_guessed():
    for seed in range(4):
        lines, page = a_passport(seed=seed)
        rng = np.random.default_rng(seed)
        for _ in range(40):
            x, y = (int(rng.integers(0, side)) for side in page.shape[1::-1])
            page[y : y + 9, x : x + 30] = rng.integers(30, 240, 3)
        found = look(page)
        assert found is None or found.mrz.status is not MrzStatus.ACCEPTED or found.mrz.lines == lines


def test_two_documents_on_one_page_are_never_taken_for_one():
    _, one = a_passport(seed=1)
    _, other = a_passport(seed=2)
    found = look(np.vstack([one, other]))
    assert found.mrz.status is MrzStatus.UNSURE
    assert places(found.mrz, "two_zones")


def test_a_photograph_of_a_screen_is_read_or_refused():
    lines, page = a_passport(flatbed(200))
    screen = page.astype(np.float32)
    screen[:, 1::3] *= 0.6
    screen[2::4] *= 0.7
    found = look(screen.astype(np.uint8))
    assert found is None or found.mrz.status is not MrzStatus.ACCEPTED or found.mrz.lines == lines


EMPTY = {
    "one pixel": lambda: np.zeros((1, 1, 3), np.uint8),
    "no rows": lambda: np.zeros((0, 500), np.uint8),
    "no columns": lambda: np.zeros((500, 0, 3), np.uint8),
    "a thread": lambda: np.zeros((40, 9000, 3), np.uint8),
    "blank": lambda: np.full((300, 400, 3), 255, np.uint8),
    "black": lambda: np.zeros((300, 400), np.uint8),
    "huge, grey": lambda: np.broadcast_to(np.uint8(250), (20_000, 20_000)),
    "huge, colours": lambda: np.broadcast_to(np.uint8([250, 10, 90]), (20_000, 20_000, 3)),
    "noise": lambda: np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8),
    "dots": lambda: np.indices((900, 900)).sum(0).astype(np.uint8) % 2 * 255,
    **{name: lambda page=page: page(100, 1) for name, page in mrz_stress.EMPTY_PAGES.items()},
}


@pytest.mark.parametrize("page", EMPTY)
def test_a_page_without_a_zone_gives_none(page):
    assert read(EMPTY[page](), today=TODAY, budget_s=PATIENT_S) is None


@pytest.mark.parametrize("page", ["letter", "form", "table", "capitals", "listing"])
def test_a_page_of_text_is_given_up_after_few_questions(page, monkeypatch):
    asked = []
    ask = mrz_recognise.recognise
    monkeypatch.setattr(mrz_recognise, "recognise", lambda strips: asked.append(0) or ask(strips))
    assert read(mrz_stress.EMPTY_PAGES[page](200, 3), today=TODAY, budget_s=PATIENT_S) is None
    # Four rows that are no zone, each as it lies, its middle upside down, upside down, and with a wide margin.
    assert len(asked) <= 4 * 6


def test_a_huge_picture_with_a_zone_is_read_where_it_lies():
    _, page = a_passport()
    large = cv().resize(page, None, fx=9, fy=9, interpolation=cv().INTER_NEAREST)
    assert large.shape[0] * large.shape[1] > mrz_optical.LARGEST_PX / 2
    one, other = look(page), look(large)
    assert other.mrz.lines == one.mrz.lines
    at, there = (np.mean([cell.corners for cell in reading.cells[1]], axis=1) for reading in (one, other))
    assert np.abs(there / 9 - at).max() < 2


def test_a_view_of_a_picture_is_read_as_the_picture():
    lines, page = a_passport()
    wide = np.full((page.shape[0], 2 * page.shape[1], 3), 255, np.uint8)
    wide[:, ::-2] = page
    assert look(wide[:, ::-2]).mrz.lines == lines


def test_one_look_is_taken_even_without_time():
    lines, page = a_passport()
    assert read(page, today=TODAY, budget_s=0.0).mrz.lines == lines


def test_several_lanes_read_at_once():
    pages = [a_passport(seed=seed) for seed in range(3)]
    with ThreadPoolExecutor(3) as lanes:
        found = list(lanes.map(look, [page for _, page in pages]))
    assert [reading.mrz.lines for reading in found] == [lines for lines, _ in pages]


def test_lines_are_found_level_first_and_in_other_directions_among_the_same_marks():
    _, page = a_passport()
    marks = next(mrz_marks.find(mrz_marks.darkness(np.ascontiguousarray(np.rot90(grey(page), -1)))))
    assert mrz_locate.locate(marks, mrz_marks.chains(marks)) == []
    assert len(mrz_locate.locate(marks, mrz_marks.chains(marks, 90.0), 90.0)[0]) == 2


# -- the network ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "said"),
    [(None, "no_manifest"), (b"x", "changed")],
)
def test_without_its_network_the_reader_says_so_once(tmp_path, monkeypatch, expected_logs, network, said):
    expected_logs.append(f"the reader of printed lines is not the one that was tested: {said}")
    if network:
        (tmp_path / mrz_recognise.NETWORK).write_bytes(network)
        manifest = f'file = "{mrz_recognise.NETWORK}"\nbytes = 1\nsha256 = "00"\n'
        (tmp_path / MANIFEST).write_text(manifest)
    monkeypatch.setattr(mrz_optical.mrz_recognise, "FOLDER", tmp_path)
    _, page = a_passport()
    for _ in range(2):
        found = look(page)
        assert found.mrz.status is MrzStatus.NOT_FOUND
        assert [remark.code for remark in found.mrz.remarks] == ["reader_missing"]


def test_the_network_is_the_one_of_its_manifest_and_small():
    data = mrz_recognise.network_bytes(mrz_recognise.FOLDER)
    assert data is not None
    assert len(data) < 1_000_000
