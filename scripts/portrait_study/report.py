"""Writes the figures of the study into docs/portrait_study.md: `python -m scripts.portrait_study.report`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from statistics import fmean, median

from scripts.portrait_study.readings import LIGHT, LUMINANCE, OF_LIGHT, SKIN, TONE, VERDICT, Reading, read
from station.model.quality import Status, Verdict

DOCUMENT = Path(__file__).parents[2] / "docs" / "portrait_study.md"
GATE = 50
"""The score at which a centre that knew no better might reject: the middle of every mapping."""
_MARKS = re.compile(r"(<!-- figures: made by `make fairness` -->\n).*(<!-- end of the figures -->)", re.DOTALL)
_POSE = ("head_pose_yaw", "head_pose_pitch", "head_pose_roll")


@dataclass(frozen=True, slots=True)
class Face:
    """One face and all its readings."""

    kind: str
    name: str
    group: str
    readings: Sequence[Reading]

    def of(self, measure: str, stops: float = 0) -> Reading:
        """Return what one measure said."""
        return next(one for one in self.readings if (one.measure, one.stops) == (measure, stops))

    def raw(self, measure: str) -> float:
        """Return a raw value in the light as it was."""
        raw = self.of(measure).raw
        assert raw is not None, measure
        return raw

    def score(self, measure: str) -> int:
        """Return a score in the light as it was."""
        score = self.of(measure).score
        assert score is not None, measure
        return score

    def window(self, *verdicts: Verdict) -> tuple[float, float] | None:
        """Return from how much less to how much more light the light's verdict is one of these, in stops."""
        held = {one.stops: one.status in verdicts for one in self.readings if one.measure == OF_LIGHT}
        less = list(takewhile(held.get, sorted((stops for stops in held if stops <= 0), reverse=True)))
        more = list(takewhile(held.get, sorted(stops for stops in held if stops >= 0)))
        return (less[-1], more[-1]) if less and more else None

    def ends(self, stops: float) -> str:
        """Name the measures of the light that fail in this light."""
        failing = [one for one in self.readings if one.stops == stops and one.status == Status.FAIL]
        return ", ".join(one.measure for one in failing if one.measure in LIGHT)


def faces(readings: Sequence[Reading]) -> Sequence[Face]:
    """Return the faces, the lightest skin first."""
    keys = dict.fromkeys((one.kind, one.face, one.group) for one in readings)
    found = [Face(*key, [one for one in readings if (one.kind, one.face, one.group) == key]) for key in keys]
    return sorted(found, key=lambda face: (face.kind, -face.raw(TONE)))


def correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Spearman's rank correlation; 0 where all values of a side are the same."""
    one, two = _ranks(first), _ranks(second)
    apart = [(a - fmean(one), b - fmean(two)) for a, b in zip(one, two, strict=True)]
    spread = (sum(a * a for a, _ in apart) * sum(b * b for _, b in apart)) ** 0.5
    return sum(a * b for a, b in apart) / spread if spread else 0.0


def figures(readings: Sequence[Reading]) -> str:
    """Return all figures of the document, as Markdown."""
    blocks: list[str] = []
    for kind in dict.fromkeys(face.kind for face in faces(readings)):
        of_kind = [face for face in faces(readings) if face.kind == kind]
        blocks += [f"### {_TITLES[kind]}", *(_table(*part) for part in _parts(of_kind))]
    return "\n\n".join(blocks)


_TITLES = {"composite": "Composite faces", "drawn": "Drawn heads"}


def _parts(of_kind: Sequence[Face]) -> Iterator[tuple[str, Sequence[str], list[Sequence[str]]]]:
    yield (
        "As they are. The last four columns are scores that the profile only reports.",
        ("face", "cheeks L*", "skin tone", "verdict", "not within limits", *LUMINANCE),
        [
            (
                face.name,
                f"{face.raw(SKIN):.0f}",
                f"{face.raw(TONE):.0f}°",
                face.of(VERDICT).status,
                _trouble(face),
                *(str(face.score(measure)) for measure in LUMINANCE),
            )
            for face in of_kind
        ],
    )
    yield (
        "In less and in more light, in stops.",
        (
            "face",
            "light passes",
            "light does not fail",
            "fails first in less light",
            "fails first in more light",
        ),
        [(face.name, *_light(face)) for face in of_kind],
    )
    yield (
        f"What follows the skin: Spearman's rank correlation with the cheeks' lightness (n = {len(of_kind)}), "
        f"and how many faces a gate at {GATE} would have rejected.",
        ("measure", "rho", "rejected", "of these in the darker half"),
        [_follows(of_kind, measure) for measure in (*LUMINANCE, *LIGHT)],
    )
    yield (
        "Pose, degrees.",
        ("face", "yaw", "pitch", "roll"),
        [
            *((face.name, *(f"{face.raw(angle):.1f}" for angle in _POSE)) for face in of_kind),
            (
                "largest, either way",
                *(f"{max(abs(face.raw(angle)) for face in of_kind):.1f}" for angle in _POSE),
            ),
            ("median", *(f"{median(face.raw(angle) for face in of_kind):.1f}" for angle in _POSE)),
        ],
    )


def _light(face: Face) -> Sequence[str]:
    good = face.window(Verdict.PASS)
    bearable = face.window(Verdict.PASS, Verdict.WARN)
    every = sorted(one.stops for one in face.readings if one.measure == OF_LIGHT)
    ends = ["", ""]
    if bearable:
        low, high = (every.index(stops) for stops in bearable)
        ends = [
            f"{face.ends(every[low - 1])} at {every[low - 1]:+.2f}" if low else "none",
            f"{face.ends(every[high + 1])} at {every[high + 1]:+.2f}" if high + 1 < len(every) else "none",
        ]
    return (_between(good), _between(bearable), *ends)


def _between(window: tuple[float, float] | None) -> str:
    return f"{window[0]:+.2f} to {window[1]:+.2f}" if window else "never"


def _trouble(face: Face) -> str:
    told = (Status.FAIL, Status.WARN)
    found = [one for one in face.readings if one.stops == 0 and one.measure not in (VERDICT, OF_LIGHT)]
    return ", ".join(f"{one.measure} ({one.status})" for one in found if one.status in told) or "none"


def _follows(of_kind: Sequence[Face], measure: str) -> Sequence[str]:
    cheeks = [face.raw(SKIN) for face in of_kind]
    rho = correlation(cheeks, [face.raw(measure) for face in of_kind])
    scores = [face.of(measure).score for face in of_kind]
    if any(score is None for score in scores):
        return measure, f"{rho:+.2f}", "no score", ""
    rejected = [face for face in of_kind if face.score(measure) < GATE]
    darker = sorted(of_kind, key=lambda face: face.raw(SKIN))[: len(of_kind) // 2]
    return measure, f"{rho:+.2f}", f"{len(rejected)}", f"{sum(face in darker for face in rejected)}"


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (f"| {' | '.join(cells)} |" for cells in (columns, *rows))
    head = next(lines)
    return "\n".join([title, "", head, "|---" * len(columns) + "|", *lines])


def _ranks(values: Sequence[float]) -> Sequence[float]:
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def main() -> None:
    """Write them between the marks."""
    text = DOCUMENT.read_text(encoding="utf-8")
    told = figures(read())
    DOCUMENT.write_text(_MARKS.sub(lambda marks: f"{marks[1]}\n{told}\n\n{marks[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
