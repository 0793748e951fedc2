"""B12f measured: Adam with L2 on white tangential noise, placed at the norm whose energy the claim gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.linalg import hadamard

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.formulas import value
from derivations.evidence.noise import NEARLY_ONE, ROWS, STEPS, Found, Noise, against, draw_noise, squares_left_out, staleness
from numerics.simulation.steps import Optimizer, Trajectory, descend, drive
from theory.claims import Formulas
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.laws.dynamics.l2_in_adam_is_not_decoupled_decay import ROOT, SHARE, A
from theory.notation import G, eta, lam

SHARES = (0.04, 0.2)  # eta^2 d/(2 r^2), the decay factor's distance from 1: a run is twenty relaxation times and more
HALF = STEPS // 2
EVEN, SETTLING, NUDGE = 16, 1024, 1e-3  # dimensions, gradients before a step, and r^2 off its equilibrium, relatively


def draw(rng: np.random.Generator, effort: str) -> Sequence[Noise]:
    """``product`` is that share; the decay makes up for the energy. No momentum."""
    return [n.with_(momentum=0.0) for n in draw_noise(rng, effort, SHARES)]


def _place(formulas: Formulas, n: Noise) -> dict[Any, float]:
    """Values of the claim's symbols: the squared norm by the share, the decay by the energy, which it scales."""
    square = n.step_size**2 * n.dimension / (2 * n.product)
    known = {A: square, eta: n.step_size, DIM: float(n.dimension), lam: 1.0}
    decay = float(np.sqrt(n.energy / abs(value(formulas["energy_at_equilibrium"], known))))
    return {**known, lam: decay, G: n.energy}


def run(formulas: Formulas, n: Noise, coupled: bool = True, alignment: float = 0.0) -> Trajectory:
    """Steps from the claimed equilibrium."""
    at = _place(formulas, n)
    optimizer = Optimizer("adam", coupled=coupled, momentum=0.0, second_momentum=NEARLY_ONE)
    return drive(np.sqrt(at[A]), np.full((ROWS, STEPS), n.energy), n.step_size, at[lam], dimension=n.dimension, alignment=alignment,
                 optimizer=optimizer, seed=n.seed)  # fmt: skip


def left_out(n: Noise, found: Trajectory) -> float:
    """Finitely many squares and how far from steady they are; and, squared, the share of v that is the uneven embedding's."""
    return squares_left_out(HALF) + staleness(found, HALF) + n.product**2


def norm(formulas: Formulas, n: Noise, found: Trajectory) -> Found:
    """Mean squared norm over the claim."""
    return found.squared_norms[:, HALF:].mean(axis=1) / _place(formulas, n)[A], 1.0, left_out(n, found)


def _sixth(formulas: Formulas, n: Noise, found: Trajectory) -> Found:
    """The same, against the sixth root; its cube is short by a share of eta^2 d/(4 r^2), half of ``product``."""
    claim = float(value(formulas["sixth_power"], _place(formulas, n))) ** (1 / 3)
    return found.squared_norms[:, HALF:].mean(axis=1) / claim, 1.0, left_out(n, found) + n.product / 2


def _root(formulas: Formulas, n: Noise, found: Trajectory) -> Found:
    """``sqrt(v)`` from the decay that acts: ``-<u, s> = -lambda |u|^2/sqrt(v)`` on average."""
    at = _place(formulas, n)
    acting = -found.drifts[:, HALF:].mean(axis=1) / found.squared_norms[:, HALF:-1].mean()
    return acting * value(formulas["root_at_equilibrium"], at) / at[lam], 1.0, left_out(n, found)


def _step(formulas: Formulas, n: Noise, found: Trajectory) -> Found:
    """The next squared norm less the claim for the scale that the claimed moment gives, over the noise's heat."""
    at = _place(formulas, n)
    before, after = found.squared_norms[:, HALF:-1], found.squared_norms[:, HALF + 1 :]
    scale = np.sqrt(np.abs(value(formulas["second_moment"], at)))
    known: dict[Any, Any] = {**at, A: before, ROOT: scale}
    heat = n.step_size**2 * n.dimension
    return np.mean(after - value(formulas["next_squared_norm"], known), axis=1) / heat, 0.0, left_out(n, found)


def _share(formulas: Formulas, n: Noise, found: Trajectory) -> Found:
    """What decay takes in a step, over the claim."""
    acting = -found.drifts[:, HALF:].mean(axis=1) / found.squared_norms[:, HALF:-1].mean()
    return n.step_size * acting / value(formulas["share"], _place(formulas, n)), 1.0, left_out(n, found)


def _turn(formulas: Formulas, n: Noise, found: Trajectory) -> Found:
    """``E(|u|^2 - <u, u'>)`` over ``(1 - cos) E|u|^2``, the cosine being claimed at the claimed share."""
    squares = found.squared_norms
    kept = np.cos(found.rotations) * np.sqrt(squares[:, :-1] * squares[:, 1:])
    claim = 1 - value(formulas["cos_rotation"], {SHARE: value(formulas["share"], _place(formulas, n))})
    lost = (squares[:, :-1] - kept)[:, HALF:].mean(axis=1)
    return lost / squares[:, HALF:-1].mean() / claim, 1.0, left_out(n, found)


