"""The centre's patterns: which bar code means which number."""

from pathlib import Path

import pytest

from station.errors import SettingsError
from station.model.document import Barcode, Certainty, Identifier, Symbology
from station.reading.patterns import CHECKS, LONGEST_PAYLOAD, Patterns, load_patterns
from station.reading.proof import Proof
from station.settings import resources_dir

LETTER = """
[[pattern]]
name = "letter"
kind = "letter_number"
symbologies = ["Code128", "QR"]
shape = '(?:LTR )?(?P<value>L[0-9]{9})'
"""


def code(text: str | bytes, symbology: Symbology = Symbology.CODE128, sure: bool = True) -> Barcode:
    payload = text.encode() if isinstance(text, str) else text
    return Barcode(symbology, payload, Certainty.ACCEPTED if sure else Certainty.UNSURE)


def loaded(folder: Path, text: str) -> Patterns:
    file = folder / "centre.toml"
    file.write_text(text, encoding="utf-8")
    return load_patterns(file)


def pairs(identifiers: tuple[Identifier, ...]) -> list[tuple[str, str]]:
    return [(identifier.kind, identifier.value) for identifier in identifiers]


def test_the_shipped_examples_name_letter_application_and_label() -> None:
    shipped = load_patterns(resources_dir() / "patterns")
    codes = [
        code("L000123456"),
        code("V000123456", Symbology.QR),
        code("KSK-000123-0"),
        code("KSK-000123-7"),
        code("L00012345"),
        code("xL000123456"),
        code("V000123456", Symbology.ITF),
    ]
    # Luhn over 000123: 3 doubled is 6, 2, 1 doubled is 2: sum 10, check digit 0
    assert pairs(shipped.identify(codes)) == [
        ("letter_number", "L000123456"),
        ("application_number", "V000123456"),
        ("label", "KSK-000123-0"),
    ]


def test_only_the_named_group_is_the_number(tmp_path: Path) -> None:
    found = loaded(tmp_path, LETTER).identify([code("LTR L123456789")])
    assert found == (Identifier("letter_number", "L123456789", "letter", Certainty.ACCEPTED),)


def test_a_number_is_as_certain_as_its_surest_code(tmp_path: Path) -> None:
    patterns = loaded(tmp_path, LETTER)
    unsure, sure = code("L123456789", sure=False), code("L123456789", Symbology.QR)
    assert patterns.identify([unsure])[0].certainty is Certainty.UNSURE
    for codes in ([unsure, sure], [sure, unsure]):
        assert [i.certainty for i in patterns.identify(codes)] == [Certainty.ACCEPTED]


def test_two_numbers_of_one_kind_are_both_told(tmp_path: Path) -> None:
    found = loaded(tmp_path, LETTER).identify([code("L000000001"), code("L000000002")])
    assert pairs(found) == [("letter_number", "L000000001"), ("letter_number", "L000000002")]


@pytest.mark.parametrize("payload", [b"\x00\xff", b"L12345678\xb2", b"L123456789 L", b""])
def test_bytes_that_do_not_fit_name_nothing(tmp_path: Path, payload: bytes) -> None:
    assert loaded(tmp_path, LETTER).identify([code(payload)]) == ()


def test_a_very_long_payload_is_not_matched(tmp_path: Path) -> None:
    patterns = loaded(tmp_path, LETTER.replace("L[0-9]{9}", "L[0-9]+"))
    assert patterns.identify([code("L" + "1" * (LONGEST_PAYLOAD - 1))])
    assert not patterns.identify([code("L" + "1" * LONGEST_PAYLOAD)])


PROOF = LETTER + "proof = true\n"


def test_a_pattern_proves_only_when_told_to(tmp_path: Path) -> None:
    letter = (Symbology.CODE128, b"L123456789")
    assert loaded(tmp_path, LETTER).proof(*letter) is Proof.NONE
    with_one_length = PROOF.replace("(?:LTR )?", "")
    assert loaded(tmp_path, with_one_length).proof(*letter) is Proof.LENGTH
    assert loaded(tmp_path, with_one_length).proof(Symbology.CODE128, b"L12345678") is Proof.NONE
    assert loaded(tmp_path, with_one_length).proof(Symbology.ITF, b"L123456789") is Proof.NONE
    with_check = loaded(tmp_path, with_one_length + 'check = "luhn"\n')
    # Luhn over 79927398: 8, 3, 2, 9 doubled are 7, 6, 4, 9; with 9, 7, 9, 7 they make 58: check digit 2
    assert with_check.proof(Symbology.CODE128, b"L799273982") is Proof.CHECK
    assert with_check.proof(Symbology.CODE128, b"L799273983") is Proof.NONE


