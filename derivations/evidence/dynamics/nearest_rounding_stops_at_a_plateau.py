"""B13d measured: runs with and without decay, bit by bit; even rows about the plateau, every coordinate of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import equal, largest, listed, over, relative
from derivations.evidence.formulas import value
from derivations.evidence.rounding import gamma
from numerics.simulation.optimizers import FORMATS
from numerics.simulation.steps import Optimizer, descend, drive
from theory.claims import Formulas
from theory.laws.dynamics.nearest_rounding_stops_at_a_plateau import BITS, DIM, MOVED, A, M, P
from theory.notation import G, eta

STORED = ("bfloat16", "float16")
STEPS = 200  # of runs with and without decay
NEAR = 2.0**-10  # relative distance from the plateau on either side
STANDING = 1e-300  # a step size with which nothing moves
DECAY = 2e-3  # eta lambda of runs in exact arithmetic


@dataclass(frozen=True)
class Even:
    """A row of coordinates ``+-odd 2^(exponent - bits)``; ``share`` of the threshold of decay."""

    stored: str
    odd: int  # m 2^b
    exponent: int
    half: int  # of the dimension
    share: float
    seed: int
    stochastic: bool = False
    unevenness: int = 0  # the first coordinates are 2^-unevenness as large

    @property
    def bits(self) -> int:
        """Significant bits."""
        return FORMATS[self.stored][0]

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.stored} {self.odd} 2^({self.exponent} - b) d={2 * self.half} share={self.share:.3g} seed={self.seed}"

    @property
    def gap(self) -> float:
        """Between neighbours."""
        return float(2.0 ** (self.exponent - self.bits))

    def row(self) -> tuple[Floats, Floats]:
        """The embedding and a candidate, (d,): a right angle between them, and all coordinates alike."""
        rng = np.random.default_rng([self.seed, 61])
        signs = rng.choice([-1.0, 1.0], 2 * self.half)
        other = signs * np.repeat([1.0, -1.0], self.half)
        scale = np.ones(2 * self.half)
        scale[[0, self.half]] = 2.0**-self.unevenness  # one of each sign: the right angle stays
        return self.odd * self.gap * signs * scale, other

    def known(self, energy: float, step_size: float) -> dict[Any, Any]:
        """What the formulas are told."""
        return {BITS: self.bits, M: self.odd * 2.0**-self.bits, DIM: 2 * self.half, G: energy, eta: step_size, A: 1.0, MOVED: 1.0, P: DECAY}

    def energy(self) -> float:
        """``|u|^2 |g|^2`` of the loss here."""
        return float(self._descend(STANDING).energies[0, 0])

    def _descend(self, step_size: float) -> Any:
        u, v = self.row()
        return descend("cosine_regression", u[None], v[None, None], 1.0, step_size, steps=1, seed=self.seed, path=True,
                       optimizer=Optimizer(stored=self.stored, stochastic=self.stochastic))  # fmt: skip

    def moves(self, step_size: float) -> tuple[Floats, Floats, Floats]:
        """By how much each coordinate moves, by how much it ought to, and squared norms before and after."""
        run = self._descend(step_size)
        return np.abs(run.path[0, 1] - run.path[0, 0]), step_size * np.abs(run.gradients[0, 0]), run.squared_norms[0]


def draw(rng: np.random.Generator, effort: str) -> Sequence[Even]:
    """Both formats; mantissas away from powers of 2 by four gaps and more."""
    return [
        Even(stored, int(rng.integers(2 ** (bits - 1) + 4, 2**bits - 4)), int(rng.integers(-3, 4)), int(rng.integers(4, 40)),
             float(rng.uniform(0.3, 0.999)), int(rng.integers(2**31)))
        for stored in STORED for bits in [FORMATS[stored][0]] for _ in range(3 if effort == "quick" else 12)
    ]  # fmt: skip


def decays(formulas: Formulas, k: Even) -> float:
    """How many coordinates of a run with decay are elsewhere than without, on noise that moves them."""
    size = 8 * 2.0**-k.bits  # rotation of a step; the first only stores the row
    product = k.share * float(value(formulas["never"], {BITS: k.bits}))
    paths = [
        drive(1.0, np.ones((2, STEPS)), size, decay, dimension=2 * k.half, seed=k.seed, path=True,
              optimizer=Optimizer(stored=k.stored, stochastic=k.stochastic, schedule=[0.0] + [1.0] * (STEPS - 1))).path
        for decay in (0.0, product / size)
    ]  # fmt: skip
    return float(np.count_nonzero(paths[0][:, 1:] != paths[1][:, 1:]))


def _at(formulas: Formulas, k: Even, ratio: float) -> float:
    """The step size at which the row's squared norm is so many times the claimed plateau."""
    square = float(np.sum(k.row()[0] ** 2)) if not k.unevenness else float(2 * k.half * (k.odd * k.gap) ** 2)
    return square / ratio / float(value(formulas["plateau"], k.known(k.energy(), 1.0)))