def stepped(formulas: Formulas, n: Noise, nudge: float) -> tuple[Floats, Floats]:
    """Squared norms before and after a step from beside the equilibrium, where many gradients have settled ``v``.

    Embedding and gradients have coordinates of one size: they are lines of a Hadamard matrix, drawn one at a time and
    either way. The energy, below 4, is that of the loss at the angle between target and embedding.
    """
    lines = hadamard(EVEN) / np.sqrt(EVEN)
    sine2 = n.energy / (1 + n.energy)
    at = _place(formulas, n.with_(dimension=EVEN, energy=4 * sine2))
    u = np.repeat(lines[:1], ROWS, axis=0) * np.sqrt(at[A] * (1 + nudge))
    sides = np.concatenate([lines[1:], -lines[1:]]) * np.sqrt(sine2)
    targets = np.repeat((np.sqrt(1 - sine2) * lines[:1] + sides)[None], ROWS, axis=0)
    optimizer = Optimizer("adam", coupled=True, momentum=0.0, second_momentum=NEARLY_ONE, schedule=np.append(np.zeros(SETTLING), 1.0))
    found = descend("cosine_regression", u, targets, 1.0, n.step_size, at[lam], steps=SETTLING + 1, batch=1, optimizer=optimizer,
                    seed=n.seed)  # fmt: skip
    return found.squared_norms[:, -2], found.squared_norms[:, -1]


def _relaxation(formulas: Formulas, n: Noise) -> Found:
    """By how much two squared norms, one on either side, come nearer in a step, over the share of both that decay takes.

    With ``w`` that share: the slope is a sum of terms of size ``(3 + 4 w) w`` in all, each with ``1/v`` at most, and of third
    derivatives up to 3^3 of it. What ``v`` is off is the mean over so many gradients of ``2 lambda u_i g_i`` and the last one.
    """
    (above, higher), (below, lower) = (stepped(formulas, n, nudge) for nudge in (NUDGE, -NUDGE))
    left = (3 + 4 * n.product) * (2 * squares_left_out(SETTLING) + 5 * NUDGE**2)
    claimed = (1 - float(value(formulas["relaxation"], {SHARE: n.product}))) / n.product
    return (1 - (higher - lower) / (above - below)) / n.product, claimed, left


def check(formulas: Formulas, settings: Sequence[Noise]) -> tuple[Measurement, ...]:
    """Norm, its form for small steps, the scale, rotation, single steps, and what they do to a deviation."""
    runs = [(n, run(formulas, n)) for n in settings]
    labels = [n.label for n in settings]
    laws = {"squared norm at equilibrium": norm, "sixth power of the norm": _sixth, "scale at equilibrium": _root,
            "decay at equilibrium": _share, "rotation at equilibrium": _turn, "squared norm after a step": _step}  # fmt: skip
    return (
        *(against(what, [measured(formulas, n, found) for n, found in runs], labels) for what, measured in laws.items()),
        against("relaxation of a deviation in a step", [_relaxation(formulas, n) for n in settings[::2]], labels[::2]),
    )


def _ordinary(seed: int) -> Noise:
    return Noise(16, 0.0, 0.01, 1.0, 0.1, seed)


def _norms(formulas: Formulas, n: Noise, found: Trajectory) -> Measurement:
    return against("squared norm at equilibrium", [norm(formulas, n, found)], [n.label])


def _witness(words: str, **changed: Any) -> Any:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        n = _ordinary(seed)
        return NumericWitness(words, _norms(formulas, n, run(formulas, n)), _norms(formulas, n, run(formulas, n, **changed)))

    return drop


def _even(formulas: Formulas, seed: int) -> NumericWitness:
    """Steps so small that the embedding does not turn, and gradients far below lambda u: v_i is lambda^2 u_i^2 for ever."""
    n, d, energy = _ordinary(seed), 64, 1e-4
    found = drive(1.0, np.full((ROWS, 32), energy), 1e-6, 1.0, dimension=d, seed=seed,
                  optimizer=Optimizer("adam", coupled=True, momentum=0.0, second_momentum=NEARLY_ONE))  # fmt: skip
    moment = float(value(formulas["second_moment"], {A: 1.0, G: energy, lam: 1.0, DIM: float(d)}))
    acting: Floats = -found.drifts.mean(axis=1) * np.sqrt(moment)
    kept = against("scale at equilibrium", [_root(formulas, n, run(formulas, n))], [n.label])
    return NumericWitness("an embedding that does not turn", kept, against("scale", [(acting, 1.0, 0.0)], [n.label]))


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("gradients with a radial part", alignment=0.4),
    "coupled": _witness("decoupled decay", coupled=False),
    "even": _even,
})  # fmt: skip
