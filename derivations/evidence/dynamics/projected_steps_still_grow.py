"""B10e measured: SGDP, AdamP and heavy ball along noisy descent on both losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.evidence import Evidence, Floats, Measurement, rounding
from derivations.evidence.deviations import equal, relative
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from derivations.evidence.rules import RulePath, RuleReading, decays_of, on_losses, over_runs, products, rule_witness, rule_witnesses
from derivations.evidence.settings import Batch, draw
from derivations.evidence.steps import STEPS, Read
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.laws.dynamics.projected_steps_still_grow import BETA, KEPT, RN, SUM, D, H, M, S
from theory.notation import eta, lam, r

HEAVY_BALL, SGDP, ADAMP = Optimizer("heavy_ball"), Optimizer("sgdp"), Optimizer("adamp")
MOMENTUM = HEAVY_BALL.momentum
NUDGE = 1e-4  # of r^2 off where it rests, relatively


def _leftover(path: RulePath) -> Floats:
    """Bound of ``|<u, g>|``, which is 0 but for rounding."""
    return np.asarray(rounding.gamma(3 * path.dimension + 30) * path.slopes)


def _projects(path: RulePath) -> NDArray[np.bool_]:
    """Whether the gradient is clear enough of its rounding to pass the test for orthogonality, at this step and before."""
    clear = np.sqrt(path.run.energies) > 4 * np.sqrt(path.dimension) * _leftover(path)
    return np.asarray(np.logical_and.accumulate(clear, axis=1))


def _momenta(path: RulePath) -> tuple[Floats, Floats, Floats]:
    """Momenta (rows, steps, d) from the gradients, their squared lengths, and the sum of lengths that they are made of."""
    g = path.run.gradients
    m, sizes = np.zeros_like(g), np.zeros(g.shape[:2])
    for k in range(g.shape[1]):
        size = np.linalg.norm(g[:, k], axis=1)
        m[:, k] = g[:, k] + (MOMENTUM * m[:, k - 1] if k else 0)
        sizes[:, k] = size + (MOMENTUM * sizes[:, k - 1] if k else 0)
    return m, np.sum(m**2, axis=2), sizes


def _proposed(path: RulePath, rule: Optimizer) -> Floats:
    """Bound of the length of the step before projection: Adam's coordinates are at most ``sqrt(k + 1)``."""
    if rule.rule == "adamp":
        return np.sqrt(path.dimension * np.arange(1.0, STEPS + 1))[None, :]
    return _momenta(path)[2]


def step_law(rule: Optimizer, name: str) -> Callable[[Formulas], RuleReading]:
    """The squared norm after a projected step, from its recorded length; the projection leaves ``gamma |u||s|`` radial."""

    def of(formulas: Formulas) -> RuleReading:
        def law(path: RulePath) -> Read:
            kept = value(formulas[name], {eta: path.step_size, lam: path.weight_decay, BETA: MOMENTUM})
            claimed = value(formulas["next_squared_norm"],
                            {KEPT: kept, r: np.sqrt(path.before), eta: path.step_size, S: path.run.heats / path.before})  # fmt: skip
            radial = np.sqrt(path.before) * _proposed(path, rule)
            bound = rounding.gamma(8 * path.dimension + 60) * (path.before + path.after + path.legs + 2 * path.step_size * radial)
            seen = _projects(path) & (path.legs > 4 * bound)
            return equal(path.after, claimed), bound, seen & (np.abs(path.after - path.before) > 4 * bound)

        return law

    return of


def _turn_law(rule: Optimizer, name: str) -> Callable[[Formulas], RuleReading]:
    """The cosine of the rotation; the radial leftover changes what decay keeps by ``eta gamma |s|/|u|``."""

    def of(formulas: Formulas) -> RuleReading:
        def law(path: RulePath) -> Read:
            kept = value(formulas[name], {eta: path.step_size, lam: path.weight_decay, BETA: MOMENTUM})
            claimed = value(formulas["cos_rotation"], {KEPT: kept, r: np.sqrt(path.before), RN: np.sqrt(path.after)})
            pull = path.step_size * _proposed(path, rule) / np.sqrt(path.before)
            bound = rounding.gamma(8 * path.dimension + 60) * (4 + pull) * np.maximum(1, np.sqrt(path.before / path.after))
            return equal(np.cos(path.run.rotations), claimed), bound, _projects(path) & (path.run.rotations**2 > 8 * bound)

        return law

    return of


