"""Pictures of a sweep: how near to their bounds cells come, and norms that were seen against norms that were predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from derivations.sweep.cell_work import VERDICTS
from derivations.sweep.table import Rows

COLOURS = {"holds": "#0072B2", "fails": "#D55E00", "vacuous": "#BBBBBB", "error": "#000000"}  # told apart without colour vision, too
MOST_POINTS = 20_000
LEAST = 1e-6  # of a bound: what is nearer to the claim is drawn there


def draw(rows: Rows, folder: Path) -> list[Path]:
    """Each as SVG and PNG."""
    import matplotlib

    matplotlib.use("Agg")
    with matplotlib.rc_context({"svg.hashsalt": "normlaw", "svg.fonttype": "none", "font.size": 9}):
        return [*_coverage(rows, folder), *_margins(rows, folder), *_norms(rows, folder)]


def _saved(figure: Any, folder: Path, name: str) -> list[Path]:
    import matplotlib.pyplot as plt

    paths = [folder / f"{name}.{kind}" for kind in ("svg", "png")]
    for path in paths:
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)
    return paths


def _families(rows: Rows) -> Any:
    """Laws, evidence together."""
    return np.array([law.split(":")[0] if law.startswith("evidence:") else law for law in rows.columns["law"]])


def _coverage(rows: Rows, folder: Path) -> list[Path]:
    import matplotlib.pyplot as plt

    laws, families = sorted(set(_families(rows))), _families(rows)
    figure, axes = plt.subplots(figsize=(7, 0.9 + 0.3 * len(laws)), layout="constrained")
    left = np.zeros(len(laws))
    for verdict in VERDICTS:
        counts = np.array([np.sum((families == law) & rows.are(verdict)) for law in laws])
        axes.barh(laws, counts, left=left, color=COLOURS[verdict], label=verdict)
        left += counts
    axes.invert_yaxis()
    axes.set_xlabel("cells")
    axes.legend(loc="lower right", frameon=False)
    return _saved(figure, folder, "coverage")


def _margins(rows: Rows, folder: Path) -> list[Path]:
    import matplotlib.pyplot as plt

    families, ratios = _families(rows), rows.ratios
    laws = [law for law in sorted(set(families)) if np.any((families == law) & rows.are("holds", "fails"))]
    figure, axes = plt.subplots(figsize=(7, 0.9 + 0.3 * len(laws)), layout="constrained")
    for place, law in enumerate(laws):
        for verdict in ("holds", "fails"):
            x = ratios[(families == law) & rows.are(verdict)]
            x = np.clip(np.where(np.isnan(x), np.inf, x), LEAST, 1e6)
            height = place + np.random.default_rng(place).uniform(-0.3, 0.3, len(x))
            axes.scatter(x[:MOST_POINTS], height[:MOST_POINTS], s=3, color=COLOURS[verdict], alpha=0.4, rasterized=True, linewidths=0)
    axes.axvline(1.0, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(laws)), laws)
    axes.invert_yaxis()
    axes.set_xlabel("deviation over bound; beyond the line a law fails")
    return _saved(figure, folder, "margins")


def _norms(rows: Rows, folder: Path) -> list[Path]:
    import matplotlib.pyplot as plt

    c = rows.columns
    mine = np.isin(c["law"], ("equilibrium", "map")) & rows.are("holds", "fails") & (c["observed"] > 0) & (c["predicted"] > 0)
    if not mine.any():
        return []
    power = np.where(c["power"] > 0, c["power"], 1)[mine]
    seen, claimed = (c[name][mine] ** (1 / power) for name in ("observed", "predicted"))
    figure, axes = plt.subplots(figsize=(5.5, 5), layout="constrained")
    rules = sorted(set(c["optimizer"][mine]))
    for rule, colour in zip(rules, plt.colormaps["viridis"](np.linspace(0, 0.9, len(rules))), strict=True):
        of = c["optimizer"][mine] == rule
        x, y = (side[of][:MOST_POINTS] for side in (claimed, seen))
        axes.scatter(x, y, s=4, color=[colour], alpha=0.5, label=rule, rasterized=True, linewidths=0)
    ends = [min(seen.min(), claimed.min()), max(seen.max(), claimed.max())]
    axes.plot(ends, ends, color="black", linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlabel="norm predicted", ylabel="norm seen")
    axes.legend(frameon=False, markerscale=3)
    return _saved(figure, folder, "norms")
