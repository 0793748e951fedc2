"""The map of the imprint: made of the ledger's formulas, with the exponents of the table C5, and honest about its edges."""

from __future__ import annotations

import pytest
import sympy as sp

from theory.catalogue import catalogue
from theory.imprint_map import DECAYS, ELSEWHERE, EVERYTHING, EXPONENTS, FORGET, NOTHING, SIGNS, P, losses, regimes
from theory.notation import G

QUARTER, HALF = sp.Rational(1, 4), sp.Rational(1, 2)
TABLE = {  # optimiser, decay: exponents in frequency of rare rows and of frequent ones, and in energy (THEORY C5)
    ("sgd", "none"): (QUARTER, QUARTER, QUARTER),
    ("sgd", "dense"): (QUARTER, QUARTER, QUARTER),
    ("sgd", "lazy"): (0, 0, QUARTER),
    ("normalized_sgd", "none"): (HALF, HALF, 0),
    ("sparse_adam", "none"): (HALF, HALF, 0),
    ("adam", "none"): (HALF, 0, 0),
    ("adamw", "dense"): (HALF, 0, 0),
    ("riemannian_sgd", "none"): (0, 0, 0),
}
every_regime = pytest.mark.parametrize("regime", regimes(), ids=lambda r: f"{r.optimizer}-{r.decay}")


@pytest.mark.parametrize("key", TABLE, ids="-".join)
def test_the_exponents_are_those_of_the_table(key: tuple[str, str]) -> None:
    (regime,) = (r for r in regimes() if (r.optimizer, r.decay) == key)
    assert (*regime.frequency, regime.energy) == TABLE[key]


@every_regime
def test_an_entry_rests_on_claims_of_the_ledger(regime) -> None:
    assert regime.decay in DECAYS
    assert all(catalogue()[label].label == label for label in regime.rests_on)
    assert {"C3", "C4"} <= set(regime.rests_on) or regime.energy == 0
    assert regime.conditions
    assert (regime.relaxation is None) == (regime.decay == "none")


@every_regime
def test_an_exponent_is_the_slope_of_the_norm(regime) -> None:
    """By a finite difference of logarithms, without the map's own derivative; what is not forgotten of the start is 0."""
    free = sorted(regime.formula.free_symbols, key=str)
    values = {s: sp.Rational(3, 10) for s in free} | {s: 0 for s in free if s.name.endswith("_0") and len(free) > 1}
    for variable, found in ((P, regime.exponent_in_frequency), (G, regime.energy)):
        visits = {s for s in free if s.name == "n"}

        def norm(at: sp.Expr, variable: sp.Symbol = variable, visits: set[sp.Symbol] = visits) -> sp.Expr:
            scale = at / values.get(variable, sp.Rational(3, 10))
            grown = {s: values[s] * scale for s in visits} if variable is P else {}
            return regime.formula.subs({**values, **grown, variable: at}) ** sp.Rational(1, regime.power)

        a, b = sp.Rational(3, 10), sp.Rational(30003, 100000)
        slope = (sp.log(norm(b)) - sp.log(norm(a))).evalf(30) / (sp.log(b) - sp.log(a)).evalf(30)
        assert abs(slope - found.subs({**values, P: a, FORGET: sp.Rational(3, 10)})) < 1e-3


@every_regime
def test_only_what_feels_energy_feels_specificity_and_uncertainty(regime) -> None:
    assert (regime.specificity, regime.uncertainty) == ((-1, 1) if regime.energy else (0, 0))


def test_losses_that_see_a_length_are_marked() -> None:
    known = losses()
    assert {name for name, said in known.items() if said == NOTHING} == {"dot_product_infonce", "sgns"}
    assert {name for name, said in known.items() if said == EVERYTHING} == {"infonce", "cosine_regression"}
    assert sum(said == EXPONENTS for said in known.values()) == 12


def test_what_is_elsewhere_in_the_ledger_is_not_in_the_map() -> None:
    assert not ELSEWHERE.keys() & {r.optimizer for r in regimes()}
    assert all(catalogue()[label] for labels in ELSEWHERE.values() for label in labels)


def test_signs_come_with_their_conditions_and_with_what_leaves_them_open() -> None:
    for regime in regimes():
        assert (SIGNS in regime.all_conditions) == ("C11" in regime.rests_on) == (regime.specificity != 0)
