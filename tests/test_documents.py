"""The code that the documents show does what they say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derivations.evidence import Evidence
from theory.claims import Claim, prove
from theory.kernel import Status
from theory.notation import eta, r

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)


def executed(block: str) -> Any:
    """A block of CONTRIBUTING.md as a module."""
    module = ModuleType("example")
    exec(compile(block, "<a block of CONTRIBUTING.md>", "exec", dont_inherit=True), module.__dict__)
    return module


@pytest.fixture(scope="module")
def claim() -> Claim:
    found: Claim = executed(BLOCKS[0]).CLAIM
    return found


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    found: Evidence = executed(BLOCKS[1]).EVIDENCE
    return found


def verdicts(claim: Claim, evidence: Evidence) -> set[str]:
    settings = evidence.draw(np.random.default_rng(0), "quick")
    return {m.verdict for m in evidence.check(claim.formulas, settings)}


def test_the_worked_example_is_proved_and_needs_its_hypotheses(claim: Claim) -> None:
    proof = prove(claim)
    assert proof.status is Status.PROVED
    assert all(witness.bites for witness in proof.witnesses)


def test_the_worked_example_is_measured(claim: Claim, evidence: Evidence) -> None:
    assert verdicts(claim, evidence) == {"holds"}
    assert evidence.witnesses.keys() == {h.id for h in claim.hypotheses}
    for witness in evidence.witnesses.values():
        assert witness(claim.formulas, 0).bites


def test_the_broken_variants_of_the_worked_example_fail(claim: Claim, evidence: Evidence) -> None:
    variants = re.findall(r'\{"next_squared_norm": (.*)\},\n', BLOCKS[2])
    assert len(variants) >= 3
    for text in variants:
        broken = claim.replaced(next_squared_norm=eval(text, {"r": r, "eta": eta}))  # of a page of this repository
        assert prove(broken).status is Status.REFUTED, text
        assert verdicts(broken, evidence) == {"fails"}, text


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_folder_that_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^((?:theory|numerics|derivations|tests|benchmarks)/\S*)", readme, re.MULTILINE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("section", ["Simulators", "Logs of your own training"])
def test_the_code_of_the_readme_runs(section: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", readme.split(f"## {section}\n")[1].split("\n## ")[0], re.DOTALL)
    assert block.count("assert ") == 2
    exec(block, {})  # the project's own text


def test_the_calibration_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", readme.split("## Norms as confidence")[1].split("\n## ")[0], re.DOTALL)
    assert block.count("assert ") == 2
    exec(block, {})  # the project's own text
    assert capsys.readouterr().out.count("norms help") == 2


def test_continuous_integration_runs_the_commands_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    install = "pip install -c constraints.txt -e '.[dev,docs]'"
    for command in (install, ".venv/bin/normlaw verify", ".venv/bin/pytest"):
        assert command in readme
        assert command in script


def test_every_development_tool_and_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    names = [re.split(r"[<>=~\[; ]", requirement)[0] for requirement in wanted]
    assert [name for name in names if f"\n{name}==" not in pins] == []
