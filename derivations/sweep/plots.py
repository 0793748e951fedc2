"""Pictures of a sweep, each of all its cells: verdicts by law, how near to their bounds cells come, norms seen and predicted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from derivations.evidence import Floats
from derivations.figures.style import LIGHT, STYLE
from derivations.sweep.cell_work import VERDICTS
from derivations.sweep.table import COMPARED, Rows

COLOURS = {"holds": LIGHT.simulation, "loose": LIGHT.series[1], "fails": LIGHT.broken, "vacuous": LIGHT.bound, "error": LIGHT.ink}
SHARES = (-6.0, 2.0)  # decades of deviation over bound that have columns of their own; at either end is a column for all beyond
PER_DECADE = 5


@dataclass(frozen=True)
class Picture:
    """Files of one picture, SVG first, and what it shows."""

    paths: tuple[Path, ...]
    caption: str


def draw(rows: Rows, folder: Path) -> list[Picture]:
    """Each as SVG and PNG."""
    import matplotlib

    matplotlib.use("Agg")
    with matplotlib.rc_context({**STYLE, "svg.fonttype": "none"}):
        return [*_coverage(rows, folder), *_margins(rows, folder), *_norms(rows, folder)]


def _saved(figure: Any, folder: Path, name: str, caption: str) -> list[Picture]:
    import matplotlib.pyplot as plt

    paths = tuple(folder / f"{name}.{kind}" for kind in ("svg", "png"))
    for path in paths:
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)
    return [Picture(paths, caption)]


def _families(rows: Rows) -> Any:
    """Laws, evidence together."""
    return np.array([law.split(":")[0] if law.startswith("evidence:") else law for law in rows.columns["law"]])


def _coverage(rows: Rows, folder: Path) -> list[Picture]:
    import matplotlib.pyplot as plt

    laws, families = sorted(set(_families(rows))), _families(rows)
    figure, axes = plt.subplots(figsize=(7.5, 1.3 + 0.3 * len(laws)), layout="constrained")
    left = np.zeros(len(laws))
    for verdict in VERDICTS:
        counts = np.array([np.sum((families == law) & rows.are(verdict)) for law in laws])
        axes.barh(laws, counts, left=left, color=COLOURS[verdict], label=f"{verdict} {int(counts.sum())}")
        left += counts
    axes.invert_yaxis()
    axes.set(xlabel="cells", ylabel="law", title=f"Verdicts of all {len(rows)} cells, by law")
    figure.legend(loc="outside right upper", frameon=False)
    return _saved(figure, folder, "coverage", f"All {len(rows)} cells by law and verdict; the evidence of all claims is one bar.")


def columns_of(ratios: Floats) -> Any:
    """The column of a picture that a share of the bound is in; 0 is below every decade, and what is no number is beyond them all."""
    inner = PER_DECADE * round(SHARES[1] - SHARES[0])
    edges = np.linspace(*SHARES, inner + 1)
    with np.errstate(divide="ignore"):
        return np.digitize(np.log10(np.where(np.isnan(ratios), np.inf, ratios)), edges)


def _margins(rows: Rows, folder: Path) -> list[Picture]:
    import matplotlib.pyplot as plt
    from matplotlib.colors import ListedColormap, LogNorm

    families, column, compared = _families(rows), columns_of(rows.ratios), rows.are(*COMPARED)
    laws = sorted(set(families[compared]))
    if not laws:
        return []
    count = PER_DECADE * round(SHARES[1] - SHARES[0]) + 2
    table = np.array([np.bincount(column[(families == law) & compared], minlength=count) for law in laws])
    figure, axes = plt.subplots(figsize=(7.5, 1.5 + 0.3 * len(laws)), layout="constrained")
    shown = axes.pcolormesh(np.arange(count + 1), np.arange(len(laws) + 1) - 0.5, np.ma.masked_equal(table, 0), cmap="Blues",
                            norm=LogNorm(0.5, max(2, table.max())), edgecolors="white", linewidth=0.2)  # fmt: skip
    failed = np.array([np.bincount(column[(families == law) & rows.are("fails")], minlength=count) for law in laws])
    axes.pcolormesh(np.arange(count + 1), np.arange(len(laws) + 1) - 0.5, np.ma.masked_equal(np.minimum(failed, 1), 0),
                    cmap=ListedColormap([COLOURS["fails"]]))  # fmt: skip
    figure.colorbar(shown, ax=axes, label="cells")
    _shares(axes, laws, count)
    caption = (f"All {int(compared.sum())} cells that hold, are loose or fail, by the share of the bound that the deviation takes up: "
               f"the first column has what is below 10^{SHARES[0]:.0f} and 0, the last what is above 10^{SHARES[1]:.0f}. "
               "To the right of the line a law fails, and the place is red.")  # fmt: skip
    axes.set_title(f"How near to their bounds the {int(compared.sum())} cells come that were compared")
    return _saved(figure, folder, "margins", caption)


def _shares(axes: Any, laws: list[str], count: int) -> None:
    """Ticks at decades, and names of the two columns at the ends."""
    decades = np.arange(round(SHARES[0]), round(SHARES[1]) + 1)
    axes.set_xticks([0.5, *(1 + PER_DECADE * (d - SHARES[0]) for d in decades[1:-1]), count - 0.5],
                    ["less", *(f"$10^{{{d}}}$" for d in decades[1:-1]), "more"])  # fmt: skip
    axes.axvline(1 - PER_DECADE * SHARES[0], color=COLOURS["fails"], linewidth=1.5)
    axes.set_yticks(range(len(laws)), laws)
    axes.invert_yaxis()
    axes.set(xlabel="deviation over bound (the law fails beyond the line at 1)", ylabel="law")


def _norms(rows: Rows, folder: Path) -> list[Picture]:
    import matplotlib.pyplot as plt

    c = rows.columns
    mine = np.isin(c["law"], ("equilibrium", "map")) & rows.are(*COMPARED) & (c["observed"] > 0) & (c["predicted"] > 0)
    if not mine.any():
        return []
    power = np.where(c["power"] > 0, c["power"], 1)[mine]
    seen, claimed = (c[name][mine] ** (1 / power) for name in ("observed", "predicted"))
    figure, axes = plt.subplots(figsize=(6.5, 5), layout="constrained")
    rules = sorted(set(c["optimizer"][mine]))
    shades = dict(zip(rules, plt.colormaps["viridis"](np.linspace(0, 0.9, len(rules))), strict=True))
    order = np.random.default_rng(0).permutation(len(seen))  # so that no rule hides another
    axes.scatter(claimed[order], seen[order], s=4, c=[shades[rule] for rule in c["optimizer"][mine][order]], alpha=0.5, rasterized=True,
                 linewidths=0)  # fmt: skip
    for rule in rules:
        axes.scatter([], [], s=16, color=[shades[rule]], label=rule)
    ends = [min(seen.min(), claimed.min()), max(seen.max(), claimed.max())]
    axes.plot(ends, ends, color=LIGHT.theory, linewidth=0.8)
    title = f"Norm seen and predicted: all {len(seen)} cells of {' and '.join(sorted(set(c['law'][mine])))}"
    axes.set(xscale="log", yscale="log", xlabel="norm predicted", ylabel="norm seen", title=title)
    figure.legend(loc="outside right upper", frameon=False, title="rule")
    return _saved(figure, folder, "norms", f"{title}; on the line they are the same.")
