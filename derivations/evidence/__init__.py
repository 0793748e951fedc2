"""Evidence: one file per law, under the law's own name. What is simulated, what is compared, and the bound.

A law's file holds one `EVIDENCE`. Its ``check`` takes the claim's *formulas*, so that a broken variant of a
law goes through exactly the check that the law passes. Bounds come from the arithmetic or from the theory's
own order of convergence; nothing here is tuned.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.evidence.quantities import quantity_of
from theory.claims import Claim, Formulas

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measurement:
    """One comparison over many settings: ``|observed - predicted|`` (or a one-sided excess) against a bound.

    ``deviations`` and ``bounds`` have shape (settings,); ``applicable`` says which settings meet the law's
    hypotheses; ``labels`` describes each setting so that it can be repeated. ``sizes`` (settings,) are those of the values that
    are compared, in the unit of the bounds, where the evidence knows them.

    ``observed`` and ``predicted`` (settings,) are for drawing and judge nothing. They are None where there is no such pair, as for
    vectors, orders and intervals. A deviation of 1 is ``unit`` (settings,) in theirs, and ``side`` says whether what is observed ought
    to be ``equal`` to what is predicted, ``at least`` or ``at most`` that.
    """

    what: str
    deviations: Floats
    bounds: Floats
    applicable: NDArray[np.bool_]
    labels: tuple[str, ...]
    sizes: Floats | None = None
    observed: Floats | None = None
    predicted: Floats | None = None
    unit: Floats | None = None
    side: str = "equal"

    @property
    def quantity(self) -> str:
        """LaTeX of what is compared, as far as its words say it; empty if they do not."""
        return quantity_of(self.what, self.predicted)

    @property
    def settings(self) -> int:
        """How many settings met the hypotheses."""
        return int(np.count_nonzero(self.applicable))

    @property
    def verdict(self) -> str:
        """``holds``, ``fails`` or ``vacuous``; a NaN fails."""
        if not self.settings:
            return "vacuous"
        inside = self.deviations <= self.bounds
        return "holds" if bool(np.all(inside[self.applicable])) else "fails"

    @property
    def worst(self) -> int:
        """Index of the setting that comes closest to its bound, or exceeds it most. NaN counts as worst."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(self.deviations == 0, 0.0, self.deviations / self.bounds)
        ratio = np.where(np.isnan(ratio), np.inf, ratio)
        return int(np.argmax(np.where(self.applicable, ratio, -1.0)))


@dataclass(frozen=True)
class NumericWitness:
    """One hypothesis dropped in simulation: ``kept`` must hold, ``dropped`` must fail, everything else equal."""

    words: str
    kept: Measurement
    dropped: Measurement

    @property
    def bites(self) -> bool:
        """The statement holds with the hypothesis and fails without it."""
        return self.kept.verdict == "holds" and self.dropped.verdict == "fails"


@dataclass(frozen=True)
class Evidence:
    """How a law is measured.

    ``draw(rng, effort)`` yields settings over the ranges the law names, ``check(formulas, settings)`` measures
    them, ``witnesses`` maps a hypothesis id to the simulation in which only that one is dropped.
    """

    draw: Callable[[np.random.Generator, str], Sequence[Any]]
    check: Callable[[Formulas, Sequence[Any]], tuple[Measurement, ...]]
    witnesses: Mapping[str, Callable[[Formulas, int], NumericWitness]]


def evidence_for(claim: Claim) -> Evidence:
    """The evidence of a claim, from the module of the same name; raises `ModuleNotFoundError` without one."""
    name = claim.id.replace("-", "_")
    return importlib.import_module(f"derivations.evidence.{claim.chapter}.{name}").EVIDENCE


def measure(claim: Claim, seed: int, effort: str = "quick") -> tuple[Measurement, ...]:
    """Draw settings for a claim from a seed and measure them. ``effort`` is ``quick`` or ``full``."""
    evidence = evidence_for(claim)
    rng = np.random.default_rng([seed, *claim.id.encode()])
    return evidence.check(claim.formulas, evidence.draw(rng, effort))
