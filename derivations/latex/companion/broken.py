"""Appendix: the broken variants of every law, and what the kernel found against each.

The formulas are those of `theory.broken`, which the tests of each law put through kernel and simulation; here the kernel is asked
anew, up to the first step that it does not prove.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from derivations.latex.companion.bounds import AT_LEAST, AT_MOST, failing, is_equation, is_weaker, part_that_failed
from derivations.latex.companion.ledger import readable
from derivations.latex.companion.told import Caught, law
from derivations.latex.companion.undecided import undecided_latex
from derivations.latex.printer import formula_latex
from derivations.latex.values import values_latex
from derivations.latex.words import plain_latex
from theory.broken import letters, shown, variants
from theory.claims import Claim, Proof, Step, first_shortfall
from theory.kernel import All, Equal, Goal, Status, Tends, Within
from theory.substance import altered, expressions
from theory.vectors import Vector

_SUM = re.compile(r"\\sum_\{?([a-z])(?![a-z])")
_INDEX = re.compile(r"_\{?(?:[a-z+]+,)?([ijl]+)(?![A-Za-z])")
_RELATIONS = (r"\le", r"\ge", r"\sim")
Tell = Callable[[float, str], None]
_WORDS = re.compile(r"\\text\{(?! ?\()")  # in what a formula is: words that are no remark in brackets
_ABOUT = r"""A check that cannot fail shows nothing. So every law has variants that are wrong, such as a typing error or a mistaken belief
would make of it, and the tests demand of each that the kernel does not prove it and that the law's own measurement rejects it. Here is
what the kernel says of each when this document is written. \emph{Refuted} is said of the step of the law's proof that is named, at the
values given; \emph{off by} is the difference of the two sides that the step compares, which may be squares or what is left of a recursion
(a letter without a value has dropped out of it, or follows from those that have one), and \emph{the limit} is that of what the step takes
to a limit, often a quotient or a difference of what is claimed and what is found. Some variants are bounds that are \emph{true, and
weaker than the law's}: they follow from it by the kernel's own proof, and what is refuted of such a one, if anything is, is that it may
stand in the place of the law's, say where that is attained. \emph{Undecided} is a variant of which the kernel has neither proof nor
counterexample. Variants of these two kinds are rejected by the simulation. A step is quoted where it is named first, unless its words go on
from those before it; \emph{the same values} are those of a variant above."""


def caught(claim: Claim) -> tuple[Caught, ...]:
    """Every broken variant of a claim, the kernel asked now."""
    found, said = variants(claim), shown(claim)
    places = {name: None if name in said else place_of(claim, name) for broken in found.values() for name in broken}
    return tuple(_caught(claim, words, broken, places) for words, broken in found.items())


def _goals(claim: Claim, formulas: Mapping[str, Any]) -> list[Goal]:
    try:
        return [goal for step in claim.steps({**claim.formulas, **formulas}) for goal in _parts(step.goal)]
    except Exception:  # a variant that cannot be written
        return []


def place_of(claim: Claim, name: str) -> int | None:
    """The first goal in the claim's steps that has a formula alone on the right; none where they say different things to be it."""
    changed = altered(claim.formulas[name])
    found = {i: _name(goal) for i, goal in enumerate(_goals(claim, {name: changed}))
             if isinstance(goal, Equal | Tends) and _is_formula(_right(goal), changed)}  # fmt: skip
    return min(found) if len(set(found.values())) == 1 else None


def free_indices(text: str) -> set[str]:
    """Letters below other letters in a formula that say which of many, and over which no sum in it goes."""
    bound = set(_SUM.findall(text))
    return {letter for found in _INDEX.findall(_SUM.sub(" ", text)) for letter in found} - bound


def _sides(claim: Claim, name: str, wrong: Any, place: int | None) -> tuple[str, str, str]:
    """What a formula is, with the relation, what a variant says, and the true one: as the claim's own step has them, of the k-th member of
    a family, unless that is longer and the formula names no index that the left side has not. Where no step has the formula alone on
    the right, and where it is a bound, what it is stands beside its variants."""
    formula = claim.formulas[name]
    if place is None:
        said = shown(claim).get(name) or rf"\text{{{plain_latex(readable(name))}}}"
        return said if said.endswith(_RELATIONS) else f"{said} =", _written(wrong), _written(formula)
    here, there = _goals(claim, {}), _goals(claim, {name: wrong})
    true, false = here[place], there[place] if len(there) == len(here) else None
    assert isinstance(true, Equal | Tends)
    short = sp.count_ops(_right(true)) <= sp.count_ops(sp.sympify(formula))
    loose = free_indices(_written(formula)) - free_indices(_name(true))
    if (short or loose) and isinstance(false, Equal | Tends) and _right(true) != _right(false):
        return f"{_name(true)} =", _written(_right(false)), _written(_right(true))
    return f"{_name(true)} =", _written(wrong), _written(formula)


def _is_formula(right: sp.Basic, changed: Any) -> bool:
    """Whether a right side is the changed formula, at most with other letters: the same terms, and what was added as one of them."""
    if not isinstance(changed, sp.Basic):
        return False
    added = changed.atoms(sp.Dummy)
    terms = sp.Add.make_args(right)
    return len(terms) == len(sp.Add.make_args(changed)) and any(term in added for term in terms)


def _parts(goal: Goal | None) -> tuple[Goal, ...]:
    if isinstance(goal, All):
        return tuple(part for inside in goal.goals for part in _parts(inside))
    return _parts(goal.goal) if isinstance(goal, Within) else () if goal is None else (goal,)


def _name(goal: Equal | Tends) -> str:
    """The left side of an equation; of a limit what has it."""
    if isinstance(goal, Equal):
        return goal.name or formula_latex(goal.left)
    end = "0^+" if goal.at_zero else r"\infty"
    name = goal.name or formula_latex(goal.expr)
    return name if name.startswith(r"\lim") else rf"\lim_{{{formula_latex(goal.variable)} \to {end}}} {name}"


def _right(goal: Equal | Tends) -> sp.Basic:
    return sp.sympify(goal.right if isinstance(goal, Equal) else goal.value)


def _caught(claim: Claim, words: str, broken: Mapping[str, Any], places: Mapping[str, int | None]) -> Caught:
    formulas = tuple(
        rf"{_stated(left)} {wrong} \quad \text{{instead of }} {_signed(true)}"
        for left, wrong, true in (_sides(claim, name, formula, places[name]) for name, formula in broken.items()) if wrong
    )  # fmt: skip
    variant = claim.replaced(**broken)
    missed = first_shortfall(variant)
    if missed is None:
        return Caught(words, formulas, Status.PROVED.value, "", "")
    step, verdict = missed
    growth = {name: value for name, value in verdict.values.items() if name == "leading"}  # the rest is said as the place
    off = values_latex(replace(verdict, values=growth), _positive(claim, step)) if verdict.refuted else undecided_latex(verdict)
    number = _number(claim, step) or _number(variant, step)  # words of a step may have a formula in them
    said = claim.written[number - 1].words if number else step.words
    found = Caught(words, formulas, verdict.status.value, off, said, verdict.values, number, step.case)
    relations = {name: relation for name in broken if (relation := _relation(claim, name))}
    if not relations:
        return found
    goal = failing(claim, step, verdict)
    weaker = len(relations) == len(broken) and all(is_weaker(claim, r, broken[n], claim.formulas[n]) for n, r in relations.items())
    other = verdict.refuted and (weaker or is_equation(goal))
    equation = part_that_failed(goal, claim.written[number - 1] if number else None) if other else ""
    return replace(found, weaker=weaker, equation=equation, equals=verdict.refuted and is_equation(goal))


def _number(claim: Claim, step: Step) -> int | None:
    """Of a step in the proof of a claim; none where its steps cannot be written, or it is none of them."""
    try:
        return next((i for i, own in enumerate(claim.written, 1) if (own.words, own.case) == (step.words, step.case)), None)
    except Exception:  # a variant that cannot be written
        return None


def _relation(claim: Claim, name: str) -> str:
    """Of a formula that is shown as a bound, on which side it lies."""
    return next((relation for relation in (AT_MOST, AT_LEAST) if shown(claim).get(name, "").endswith(relation)), "")


def _stated(left: str) -> str:
    """What a formula is, with its relation; a colon after words, which no formula equals."""
    return rf"{left.removesuffix(' =')}\text{{: }}" if left.endswith(" =") and _WORDS.search(left) else left


def _positive(claim: Claim, step: Step) -> set[str]:
    """Names of the letters that are positive, by themselves or by a hypothesis."""
    held = [] if step.goal is None else [s for e in expressions(step.goal) for s in e.free_symbols if isinstance(s, sp.Symbol)]
    ranges = {atom.name for atom, box in claim.domain().ranges.items() if isinstance(atom, sp.Symbol) and box.low == 0 and box.low_open}
    return {s.name for s in held if s.is_positive} | ranges


def _signed(text: str) -> str:
    """A formula behind words, where a sign at its beginning is none of a difference."""
    return rf"\mathord{{-}}{text[1:]}" if text.startswith("-") else text


def _written(formula: Any) -> str:
    """A formula or a number as LaTeX; nothing for what is neither."""
    if isinstance(formula, Vector | sp.Basic):
        return formula_latex(formula)
    return formula_latex(sp.Rational(str(formula))) if isinstance(formula, int | float | Fraction) else ""


def appendix(proofs: Sequence[Proof], tell: Tell = lambda _fraction, _words: None) -> str:
    """The appendix; ``tell`` hears how far the kernel is."""
    found = []
    for i, proof in enumerate(proofs):
        tell(i / len(proofs), f"broken variants of {proof.claim.label}")
        found.append((proof.claim, caught(proof.claim)))
    sections = [part for claim, some in found if some for part in law(claim, some, letters(claim))]
    return "\n".join([r"\section{Broken variants that are caught}", r"\label{sec:broken}", _ABOUT, "", _count(found), *sections])


def _count(found: Sequence[tuple[Claim, Sequence[Caught]]]) -> str:
    """How many there are of each kind."""
    kinds = Counter(c.kind for _, some in found for c in some)
    said = {
        "refuted": "{} refuted by the kernel", "weaker": "{} true and weaker than the law", "undecided": "{} undecided",
        "proved": r"\textbf{{{} proved, which no check may let pass}}",
    }  # fmt: skip
    told = ", ".join(said[kind].format(kinds[kind]) for kind in said if kinds[kind])
    return rf"Of {sum(kinds.values())} variants: {told}." if kinds else "None of these laws has any."
