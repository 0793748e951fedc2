"""B7 measured: rotation angles at, and relaxed to, equilibria of energies over many decades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.deviations import equal
from derivations.evidence.dynamics.decay_equilibrium import Decaying, draw_decaying
from derivations.evidence.formulas import value
from derivations.evidence.settings import ordinary
from derivations.evidence.steps import Path, Read, Reading, on_energies, read
from numerics.simulation.steps import Trajectory, evaluate, step
from theory.claims import Formulas
from theory.laws.dynamics.decay_equilibrium import FORMULAS as DECAY
from theory.notation import G, eta, lam

RELAXING = 400
DECAYS = ((1e-3, 1.0), (1.0, 1.9))  # eta lambda: the embedding shrinks, or shrinks and turns over


def draw(rng: np.random.Generator, effort: str) -> Sequence[Decaying]:
    """Equilibria over six decades of norm; the energies that they ask for span many more."""
    return [group for products in DECAYS for group in draw_decaying(rng, effort, products)]


def _angle_error(path: Path, sine: Floats, off: Floats) -> Floats:
    """``cos`` off by the relative error of the norm's change, over ``sin``; and the angle's own rounding."""
    relative = 2 * path.rounding() / path.before + 2 * off
    return relative / sine + rounding.gamma(8 * path.dimension + 60)


def rotation_law(formulas: Formulas) -> Reading:
    """Cosines of rotations against the claimed one; an error of the norm's change moves the cosine by as much."""

    def law(path: Path) -> Read:
        claimed = value(formulas["cos_rotation"], {eta: path.step_size, lam: path.weight_decay})
        bound = 2 * path.rounding() / path.before + rounding.gamma(8 * path.dimension + 60)
        turned = np.broadcast_to(np.abs(1 - claimed) > 4 * bound, path.before.shape)
        return equal(np.cos(path.run.rotations), claimed), bound, turned

    return law


def _small_angle(formulas: Formulas) -> Reading:
    """``acos(1 - p) = sqrt(2p) (1 + p/12 + ...)``, all coefficients positive and their sum below 1/6 up to p = 1/2."""

    def law(path: Path) -> Read:
        product = path.step_size * path.weight_decay
        claimed = value(formulas["rotation"], {eta: path.step_size, lam: path.weight_decay})
        sine = np.sqrt(product)  # sin of the angle is at least that up to p = 1
        bound = claimed * product / 6 + _angle_error(path, sine, np.zeros_like(path.before))
        return equal(path.run.rotations, claimed), bound, np.broadcast_to(product < 0.5, path.before.shape)

    return law


def _relaxed(formulas: Formulas) -> Reading:
    """The last rotation of a run from elsewhere, as far from equilibrium as its norm still is.

    A step that still changes ``r^2`` by a share m turns by ``cos = (1 - eta lambda) r/r'``, off by at most m/2 to first
    order; that over the sine, doubled for what is beyond it (only angles known to a hundredth count).
    """

    def law(path: Path) -> Read:
        cosine = value(formulas["cos_rotation"], {eta: path.step_size, lam: path.weight_decay})[:, 0]
        angle = np.arccos(np.clip(cosine, -1, 1))
        moving = np.abs(path.after[:, -1] / path.before[:, -1] - 1)
        bound = _angle_error(path, np.sin(angle)[:, None], np.zeros_like(path.before))[:, -1] + moving / np.sin(angle)
        return equal(path.run.rotations[:, -1], angle)[:, None], bound[:, None], (bound < 0.01 * angle)[:, None]

    return law


def check(formulas: Formulas, groups: Sequence[Decaying]) -> tuple[Measurement, ...]:
    """At equilibrium, its small-angle form, and after relaxation from another norm."""
    placed = [g.run(DECAY, steps=3) for g in groups]
    relaxed = [replace(g, dimension=min(g.dimension, 32)).run(DECAY, nudge=1.0, steps=RELAXING) for g in groups]
    return (
        read("rotation at equilibrium", placed, rotation_law(formulas)),
        read("rotation against sqrt(2 eta lambda)", placed, _small_angle(formulas)),
        read("rotation after relaxing to equilibrium", relaxed, _relaxed(formulas)),
    )


