"""The house rules that a machine can check: who imports whom, what may judge, what a law consists of."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("theory", "numerics", "derivations", "benchmarks")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LAWS = sorted(p for p in (ROOT / "theory" / "laws").glob("*/*.py") if p.name != "__init__.py")
PIPE = ROOT / "derivations" / "ledger" / "workers.py"  # pickles jobs to processes that it started itself, never files


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, at the top or inside a function."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield node.module


def offenders(sources: list[str], forbidden: list[str], ignored: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {module}"
        for source in sources
        for path in SOURCES
        if path.is_relative_to(ROOT / source.replace(".", "/"))
        for module in imported(path)
        if any(module == name or module.startswith(f"{name}.") for name in forbidden)
        and f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)} -> {module.partition('.')[0]}" not in ignored
    ]


@pytest.mark.parametrize("contract", CONTRACTS, ids=[c["name"] for c in CONTRACTS])
def test_the_import_contracts_are_kept(contract: dict[str, list[str]]) -> None:
    if "modules" in contract:
        for module in contract["modules"]:
            assert offenders([module], [other for other in contract["modules"] if other != module]) == []
    else:
        ignored = tuple(contract.get("ignore_imports", ()))
        assert offenders(contract["source_modules"], contract["forbidden_modules"], ignored) == []


def test_an_import_that_breaks_a_contract_would_be_seen() -> None:
    assert offenders(["derivations"], ["theory"])
    assert offenders(["theory"], ["sympy"])


def test_importing_the_theory_proves_nothing_and_loads_no_numeric_library() -> None:
    code = (
        "import sys, theory, theory.kernel.deciders as deciders, theory.kernel as kernel\n"
        "def never(*_): raise SystemExit('something was decided at import')\n"
        "kernel.decide = deciders.decide = never\n"
        "import theory.claims; theory.claims.decide = never\n"
        "from theory.catalogue import catalogue; assert len(catalogue())\n"
        "heavy = ('numpy', 'numba', 'scipy', 'matplotlib', 'rich', 'numerics')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_nothing_that_guesses_or_executes_is_called(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = f"line {node.lineno}: {called}"
        assert called not in {"simplify", "equals", "nsimplify", "sympify_string", "lambdastr"}, place
        assert not (isinstance(node.func, ast.Name) and called in {"eval", "exec"}), place


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_files_are_never_read_by_pickle(path: Path) -> None:
    if path == PIPE:
        pytest.skip("a pipe to its own worker processes")
    roots = {module.split(".")[0] for module in imported(path)}
    assert roots.isdisjoint({"pickle", "dill", "joblib", "shelve", "marshal"})


@pytest.mark.parametrize("path", LAWS, ids=names(LAWS))
def test_a_law_is_four_files_of_one_name(path: Path) -> None:
    evidence = ROOT / "derivations" / "evidence" / path.parent.name / path.name
    broken = ROOT / "theory" / "broken" / path.parent.name / path.name
    tests = ROOT / "tests" / "test_laws" / f"test_{path.name}"
    assert [str(p.relative_to(ROOT)) for p in (evidence, broken, tests) if not p.is_file()] == []


@pytest.mark.parametrize("path", LAWS, ids=names(LAWS))
def test_the_id_of_a_law_is_the_name_of_its_file(path: Path) -> None:
    texts = {node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)}
    assert path.stem.replace("_", "-") in texts


def test_evidence_belongs_to_a_law() -> None:
    found, laws = (
        {path.relative_to(folder) for path in folder.glob("*/*.py")}
        for folder in (ROOT / "derivations" / "evidence", ROOT / "theory" / "laws")
    )
    assert sorted(map(str, found - laws)) == []


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 280
    assert path.stem not in {"utils", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_every_file_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


def test_the_packages_are_the_ones_of_this_project() -> None:
    for package in PACKAGES:
        module = __import__(package)
        assert Path(str(module.__file__)).resolve().parent == (ROOT / package).resolve()


def test_evidence_never_reads_concentrations_from_norms() -> None:
    """The reading of norms has the laws' formulas in it (C5, C7): as a measurement it would be an echo of them."""
    assert offenders(["derivations.evidence", "derivations.sweep", "numerics"], ["derivations.norm_reading"]) == []


def test_scikit_learn_is_imported_by_nothing_that_is_needed_without_it() -> None:
    code = (
        "import sys, numerics.calibration, numerics.calibration.worlds, numerics.calibration.scores, numerics.calibration.training\n"
        "import numerics.rankings, derivations.__main__\n"
        "print([m for m in ('sklearn', 'pyarrow', 'torch', 'jax') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr
