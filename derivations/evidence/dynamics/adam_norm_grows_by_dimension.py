"""B12b measured: Adam on white tangential noise of any energy; growth, heat and drift, means over replicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.formulas import value
from derivations.evidence.noise import ROWS, STEPS, Found, Noise, against, draw_noise, squares_left_out, staleness
from derivations.evidence.rounding import gamma
from numerics.simulation.steps import Optimizer, Trajectory, drive
from theory.claims import Formulas
from theory.laws.dynamics.adam_norm_grows_by_dimension import BETA, DIM, KEEP, MET, A, B, C, E
from theory.notation import eta

GROWTH = 1.0  # of the squared norm over a run, as claimed, relative to its start
HALF = STEPS // 2
FEW, SIZE, PRODUCT = 6, 1e-4, 0.1  # steps, step size and eta lambda of runs with v held


def draw(rng: np.random.Generator, effort: str) -> Sequence[Noise]:
    """No decay."""
    return draw_noise(rng, effort)


def _claimed(formulas: Formulas, name: str, n: Noise) -> float:
    return float(value(formulas[name], {DIM: n.dimension, BETA: n.momentum, eta: n.step_size}))


def _run(formulas: Formulas, n: Noise) -> Trajectory:
    """Gradients that keep their length if the squared norm grows as claimed, to twice its start; and that growth."""
    growth = abs(_claimed(formulas, "growth", n))
    norm = np.sqrt(growth * STEPS / GROWTH)
    predicted = norm**2 + growth * np.arange(STEPS)
    return n.run(norm, predicted)


def _compare(formulas: Formulas, settings: Sequence[Noise]) -> tuple[Measurement, ...]:
    """Second half of each run, in units of the claims.

    Left out: that v is a mean of finitely many squares, and that gradients change a little where the norm is off its claim.
    """
    rows: dict[str, list[Found]] = {"growth": [], "heat": [], "drift": []}
    for n in settings:
        run = _run(formulas, n)
        left = squares_left_out(HALF) + staleness(run, HALF)
        squares = run.squared_norms
        growth = (squares[:, -1] - squares[:, HALF]) / (STEPS - HALF) / n.step_size**2 / n.dimension
        heat = np.mean((run.heats / squares[:, :-1])[:, HALF:], axis=1) / n.dimension
        drift = np.mean(run.drifts[:, HALF:], axis=1) / n.step_size / n.dimension
        units = {"growth": n.step_size**2 * n.dimension, "heat": n.dimension, "drift": n.step_size * n.dimension}
        for name, found in zip(rows, (growth, heat, drift), strict=True):
            claim = _claimed(formulas, name, n) / units[name]
            rows[name].append((found, claim, left * abs(claim)))
    labels = [n.label for n in settings]
    return tuple(against(f"{name} of a step", found, labels) for name, found in rows.items())


def _mean_square(formulas: Formulas, n: Noise) -> Found:
    """``sum g_i^2/v_i`` of Adam without momentum, which is its step's squared length, against the claim for ``E|x|^2``."""
    run = _run(formulas, n.with_(momentum=0.0))
    found = np.mean((run.heats / run.squared_norms[:, :-1])[:, HALF:], axis=1) / n.dimension
    claim = _claimed(formulas, "noise", n) / n.dimension
    return found, claim, (squares_left_out(HALF) + staleness(run, HALF)) * abs(claim)


