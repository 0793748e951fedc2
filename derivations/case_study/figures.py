"""The pictures of the study, as SVG; the same results give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from derivations.case_study.measure import OfTexts, Results
from derivations.case_study.retrieval import Retrieval
from derivations.case_study.written import Table, Written
from derivations.real_text.plot import STYLE

COLOURS = {"trained": "#1f5f8b", "untrained": "#d98c3f", "permuted": "#7a7a7a"}  # apart in grey too
MARKS = {"trained": "o", "untrained": "s", "permuted": "^"}
_DASHES = ("-", "--", ":", "-.", (0, (1, 3)))
_SHOWN = {"depth": "depth", "log_below": "log concepts below", "log_frequency": "log frequency", "polysemy": "polysemy",
          "instance": "named entity", "tokens": "tokens", "characters": "characters", "words": "words"}  # fmt: skip


def figures(written: Written, results: Results) -> Mapping[str, str]:
    """File name -> SVG text."""
    drawn: dict[str, Callable[[], Figure]] = {
        "norms.svg": lambda: _histograms(written),
        "lengths.svg": lambda: _lengths(results),
        "associations.svg": lambda: _associations(results),
        "groups.svg": lambda: _groups(results),
    }
    if results.retrieval is not None:
        found = results.retrieval
        drawn["retrieval.svg"] = lambda: _retrieval(found)
    with mpl.rc_context(STYLE):
        return {name: _svg(draw()) for name, draw in drawn.items()}


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _panels(results: Results, height: float, title: str, draw: Callable[[Axes, OfTexts], None], *, share: bool = False) -> Figure:
    figure = Figure(figsize=(9.5, height), layout="constrained")
    for axes, texts in zip(np.ravel(figure.subplots(1, len(results.texts), sharex=share)), results.texts, strict=True):
        draw(axes, texts)
        axes.set_title(texts.name)
    figure.suptitle(title, fontsize=10)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8)
    return figure


def _histograms(written: Written) -> Figure:
    figure = Figure(figsize=(9.5, 3.2), layout="constrained")
    for axes, table in zip(figure.subplots(1, 2), (written.lemmas, written.glosses), strict=True):
        _histogram(axes, table, written.variants)
    figure.suptitle("Norms before the last normalisation, over their median", fontsize=10)
    return figure


def _histogram(axes: Axes, table: Table, variants: tuple[str, ...]) -> None:
    for variant in variants:
        ratio = table.norms[variant] / np.median(table.norms[variant])
        words = f"{variant}: median {np.median(table.norms[variant]):.2f}"
        low, high = np.quantile(ratio, [0.0005, 0.9995])
        counts, edges = np.histogram(ratio, bins=80, range=(low, high))
        axes.stairs(counts / counts.max(), edges, color=COLOURS[variant], label=words)  # of one height: spreads differ too much
    axes.set(title=table.name, xlabel="norm / median", ylabel="rows, over the most", yticks=[])
    axes.legend(fontsize=8)


def _lengths(results: Results) -> Figure:
    def draw(axes: Axes, texts: OfTexts) -> None:
        tokens = [row.tokens for row in texts.lengths]
        for variant in texts.lengths[0].median if texts.lengths else ():
            first = texts.lengths[0].median[variant]
            axes.plot(tokens, [row.median[variant] / first for row in texts.lengths], MARKS[variant] + "-", markersize=3,
                      color=COLOURS[variant], label=variant)  # fmt: skip
        axes.set(xlabel="tokens", ylabel="median norm, over that of the shortest texts")

    return _panels(results, 3.6, "Longer texts, shorter means: the norm against the number of tokens", draw)


def _associations(results: Results) -> Figure:
    def draw(axes: Axes, texts: OfTexts) -> None:
        for i, found in enumerate(texts.associations):
            for kind, filled in (("raw", False), ("controlled", True)):
                estimates = [getattr(row, kind) for row in found.found]
                places = np.arange(len(estimates)) + 0.26 * (i - 1) + (0.06 if filled else -0.06)
                values = np.array([e.value for e in estimates])
                ends = np.abs(np.array([[e.low, e.high] for e in estimates]).T - values)
                axes.errorbar(values, places, xerr=ends, fmt=MARKS[found.variant], markersize=4, linewidth=1, color=COLOURS[found.variant],
                              markerfacecolor=None if filled else "white", label=f"{found.variant}, {kind}")  # fmt: skip
        axes.axvline(0, color="#b5b5b5", linewidth=0.8, zorder=0)
        axes.set(yticks=range(len(found.found)), yticklabels=[_SHOWN[row.covariate] for row in found.found])
        axes.invert_yaxis()
        axes.set_xlabel("Spearman's correlation with the norm")

    return _panels(results, 5.0, "What goes with the norm: raw, and given all the rest; 95 % intervals over supersenses", draw)


def _groups(results: Results) -> Figure:
    figure = Figure(figsize=(9.5, 7.0), layout="constrained")
    grid = figure.subplots(1, 2 * len(results.texts), sharex=True)
    panels = [(texts, covariate) for texts in results.texts for covariate in ("depth", "log_frequency")]
    for axes, (texts, covariate) in zip(grid, panels, strict=True):
        rows = [row for row in texts.groups if row.covariate == covariate]
        for variant in rows[0].controlled if rows else ():
            axes.plot([row.controlled[variant] for row in rows], range(len(rows)), MARKS[variant], markersize=4, color=COLOURS[variant],
                      markerfacecolor=None if variant == "trained" else "white", label=variant)  # fmt: skip
        axes.axvline(0, color="#b5b5b5", linewidth=0.8, zorder=0)
        axes.set_yticks(range(len(rows)), [row.group for row in rows], fontsize=7)
        axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
        axes.set_title(f"{texts.name}\n{_SHOWN[covariate]}")
    figure.suptitle("Within each supersense: correlation with the norm given the rest", fontsize=10)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8)
    return figure


def _retrieval(found: Retrieval) -> Figure:
    figure = Figure(figsize=(9.5, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    exponent = found.exponents["norm"]
    for (name, row), style in zip(found.exponents.items(), _DASHES, strict=False):
        left.plot(row.grid, row.curve, linestyle=style, linewidth=1.2, label=f"s = {name}")
    left.axvspan(exponent.low, exponent.high, color="#b5b5b5", alpha=0.4, linewidth=0, label="95 % interval of the best b of the norm")
    for b, words in ((0.0, "cosine"), (1.0, "inner product")):
        left.axvline(b, color="#7a7a7a", linewidth=0.8, linestyle=":")
        left.annotate(words, (b, 0.02), xycoords=("data", "axes fraction"), xytext=(3, 0), textcoords="offset points", fontsize=8,
                      color="#7a7a7a")  # fmt: skip
    left.set(xlabel="b in cos(q, d) s^b", ylabel=f"nDCG at {exponent.k}, half that is fitted", title="Which power of what ranks best")
    left.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.15))
    right.plot([0, 1], [0, 1], color="#b5b5b5", linewidth=0.8)
    for bins, mark in zip(found.reliability, ("s--", "o-", "^:"), strict=False):
        right.plot(bins.confidence, bins.right, mark, markersize=3, linewidth=1, label=bins.name)
    right.set(xlabel="confidence", ylabel="share right, half that is not fitted", title="Reliability of the best gloss by cosine")
    right.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.15))
    return figure
