"""Golden strings: every formula and goal of every claim as LaTeX, one file a chapter. How to renew them: see ``__main__``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from derivations.latex.content import content_latex
from derivations.latex.printer import formula_latex, goal_lines
from theory.catalogue import catalogue
from theory.claims import Claim

FOLDER = Path(__file__).parent


def written(chapter: str) -> str:
    """The golden file of a chapter, as the printer writes it now."""
    return "\n".join(line for claim in catalogue() if claim.chapter == chapter for line in lines(claim))


def lines(claim: Claim) -> Iterator[str]:
    """Label, formulas by name, hypotheses' content, and the goals of the steps, conclusions marked."""
    yield f"== {claim.label} {claim.id}"
    for name, formula in claim.formulas.items():
        yield f"{name}: {formula_latex(formula)}"
    for hypothesis in claim.hypotheses:
        for text in content_latex(hypothesis.content):
            yield f"{hypothesis.id}: {text}"
    for i, step in enumerate(claim.steps(claim.formulas), 1):
        for line in goal_lines(step.goal):
            yield f"{i}{' therefore' if step.concludes else ''}: {line}"
    yield ""
