"""Flip every sign, exponent and factor of every law file: the proof, or the evidence, must fall short.

What survives must be one of two things: a setting inside a witness (another violation of the same hypothesis is
as good), or a change listed below that leaves the law true.
"""

from __future__ import annotations

import numpy as np
import pytest

from derivations.evidence import evidence_for
from tests import law_checks
from tests.mutation.mutants import Mutant, mutants
from theory.catalogue import law_modules
from theory.claims import Claim, prove
from theory.kernel import Status

STILL_TRUE = {
    ("hessian_scales_inversely_squared", "_ray_part"): "there is no curvature along the ray, whatever it is divided by",
    ("loss_of_cosines_has_tangential_gradient", "kinked_gradient"): "the projection subtracts nothing at a right angle",
    ("decay_equilibrium", "_RANGES"): "a wider range of decay in which the fixed point exists too",
    ("equilibrium_rotation_is_blind", "IN_PRODUCT"): "another name for the variable that tends to 0",
}
WITNESSES = {
    "_decay", "_energy_changes", "_energy_doubles", "_finite_steps", "_inner_products", "_large_steps", "_negative_drive",
    "_negative_scale", "_off_equilibrium", "_one_derivative_only", "_temperature_moves", "_zero_embedding", "_zero_target",
}  # fmt: skip
SAMPLE = 9  # in the fast profiles every ninth mutant; all of them under NORMLAW_PROFILE=thorough


def passes(mutant: Mutant) -> bool:
    """Whether ``verify`` would accept the mutant: everything proved, every witness biting, evidence holding."""
    try:
        claim: Claim = mutant.load().CLAIM
        proof = prove(claim)
        if proof.status is not Status.PROVED or not all(w.bites for w in proof.witnesses) or law_checks.blunt_witnesses(claim):
            return False
        evidence = evidence_for(claim)
        drawn = evidence.draw(np.random.default_rng(0), "quick")
        measured = evidence.check(claim.formulas, drawn)
        return all(m.verdict == "holds" for m in measured) and all(w(claim.formulas, 0).bites for w in evidence.witnesses.values())
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return False  # a law file that does not even load is not accepted either


def survivors(module: str, every: int) -> list[str]:
    name = module.rsplit(".", 1)[-1]
    found = []
    for mutant in list(mutants(module))[::every]:
        excused = mutant.place in WITNESSES or (name, mutant.place) in STILL_TRUE
        if not excused and passes(mutant):
            found.append(str(mutant))
    return found


@pytest.mark.parametrize("module", law_modules())
def test_a_sample_of_flipped_laws_is_caught(module: str) -> None:
    assert survivors(module, SAMPLE) == []


@pytest.mark.thorough
@pytest.mark.parametrize("module", law_modules())
def test_every_flipped_law_is_caught(module: str) -> None:
    assert survivors(module, 1) == []


def test_there_are_mutants_of_every_law_and_of_every_kind() -> None:
    everything = [m for module in law_modules() for m in mutants(module)]
    assert len(everything) > 500
    assert {m.module for m in everything} == set(law_modules())
    assert {"minus dropped", "Add -> Sub", "Mult -> Div", "2 -> 3"} <= {m.change for m in everything}


def test_an_unchanged_law_passes() -> None:
    first = next(iter(mutants("theory.laws.dynamics.sgd_step_is_pythagorean")))
    import ast
    import importlib.util

    spec = importlib.util.find_spec(first.module)
    assert spec is not None
    assert spec.origin is not None
    with open(spec.origin, encoding="utf-8") as file:
        unchanged = Mutant(first.module, 0, "", "nothing", ast.parse(file.read()))
    assert passes(unchanged)
