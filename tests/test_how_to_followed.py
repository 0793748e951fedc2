"""The how-tos that add something are followed to the letter, in a copy of the sources: files written, changes applied, checks run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = {
    "loss": (
        ROOT / "docs/how-to/add-a-loss.md", 3,
        "import numpy as np\n"
        "from derivations.evidence.geometry.slopes_of_pair_losses import EVIDENCE\nfrom theory.catalogue import catalogue\n"
        "claim = catalogue()['A7d']\nassert 'exponential_target' in claim.formulas\n"
        "settings = EVIDENCE.draw(np.random.default_rng(0), 'quick')[:2]\n"
        "assert {m.verdict for m in EVIDENCE.check(claim.formulas, settings)} == {'holds'}\n"
        "wrong = {**claim.formulas, 'exponential_target': 2 * claim.formulas['exponential_target']}\n"
        "assert 'fails' in {m.verdict for m in EVIDENCE.check(wrong, settings)}\n"
        "from numerics import losses\nassert losses.code('exponential') == len(losses.LOSSES) - 1\n",
    ),
    "optimiser": (
        ROOT / "docs/how-to/add-an-optimiser.md", 2,
        "from numerics import updates\nfrom numerics.simulation.optimizers import Optimizer\nOptimizer('root_sgd')\n"
        "assert updates.code('root_sgd') == len(updates.RULES) - 1\nimport tests.test_numerics.test_updates as again\n"
        "again.test_every_rule_is_written_here_a_second_time()\n",
    ),
    "law": (
        ROOT / "CONTRIBUTING.md", 4,
        "from derivations.dynamics import SECTIONS\nfrom derivations.lecture import recorded\nfrom theory.catalogue import catalogue\n"
        "from theory.claims import prove\nassert 'B14' in [label for s in recorded(SECTIONS) for label in s.laws]\n"
        "assert prove(catalogue()['B14']).outcome == 'proved'\n"
        "from theory.broken.dynamics.proportional_step_multiplies_the_norm import BROKEN\n"
        "assert {prove(catalogue()['B14'].replaced(**b)).outcome for b in BROKEN.values()} == {'refuted'}\n",
    ),
}  # fmt: skip
FILE = re.compile(r"^#{2,3} [^\n]*`(\S+\.py)`\n(.*?)(?=^#{2,3} |\Z)", re.MULTILINE | re.DOTALL)
PYTHON, DIFF = (re.compile(rf"```{kind}\n(.*?)```", re.DOTALL) for kind in ("python", "diff"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources, without what was made from them."""
    for folder in ("theory", "numerics", "derivations", "tests", "benchmarks"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", PAGES)
def test_a_how_to_followed_to_the_letter_gives_what_it_says(name: str, copy: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("changes are applied by git")
    page, files, check = PAGES[name]
    text = page.read_text(encoding="utf-8")
    written = [(path, PYTHON.search(body)) for path, body in FILE.findall(text)]
    new = [(path, block[1]) for path, block in written if block is not None and not (copy / path).exists()]
    assert len(new) == files
    for path, block in new:
        (copy / path).write_text(block, encoding="utf-8")
    changes = DIFF.findall(text)
    assert changes
    for change in changes:
        done = subprocess.run(["git", "apply", "-"], input=change, text=True, cwd=copy, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    lint = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=copy, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout
    ran = subprocess.run([sys.executable, "-c", check], cwd=copy, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
