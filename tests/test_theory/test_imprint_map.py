"""The map of the imprint: made of the ledger's formulas, with the exponents of the table C5, and honest about its edges."""

from __future__ import annotations

import pytest
import sympy as sp

from theory.catalogue import catalogue
from theory.imprint_elsewhere import INVARIANT_ONLY, POINTERS, SHARED, known, names, see
from theory.imprint_map import BETA, DECAYS, FORGET, N, P, Regime, regimes
from theory.imprint_signs import COMPUTED, EXPONENTS, LINEAR, NOTHING, SOFTMAX, conditions, losses, rests_on, signs
from theory.notation import G, eta, k, lam

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
    ("nesterov", "none"): (QUARTER, QUARTER, QUARTER),
    ("nesterov", "dense"): (QUARTER, QUARTER, QUARTER),
    ("nesterov", "lazy"): (0, 0, QUARTER),
    ("adamw", "lazy"): (0, 0, 0),
    ("rmsprop", "none"): (HALF, 0, 0),
    ("rmsprop", "dense"): (HALF, 0, 0),
    ("rmsprop", "lazy"): (0, 0, 0),
    ("lion", "lazy"): (0, 0, 0),
}
every_regime = pytest.mark.parametrize("regime", regimes(), ids=lambda r: f"{r.optimizer}-{r.decay}{r.rows}")


def only(optimizer: str, decay: str, rows: str = "") -> Regime:
    (found,) = (r for r in regimes() if (r.optimizer, r.decay, r.rows) == (optimizer, decay, rows))
    return found


@pytest.mark.parametrize("key", TABLE, ids="-".join)
def test_the_exponents_are_those_of_the_table(key: tuple[str, str]) -> None:
    regime = only(*key)
    assert (*regime.frequency, regime.energy) == TABLE[key]


@pytest.mark.parametrize(("entry", "label", "formula"), [
    (("heavy_ball", "dense"), "B8d", "decoupled_limit"),
    (("nesterov", "dense"), "B8e", "decoupled_limit"),
    (("clipped_sgd", "dense", "hot"), "B10b", "hot_equilibrium"),
    (("rmsprop", "lazy"), "B12i", "equilibrium"),
    (("rmsprop", "lazy"), "C5b", "lazy_equilibrium"),
    (("sign_sgd", "lazy"), "B12h", "equilibrium"),
], ids=lambda x: "-".join(x) if isinstance(x, tuple) else x)  # fmt: skip
def test_at_frequency_one_an_entry_is_the_equilibrium_of_the_optimiser_s_own_claim(entry, label, formula) -> None:
    """A check of what was put together: where every step visits the row, another claim has the norm as well."""
    own = catalogue()[label].formulas[formula]
    assert sp.cancel(only(*entry).formula.subs(P, 1) / own) == 1


@pytest.mark.parametrize("entry", [("adamw", "dense"), ("adamw", "lazy"), ("sparse_adam", "lazy")], ids="-".join)
def test_at_frequency_one_an_entry_of_adam_is_b12c_s_equilibrium_without_momentum(entry: tuple[str, str]) -> None:
    own = catalogue()["B12c"].formulas["equilibrium"]
    kept = {symbol: {"beta": sp.S.Zero, "p": eta * lam}[symbol.name] for symbol in own.free_symbols if symbol.name in ("beta", "p")}
    assert sp.cancel(only(*entry).formula.subs(P, 1) / own.subs(kept)) == 1


def test_cold_rows_are_b10b_s_for_small_decay() -> None:
    ratio = only("clipped_sgd", "dense", "cold").formula.subs(P, 1) / catalogue()["B10b"].formulas["cold_equilibrium"]
    assert sp.limit(ratio, lam, 0) == 1


@pytest.mark.parametrize("regime", [r for r in regimes() if r.decay != "none"], ids=lambda r: f"{r.optimizer}-{r.decay}{r.rows}")
def test_a_formula_of_leading_order_in_the_decay_says_so(regime: Regime) -> None:
    """Those of SGD lack the factor ``2 - eta lambda`` of the exact equilibrium (B6); momentum asks for more."""
    exact = regime.formula.has(2 - eta * lam)
    said = [words for words in regime.conditions if "to leading order in the decay" in words]
    assert len(said) == (0 if exact else 1)
    assert all(words.startswith(r"$\eta\lambda \ll 1-\beta$") == regime.formula.has(BETA) for words in said)


@pytest.mark.parametrize(("entry", "label", "formula"), [
    (("rmsprop", "none"), "B12i", "growth"), (("clipped_sgd", "none", "hot"), "B10b", "hot_growth"),
    (("adam", "none"), "B12b", "growth"), (("sparse_adam", "none"), "B12b", "growth"),
])  # fmt: skip
def test_at_frequency_one_a_step_adds_what_the_optimiser_s_own_claim_says(entry, label, formula) -> None:
    grown = only(*entry).formula.subs(N, P * k).subs(P, 1)
    assert sp.cancel(sp.diff(grown, k) / catalogue()[label].formulas[formula]) == 1


