"""How sharp the picture of a target is, edge by edge and at the worst square of each direction."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from station.calibration.edge_line import Refusal
from station.calibration.edges import Edge
from station.calibration.sfr import Response, mean_of, measure
from station.model.calibration import Curve, Figure

PER_PIXEL = "cy/px"
RATIO = "ratio"

_LEVELS: Mapping[str, Callable[[Response], float]] = {
    "sfr50": lambda response: response.sfr50,
    "sfr10": lambda response: response.sfr10,
}


def sharpness(edges: Iterable[Edge]) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
    """Return the figures and curves of all edges of one picture.

    `sfr50_x_<square>_<side>` and so on (cycles/px, 1 at most; what lies above 0.5 is beyond the sampling).
    Both edges of a square in one direction are averaged, since one alone is too noisy for SFR10: the lowest
    square is `sfr50_x` and so on; in all `sampling_efficiency` (%, lowest), `sfr_half_sampling` and
    `max_modulation` (ratio, highest), `overshoot` (%, highest) and `saturated_edges` (count): those whose black
    or white lies at the end of the scale, and which serve for comparing only. A curve for
    each edge, as the standard has it, and once more freed from the mean over a bin.
    """
    measured = {edge: _measured(edge) for edge in edges}
    squares = _squares(measured)
    figures = [
        _figure(f"{level}_{edge.name}", PER_PIXEL, [answer], value, min)
        for edge, answer in measured.items()
        for level, value in _LEVELS.items()
    ]
    for direction in ("x", "y"):
        along = [answer for (_, way), answer in squares.items() if way == direction]
        figures += [_figure(f"{level}_{direction}", PER_PIXEL, along, of, min) for level, of in _LEVELS.items()]
    both = list(squares.values())
    figures += [
        _figure("sampling_efficiency", "%", both, lambda response: response.sampling_efficiency, min),
        _figure("sfr_half_sampling", RATIO, both, lambda response: response.at_half_sampling, max),
        _figure("max_modulation", RATIO, both, lambda response: response.max_modulation, max),
        _figure("overshoot", "%", both, lambda response: response.overshoot, max),
        _figure("saturated_edges", "count", list(measured.values()), lambda response: response.saturated, sum),
    ]
    curves = [
        curve
        for edge, answer in measured.items()
        if isinstance(answer, Response)
        for curve in _curves(edge.name, answer)
    ]
    return tuple(figures), tuple(curves)


def _measured(edge: Edge) -> Response | Refusal:
    """Measure the grey of an edge; a channel that is clipped makes the grey worthless too."""
    if not edge.whole:
        return Refusal.CUT_OFF
    if any(measure(channel) is Refusal.CLIPPED for channel in edge.channels):
        return Refusal.CLIPPED
    return measure(edge.luma)


def _squares(measured: Mapping[Edge, Response | Refusal]) -> dict[tuple[str, str], Response | Refusal]:
    """Return the mean answer of each square and direction; a lost edge speaks for its square."""
    together: dict[tuple[str, str], list[Response | Refusal]] = {}
    for edge, answer in measured.items():
        together.setdefault((edge.square, edge.direction), []).append(answer)
    means: dict[tuple[str, str], Response | Refusal] = {}
    for place, answers in together.items():
        refusals = [answer for answer in answers if isinstance(answer, Refusal)]
        responses = [answer for answer in answers if isinstance(answer, Response)]
        means[place] = refusals[0] if refusals else mean_of(responses)
    return means


def _figure(
    name: str,
    unit: str,
    answers: Sequence[Response | Refusal],
    value: Callable[[Response], float],
    worst: Callable[[list[float]], float],
) -> Figure:
    """Return the worst of the answers.

    Squares too small for the resolution are left out as long as others remain; any other refusal speaks for
    all, since a target must pass in every zone.
    """
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    grave = [refusal for refusal in refusals if refusal is not Refusal.TOO_SMALL]
    found = [value(answer) for answer in answers if isinstance(answer, Response)]
    if grave or not found:
        return Figure(name, unit, reason=grave[0].value if grave else Refusal.TOO_SMALL.value)
    return Figure(name, unit, float(worst(found)))


def _curves(name: str, response: Response) -> tuple[Curve, Curve]:
    plain, corrected = (
        tuple(zip(response.frequencies.tolist(), values.tolist(), strict=True))
        for values in (response.values, response.corrected)
    )
    return (
        Curve(f"sfr_{name}", PER_PIXEL, RATIO, plain),
        Curve(f"sfr_bin_corrected_{name}", PER_PIXEL, RATIO, corrected),
    )
