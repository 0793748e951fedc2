"""The pictures of what the audit does not draw, as SVG; the same results give the same bytes."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from derivations.case_study.measure import OfTexts, Results
from derivations.case_study.within import HELD, InGroup
from derivations.figures.style import LIGHT, STYLE
from numerics.rankings import NormExponent

COLOURS = {"trained": LIGHT.series[0], "untrained": LIGHT.series[1], "permuted": LIGHT.quiet}
MARKS = {"trained": "o", "untrained": "s", "permuted": "^"}
_DASHES = ("-", "--", "-.", ":")
_LABEL = 9  # points
_LINE = 1.6 * _LABEL / 72  # inches that a name needs, with its room
_TALLEST, _AROUND = 9.0, 1.1  # inches: of rows on a page, and of title, axis and legend


def figures(results: Results) -> Mapping[str, str]:
    """File name -> SVG text."""
    drawn: dict[str, Callable[[], Figure]] = {}
    if all(texts.lengths for texts in results.texts):
        drawn["lengths.svg"] = lambda: _lengths(results)
    if any(texts.groups for texts in results.texts):
        drawn["groups.svg"] = lambda: _groups(results)
    if results.exponents:
        drawn["exponents.svg"] = lambda: _exponents(results.exponents)
    with mpl.rc_context({**STYLE, "svg.fonttype": "none"}):  # text as text: a third of the size
        return {name: _svg(draw()) for name, draw in drawn.items()}


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _legend(figure: Figure) -> None:
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8)


def _lengths(results: Results) -> Figure:
    figure = Figure(figsize=(9.5, 3.8), layout="constrained")
    for axes, texts in zip(np.ravel(figure.subplots(1, len(results.texts))), results.texts, strict=True):
        _length(axes, texts)
    figure.suptitle("Longer texts, shorter means: the norm against the number of tokens", fontsize=10)
    _legend(figure)
    return figure


def _length(axes: Axes, texts: OfTexts) -> None:
    tokens = [row.tokens for row in texts.lengths]
    for variant, first in texts.lengths[0].median.items():
        axes.plot(tokens, [row.median[variant] / first for row in texts.lengths], MARKS[variant] + "-", markersize=3,
                  color=COLOURS[variant], label=variant)  # fmt: skip
    axes.set(xlabel="tokens", ylabel="median norm / that of the shortest", title=texts.name)


def _groups(results: Results) -> Figure:
    panels = [(texts, covariate) for texts in results.texts for covariate in HELD]
    most = max(len(_rows_of(texts, covariate)) for texts, covariate in panels)
    height = min(most * _LINE, _TALLEST)
    figure = Figure(figsize=(9.5, height + _AROUND), layout="constrained")
    beside: list[str] | None = None
    for axes, (texts, covariate) in zip(figure.subplots(1, len(panels), sharex=True), panels, strict=True):
        rows = _rows_of(texts, covariate)
        names = [row.group for row in rows]
        _group(axes, rows, f"{texts.name}: {covariate}")
        shown = range(0, len(rows), labels_apart(len(rows), height))
        axes.set_yticks(shown, [names[i] for i in shown] if names != beside else [""] * len(shown), fontsize=_LABEL)
        beside = names
    figure.suptitle("Within each supersense: rank correlation with the norm given the rest", fontsize=10)
    _legend(figure)
    return figure


def labels_apart(rows: int, inches: float) -> int:
    """Of ``rows`` in axes of that height every so manieth has room for its name."""
    return max(1, math.ceil(rows * _LINE / inches - 1e-9))


def _rows_of(texts: OfTexts, covariate: str) -> list[InGroup]:
    return [row for row in texts.groups if row.covariate == covariate]


def _group(axes: Axes, rows: list[InGroup], title: str) -> None:
    for variant in rows[0].controlled if rows else ():
        axes.plot([row.controlled[variant] for row in rows], range(len(rows)), MARKS[variant], markersize=4, color=COLOURS[variant],
                  markerfacecolor=None if variant == "trained" else "white", label=variant)  # fmt: skip
    axes.axvline(0, color=LIGHT.faint, linewidth=0.8, zorder=0)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.grid(axis="y", color=LIGHT.faint, linewidth=0.3)
    axes.set_axisbelow(True)
    axes.set_title(title)


def _exponents(found: Mapping[str, NormExponent]) -> Figure:
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.add_subplot()
    for (name, row), style in zip(found.items(), _DASHES, strict=False):
        axes.plot(row.grid, row.curve, linestyle=style, linewidth=1.3, label=f"s: {name}")
    for b, words in ((0.0, "cosine"), (1.0, "b = 1")):
        axes.axvline(b, color=LIGHT.quiet, linewidth=0.8, linestyle=":")
        axes.annotate(words, (b, 0.02), xycoords=("data", "axes fraction"), xytext=(3, 0), textcoords="offset points", fontsize=8,
                      color=LIGHT.quiet)  # fmt: skip
    some = next(iter(found.values()))
    axes.set(xlabel="b in cos(q, d) s^b", ylabel=f"mean nDCG at {some.k}", title="What might stand for the norm in a ranking")
    figure.legend(loc="outside lower center", ncols=2, fontsize=8)
    return figure
