"""What every law is put through: proof, witnesses, measurement over drawn settings, and broken variants.

What is done of a law as it stands, always in the same way, is done once in a process: `tests.conftest` puts the tests of one law, in
whatever file, beside each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np

from derivations.evidence import Evidence, Measurement, NumericWitness, evidence_for, measure
from derivations.latex.companion import broken as companion
from derivations.latex.companion.broken import Caught
from theory.catalogue import catalogue
from theory.claims import Claim, Formulas, Proof, Step, first_shortfall, prove
from theory.kernel import Status, Verdict

SEED = 20260
Broken = Mapping[str, Any]  # formula name -> what replaces it


@cache
def proof(name: str) -> Proof:
    """What the kernel says of a claim, asked once."""
    return prove(catalogue()[name])


Shortfall = tuple[Step, Verdict] | None
_SHORTFALLS: dict[str, list[tuple[Claim, Shortfall]]] = {}  # id -> every variant that was asked for


def shortfall(variant: Claim) -> Shortfall:
    """`first_shortfall`, asked once of one variant."""
    asked = _SHORTFALLS.setdefault(variant.id, [])
    for known, found in asked:
        if known == variant:
            return found
    asked.append((variant, first_shortfall(variant)))
    return asked[-1][1]


@cache
def caught(name: str) -> tuple[Caught, ...]:
    """What the kernel says of every broken variant of a claim, asked once, here or in the tests of the law."""
    with patch.object(companion, "first_shortfall", shortfall):
        return companion.caught(catalogue()[name])


@cache
def measured(name: str) -> tuple[Measurement, ...]:
    """Over the ranges that the law names, drawn from `SEED`, once."""
    return measure(catalogue()[name], SEED)


@cache
def witness(name: str, hypothesis: str, seed: int) -> NumericWitness:
    """The simulation in which only this hypothesis is dropped, once."""
    claim = catalogue()[name]
    return evidence_for(claim).witnesses[hypothesis](claim.formulas, seed)


def assert_proved(claim: Claim) -> None:
    """Every step is proved, and without any one hypothesis the statement is refuted."""
    found = proof(claim.id)
    assert found.status is Status.PROVED, [str(v) for _, v in found.steps if not v.proved]
    assert [w.hypothesis for w in found.witnesses] == [h.id for h in claim.hypotheses]
    assert [w.hypothesis for w in found.witnesses if not w.bites] == []


def assert_every_hypothesis_is_needed_in_simulation(claim: Claim) -> None:
    """For every hypothesis the simulation holds with it and fails without it, for two seeds."""
    witnesses = evidence_for(claim).witnesses
    assert set(witnesses) == {h.id for h in claim.hypotheses}
    for seed in (SEED, SEED + 1):
        for hypothesis in witnesses:
            found = witness(claim.id, hypothesis, seed)
            assert found.bites, f"{hypothesis}: kept {found.kept.verdict}, dropped {found.dropped.verdict}, seed {seed}"
            worst = [(m.deviations[m.worst], m.bounds[m.worst]) for m in (found.kept, found.dropped)]
            assert np.all(np.isfinite(worst)), f"{hypothesis}: {worst} cannot be kept"


def assert_measured(claim: Claim) -> None:
    """Over the ranges that the law names every comparison holds, and none is vacuous."""
    assert {m.what: m.verdict for m in measured(claim.id) if m.verdict != "holds"} == {}


def assert_never_fails(claim: Claim, settings: Sequence[Any]) -> None:
    """The law in settings drawn by Hypothesis: a single one may be outside of what a comparison can resolve."""
    for m in evidence_for(claim).check(claim.formulas, settings):
        at = m.worst if m.labels else 0
        assert m.verdict != "fails", f"{m.what}: {m.deviations[at]:.3g} above {m.bounds[at]:.3g} for {m.labels[at]}"


def assert_control_sees(claim: Claim, hypothesis: str, broken: Broken) -> None:
    """The simulation with the hypothesis is no trivial control: it fails for a broken formula."""
    drop = evidence_for(claim).witnesses[hypothesis]
    with np.errstate(all="ignore"):
        assert drop(claim.replaced(**broken).formulas, SEED).kept.verdict == "fails"


def assert_caught(claim: Claim, broken: Broken, most: int | None = None) -> None:
    """The kernel does not prove a broken variant and the law's own measurement rejects it.

    ``most`` limits the settings, for laws whose measurement is slow.
    """
    variant, evidence = claim.replaced(**broken), evidence_for(claim)
    assert shortfall(variant) is not None
    drawn = evidence.draw(np.random.default_rng(SEED), "quick")[:most]
    assert_measurement_fails(evidence, variant.formulas, drawn, alone=holds_alone(claim.id))


@cache
def holds_alone(name: str) -> bool:
    """Whether the law as it stands can be measured in the first setting alone, and does not fail there. Some need settings of each kind."""
    claim = catalogue()[name]
    evidence = evidence_for(claim)
    try:
        found = evidence.check(claim.formulas, evidence.draw(np.random.default_rng(SEED), "quick")[:1])
    except (IndexError, ValueError):  # nothing of some kind to compare
        return False
    return all(m.verdict != "fails" for m in found)


def assert_measurement_fails(evidence: Evidence, formulas: Formulas, drawn: Sequence[Any], alone: bool) -> None:
    """Some comparison fails: in the first setting ``alone``, which is quick to see, if the law passes there, or over all of them."""
    with np.errstate(all="ignore"):  # a broken formula may well divide by zero
        if alone and any(m.verdict == "fails" for m in evidence.check(formulas, drawn[:1])):
            return
        verdicts = {m.what: m.verdict for m in evidence.check(formulas, drawn)}
    assert "fails" in verdicts.values(), verdicts
