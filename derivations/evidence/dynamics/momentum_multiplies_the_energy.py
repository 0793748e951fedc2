"""B8b measured: heavy ball on gradients of known persistence; means over independent runs against the law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from derivations.evidence.gathering import by_name
from derivations.evidence.momentum import Run, momenta
from derivations.evidence.replicates import mean_within
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import drive
from theory.claims import Formulas
from theory.laws.dynamics.heavy_ball_shadow_is_pythagorean import FORMULAS as SHADOW
from theory.laws.dynamics.momentum_multiplies_the_energy import COUNT, HEAT, P, Q
from theory.momentum import BETA, OVERLAP
from theory.notation import eta

STEP_SIZE = 1e-6  # so small that the embedding does not turn while the gradient persists
PERSISTENCE = (0.2, 0.9)
MOMENTUM = (0.3, 0.85)
DIMENSION, RUNS, STEPS = 128, 24, 96


@dataclass(frozen=True)
class Persistent:
    """Independent runs (replicates) of one momentum and one persistence, heat about 1."""

    beta: float
    persistence: float
    seed: int
    rule: str = "heavy_ball"
    decay: float = 0.0
    alignment: float = 0.0
    claimed: float | None = None  # the persistence that the law is told, if it is another
    growing: float = 0.0  # by what share the length of the gradient has grown at the end

    def run(self) -> Run:
        """The runs, their norm 1."""
        energies = np.broadcast_to((1 + self.growing * np.arange(STEPS) / STEPS) ** 2, (RUNS, STEPS))
        run = drive(1.0, energies, STEP_SIZE, self.decay / STEP_SIZE, dimension=DIMENSION, persistence=self.persistence,
                    alignment=self.alignment, path=True, optimizer=Optimizer(self.rule, momentum=self.beta), seed=self.seed)  # fmt: skip
        size = np.ones((RUNS, 1))
        return Run(run, momenta(run, self.beta), self.beta, STEP_SIZE * size, self.decay / STEP_SIZE * size, size, (self.label,) * RUNS)

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.rule} beta={self.beta:.4g} q={self.persistence:.4g} d={DIMENSION} runs={RUNS} seed={self.seed}"


def draw(rng: np.random.Generator, effort: str) -> Sequence[Persistent]:
    """White, persistent, and between."""
    between = 1 if effort == "quick" else 10
    kinds = [0.0, 1.0, *rng.uniform(*PERSISTENCE, between)]
    return [Persistent(float(rng.uniform(*MOMENTUM)), float(q), int(rng.integers(2**31))) for q in kinds]


def _bias(run: Run) -> float:
    """How far, relatively, a mean overlap may be from that of vectors whose mean is q times the last one.

    Directions of correlated normal vectors in d - 1 dimensions have mean cosine between (1 - 1/(2 (d - 1))) q and q:
    q times a power series in q^2 with positive coefficients that is 1 at q = 1, and begins with Gamma functions, of
    which Kershaw's inequality gives that bound. An embedding that has turned by an angle changes what is projected by
    at most twice its square, and heat by twice the relative change of the norm.
    """
    turned = float(np.max(run.run.rotations.sum(axis=1)))
    norms = run.run.squared_norms
    return 1 / (2 * (run.dimension - 1)) + 2 * turned**2 + 2 * float(norms.max() / norms.min() - 1)


def _noise(beta: float) -> float:
    """Rounding of what a squared length of about 1 grows by, over all steps.

    That of both squared lengths; of a step, which moves an embedding by roundings of itself; and what is left of ``<u, g>``
    (`rounding.radial`), twice, times the step of the shadow.
    """
    each = rounding.gamma(4) + STEP_SIZE / (1 - beta) * rounding.gamma(3 * DIMENSION + 30)
    return float(2 * rounding.gamma(2 * DIMENSION + 20) + 2 * STEPS * each)


def compare(formulas: Formulas, of: Persistent) -> dict[str, tuple[Any, float]]:
    """Deviation and bound of every mean, the heat being 1."""
    run = of.run()
    q = of.persistence if of.claimed is None else of.claimed
    known: dict[Any, Any] = {BETA: of.beta, Q: q, HEAT: 1.0, eta: STEP_SIZE}
    lag = value(SHADOW["lag"], {eta: run.step_size, BETA: of.beta})
    length, overlaps, bias = run.shadows(lag), run.overlaps(), _bias(run)
    unit, noise, norms = STEP_SIZE**2, _noise(of.beta), run.run.squared_norms
    grown = float(norms.max() / norms.min() - 1)  # by as much is |g|^2 off a heat of 1

    def against(samples: Floats, claimed: Floats | float, size: Floats | float, rounded: float = 0.0) -> tuple[Any, float]:
        """The worst of several means, by its bound."""
        mean, width = mean_within(samples)
        deviation, bound = np.atleast_1d(equal(mean, claimed)), np.atleast_1d(width + bias * np.abs(size) + rounded)
        worst = int(np.argmax(deviation / bound))
        return deviation[worst], float(bound[worst])

    counts = np.array([1, 2, 5, 20, STEPS])
    growth = value(formulas["growth"], {**known, COUNT: counts, P: (of.beta * q) ** counts}) / unit
    places = np.array([1, 2, 5, STEPS - 1])
    expected = value(formulas["overlap"], {**known, P: (of.beta * q) ** places})
    late = (length[:, -1] - length[:, STEPS // 2]) / (STEPS // 2) / unit
    left = (of.beta * q) ** (STEPS // 2) / (1 - of.beta * q) ** 2
    step = value(formulas["step_growth"], {**known, OVERLAP: overlaps}) / unit
    following = value(formulas["next_overlap"], {**known, OVERLAP: overlaps[:, :-1]})
    most = 1 / ((1 - of.beta) ** 2 * (1 - of.beta))  # of a step's growth
    found = {
        "growth of the shadow after 1 step and more": against((length[:, counts] - length[:, :1]) / unit, growth, growth, noise / unit),
        "overlap of gradient and momentum": against(overlaps[:, places], expected, 1 / (1 - of.beta)),
        "next overlap, given this one": against((overlaps[:, 1:] - following).mean(axis=1), 0.0, 1 / (1 - of.beta)),
        "growth of a step, given its overlap": against(
            (np.diff(length) / unit - step).mean(axis=1), 0.0, 0.0, noise / unit / STEPS + grown
        ),
    }
    limits = {"multiplier": True, "white": of.persistence == 0, "persistent": of.persistence == 1}
    for name, applies in limits.items():
        if applies:
            claimed = value(formulas[name], known)
            found[f"growth per step in the long run: {name}"] = against(late, claimed, most, noise / unit / STEPS + 2 * left * most)
    return found


def check(formulas: Formulas, groups: Sequence[Persistent]) -> tuple[Measurement, ...]:
    """Every mean of every group."""
    rows = [(g.label, name, *pair) for g in groups for name, pair in compare(formulas, g).items()]
    return by_name(rows)


def _witness(words: str, name: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        usual = Persistent(0.6, 0.5, seed)
        if "claimed" in changed:
            usual = replace(usual, persistence=0.0)
        measured = []
        for group in (usual, replace(usual, **changed)):
            deviation, bound = compare(formulas, group)[name]
            measured.append(measurement(name, listed([deviation]), bound, [group.label]))
        return NumericWitness(words, *measured)

    return drop


_GROWTH = "growth of the shadow after 1 step and more"
EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("gradients with a radial part of a tenth", _GROWTH, alignment=0.1),
    "no-weight-decay": _witness("decoupled decay of 1e-9 a step, beside growth of 1e-10", _GROWTH, decay=1e-9),
    "heavy-ball": _witness("Nesterov's steps", _GROWTH, rule="nesterov"),
    "constant-heat": _witness("gradients that become twice as long", _GROWTH, growing=1.0),
    "known-persistence": _witness("the law of white gradients, with persistence 0.5", _GROWTH, persistence=0.5, claimed=0.0),
})  # fmt: skip
