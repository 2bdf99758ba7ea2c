"""How national characters may be written in capitals A to Z (ICAO 9303-3, section 6).

Each table gives for one character all spellings that may stand for it, the recommended one first. Accented
Latin letters that are not listed lose their accent, as the standard has it for all of them. Cyrillic spellings
that the standard gives for one language only are listed as further ones.
"""
# ruff: noqa: RUF001 - letters that look alike are what the tables are about

import unicodedata
from string import ascii_uppercase

Spellings = tuple[tuple[str, ...], ...]
"""One word or name, character by character: what each may be written as."""

_LATIN = {
    "Ä": "AE A", "Å": "AA A", "Æ": "AE", "Ð": "D", "Ñ": "N NXX", "Ö": "OE O", "Ø": "OE O", "Ü": "UE UXX U",
    "Þ": "TH", "Đ": "D", "Ħ": "H", "ı": "I", "Ĳ": "IJ", "Ŀ": "L", "Ł": "L", "Ŋ": "N", "Œ": "OE", "Ŧ": "T",
    "ẞ": "SS", "ß": "SS",
}  # fmt: skip
_CYRILLIC = {
    "Ё": "E IO", "Ђ": "D", "Ћ": "D C", "Є": "IE YE", "Ѕ": "DZ", "І": "I", "Ї": "I YI", "Ј": "J", "Љ": "LJ",
    "Њ": "NJ", "Ќ": "K KJ", "Ў": "U", "Џ": "DZ DJ", "А": "A", "Б": "B", "В": "V", "Г": "G H", "Д": "D",
    "Е": "E", "Ж": "ZH Z", "З": "Z", "И": "I Y", "Й": "I Y", "К": "K", "Л": "L", "М": "M", "Н": "N",
    "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ф": "F", "Х": "KH H", "Ц": "TS C",
    "Ч": "CH C", "Ш": "SH S", "Щ": "SHCH SHT", "Ъ": "IE", "Ы": "Y", "Э": "E", "Ю": "IU YU", "Я": "IA YA",
    "Ѫ": "U", "Ѵ": "Y", "Ґ": "G", "Ғ": "G GJ", "Ѓ": "GJ", "Һ": "C",
}  # fmt: skip
_ARABIC = {
    0x0621: "XE", 0x0622: "XAA", 0x0623: "XAE", 0x0624: "U", 0x0625: "I", 0x0626: "XI", 0x0627: "A",
    0x0628: "B", 0x0629: "XTA XAH", 0x062A: "T", 0x062B: "XTH", 0x062C: "J", 0x062D: "XH", 0x062E: "XKH",
    0x062F: "D", 0x0630: "XDH", 0x0631: "R", 0x0632: "Z", 0x0633: "S", 0x0634: "XSH", 0x0635: "XSS",
    0x0636: "XDZ", 0x0637: "XTT", 0x0638: "XZZ", 0x0639: "E", 0x063A: "G", 0x0641: "F", 0x0642: "Q",
    0x0643: "K", 0x0644: "L", 0x0645: "M", 0x0646: "N", 0x0647: "H", 0x0648: "W", 0x0649: "XAY", 0x064A: "Y",
    0x0671: "XXA", 0x0679: "XXT", 0x067C: "XRT", 0x067E: "P", 0x0681: "XKE", 0x0685: "XXH", 0x0686: "XC",
    0x0688: "XXD", 0x0689: "XDR", 0x0691: "XXR", 0x0693: "XRR", 0x0696: "XRX", 0x0698: "XJ", 0x069A: "XXS",
    0x06A9: "XKK", 0x06AB: "XXK", 0x06AD: "XNG", 0x06AF: "XGG", 0x06BA: "XNN", 0x06BC: "XXN", 0x06BE: "XDO",
    0x06C0: "XYH", 0x06C1: "XXG", 0x06C2: "XGE", 0x06C3: "XTG", 0x06CC: "XYA", 0x06CD: "XXY", 0x06D0: "Y",
    0x06D2: "XYB", 0x06D3: "XBE",
}  # fmt: skip

_TABLE: dict[str, tuple[str, ...]] = {
    **{letter: (letter,) for letter in ascii_uppercase},
    **{character: tuple(ways.split()) for character, ways in (_LATIN | _CYRILLIC).items()},
    **{chr(code): tuple(ways.split()) for code, ways in _ARABIC.items()},
}
_SPELT_OUT = ("LATIN", "CYRILLIC", "MODIFIER LETTER")
_SHADDA = "\u0651"
_SEPARATORS = "-,\u2010\u2011\u2012\u2013\u2014\u060c"


def words(name: str) -> tuple[Spellings, ...]:
    """Split a name into components and give every spelling of each character.

    Blanks, hyphens and commas separate components; apostrophes and other marks fall away (9303-3, 4.6).
    """
    text = unicodedata.normalize("NFC", name)
    for separator in _SEPARATORS:
        text = text.replace(separator, " ")
    spelt = (_spellings(word) for word in text.split())
    return tuple(word for word in spelt if word)


def spelt_out(name: str) -> bool:
    """Tell whether the tables spell this name as documents print it: Latin and Cyrillic letters only.

    Arabic is written without its vowels, and most states print a customary spelling of their own beside the
    table's (MOHAMED for MXHMD); of other scripts there is no table at all.
    """
    return all(unicodedata.name(c, "").startswith(_SPELT_OUT) for c in name if c.isalpha())


def recommended(name: str) -> str:
    """Write a name in capitals A to Z with one blank between components, by the recommended spellings."""
    return " ".join("".join(ways[0] for ways in word) for word in words(name))


def _spellings(word: str) -> Spellings:
    found: list[tuple[str, ...]] = []
    for character in word:
        if character == _SHADDA and found:
            # Doubles the letter before it (9303-3, section 6 C note 3).
            found.append(found[-1])
            continue
        found.extend(_TABLE.get(part) or (_bare(part),) for part in _capitals(character))
    return tuple(ways for ways in found if ways != ("",))


def _capitals(character: str) -> str:
    return character if character in _TABLE else character.upper()


def _bare(character: str) -> str:
    """Return the letter without its accents; nothing for what is no letter of the tables."""
    return "".join(_TABLE[part][0] for part in unicodedata.normalize("NFD", character) if part in _TABLE)
