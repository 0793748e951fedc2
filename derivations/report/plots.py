"""Plots of points: observed against predicted with the bound as a band, and a hypothesis kept and dropped."""

from __future__ import annotations

import math
from collections.abc import Sequence

from derivations.ledger.points import Points
from derivations.report.formulas import number
from derivations.report.markup import Html
from derivations.report.scales import Scale, scale_of, share_scale
from derivations.report.svg import Panel, picture

MOST = 60  # points drawn, always the worst
SHARE = "deviation / bound"
_ALIKE = 1e-6  # relative: predictions that are all one value are drawn by setting


def shares(points: Points) -> list[float]:
    """Deviation over bound at each setting; 0 without deviation, infinite beyond a bound of 0 and for a NaN."""
    return [_share(d, b) for d, b in zip(points.deviations, points.bounds, strict=True)]


def _share(deviation: float, bound: float) -> float:
    if math.isnan(deviation) or math.isnan(bound):
        return math.inf
    if deviation == 0 and bound >= 0:
        return 0.0
    return deviation / bound if bound > 0 else (0.0 if deviation <= bound else math.inf)


def evidence_plot(points: Points, most: int = MOST) -> Html:
    """The plot of a comparison; without pairs, deviation over bound by setting. Nothing, if nothing met the hypotheses."""
    share = shares(points)
    if not share:
        return Html()
    kept = _drawn(share, most)
    inside = points.inside
    if points.observed is None or points.predicted is None or not _finite(points, kept):
        return _by_setting(points, share, kept)
    x, name = _across(points, kept)
    y = _shared(points, kept)
    if name == "predicted":
        x = y
    upper = Panel(x, y, 20, 300)
    lower = Panel(x, share_scale([share[i] for i in kept], logarithmic=False), 356, 120)
    at = {i: points.predicted[i] if name == "predicted" else k + 1.0 for k, i in enumerate(kept)}
    good, bad = ([i for i in kept if inside[i] is wanted] for wanted in (True, False))
    theory = sorted((at[i], points.predicted[i]) for i in kept)
    ends = [(x.low, x.low), (x.high, x.high)] if name == "predicted" else [(x.low, theory[0][1]), *theory, (x.high, theory[-1][1])]
    return picture(
        560,
        _said(points, share, "observed against predicted"),
        upper.bars(_allowed(points, i, at[i], y) for i in kept),
        upper.curve(ends, "theory"),
        upper.frame(name, "observed", x_ticks=False),
        upper.dots((at[i], points.observed[i]) for i in good),
        upper.crosses((at[i], points.observed[i]) for i in bad),
        _share_panel(lower, {at[i]: share[i] for i in kept}, name),
    )


def _share_panel(panel: Panel, share: dict[float, float], name: str) -> Html:
    return Html(
        panel.band(panel.y.low, 1.0)
        + panel.level(1.0, "limit")
        + panel.frame(name, SHARE)
        + panel.dots((x, s) for x, s in share.items() if s <= 1)
        + panel.crosses((x, s) for x, s in share.items() if not s <= 1)
    )


def _by_setting(points: Points, share: Sequence[float], kept: Sequence[int]) -> Html:
    values = {k + 1.0: share[i] for k, i in enumerate(kept)}
    panel = Panel(_settings(len(kept)), share_scale(list(values.values()), logarithmic=True), 20, 220)
    return picture(330, _said(points, share, "deviation over bound"), _share_panel(panel, values, "setting"))


def drawn_settings(points: Points) -> int:
    """How many settings the plot of a comparison shows."""
    return len(_drawn(shares(points), MOST))


def _drawn(share: Sequence[float], most: int) -> list[int]:
    """The places of the points that are drawn, evenly taken, the worst among them."""
    every = max(1, math.ceil(len(share) / most))
    return sorted({*range(0, len(share), every), max(range(len(share)), key=lambda i: share[i])})


def _finite(points: Points, kept: Sequence[int]) -> bool:
    columns = (points.observed or (), points.predicted or (), points.deviations, points.bounds)
    return all(math.isfinite(column[i]) for column in columns for i in kept)


def _across(points: Points, kept: Sequence[int]) -> tuple[Scale, str]:
    predicted = [points.predicted[i] for i in kept] if points.predicted else []
    spread = max(predicted) - min(predicted)
    if spread <= _ALIKE * max(map(abs, predicted)):
        return _settings(len(kept)), "setting"
    return scale_of(predicted), "predicted"


def _settings(number_of: int) -> Scale:
    return Scale("whole", 0.5, number_of + 0.5)


def _shared(points: Points, kept: Sequence[int]) -> Scale:
    """One axis for what is observed and predicted, bounds included where they are no wider than that."""
    values = [column[i] for column in (points.observed, points.predicted) if column for i in kept]
    edges = [v + sign * points.bounds[i] for i in kept for v in (points.predicted or ())[i : i + 1] for sign in (-1, 1)]
    if min(values) > 0 and math.log10(max(values) / min(values)) > 1.5:
        return scale_of(values)
    size = max(max(values) - min(values), max(map(abs, values)) * 1e-3) or 1.0
    near = [e for e in edges if min(values) - 2 * size <= e <= max(values) + 2 * size] if any(values) else edges
    return scale_of([*values, *near])


def _allowed(points: Points, i: int, x: float, y: Scale) -> tuple[float, float, float]:
    predicted, bound = (points.predicted or ())[i], points.bounds[i]
    low = y.low if points.side == "at most" else predicted - bound
    high = y.high if points.side == "at least" else predicted + bound
    return x, max(low, y.low), min(high, y.high)


def _said(points: Points, share: Sequence[float], what: str) -> str:
    outside = sum(not s <= 1 for s in share)
    verdict = f"{outside} of {len(share)} beyond the bound" if outside else f"all {len(share)} within the bound"
    return f"{points.what}: {what}, {verdict}; largest deviation {number(max(share))} times its bound"


def witness_plot(kept: Points, dropped: Points) -> Html:
    """Deviation over bound by setting, with the hypothesis and without it."""
    with_it, without = shares(kept), shares(dropped)
    if not with_it or not without:
        return Html()
    most = max(len(with_it), len(without))
    panel = Panel(_settings(most), share_scale([*with_it, *without], logarithmic=True), 44, 220)
    curves = [[(k + 1.0, s) for k, s in enumerate(found)] for found in (with_it, without)]
    outside = sum(not s <= 1 for s in without)
    said = f"{kept.what}: with the hypothesis at most {number(max(with_it))} times the bound; without it "
    return picture(
        354,
        said + f"{number(max(without))} times, {outside} of {len(without)} settings beyond the bound",
        panel.band(panel.y.low, 1.0),
        panel.level(1.0, "limit"),
        panel.frame("setting", SHARE),
        panel.curve(curves[0], "kept"),
        panel.curve(curves[1], "dropped"),
        panel.dots(curves[0]),
        panel.crosses(curves[1]),
        panel.words(("with it", curves[0][-1]), ("without it", curves[1][-1])),
    )