def _square_law(formulas: Formulas) -> RuleReading:
    """The squared length of SGDP's step, from momenta made of its gradients."""

    def law(path: RulePath) -> Read:
        m, square, sizes = _momenta(path)
        drift = -np.sum(path.run.path[:, :-1] * m, axis=2)
        claimed = value(formulas["projected_square"], {M: square, D: drift, r: np.sqrt(path.before)})
        bound = rounding.gamma(12 * path.dimension + 100) * sizes**2
        seen = _projects(path) & (drift**2 / path.before > 4 * bound)
        return equal(path.run.heats / path.before, claimed), bound, seen

    return law


def drift_law(formulas: Formulas) -> RuleReading:
    """Heavy ball's drift after a step: inner products of d terms, and what is radial in the new gradient."""

    def law(path: RulePath) -> Read:
        kept = 1 - path.step_size * path.weight_decay
        heat = path.run.heats / path.before
        known = {KEPT: kept, D: path.run.drifts, M: heat, eta: path.step_size, BETA: np.full((1, 1), MOMENTUM)}
        claimed = value(formulas["next_drift"], known)[:, :-1]
        lengths = np.sqrt(path.before * heat)
        scale = lengths[:, 1:] + (lengths + path.step_size * heat)[:, :-1] + np.sqrt(path.before[:, 1:] * heat[:, :-1])
        bound = rounding.gamma(8 * path.dimension + 60) * scale + _leftover(path)
        return equal(path.run.drifts[:, 1:], claimed), bound, np.abs(claimed) > 4 * bound

    return law


def _growth(path: RulePath) -> tuple[dict[object, Floats], Floats, Floats]:
    """Sum of squared momenta and last drift of a run, its growth up to there, and the bound of that."""
    known: dict[object, Floats] = {SUM: np.sum((path.run.heats / path.before)[:, :-1], axis=1), D: path.run.drifts[:, -1],
                                   eta: path.step_size[:, 0], BETA: np.full(1, MOMENTUM)}  # fmt: skip
    # every recorded drift, of K, errs by the leftover of a gradient, which lives on for 1/(1 - beta) steps
    size = path.before + path.after + path.legs + 2 * path.step_size * (np.sqrt(path.before * path.run.heats / path.before))
    each = rounding.gamma(8 * path.dimension + 60) * size + 2 * path.step_size * _leftover(path) / (1 - MOMENTUM)
    bound = np.sum(each, axis=1) / (1 - MOMENTUM)
    return known, path.after[:, -2] - path.before[:, 0], bound


def _growth_law(formulas: Formulas) -> RuleReading:
    """Whole growth of heavy ball without decay."""

    def law(path: RulePath) -> Read:
        known, growth, bound = _growth(path)
        return equal(growth, value(formulas["plain_growth"], known))[:, None], bound[:, None], (growth > 4 * bound)[:, None]

    return law


def _share_law(formulas: Formulas) -> RuleReading:
    """``eta^2`` times the sum, which projection keeps, over the growth without the drift that is still to act."""

    def law(path: RulePath) -> Read:
        known, growth, bound = _growth(path)
        heat = path.step_size[:, 0] ** 2 * known[SUM]
        total = growth + 2 * path.step_size[:, 0] * known[D] / (1 - MOMENTUM)
        share = value(formulas["kept_share"], {BETA: np.full(len(total), MOMENTUM)})
        return equal(heat, share * total)[:, None], bound[:, None], (heat > 4 * bound)[:, None]

    return law


def _drive(batch: Batch, rule: Optimizer, norms: Floats, energies: Floats) -> RulePath:
    """One step with decay, the first."""
    decay = decays_of(batch)
    run = drive(norms, energies[:, None], batch.step_sizes, decay, dimension=batch.dimension, optimizer=rule, seed=batch.seed)
    return RulePath(run, batch.step_sizes[:, None], decay[:, None], np.sqrt(energies)[:, None], batch.dimension, batch.labels())


