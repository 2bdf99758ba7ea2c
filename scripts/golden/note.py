"""Notes what the station makes of the golden pictures: `python -m scripts.golden.note`.

What changed is told; a measure whose answer changed must have a higher number in station/quality/versions.py.
"""

import hashlib
import json
import sys
from collections.abc import Mapping

from station.errors import SelfTestFailed
from station.flow.self_test import ANSWERS, ASKED, GOLDEN, Answer, agree, answers, noted
from station.quality.versions import VERSIONS


def unraised(before: Mapping[str, int], changed: set[str]) -> list[str]:
    """Return the measures that changed their answer and kept their number."""
    return sorted(name for name in changed if name in before and VERSIONS.get(name, 0) <= before[name])


def main(arguments: list[str]) -> int:
    """Write the answers anew; exit status 2 when a number must be raised first. `--drawn`: by new pictures."""
    found = {name: answers(GOLDEN / name) for name in ASKED}
    try:
        golden = noted()
        before = json.loads((GOLDEN / ANSWERS).read_text("utf-8"))["versions"]
    except SelfTestFailed:
        golden, before = {}, {}
    changed = set()
    for name, (_, answered) in golden.items():
        for measure in answered.keys() | found[name].keys():
            was, now = answered.get(measure), found[name].get(measure)
            if not agree(measure, was, now):
                changed.add(measure)
                sys.stderr.write(f"{name}: {measure}: {_said(was)} -> {_said(now)}\n")
    if "--drawn" not in arguments and (kept := unraised(before, changed)):
        sys.stderr.write(f"Raise in station/quality/versions.py first: {', '.join(kept)}.\n")
        return 2
    pictures = {
        name: {
            "sha256": hashlib.sha256((GOLDEN / name).read_bytes()).hexdigest(),
            "answers": {
                measure: golden[name][1][measure] if _stands(golden, name, measure, answer) else answer
                for measure, answer in told.items()
            },
        }
        for name, told in found.items()
    }
    text = json.dumps({"versions": dict(VERSIONS), "pictures": pictures}, indent=1)
    (GOLDEN / ANSWERS).write_text(f"{text}\n", "utf-8")
    return 0


def _stands(
    golden: Mapping[str, tuple[str, dict[str, Answer]]], name: str, measure: str, answer: Answer
) -> bool:
    """Tell whether the noted answer stays: another processor's last digit is no news."""
    return name in golden and measure in golden[name][1] and agree(measure, golden[name][1][measure], answer)


def _said(answer: Answer | None) -> str:
    return "nothing" if answer is None else repr(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
