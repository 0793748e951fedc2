"""The pictures of an audit: norms, each covariate raw and controlled, the exponent of rankings, reliability."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from derivations.audit.layout import listed
from derivations.audit.record import Audit, Floats
from derivations.audit.retrieval import Retrieval
from derivations.figures.style import LIGHT, STYLE
from numerics.association import Association
from numerics.association.partialling import residuals
from numerics.association.ranks import ranked
from numerics.categories import Categories
from numerics.rankings import NormExponent

_POINTS = 200_000  # rows that are drawn, at most: chosen by the seed, and the caption says so
_FITTED = 20_000  # rows of which residuals are drawn, at most
_CELLS, _STEPS = 90, 20
_PANEL, _SQUARE = 4.6, 4.8  # inches across
_INK, (_FIRST, _SECOND) = LIGHT.ink, LIGHT.series[:2]


def figures(found: Audit) -> dict[str, str]:
    """SVG by name; the same audit gives the same bytes."""
    drawn: dict[str, Callable[[], Figure]] = {}
    if found.signal.smallest < found.signal.largest:
        drawn["norms"] = lambda: _norms(found)
    for i, a in enumerate(found.associations):
        if np.isfinite(a.raw.value):
            drawn[f"covariate_{i}"] = partial(_covariate, found, a)
    if (r := found.retrieval) is not None:
        if (e := r.exponent) is not None:
            drawn["exponent"] = lambda: _exponent(e)
        if any(curve.bins for curve in r.reliability):
            drawn["reliability"] = lambda: _reliability(r)
    return {name: _svg(draw) for name, draw in drawn.items()}


def _svg(draw: Callable[[], Figure]) -> str:
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        draw().savefig(buffer, format="svg", dpi=150, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _norms(found: Audit) -> Figure:
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = figure.add_subplot()
    norms = found.norms[np.isfinite(found.norms)]
    low, high = np.quantile(norms, [0.0005, 0.9995])
    edges = np.linspace(low, high if high > low else low + max(abs(low), 1.0) * 1e-6, 81)
    axes.hist(norms, bins=edges.tolist(), color=_FIRST)
    outside = int(np.count_nonzero((norms < edges[0]) | (norms > edges[-1])))
    for u in found.signal.untrained:
        axes.axvspan(u.lowest, u.highest, color=_SECOND, alpha=0.3, label=f"look never trained: {u.rows} rows")
    if found.signal.untrained:
        _legend(figure)
    beyond = f"; {outside} lie outside the picture" if outside else ""
    axes.set(xlabel="norm", ylabel="rows", title=f"Norms of {len(norms)} rows{beyond}")
    return figure


def _covariate(found: Audit, a: Association) -> Figure:
    figure = Figure(figsize=(2 * _PANEL if a.controls else _PANEL, 3.9), layout="constrained")
    panels = figure.subplots(1, 2 if a.controls else 1, squeeze=False)[0]
    x = _numbers(found, a.covariate)
    whole = np.isfinite(found.norms) & np.isfinite(x)
    _raw(panels[0], x, found.norms, _chosen(found, whole), a)
    if a.controls:
        for name in a.controls:
            column = found.columns[name]
            whole &= column.present if isinstance(column, Categories) else ~np.isnan(column)
        _controlled(panels[1], found, _chosen(found, whole), a)
    if panels[0].get_legend_handles_labels()[0]:
        _legend(figure)
    return figure


def fitting(names: Sequence[str], room: int) -> str:
    """As many of the ``names`` as there is room for, in characters, and how many more there are."""
    for shown in range(len(names), 0, -1):
        words = listed(names, shown)
        if len(words) <= room:
            return words
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return _cut(names[0], room - len(more)) + more


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else name[: max(room - 3, 1)] + "..."


def _room(inches: float, points: float) -> int:
    """Characters of that size in a line; they are 0.6 of it wide on average."""
    return int(inches * 72 / (0.6 * points))


def _legend(figure: Figure) -> None:
    """Below the axes, where no data are."""
    figure.legend(fontsize=8, loc="outside lower left")


def _chosen(found: Audit, whole: Any) -> Any:
    rows = np.flatnonzero(whole)
    if len(rows) <= _POINTS:
        return rows
    return np.sort(np.random.default_rng([found.seed, 3]).choice(rows, _POINTS, replace=False))


def _raw(axes: Axes, x: Floats, norms: Floats, rows: Any, a: Association) -> None:
    """Density, and the median and quartiles of norms in steps of equal numbers."""
    x, y = x[rows], norms[rows]
    drawn = f"; {len(rows)} of {a.raw.rows} rows drawn" if len(rows) < a.raw.rows else ""
    title = f"raw: rho {a.raw.value:+.3f}{drawn}"
    if len(values := np.unique(x)) == 2:
        _two(axes, [y[x == value] for value in values], [f"{value:g}" for value in values])
        axes.set(xlabel=a.covariate, ylabel="norm", title=title)
        return
    log = bool(np.all(x >= 0)) and float(x.max()) > 30 * max(float(np.median(x)), float(x.min() == 0))
    shown = np.log10(x + float(x.min() == 0)) if log else x  # counts begin with 0
    _density(axes, shown, y)
    parts = _parts(x)
    at = [float(np.median(shown[p])) for p in parts]
    quartiles = np.array([np.quantile(y[p], [0.25, 0.5, 0.75]) for p in parts])
    axes.plot(at, quartiles[:, 1], color=_SECOND, linewidth=1.8, label="median, quartiles")
    axes.plot(at, quartiles[:, [0, 2]], color=_SECOND, linewidth=0.8, linestyle="--")
    name = _cut(a.covariate, _room(_PANEL - 1.0, 9) - len("log10 (1 + )"))
    name = name if not log else f"log10 {name}" if x.min() > 0 else f"log10 (1 + {name})"
    axes.set(xlabel=name, ylabel="norm", title=title)


def _two(axes: Axes, parts: list[Floats], names: list[str]) -> None:
    """Strips of two values: median and quartiles in a box, whiskers over the middle 90 %; there is no line between the two."""
    axes.boxplot(
        parts, whis=(5, 95), showfliers=False, widths=0.5, patch_artist=True, tick_labels=[f"{n}\n{len(p)} rows" for n, p in
                                                                                        zip(names, parts, strict=True)],
        boxprops={"facecolor": _FIRST, "alpha": 0.5, "linewidth": 0.9}, medianprops={"color": _SECOND, "linewidth": 1.8},
    )  # fmt: skip


def _parts(x: Floats) -> list[Any]:
    """Rows by value where there are few, else in steps of equal numbers; a value or step has ten rows or more."""
    order = np.argsort(x, kind="stable")
    values, starts = np.unique(x[order], return_index=True)
    if len(values) > _STEPS:
        return [p for p in np.array_split(order, min(_STEPS, max(1, len(x) // 10))) if len(p)]
    parts = np.split(order, starts[1:])
    return [p for p in parts if len(p) >= 10] or [order]


def _controlled(axes: Axes, found: Audit, rows: Any, a: Association) -> None:
    """What the controls leave of both ranks, in some of the rows, and the line of their correlation."""
    if not np.isfinite(a.controlled.value) or len(rows) < 3:
        axes.set_axis_off()
        axes.set_title(f"controlled: {a.controlled.reason or 'too few rows'}")
        return
    if len(rows) > _FITTED:
        rows = np.sort(np.random.default_rng([found.seed, 4]).choice(rows, _FITTED, replace=False))
    pair = [ranked(column[rows]) for column in (found.norms, _numbers(found, a.covariate))]
    held = [found.columns[name] for name in a.controls]
    columns = np.column_stack([column.indicators(rows) if isinstance(column, Categories) else column[rows] for column in held])
    y, x = residuals(np.stack([v.scores()[v.codes] for v in pair]), columns, seed=found.seed)
    _density(axes, x, y)
    slope = a.controlled.value * float(np.std(y) / np.std(x))
    ends = np.array([x.min(), x.max()])
    axes.plot(ends, slope * ends, color=_SECOND, linewidth=1.8)
    room = _room(_PANEL - 1.0, 10)  # an inch for the axis at the left
    axes.set(xlabel=f"rank of {_cut(a.covariate, room - 26)}, what controls leave", ylabel="rank of the norm, what controls leave",
             title=f"controlled: rho {a.controlled.value:+.3f}\ngiven {fitting(a.controls, room - 6)}")  # fmt: skip


def _numbers(found: Audit, name: str) -> Floats:
    """A covariate, which is a column of numbers."""
    column = found.columns[name]
    assert not isinstance(column, Categories)
    return column


def _density(axes: Axes, x: Floats, y: Floats) -> None:
    """Points where they are few; else the number of rows in each cell, darker for more."""
    if len(x) <= 2000:
        axes.plot(x, y, ".", markersize=2.5, color=_FIRST, alpha=0.5, rasterized=True)
        return
    low, high = np.quantile(y, [0.0005, 0.9995])
    high = high if high > low else low + max(abs(low), 1.0) * 1e-9
    counts, across, up = np.histogram2d(x, y, bins=(_edges(x), np.linspace(low, high, _CELLS + 1)))
    axes.pcolormesh(across, up, np.ma.masked_equal(np.log1p(counts.T), 0.0), cmap="Blues", vmin=-1.0, rasterized=True)


def _edges(x: Floats) -> Floats:
    """Cells of equal width, or one about each value where there are few, so that no cell is empty for want of values."""
    values = np.unique(x)
    if not 1 < len(values) <= _CELLS:
        return np.linspace(x.min(), x.max() if x.max() > x.min() else x.min() + max(abs(float(x.min())), 1.0) * 1e-9, _CELLS + 1)
    middle = (values[1:] + values[:-1]) / 2
    return np.concatenate([[2 * values[0] - middle[0]], middle, [2 * values[-1] - middle[-1]]])


def _exponent(e: NormExponent) -> Figure:
    figure = Figure(figsize=(5.6, 3.4), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(e.grid, e.curve, color=_FIRST)
    axes.axvspan(e.low, e.high, color=_SECOND, alpha=0.25, label=f"fitted b = {e.fitted:g} with its interval")
    axes.axvline(e.fitted, color=_SECOND)
    for b, words in ((0.0, "cosine"), (1.0, "inner product")):
        axes.axvline(b, color=_INK, linewidth=0.7, linestyle=":")
        axes.annotate(words, (b, float(e.curve.min())), xytext=(3, 2), textcoords="offset points", fontsize=8)
    _legend(figure)
    axes.set(xlabel="exponent b of the norm", ylabel=f"mean nDCG@{e.k}", title=f"cos(q, d) |d|^b on the {e.fitting} queries of the fit")
    return figure


def _reliability(r: Retrieval) -> Figure:
    figure = Figure(figsize=(_SQUARE, _SQUARE), layout="constrained")
    axes = figure.add_subplot()
    end = _end(r)
    axes.plot([0, end], [0, end], color=_INK, linewidth=0.8, linestyle=":")
    for curve, colour, mark in zip(r.reliability, (_FIRST, _SECOND), ("o", "s"), strict=False):
        x = np.array([b.confidence for b in curve.bins]) + (0.006 * end if mark == "s" else 0.0)  # so that one does not hide the other
        y = np.array([b.right for b in curve.bins])
        reach = np.array([[b.right - b.low for b in curve.bins], [b.high - b.right for b in curve.bins]])
        axes.errorbar(x, y, yerr=np.maximum(reach, 0), fmt=mark, color=colour, markersize=4, linewidth=0.9, capsize=2,
                      label=fitting(curve.method.split(", "), _room(_SQUARE - 0.6, 8)))  # fmt: skip
    _legend(figure)  # names of controls are long: within the axes they would lie on the diagonal
    axes.set_aspect("equal")
    axes.set(xlabel="confidence", ylabel="share that is right", title="Reliability on the held-out half", xlim=(0, end), ylim=(0, end))
    return figure


def _end(r: Retrieval) -> float:
    """Where both axes end: just beyond the greatest confidence, share or end of an interval; 1 and that margin at most."""
    greatest = max(max(b.confidence, b.right, b.high) for curve in r.reliability for b in curve.bins)
    return 1.03 * min(1.006 * greatest, 1.0)