def _resting(formulas: Formulas, batch: Batch, rule: Optimizer, nudge: float = 0.0) -> tuple[Floats, Floats, Floats, Floats]:
    """Squared norms at the claimed rest, and before and after a step from ``1 + nudge`` times it; rounding, relatively.

    Adam's first step has the same length at any norm, which a step from another one shows; heavy ball's is the gradient.
    """
    length, suffix = rule.rule == "adamp", "length" if rule.rule == "adamp" else "energy"
    known: dict[Any, Any] = {eta: batch.step_sizes, lam: decays_of(batch), BETA: MOMENTUM}
    energies = batch.norms**4 * products(batch) / batch.step_sizes**2
    probe = _drive(batch, rule, batch.norms, energies)
    at = {**known, KEPT: value(formulas[f"kept_{rule.rule}"], known), H: energies, S: (probe.run.heats / probe.before)[:, 0]}
    rest = np.abs(value(formulas[f"rest_of_{suffix}"], at)) ** (1.0 if length else 0.5)
    path = _drive(batch, rule, np.sqrt(rest * (1 + nudge)), energies)
    proposed = np.full((1, 1), np.sqrt(batch.dimension)) if length else np.sqrt(path.run.energies / path.before)
    size = path.before + path.after + path.legs + 2 * path.step_size * np.sqrt(path.before) * proposed
    return rest, path.before[:, 0], path.after[:, 0], rounding.gamma(8 * batch.dimension + 60) * size[:, 0] / rest


def _stays(formulas: Formulas, batch: Batch, rule: Optimizer) -> tuple[Floats, Floats]:
    """The squared norm after a step from rest, relatively; the length of the probe's step rounds as well."""
    rest, _, after, noise = _resting(formulas, batch, rule)
    return relative(after, rest), 2 * noise


def _returns(formulas: Formulas, batch: Batch, rule: Optimizer) -> tuple[Floats, Floats]:
    """What a step leaves of a deviation. Steps of one energy have the remainder ``(1 - kept^2) e^2/(1 + e)`` (B6)."""
    rest, before, after, noise = _resting(formulas, batch, rule, NUDGE)
    kept = value(formulas[f"kept_{rule.rule}"], {eta: batch.step_sizes, lam: decays_of(batch), BETA: MOMENTUM})
    claimed = value(formulas["relaxation_of_length" if rule.rule == "adamp" else "relaxation_of_energy"], {KEPT: kept})
    remainder = 0.0 if rule.rule == "adamp" else 2 * products(batch) * NUDGE  # at momentum 0.9 kept is 1 - p
    return equal((after - rest) / (before - rest), claimed), remainder + 4 * noise / NUDGE


def _at_rest(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    labels = [label for b in batches for label in b.labels()]
    return tuple(
        paired(f"{what}, {name}", [law(formulas, b, rule) for b in batches], labels)
        for name, rule in (("SGDP", SGDP), ("AdamP", ADAMP))
        for what, law in (("squared norm at rest", _stays), ("multiplier of a deviation of r^2", _returns)) if batches
    )  # fmt: skip


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Projected runs with decay, and at rest; heavy ball's drift with it, and its whole growth without."""
    sgdp, adamp = (on_losses(batches, rule, decays_of, path=True) for rule in (SGDP, ADAMP))
    decaying, free = (on_losses(batches, HEAVY_BALL, of) for of in (decays_of, lambda b: np.zeros(b.rows)))
    return (
        over_runs("squared norm after a step of SGDP", sgdp, step_law(SGDP, "kept_sgdp")(formulas)),
        over_runs("squared norm after a step of AdamP", adamp, step_law(ADAMP, "kept_adamp")(formulas)),
        over_runs("rotation of SGDP", sgdp, _turn_law(SGDP, "kept_sgdp")(formulas)),
        over_runs("squared length of SGDP's step", sgdp, _square_law(formulas)),
        over_runs("drift of heavy ball", decaying, drift_law(formulas)),
        over_runs("growth of heavy ball", free, _growth_law(formulas)),
        over_runs("the share of it that projection leaves", free, _share_law(formulas)),
        *_at_rest(formulas, batches),
    )


STEP, DRIFT = "squared norm after a step of SGDP", "drift of heavy ball"
EVIDENCE = Evidence(
    draw, check,
    {**rule_witnesses(DRIFT, drift_law, HEAVY_BALL),
     "projected": rule_witness(STEP, step_law(SGDP, "kept_sgdp"), SGDP, "heavy ball's own step", 0.0, True, optimizer=HEAVY_BALL)},
)  # fmt: skip
