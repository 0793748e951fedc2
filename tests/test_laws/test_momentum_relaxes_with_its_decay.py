"""B8f: proved, measured in any setting, and every broken variant caught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from derivations.evidence.dynamics.momentum_relaxes_with_its_decay import Pair, shadow
from tests import law_checks
from tests.strategies_momentum import pairs
from theory.broken.dynamics.momentum_relaxes_with_its_decay import BROKEN
from theory.catalogue import catalogue

CLAIM = catalogue()["momentum-relaxes-with-its-decay"]
HYPOTHESES = ("scale-invariant", "update-rule", "white", "energy-without-norm", "small-decay")
STILL_TRUE: dict[tuple[str, str], tuple[int, str]] = {}


def test_the_law_is_proved_and_every_hypothesis_is_needed_in_the_proof() -> None:
    law_checks.assert_proved(CLAIM)


def test_every_hypothesis_is_needed_in_simulation() -> None:
    law_checks.assert_every_hypothesis_is_needed_in_simulation(CLAIM)


def test_the_law_holds_over_its_ranges() -> None:
    law_checks.assert_measured(CLAIM)


@settings(max_examples=8)
@given(pairs())
def test_the_law_never_fails_in_any_setting(pair: Pair) -> None:
    law_checks.assert_never_fails(CLAIM, [pair])


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_variant_is_neither_proved_nor_measured(broken: law_checks.Broken) -> None:
    law_checks.assert_caught(CLAIM, broken)


@pytest.mark.parametrize("kind", ["decoupled", "coupled"])
def test_the_shadow_of_heavy_ball_is_that_of_b8c(kind: str) -> None:
    """What the evidence finds as an eigenvector has the law's lag and step, and the decay that gives its factor."""
    law = catalogue()["decaying-heavy-ball-shadows-sgd"].formulas
    found, known = shadow(Pair("heavy_ball", kind, 0.6, 0.002, 1.0, 0)), {"beta": 0.6, "eta": 0.1, "lambda": 0.02}
    at = {s: known[s.name] for f in law.values() for s in f.free_symbols if s.name in known}
    (x,) = law["lag"].free_symbols - at.keys()
    for name, value in (("lag", found.lag), ("step", found.step)):
        np.testing.assert_allclose(float(law[name].subs({**at, x: found.kept})), value, rtol=1e-12)
    product = law["coupled_product"] if kind == "coupled" else 1 - x
    np.testing.assert_allclose(float(product.subs({**at, x: found.kept})), 0.002, rtol=1e-10)
