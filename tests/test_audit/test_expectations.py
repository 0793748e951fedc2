"""What is predicted is what the ledger's map and signs say, for every regime, loss and decay; what was not said stays open."""

from __future__ import annotations

import itertools

import pytest

from derivations.audit.expectations import Expectation, Training, expectations, known_choices, outside
from theory.imprint_map import DECAYS, regimes
from theory.imprint_signs import NOTHING, losses, signs

OPTIMIZERS = known_choices()["optimizer"]
PAIRS = list(itertools.product(OPTIMIZERS, DECAYS))


def by_role(training: Training) -> dict[str, Expectation]:
    return {e.role: e for e in expectations(training)}


def agreed(values: set[int | None]) -> int | None:
    return values.pop() if len(values) == 1 else None


@pytest.mark.parametrize(("optimizer", "decay"), PAIRS, ids=lambda x: x)
def test_every_prediction_is_the_ledgers(optimizer: str, decay: str) -> None:
    entries = [r for r in regimes() if (r.optimizer, r.decay) == (optimizer, decay)]
    for loss, kind in losses().items():
        training = Training("lookup", optimizer, decay, loss)
        found = by_role(training)
        if kind == NOTHING or not entries:
            assert [e.sign for e in found.values()] == [None] * 4
            assert all(e.exponents is None for e in found.values())
            assert outside(training)
            continue
        ends = [float(e) for r in entries for e in r.frequency]
        assert found["frequency"].exponents == (min(ends), max(ends))
        assert found["frequency"].sign == (1 if max(ends) > 0 else 0)  # no regime of the map has a negative one
        assert found["specificity"].sign == agreed({signs(r, loss).specificity.value for r in entries})
        assert found["ambiguity"].sign == agreed({signs(r, loss).uncertainty.value for r in entries})
        assert outside(training) == ""


def test_every_sign_and_exponent_of_the_map_is_met_by_some_regime() -> None:
    """Else the comparison above would be one of nothing with nothing."""
    found = [by_role(Training("lookup", o, d, "infonce")) for o, d in PAIRS]
    assert {e["specificity"].sign for e in found} == {-1, 0, None}
    assert {e["ambiguity"].sign for e in found} == {1, 0, None}
    assert {e["frequency"].exponents for e in found} >= {(0.25, 0.25), (0.5, 0.5), (0.0, 0.0), (0.0, 0.5), None}


def test_a_single_exponent_names_those_of_other_regimes() -> None:
    assert by_role(Training("lookup", "sgd", "none", "infonce"))["frequency"].rivals == (0.0, 0.5)
    assert by_role(Training("lookup", "adam", "none", "infonce"))["frequency"].rivals == ()


def test_what_was_not_said_is_left_open() -> None:
    nothing = by_role(Training())
    assert all(e.sign is None and e.exponents is None for e in nothing.values())
    assert "--encoder" in nothing["frequency"].why
    assert outside(Training()) == ""  # not known is not outside
    no_rule = by_role(Training("lookup", loss="infonce"))
    assert no_rule["frequency"].sign is None
    assert no_rule["frequency"].exponents == (0.0, 0.5)
    assert no_rule["specificity"].sign is None
    assert "--optimizer" in no_rule["specificity"].why
    no_loss = by_role(Training("lookup", "sgd", "none"))
    assert no_loss["specificity"].sign is no_loss["ambiguity"].sign is None
    assert "--loss" in no_loss["specificity"].why
    assert any("--loss" in words for words in no_loss["frequency"].conditions)
    assert by_role(Training("lookup", decay="lazy", loss="infonce"))["frequency"].exponents == (0.0, 0.0)


def test_where_the_energy_is_not_felt_no_loss_makes_a_difference() -> None:
    found = by_role(Training("lookup", "normalized_sgd", "none"))
    assert (found["specificity"].sign, found["ambiguity"].sign) == (0, 0)


def test_a_shared_encoder_is_outside_and_mean_pooling_speaks_of_length_alone() -> None:
    found = by_role(Training("shared", "adamw", "dense", "infonce", "mean"))
    assert [found[role].sign for role in ("frequency", "specificity", "ambiguity", "length")] == [None, None, None, -1]
    assert "first order" in outside(Training("shared"))
    assert by_role(Training("shared"))["length"].sign is None
