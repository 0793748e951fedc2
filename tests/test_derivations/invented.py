"""A small catalogue of invented claims, and a fixture that puts it in the place of the real one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy as sp

import derivations.commands.verify as verify_command
import derivations.evidence as evidence
import theory.catalogue
from derivations.evidence import Evidence, Measurement, NumericWitness
from derivations.ledger.workers import in_this_process
from theory.catalogue import Catalogue
from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import Equal

X = sp.Symbol("x", positive=True)
REAL = theory.catalogue.catalogue
# A module that a test is the first to import keeps the catalogue that it finds then: these are imported before.
for name in ("commands.export", "commands.show", "commands.report", "commands.docs", "docs.sources", "latex.export", "report.build"):
    importlib.import_module(f"derivations.{name}")


def false(formulas: Formulas) -> Witness:
    """A witness that bites."""
    return Witness("the square is x", Equal(formulas["square"], X))


def measurement(
    deviation: float = 1e-17, bound: float = 1e-15, *, applicable: bool = True, what: str = "x"
) -> Measurement:
    """One comparison at two settings."""
    ones = np.ones(2)
    return Measurement(what, deviation * ones, bound * ones, np.full(2, applicable), ("x=[1]", "x=[2]"))


def invented(id: str = "it-holds", **changes: Any) -> Claim:
    """A claim that is proved and whose one hypothesis has a biting witness; ``changes`` break it."""
    claim = Claim(
        id=id,
        chapter="invented",
        label=f"Z{len(id)}",
        title="Squares of sums [are] $x^2$",
        formulas={"square": X**2 + 2 * X + 1},
        hypotheses=(Hypothesis("positive", "$x > 0$", witness=false),),
        steps=lambda f: (
            Step("Expand $(x+1)^2$.", Equal((X + 1) ** 2, f["square"], "(x+1)^2"), concludes=True),
        ),
        evidence="not at all",
        provenance=Provenance.DERIVED,
    )
    return replace(claim, **changes)


def measured(*found: Measurement, bites: bool = True, **witnesses: Callable[..., NumericWitness]) -> Evidence:
    """Evidence that has been seen to."""
    dropped = measurement(1.0 if bites else 0.0)
    registered = witnesses or {"positive": lambda _f, _s: NumericWitness("x < 0", measurement(), dropped)}
    return Evidence(lambda _rng, _effort: [None], lambda _f, _s: found or (measurement(),), registered)


@pytest.fixture
def invent(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``invent((claim, evidence), ...)``: these claims are all there is; None is a missing module."""

    def install(*pairs: tuple[Claim, Evidence | Exception | None]) -> None:
        claims = Catalogue(tuple(claim for claim, _ in pairs))
        by_id = {claim.id: found for claim, found in pairs}

        def evidence_for(claim: Claim) -> Evidence:
            found = by_id[claim.id]
            if found is None:
                raise ModuleNotFoundError("no", name="derivations.evidence.invented.it")
            if isinstance(found, Exception):
                raise found
            return found

        for module in _that_know_the_catalogue():
            monkeypatch.setattr(module, "catalogue", lambda: claims)
        monkeypatch.setattr(evidence, "evidence_for", evidence_for)
        monkeypatch.setattr(verify_command, "RUNNER", in_this_process)

    return install


def _that_know_the_catalogue() -> list[ModuleType]:
    """Every module that has the function by name."""
    loaded = [module for name, module in sys.modules.items() if name.split(".")[0] in ("derivations", "theory")]
    return [module for module in loaded if vars(module).get("catalogue") is REAL]
