"""How the norm of a row rises with its frequency, by optimiser, and the crossover of dense Adam (C5, C5b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.evidence.imprint.frequency_exponents import Visits, mean
from derivations.evidence.imprint.frequency_exponents_of_adam import claimed_ends, mean_square
from derivations.evidence.visited_adam import Row, rung
from derivations.figures import marks
from derivations.figures.comparison import Compared
from derivations.figures.layout import Layout
from derivations.figures.style import MARKERS, Style
from theory.laws.dynamics.dense_adam_counts_rare_visits import FORGET
from theory.laws.imprint.frequency_exponents import FORMULAS, POWERS, P
from theory.laws.imprint.frequency_exponents_of_adam import FORMULAS as ADAM
from theory.notation import G, eta, lam

TITLES = ("What frequency does to a norm depends on the optimiser",)
LAYOUT = Layout(height=4.3)
FORGETTING = 0.03  # 1 - beta_2
PRODUCT = {"quick": 5e-4, "full": 3e-4}  # eta lambda of SGD and normalised steps: rows are visited often while they decay
LEAST = {"quick": 0.02, "full": 0.012}  # frequency of those
FINE = 120
ROWS = 96  # of AdamW


@dataclass(frozen=True)
class Data:
    """Norms over that of a row that is always visited, by optimiser; and what the ledger says in between."""

    compared: tuple[Compared, ...]
    alphas: tuple[str, ...]
    fine: tuple[Floats, ...]
    lows: tuple[Floats, ...]
    highs: tuple[Floats, ...]


def data(seed: int, effort: str) -> Data:
    """Rows visited at random, at rest under dense decay (lazy for the last)."""
    rare, product = LEAST[effort], PRODUCT[effort]
    adam = Row("dense", True, FORGETTING, 0.1, 1.0, seed)
    ladder = np.geomspace(FORGETTING / 32, 1.0, 7 if effort == "quick" else 11)
    slow = np.geomspace(rare, 1.0, 4 if effort == "quick" else 7)
    found = [
        _adam(adam, ladder),
        _visited(Visits("sgd", "dense", 0.1, product, 1.0, seed), slow, "SGD"),
        _visited(Visits("normalized", "dense", 0.1, product, 1.0, seed), slow, "normalised steps"),
        _visited(Visits("sgd", "lazy", 0.1, 10 * product, 1.0, seed), slow, "SGD, lazy decay"),
    ]
    names = ("sgd_alpha", "normalized_alpha", "lazy_alpha")
    alphas = ("exponent 1/2, then 0", *(f"exponent {FORMULAS[name]}" for name in names))
    compared, lines = zip(*found, strict=True)
    fine, lows, highs = zip(*lines, strict=True)
    return Data(tuple(compared), alphas, fine, lows, highs)


Line = tuple[Floats, Floats, Floats]  # frequencies, and the ends between which norms are claimed to be


def _visited(v: Visits, frequencies: Floats, name: str) -> tuple[Compared, Line]:
    """Norms of SGD or normalised steps, relative to the claim for a row that is always visited."""
    power = POWERS[v.kind]
    means = [mean(FORMULAS, v, float(p), 1.0) for p in frequencies]
    top = mean_claimed(v, np.ones(1))[0]
    seen, claimed = (np.array([getattr(m, part) for m in means]) / top for part in ("found", "claimed"))
    room = np.array([m.uncertain for m in means])
    alpha = float(value(FORMULAS["normalized_alpha" if v.kind == "sgd" else "sgd_alpha"], {}))  # the other's
    compared = Compared(name, frequencies, seen ** (1 / power), claimed ** (1 / power), (claimed * (1 - room)) ** (1 / power),
                        (claimed / (1 - room)) ** (1 / power), frequencies**alpha)  # fmt: skip
    fine = np.geomspace(frequencies[0], 1.0, FINE)
    line = (mean_claimed(v, fine) / top) ** (1 / power)
    return compared, (fine, line, line)


def mean_claimed(v: Visits, frequencies: Floats) -> Floats:
    """A power of the norm at rest, by the ledger."""
    known: dict[Any, Floats | float] = {eta: v.step_size, lam: v.product / v.step_size, G: v.heat(1.0), P: frequencies}
    return value(FORMULAS[f"{v.kind}_{v.decay}"], known)


def _adam(row: Row, frequencies: Floats) -> tuple[Compared, Line]:
    """Norms of dense AdamW between the ends that the ledger has for them; were frequency counted everywhere, 1/2 throughout."""
    rungs = [rung(row, float(p), (("rows", ROWS),)) for p in frequencies]
    seen, half = np.array([mean_square(row, at, at.controlled) for at in rungs]).T
    ends = np.array([claimed_ends(ADAM, row, at) for at in rungs])
    top = ends[-1, 1]
    room = half / seen + np.array([at.forgotten for at in rungs])
    low = ends[:, 0] * (1 - room - np.array([at.left_out for at in rungs]))
    high = ends[:, 1] * (1 + room)
    alpha = float(value(ADAM["rare_alpha"], {}))
    middle = np.sqrt(ends[:, 0] * ends[:, 1])
    norm, claimed, low, high = (np.sqrt(x / top) for x in (seen, middle, low, high))
    compared = Compared("dense AdamW", frequencies, norm, claimed, low, high, norm[0] * (frequencies / frequencies[0]) ** alpha)
    fine = np.geomspace(frequencies[0], 1.0, FINE)
    lines = np.array([claimed_ends(ADAM, row, replace(rungs[0], probability=float(p))) for p in fine])
    return compared, (fine, np.sqrt(lines[:, 0] / top), np.sqrt(lines[:, 1] / top))


_LEFT = {"ha": "right", "va": "top", "shift": (-9, 5)}  # of where a line begins, clear of every other line
_LEFT_ABOVE = {"ha": "right", "va": "bottom", "shift": (-9, -5)}  # likewise, clear of the axis
_ABOVE = {"ha": "left", "va": "bottom", "shift": (0, 6)}
_BREAKS = ("\n", "\n", "\n", " ")
_PLACES = ((0.005, {"ha": "right", "va": "bottom", "shift": (-8, 4)}), (0.0, _LEFT), (0.0, _LEFT_ABOVE), (0.12, _ABOVE))  # of names


def draw(found: Data, panels: Sequence[Axes], style: Style) -> None:
    """Everything meets at the row that is always visited."""
    (axes,) = panels
    for i, curve in enumerate(found.compared):
        fine, low, high = found.fine[i], found.lows[i], found.highs[i]
        marks.allowed_at(axes, curve.x, curve.low, curve.high, style)
        marks.allowed(axes, fine, low, high, style)
        marks.theory(axes, fine, low, style)
        marks.seen(axes, curve.x, curve.observed, style, marker=MARKERS[i], colour=style.series[i], size=5)
        least, how = _PLACES[i]
        at = marks.along(fine, low, max(least, float(curve.x[0])))
        marks.words(axes, f"{curve.name}:{_BREAKS[i]}{found.alphas[i]}", at, style, color=style.series[i], **how)
    adam = found.compared[0]
    marks.wrong(axes, adam.x, adam.broken, style)
    marks.words(axes, "if Adam counted\nevery visit alike", marks.along(adam.x, adam.broken, 0.3), style, color=style.broken, ha="right",
                shift=(-14, 10))  # fmt: skip
    crossover = float(value(ADAM["crossover"], {FORGET: FORGETTING}))
    axes.axvline(crossover, color=style.faint, linewidth=0.8, zorder=0)
    axes.set(xscale="log", yscale="log", xlabel="frequency $p$: share of steps that visit the row",
             ylabel="resting norm, relative to a row\nthat every step visits")  # fmt: skip
    marks.plain_ticks(axes.yaxis, (0.05, 0.1, 0.2, 0.5, 1, 2, 5))
    marks.words(axes, r"crossover $p \approx 1-\beta_2$", (crossover, axes.get_ylim()[0]), style, shift=(4, 8), color=style.quiet)