def _recursion(formulas: Formulas, settings: Sequence[Noise], persistence: float = 0.0) -> tuple[Measurement, ...]:
    """The three moments after a step against the claims for what they were before.

    They differ by what is linear in the new gradient, which is measured and taken away, and whose mean over replicates is 0.
    With ``v`` held, Adam is heavy ball on its scaled gradients: ``m = beta m + (1 - beta) x`` is (1 - beta) times heavy
    ball's sum, so the step size carries that factor. Left out: rounding.
    """
    rows: dict[str, list[Found]] = {"|m|^2": [], "<u, m>": [], "|u|^2": [], "what is linear in the gradient": []}
    for n in settings:
        beta, rate = n.momentum, SIZE * (1 - n.momentum)
        run = drive(1.0, np.ones((16 * ROWS, FEW)), rate, PRODUCT / rate, dimension=n.dimension, persistence=persistence,
                    optimizer=Optimizer("heavy_ball", momentum=beta), path=True, seed=n.seed)  # fmt: skip
        moments = [np.zeros_like(run.embeddings)]
        for k in range(FEW):
            moments.append(beta * moments[-1] + (1 - beta) * run.gradients[:, k])
        before, after = (_moments(run.path[:, k], moments[k]) for k in (FEW - 1, FEW))
        known = {**before, E: np.sum(run.gradients[:, -1] ** 2, axis=1), BETA: beta, KEEP: 1 - PRODUCT, eta: SIZE}
        known[MET] = value(formulas["next_momentum"], known)
        claims = (known[MET], *(value(formulas[name], known) for name in ("next_overlap", "next_squared_norm")))
        linear = 2 * beta * (1 - beta) * np.sum(moments[FEW - 1] * run.gradients[:, -1], axis=1)  # of |m'|^2, and with it of the rest
        known_parts = zip((C, B, A), claims, (1, -SIZE, SIZE**2), (1, SIZE, SIZE), _rounding(run), strict=True)
        for name, (moment, claim, share, size, noise) in zip(rows, known_parts, strict=False):
            rows[name].append(((after[moment] - claim - share * linear) / size, 0.0, noise / size))
        rows["what is linear in the gradient"].append((linear, 0.0, _rounding(run)[0]))
    return tuple(against(f"{name} after a step", found, [n.label for n in settings]) for name, found in rows.items())


def _rounding(run: Trajectory) -> tuple[float, float, float]:
    """Of ``|m|^2``, ``<u, m>`` and ``|u|^2`` after ``FEW`` steps against their claims, at most; m is no longer than a gradient.

    Heavy ball's sum rounds 3 times a step, a squared norm, an overlap and the step 2 d + 20 on either side, and a gradient is
    orthogonal to u up to 3 d + 30 (`rounding.radial`).
    """
    u, m = (float(np.sqrt(np.max(np.sum(x**2, axis=2)))) for x in (run.path, run.gradients))
    each = float(gamma(5 * run.path.shape[2] + 6 * FEW + 60))
    return each * m**2, each * (u + SIZE * m) * m, each * (u + SIZE * m) ** 2


def _moments(u: Floats, m: Floats) -> dict[Any, Any]:
    return {A: np.sum(u**2, axis=1), B: np.sum(u * m, axis=1), C: np.sum(m**2, axis=1)}


def check(formulas: Formulas, settings: Sequence[Noise]) -> tuple[Measurement, ...]:
    """Growth, heat, drift; the mean square of the scaled gradient; the recursion."""
    few = settings[:2]
    return (
        *_compare(formulas, settings),
        against("mean square of the gradient over its scale", [_mean_square(formulas, n) for n in few], [n.label for n in few]),
        *_recursion(formulas, few),
    )


def _ordinary(seed: int) -> Noise:
    return Noise(16, 0.9, 0.01, 1.0, 0.0, seed)


def _white(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (_compare(formulas, [_ordinary(seed).with_(persistence=q)])[0] for q in (0.0, 0.9))
    return NumericWitness("gradients that persist: successive ones correlate by 0.9", kept, dropped)


def _settled_scale(formulas: Formulas, seed: int) -> NumericWitness:
    """An epsilon of twice the gradients' scale: what is divided by is three times the root of v."""
    n = _ordinary(seed)
    size = 2 * np.sqrt(n.energy / n.dimension * GROWTH / (abs(_claimed(formulas, "growth", n)) * STEPS))
    kept, dropped = (_compare(formulas, [m])[1] for m in (n, n.with_(epsilon=size)))
    return NumericWitness("an epsilon of twice the gradients' scale", kept, dropped)


def _settled_momentum(formulas: Formulas, seed: int) -> NumericWitness:
    """The heat of steps with ``v`` held, their scaled gradients of energy 1 instead of d."""
    n, rate = _ordinary(seed), SIZE * 0.1
    run = drive(1.0, np.ones((16 * ROWS, 100)), rate, dimension=n.dimension, optimizer=Optimizer("heavy_ball", momentum=0.9),
                seed=seed)  # fmt: skip
    claim = _claimed(formulas, "heat", n) / n.dimension

    def heat(steps: slice) -> Measurement:
        found = 0.01 * np.mean((run.heats / run.squared_norms[:, :-1])[:, steps], axis=1)
        return against("heat of a step", [(found, claim, 2 * 0.9**100)], [n.label])

    return NumericWitness("the first six steps of a momentum of 0.9", heat(slice(94, 100)), heat(slice(0, 6)))


EVIDENCE = Evidence(
    draw, check, {"white": _white, "settled-scale": _settled_scale, "settled-momentum": _settled_momentum}
)
