"""What is imported before there is work to do: start-up stays light. Nothing is timed here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"sympy", "flint", "mpmath", "numpy", "numba", "scipy", "matplotlib", "rich", "cattrs", "pyarrow", "dask", "distributed",
         "torch", "jax"}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """Top-level names of the modules that are there after ``code``, and those of this project in full."""
    code += "\nimport sys; print('loaded', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    names = done.stdout.splitlines()[-1].split()[1:]
    return {name.partition(".")[0] for name in names} | {name for name in names if name.startswith(("theory.", "numerics."))}


ASKED = [["--version"], ["--help"], [], ["verify", "--help"], ["prove", "--help"], ["check-log", "--help"], ["docs", "--help"],
         ["--nonsense"]]  # fmt: skip


@pytest.mark.parametrize("arguments", ASKED)
def test_what_only_prints_loads_no_library(arguments):
    ran = f"from derivations.__main__ import main\ntry:\n    main({arguments!r})\nexcept SystemExit:\n    pass"
    loaded = loaded_by(ran)
    assert "derivations" in loaded
    assert loaded & HEAVY == set()


def test_an_import_of_theory_loads_the_algebra_only_and_no_law_before_it_is_asked_for():
    assert loaded_by("import theory") & HEAVY == set()
    loaded = loaded_by("import theory.catalogue, theory.claims, theory.statements")
    assert loaded & HEAVY == {"sympy", "flint", "mpmath"}
    assert {name for name in loaded if name.startswith("theory.laws.")} == set()
    assert "theory.laws.dynamics.sgd_step_is_pythagorean" in loaded_by("from theory.catalogue import catalogue; catalogue()")


def test_a_plan_is_made_without_compiling_anything():
    planned = loaded_by("import derivations.ledger.verification, numerics.validation, numerics.compilation.processors")
    assert planned & {"numba", "matplotlib"} == set()