@pytest.mark.parametrize(
    "shape", ["L[0-9]+", "L[0-9]{8,9}", "L?[0-9]{9}", "L[0-9]{9}|M[0-9]{7}", "(?:LTR )?L[0-9]"]
)
def test_a_shape_of_several_lengths_proves_nothing(tmp_path: Path, shape: str) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, PROOF.replace("(?:LTR )?(?P<value>L[0-9]{9})", f"(?P<value>{shape})"))
    assert (caught.value.context["key"], caught.value.context["problem"]) == ("pattern.1.proof", "wrong_value")


def test_check_digits_follow_their_standards() -> None:
    # 79927398713 and IBAN-like examples of the standards: ISO/IEC 7812-1 and ISO/IEC 7064 (794 with check 44)
    assert CHECKS["luhn"]("79927398713")
    assert not any(CHECKS["luhn"](f"7992739871{digit}") for digit in "012456789")
    assert CHECKS["mod97"]("79444")
    assert not CHECKS["mod97"]("79445")
    # GS1 General Specifications 7.9, figure 7.9.1-1: 629104150021 has the check digit 3
    assert CHECKS["gs1"]("6291041500213")
    assert not any(CHECKS["gs1"](f"629104150021{digit}") for digit in "012456789")
    assert not CHECKS["gs1"]("")
    assert not CHECKS["gs1"]("A0")
    assert not CHECKS["luhn"]("")
    assert not CHECKS["mod97"]("-")


@pytest.mark.parametrize(
    ("old", "new", "key", "problem", "suggestion"),
    [
        ("kind =", "knid =", "pattern.1.knid", "unknown_key", "kind"),
        ('"letter_number"', '"leter_number"', "pattern.1.kind", "wrong_value", "letter_number"),
        ('"QR"', '"DataMatrx"', "pattern.1.symbologies", "wrong_value", "DataMatrix"),
        ('["Code128", "QR"]', '"QR"', "pattern.1.symbologies", "wrong_type", ""),
        ('["Code128", "QR"]', "[]", "pattern.1.symbologies", "wrong_type", ""),
        ("?P<value>", "?P<number>", "pattern.1.shape", "wrong_value", ""),
        ("?P<value>", "", "pattern.1.shape", "wrong_value", "(?P<value>...)"),
        ("L[0-9]{9})", "L[0-9]{9}", "pattern.1.shape", "wrong_value", ""),
        ("{9})", "+)+", "pattern.1.shape", "wrong_value", ""),
        ("[0-9]{9}", ".*.*.*", "pattern.1.shape", "wrong_value", ""),
        ("[0-9]{9}", r"(a)\\1", "pattern.1.shape", "wrong_value", ""),
        ("shape", "check = 'lun'\nshape", "pattern.1.check", "wrong_value", "luhn"),
        ("[0-9]{9}", "[0-9]{99999999999}", "pattern.1.shape", "wrong_value", ""),
        ("[0-9]{9}", "(?:a|a)*", "pattern.1.shape", "wrong_value", ""),
        ("[0-9]{9}", "(?=L)", "pattern.1.shape", "wrong_value", ""),
        ("[0-9]{9}", "0" * 200, "pattern.1.shape", "wrong_value", ""),
        ("[[pattern]]", "[[patterns]]", "patterns", "unknown_key", "pattern"),
        ("[[pattern]]", "[[pattern", "", "not_toml", ""),
    ],
)
def test_a_slip_in_the_file_is_named(
    tmp_path: Path, old: str, new: str, key: str, problem: str, suggestion: str
) -> None:
    text = LETTER.replace(old, new, 1)
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, text)
    assert caught.value.context == {
        "where": "centre.toml",
        "key": key,
        "problem": problem,
        "suggestion": suggestion,
    }


def test_two_patterns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, LETTER + LETTER)
    assert caught.value.context["problem"] == "duplicate"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_patterns(tmp_path / "none.toml")
    assert caught.value.context["problem"] == "unreadable"


def test_all_files_of_a_folder_count(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(LETTER, encoding="utf-8")
    (tmp_path / "b.toml").write_text(LETTER.replace('"letter"', '"other"'), encoding="utf-8")
    assert [pattern.name for pattern in load_patterns(tmp_path).patterns] == ["letter", "other"]
