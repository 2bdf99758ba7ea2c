"""Codes of issuing states, organisations and nationalities (ICAO 9303-3, section 5; ISO 3166-1 alpha-3)."""

_ISO_3166_1 = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR
BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL
COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK
FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV
HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO
LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG
MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN
PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE
SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO
TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
"""
# Part A beyond ISO, B to E, deprecated codes of part F, the specimen state of part G.
_ICAO = """
D GBD GBN GBO GBP GBS RKS EUE UNO UNA UNK
XBA XIM XCC XCE XCO XEC XPO XES XMP XOM XDC
XXA XXB XXC XXX ANT NTZ UTO
"""
# Still seen on documents that were issued before the code changed.
_FORMER = "ROM ZAR TMP YUG SCG"

CODES = frozenset(f"{_ISO_3166_1} {_ICAO} {_FORMER}".split())
"""Every code that may stand in a zone, without fillers."""

_SAME: dict[str, tuple[str, str]] = {
    "D": ("DEU", "germany_code"),
    **dict.fromkeys(("GBD", "GBN", "GBO", "GBP", "GBS"), ("GBR", "british_code")),
    "UNK": ("RKS", "kosovo_code"),
    "ROM": ("ROU", "former_code"),
    "ZAR": ("COD", "former_code"),
    "TMP": ("TLS", "former_code"),
}

STATE_RULES = ("germany_code", "british_code", "kosovo_code", "former_code")
"""Words for the rules by which two codes mean the same state."""


def is_code(code: str) -> bool:
    """Tell whether the code (without fillers) may stand in a zone."""
    return code in CODES


def same_state(one: str, other: str) -> str | None:
    """Return the rule by which two different codes mean the same state; None when they do not."""
    (first, first_rule), (second, second_rule) = _SAME.get(one, (one, "")), _SAME.get(other, (other, ""))
    return first_rule or second_rule if one != other and first == second else None