def stands(formulas: Formulas, k: Even) -> float:
    """Coordinates that move just above the plateau."""
    return float(np.count_nonzero(k.moves(_at(formulas, k, 1 + NEAR))[0]))


def _acts(formulas: Formulas, k: Even) -> float:
    """Coordinates that stand just below the plateau."""
    return float(np.count_nonzero(k.moves(_at(formulas, k, 1 - NEAR))[0] == 0))


def _ratio(formulas: Formulas, k: Even, name: str, gaps: float) -> Any:
    """Of what coordinates move by, for a step of so many gaps, over what they ought to; relative to the claim."""
    wanted = k.moves(STANDING)[1] / STANDING
    moved, exact, _ = k.moves(gaps * k.gap / float(wanted[0]))
    return largest(relative(moved / exact, float(formulas[name])))


def _norm(formulas: Formulas, k: Even) -> tuple[Any, float]:
    """Squared norm after a step of nearly three gaps, relative to what it gains; and the rounding of both squared norms."""
    wanted = float(k.moves(STANDING)[1][0]) / STANDING
    moved, _, squares = k.moves(2.8 * k.gap / wanted)
    claim = float(value(formulas["next_squared_norm"], {**k.known(1.0, 1.0), A: squares[0], MOVED: float(np.mean(moved))}))
    return over(equal(squares[1], claim), 9 * k.gap**2), float(gamma(8 * k.half + 20)) * squares[1] / (9 * k.gap**2)


def _excess(formulas: Formulas, k: Even) -> tuple[Any, float]:
    """The plateau's fourth power over that at which a run in exact arithmetic settles, relative to the claim.

    It starts at the norm that a step of its energy keeps at a tenth of the decay: ten times the fourth power that it keeps
    here, and e^-40 of that is left at the end. A step rounds the squared norm as `rounding.step` counts, on terms of
    ``(|u| + eta |g|)^2`` with ``(eta |g|/|u|)^2 <= 2 eta lambda``, and leaves ``(1 - eta lambda)^4`` of what was rounded in the
    fourth power before, or less: together ``2/(4 eta lambda (1 - 3 eta lambda/2))`` of it.
    """
    energy, rate, dimension = k.energy(), 0.1, 4
    rounded = float(gamma(8 * dimension + 60)) * (1 + np.sqrt(2 * DECAY)) ** 2 / (2 * DECAY * (1 - 1.5 * DECAY))
    start = (rate**2 * energy / (2 * DECAY / 10)) ** 0.25
    run = drive(start, np.full((1, int(10 / DECAY)), energy), rate, DECAY / rate, dimension=dimension, seed=k.seed)
    known = k.known(energy, rate)
    ratio = float(value(formulas["plateau"], known)) ** 2 / run.squared_norms[0, -1] ** 2
    return relative(ratio, float(value(formulas["excess"], known))), 10 * np.exp(-40) + rounded


def check(formulas: Formulas, settings: Sequence[Even]) -> tuple[Measurement, ...]:
    """Decay; the plateau from above and below; moves; the norm; the plateau over the equilibrium."""
    labels = [k.label for k in settings]

    def counted(what: str, count: Any) -> Measurement:
        return measurement(what, listed([equal(count(formulas, k), 0.0) for k in settings]), 0.0, labels)

    def within(what: str, pairs: list[tuple[Any, float]]) -> Measurement:
        return measurement(what, listed([d for d, _ in pairs]), np.array([b for _, b in pairs]), labels)

    return (
        counted("coordinates that decay moves", decays),
        counted("coordinates that move above the plateau", stands),
        counted("coordinates that stand below the plateau", _acts),
        within("most that a step is rounded up", [(_ratio(formulas, k, "most_moved", 0.5 + NEAR), 4 * NEAR) for k in settings]),
        within("most that a step is rounded down", [(_ratio(formulas, k, "least_moved", 1.5 - NEAR), 4 * NEAR) for k in settings]),
        within("squared norm after a step", [_norm(formulas, k) for k in settings]),
        within("plateau over equilibrium", [_excess(formulas, k) for k in settings]),
    )


def _ordinary(seed: int) -> Even:
    return Even("bfloat16", 181, 0, 16, 0.9, seed)


def _counted(words: str, count: Any, **changed: Any) -> Any:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        both = (_ordinary(seed), replace(_ordinary(seed), **changed))
        return NumericWitness(words, *(single("coordinates", equal(count(formulas, k), 0.0), 0.0, k.label) for k in both))

    return drop


EVIDENCE = Evidence(draw, check, {
    "nearest": _counted("stochastic rounding", decays, stochastic=True),
    "even": _counted("two coordinates an eighth as large", stands, unevenness=3),
    "decay-in-range": _counted("three times the threshold", decays, share=3.0),
})  # fmt: skip
