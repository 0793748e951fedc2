"""The answers of a loss as formulas of a claim, and the steps that prove them from its value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import sympy as sp

from theory.claims import Formulas, Step
from theory.kernel import All, AtLeast, Equal, Goal, substitute
from theory.losses import Argument, Loss, Slope
from theory.notation import u
from theory.typeset import latex
from theory.vectors import Cosine, Direction, Norm, inner, partial, vector


def names(loss: Loss) -> Iterator[tuple[str, str]]:
    """Formula names of a loss' slopes, with the role that each is about."""
    return ((f"{loss.name}_{role}", role) for role in loss.slopes)


def by_parameter(loss: Loss, parameter: sp.Symbol) -> str:
    """Formula name of the derivative in a learned scalar."""
    return f"{loss.name}_by_{parameter.name}"


def formulas_of(losses: Iterable[Loss]) -> dict[str, sp.Expr]:
    """Slopes, their total size and the derivatives in learned scalars, each under a name of its own."""
    found: dict[str, sp.Expr] = {}
    for loss in losses:
        found |= {name: loss.weight * (loss.slopes[role].push - loss.slopes[role].pull) for name, role in names(loss)}
        found[f"{loss.name}_total"] = sp.sympify(loss.total, strict=True)
        found |= {by_parameter(loss, p): slope for p, slope in loss.parameters.items()}
    return found


_ONE = sp.Symbol("k", integer=True, positive=True)  # a member of a family, not the letter that the sums are over


def partner(slope: Slope) -> Cosine:
    """The cosine that a slope is in; of a family, that with its k-th member."""
    return Cosine(u, slope.partner if slope.family is None else slope.family.member(_ONE))


def slope_in_cosine(value: sp.Expr, slope: Slope) -> sp.Expr:
    """``dvalue/dc`` for the cosine with a slope's partner."""
    return partial(value, partner(slope))


def _claimed(formula: sp.Expr, slope: Slope) -> sp.Expr:
    """A formula in the family's index, of the k-th member."""
    return formula if slope.family is None else substitute(sp.sympify(formula, strict=True), {slope.family.index: _ONE})


def slopes_of(formulas: Formulas, loss: Loss, value: sp.Expr | None = None) -> Goal:
    """Every slope of a loss (of another ``value`` in its place) against the claimed one."""
    value = loss.value if value is None else value
    slopes = ((formulas[name], loss.slopes[role]) for name, role in names(loss))
    return All(tuple(
        Equal(slope_in_cosine(value, slope), _claimed(formula, slope), rf"\partial L/\partial {latex(partner(slope))}")
        for formula, slope in slopes
    ))  # fmt: skip


def _written(of: Direction) -> str:
    return latex(Norm(of)).removeprefix(r"\lVert ").removesuffix(r"\rVert")


def _signs(loss: Loss) -> Iterator[Goal]:
    for slope in loss.slopes.values():
        for letter, part in (("alpha", slope.push), ("beta", slope.pull)):
            if part != 0:
                name = rf"\{letter}_{{{_written(slope.partner)}}}"
                yield AtLeast(loss.weight * slope.over_all(part), sp.S.Zero, name=rf"\sum_j {name}" if slope.family else name)


def total_of(formulas: Formulas, loss: Loss) -> Goal:
    """All pushes and pulls together."""
    parts = sp.Add(*(slope.over_all(slope.push + slope.pull) for slope in loss.slopes.values()))
    return Equal(loss.weight * parts, formulas[f"{loss.name}_total"], r"\sum_x (\alpha_x + \beta_x)")


PUSHED_AND_PULLED = {
    "x": "every vector that $u$ is compared with, in turn",
    r"\alpha_x": r"push of $x$, with $\partial L/\partial \cos(u, x) = \alpha_x - \beta_x$", r"\beta_x": "pull of $x$",
}  # fmt: skip


def titled(loss: Loss) -> str:
    """A loss' title at the beginning of a sentence."""
    return loss.title[0].upper() + loss.title[1:]


def steps_of(formulas: Formulas, loss: Loss, signs: bool = True) -> Iterator[Step]:
    """Slopes, signs, total and parameters of one loss."""
    letters = f" Here {loss.letters}." if loss.letters else ""
    case = f"{titled(loss)}, where {loss.letters}" if loss.letters else titled(loss)
    yield Step(f"{titled(loss)}: the slopes in the cosines.{letters}", slopes_of(formulas, loss), concludes=True, case=case)
    if signs:
        yield Step("Pushes $\\alpha_x$ and pulls $\\beta_x$, whose difference is the slope, are not negative.", All(tuple(_signs(loss))))
    yield Step("All pushes and pulls together, which bound $\\lVert u\\rVert\\lVert\\nabla_u L\\rVert$ (A7a):", total_of(formulas, loss),
               concludes=True, case=case)  # fmt: skip
    for parameter in loss.parameters:
        name = rf"\partial L/\partial {latex(parameter)}"
        goal = Equal(sp.diff(loss.value, parameter), formulas[by_parameter(loss, parameter)], name)
        yield Step(f"The slope in the learned scalar ${latex(parameter)}$, which no norm enters.", goal, concludes=True, case=case)


def by_inner_products(value: sp.Expr) -> sp.Expr:
    """The loss with ``<u, v>`` in the place of every cosine."""
    return value.replace(lambda e: isinstance(e, Cosine), lambda e: Norm(e.args[0]) * Norm(e.args[1]) * e)


def radial_part(loss: Loss, radial: sp.Expr, value: sp.Expr | None = None, within: Argument | None = None) -> Goal:
    """``<x, grad_x L>`` in one argument of a loss, in the embedding if no other is named."""
    x = within or loss.arguments[0]
    found = _radial_part(loss.value if value is None else value, x)
    name = _written(x.at)
    return Equal(found, radial, rf"\langle {name}, \nabla_{{{name}}} L\rangle")


@cache
def _radial_part(value: sp.Expr, x: Argument) -> sp.Expr:
    return inner(vector(x.at), x.calculus.gradient(value))