def _group(seed: int, product: float = 0.2) -> Decaying:
    rng = np.random.default_rng([seed, 17])
    return Decaying(rng.uniform(0.8, 1.5, 6), rng.uniform(0.1, 0.3, 6), np.full(6, product), 16, seed)


def _witness(words: str, formulas: Formulas, seed: int, dropped: Path) -> NumericWitness:
    kept = _group(seed).run(DECAY, steps=3)
    what = "rotation at equilibrium"
    return NumericWitness(words, read(what, [kept], rotation_law(formulas)), read(what, [dropped], rotation_law(formulas)))


def _radial(formulas: Formulas, seed: int) -> NumericWitness:
    g = _group(seed)
    energies = np.repeat(g.energies(DECAY)[:, None], 3, axis=1)
    slanted = on_energies(g.equilibria, energies, g.step_sizes, g.decays, dimension=16, seed=seed, alignment=0.4)
    return _witness("gradients with a radial part", formulas, seed, slanted)


def _one_step(seed: int, turn: float) -> Path:
    """A step of InfoNCE from the equilibrium of its own energy, its gradient taken ``turn`` radians away from ``u``."""
    batch, g = ordinary(seed, rows=6), _group(seed)
    here = batch.embeddings() / batch.norms[:, None]
    aside = batch.directions() - np.einsum("rd,rd->r", batch.directions(), here)[:, None] * here
    there = np.cos(turn) * here + np.sin(turn) * aside / np.linalg.norm(aside, axis=1, keepdims=True)
    slope = evaluate("infonce", there, batch.pool(), batch.temperatures).gradients  # on the unit sphere
    energy = np.einsum("rd,rd->r", slope, slope)
    norms = value(DECAY["equilibrium"], {G: energy, eta: g.step_sizes, lam: g.decays}) ** 0.25
    u, gradients = norms[:, None] * here, slope / norms[:, None]
    after = step(u, gradients, g.step_sizes, g.decays)
    angle = np.arctan2(np.linalg.norm(after - np.einsum("rd,rd->r", after, here)[:, None] * here, axis=1),
                       np.einsum("rd,rd->r", after, here))  # fmt: skip
    squares = np.stack([np.sum(u * u, axis=1), np.sum(after * after, axis=1)], axis=1)
    radial = np.einsum("rd,rd->r", u, gradients)
    run = Trajectory(squares, energy[:, None], radial[:, None], angle[:, None], after)
    slopes = rounding.slope_sum("infonce", batch.temperatures)[:, None]
    return Path(run, g.step_sizes[:, None], g.decays[:, None], slopes, batch.dimension, batch.labels())


def _delayed(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (read("rotation at equilibrium", [_one_step(seed, turn)], rotation_law(formulas)) for turn in (0.0, 0.5))
    return NumericWitness("gradients taken half a radian away, at the equilibrium of their own energy", kept, dropped)


def _off(formulas: Formulas, seed: int) -> NumericWitness:
    return _witness("embeddings at twice the squared norm of equilibrium", formulas, seed, _group(seed).run(DECAY, nudge=1.0, steps=3))


def _range(formulas: Formulas, seed: int) -> NumericWitness:
    g = _group(seed, 2.5)
    energies = np.repeat(g.equilibria[:, None] ** 4 / g.step_sizes[:, None] ** 2, 3, axis=1)
    wild = on_energies(g.equilibria, energies, g.step_sizes, g.decays, dimension=16, seed=seed)
    return _witness("eta lambda = 2.5: no equilibrium to rotate at", formulas, seed, wild)


EVIDENCE = Evidence(
    draw, check,
    {"scale-invariant": _radial, "gradient-at-current-point": _delayed, "at-equilibrium": _off, "decay-in-range": _range},
)  # fmt: skip
