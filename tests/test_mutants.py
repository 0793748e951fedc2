"""Flip every sign, exponent and factor of every law file: the proof, or the evidence, must fall short.

What survives is counted, and must be listed as `STILL_TRUE` in the law's own test, by the function in which it
happened, with the reason why the law stays true.
"""

from __future__ import annotations

import importlib
import warnings
import zlib
from collections import Counter
from functools import cache

import numpy as np
import pytest

from derivations.evidence import evidence_for
from tests import law_checks
from tests.evidence_checks import CHECKS
from tests.mutation.mutants import Mutant, changes, mutants
from theory.catalogue import law_modules
from theory.claims import Claim, is_proved, witnesses

Excuses = dict[tuple[str, str], tuple[int, str]]  # (file, function or constant): how many survive, and why
STILL_TRUE: Excuses = {
    (name, place): excuse
    for name in (module.rsplit(".", 1)[-1] for module in law_modules())
    for place, excuse in getattr(importlib.import_module(f"tests.test_laws.test_{name}"), "STILL_TRUE", {}).items()
}
SHARED: Excuses = {
    ("comparison", "over_batches"): (1, "a fourth empty column, which nobody reads"),
    ("slopes", "STEP"): (1, "an even power of -2"),
    ("slopes", "scene"): (1, "a family with a member that no formula mentions"),
    ("slopes", "right_angle"): (2, "another stream of random numbers, or a third column, which nobody reads"),
}
SAMPLE = 2  # mutants of a law in the fast profiles; all of them, some thousands, under NORMLAW_PROFILE=thorough


def passes(mutant: Mutant) -> bool:
    """Whether ``verify`` would accept the mutant: everything proved, every witness biting, evidence holding."""
    try:
        claim: Claim = mutant.load().CLAIM
        if not is_proved(claim) or not all(w.bites for w in witnesses(claim)):
            return False
        evidence = evidence_for(claim)
        drawn = evidence.draw(np.random.default_rng(0), "quick")
        if law_checks.holds_alone(claim.id) and any(m.verdict == "fails" for m in evidence.check(claim.formulas, drawn[:1])):
            return False  # quick to see
        measured = evidence.check(claim.formulas, drawn)
        return all(m.verdict == "holds" for m in measured) and all(w(claim.formulas, 0).bites for w in evidence.witnesses.values())
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return False  # a law file that does not even load is not accepted either


@cache
def everything() -> tuple[tuple[str, str, str], ...]:
    """Module, place and change of every mutant of every law."""
    return tuple((module, place, change) for module in law_modules() for place, change in changes(module))


def survivors(module: str, most: int | None = None) -> Counter[tuple[str, str]]:
    """How many mutants passed, by file and function; of ``most`` that are spread over the file, or of all."""
    name, found = module.rsplit(".", 1)[-1], list(mutants(module))
    start = zlib.crc32(name.encode()) % max(1, len(found) // (most or len(found)))  # not always the first ones
    chosen = found if most is None else found[start :: max(1, len(found) // most)][:most]
    return Counter((name, mutant.place) for mutant in chosen if passes(mutant))


@pytest.mark.parametrize("module", law_modules())
def test_a_sample_of_flipped_laws_is_caught(module: str) -> None:
    assert {place: n for place, n in survivors(module, SAMPLE).items() if n > STILL_TRUE.get(place, (0, ""))[0]} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("module", law_modules())
def test_every_flipped_law_is_caught_but_for_those_that_stay_true(module: str) -> None:
    assert survivors(module) == {place: n for place, (n, _) in STILL_TRUE.items() if place[0] == module.rsplit(".", 1)[-1]}


def test_every_excuse_is_about_a_function_that_is_there_and_gives_a_reason() -> None:
    places = Counter((module.rsplit(".", 1)[-1], place) for module, place, _ in everything())
    assert {place: n for place, (n, _) in STILL_TRUE.items() if not 0 < n <= places[place]} == {}
    assert all(reason.strip() for _, reason in STILL_TRUE.values())
    assert sum(n for n, _ in STILL_TRUE.values()) < len(everything()) / 50


@pytest.mark.parametrize("name", CHECKS)
def test_every_flipped_module_of_shared_evidence_is_caught(name: str) -> None:
    found = Counter[tuple[str, str]]()
    for mutant in mutants(f"derivations.evidence.{name}"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                CHECKS[name](mutant.load())
        except Exception:
            continue
        found[name, mutant.place] += 1
    assert found == {place: n for place, (n, _) in SHARED.items() if place[0] == name}


def test_there_are_mutants_of_every_law_and_of_every_kind() -> None:
    assert len(everything()) > 500
    assert {module for module, _, _ in everything()} == set(law_modules())
    assert {"minus dropped", "Add -> Sub", "Mult -> Div", "2 -> 3"} <= {change for _, _, change in everything()}


def test_an_unchanged_law_passes() -> None:
    assert passes(Mutant("theory.laws.dynamics.sgd_step_is_pythagorean", 0, "", "nothing", at=None))