@every_regime
def test_an_entry_rests_on_claims_of_the_ledger(regime) -> None:
    assert regime.decay in DECAYS
    assert all(catalogue()[label].label == label for label in rests_on(regime))
    assert {"C3", "C4"} <= set(rests_on(regime)) or regime.energy == 0
    assert regime.conditions
    assert (regime.relaxation is None) == (regime.decay == "none")


OWN_FACTORS = {  # what the optimiser's own claim says a step that visits the row multiplies a small deviation by
    "sgd": ("B6", "multiplier"), "heavy_ball": ("B8f", "decoupled_rate"), "nesterov": ("B8f", "decoupled_rate"),
    "normalized_sgd": ("B10a", "decay_factor"), "clipped_sgd-hot": ("B10b", "hot_relaxation"),
    "clipped_sgd-cold": ("B10b", "cold_relaxation"), "adamw": ("B12c", "relaxation"), "sparse_adam": ("B12c", "relaxation"),
    "rmsprop": ("B12i", "relaxation"), "sign_sgd": ("B12h", "relaxation"), "lion": ("B12d", "relaxation"),
}  # fmt: skip


def own_factor(regime: Regime) -> sp.Expr:
    label, name = OWN_FACTORS["-".join(filter(None, (regime.optimizer, regime.rows)))]
    found = catalogue()[label].formulas[name]
    if label == "B8f":  # a rate in units of eta lambda: the factor is its exponential
        return sp.exp(-found * eta * lam)
    kept = {"rho": (1 - eta * lam) ** 2, "q": 1 - eta * lam, "p": eta * lam}  # of B6, B12d and B12c
    return found.subs({symbol: kept[symbol.name] for symbol in found.free_symbols if symbol.name in kept})


@pytest.mark.parametrize("regime", [r for r in regimes() if r.decay != "none"], ids=lambda r: f"{r.optimizer}-{r.decay}{r.rows}")
def test_in_a_relaxation_time_the_optimiser_s_own_factor_makes_one_over_e(regime: Regime) -> None:
    """For small decay, and counted in steps that let the row decay: all of them, or under lazy decay its visits."""
    decaying = regime.relaxation * (P if regime.decay == "lazy" else 1)
    assert own_factor(regime).free_symbols == {eta, lam}
    assert sp.limit(decaying * sp.log(own_factor(regime)), lam, 0) == -1


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
    said = signs(regime)
    assert (said.specificity.value, said.uncertainty.value) == ((-1, 1) if regime.energy else (0, 0))


SIGN_CLAIMS = {"C2", "C3", "C3a", "C4", "C11", "C11b"}


@pytest.mark.parametrize("loss", [name for name, said in losses().items() if said != NOTHING])
@every_regime
def test_claims_and_conditions_of_signs_come_with_signs_only(regime, loss: str) -> None:
    said = signs(regime, loss)
    values = (said.specificity.value, said.uncertainty.value)
    assert values == (0, 0) or regime.energy > 0, "what the norm does not feel has no effect, and needs no claim"
    told = any(values)  # neither 0 nor None
    assert bool(SIGN_CLAIMS & set(rests_on(regime, loss))) == (conditions(regime, loss) != regime.conditions) == told
    for sign in (said.specificity, said.uncertainty):
        assert bool(sign.claims) == bool(sign.conditions) == bool(sign.value)


def test_each_loss_has_the_claims_that_are_about_it() -> None:
    """C3 is about a linear loss; C3a, about InfoNCE, has no statement that its heat falls; C4 is about a softmax."""
    sgd = only("sgd", "dense")
    linear, softmax, neither = (signs(sgd, loss) for loss in ("cosine_regression", "infonce", "cosine_triplet"))
    assert (linear.specificity.value, linear.specificity.basis, linear.claims) == (-1, "", ("C2", "C3"))
    assert linear.uncertainty.value is None
    assert (softmax.specificity.value, softmax.specificity.basis) == (-1, COMPUTED)
    assert softmax.claims == ("C2", "C3a", "C4", "C11", "C11b")
    assert (neither.specificity.value, neither.uncertainty.value, neither.claims, neither.conditions) == (None, None, (), ())


def test_losses_that_see_a_length_are_marked() -> None:
    known = losses()
    assert {name for name, said in known.items() if said == NOTHING} == {"dot_product_infonce", "sgns"}
    assert {name for name, said in known.items() if said in (LINEAR, SOFTMAX)} == {"infonce", "cosine_regression"}
    assert sum(said == EXPONENTS for said in known.values()) == 12


def test_what_is_elsewhere_in_the_ledger_is_not_in_the_map() -> None:
    for name in names():
        for decay in (None, *DECAYS):
            listed = any(r.optimizer == name and decay in (None, r.decay) for r in regimes())
            assert listed or see(name, decay), (name, decay)
    assert not {key for key in POINTERS if isinstance(key, tuple)} & {(r.optimizer, r.decay) for r in regimes()}
    assert all(catalogue()[label] for labels in (*POINTERS.values(), SHARED, INVARIANT_ONLY) for label in labels)


def test_what_is_known_where_every_step_visits_a_row() -> None:
    (l2,) = known("adam_l2")
    (sgdp,) = known("sgdp")
    assert (l2.energy, sgdp.energy) == (sp.Rational(1, 6), QUARTER)
    assert [x.energy for x in known("wngrad")] == [None, 0]
    assert known("sgd") == ()
