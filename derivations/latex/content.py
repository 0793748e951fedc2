"""The formal content of a hypothesis: what the kernel is told, beside the words that somebody typed."""

from __future__ import annotations

from derivations.latex.printer import formula_latex, range_latex
from theory.kernel import Domain


def content_latex(content: Domain) -> tuple[str, ...]:
    """Ranges, right angles and invariances as formulas; empty if the words have no formal content of these kinds."""
    ranges = [range_latex(atom, interval) for atom, interval in content.ranges.items()]
    angles = [rf"{formula_latex(a)} \perp {formula_latex(b)}" for a, b in content.orthogonal]
    losses = [rf"{name}(cu) = {name}(u)\ (c > 0)" for name in getattr(content, "invariant", ())]
    return (*ranges, *angles, *losses)
