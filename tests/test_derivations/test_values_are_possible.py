"""Every counterexample that is printed is a setting that there is: its probabilities are at most 1, its batches whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from tests import law_checks
from theory.catalogue import catalogue
from theory.claims import Claim, Hypothesis
from theory.kernel import Domain, Interval
from theory.language.gram import Norm
from theory.letters import Coordinates, Letter, Turned, words
from theory.typeset import latex

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
Holds = Callable[[sp.Expr], Any]


def _whole(x: sp.Expr) -> bool:
    return bool(x.is_integer and x >= 0)


MEANT: tuple[tuple[str, Holds], ...] = (  # how the words of a letter begin, to what its values are
    (r"(?:prior |posterior |another |\w+' posterior )?(?:probability|share)\b", lambda x: 0 <= x <= 1),
    (r"(?:mean )?(?:cosine|correlation)\b", lambda x: -1 <= x <= 1),
    (r"(?:number|batch size|dimension|index)\b", _whole),
    (r"(?:momentum|memory)\b", lambda x: 0 <= x < 1),
    (r"(?:squared |mean )*(?:norm|length|energy|variance|concentration|temperature|learning rate|heat)\b", lambda x: x >= 0),
)
USUAL: Mapping[str, str] = {  # what a letter is in a law that says nothing else of it
    **dict.fromkeys(("eta", "eta_1"), "learning rate"), "tau": "temperature", "G": "energy",
    **dict.fromkeys(("beta", "beta_1", "beta_2"), "momentum"),
    **dict.fromkeys(("n", "n_+", "d", "B", "K", "k", "j", "M", "T", "N"), "number"),
    **dict.fromkeys(("p", "p_j", "p_1", "p_2", "p_3", "q", "q_0", "q_1", "q_2", "q_3", "pi_1", "pi_2"), "probability"),
    **dict.fromkeys(("rho", "c_i", "c_j", "c_ij", "c_+", "c_-"), "correlation"),
    **dict.fromkeys(("r", "r_0", "r_i", "z", "z_0"), "norm"),
}  # fmt: skip


def scalars(values: Mapping[str, str]) -> dict[str, sp.Expr]:
    """The numbers of a point by the names of their letters, members of a family by the family's; vectors are none."""
    return {name: sp.sympify(value) for name, value in values.items() if re.fullmatch(r"[A-Za-z]\w*[+*-]?'*(\(\d+\))?", name)
            and not value.startswith("(") and name != "leading"}  # fmt: skip


def said_of(claim: Claim, name: str) -> str:
    """What a letter is said to be: by its claim, or everywhere."""
    letter = name.partition("(")[0]
    own = {latex(sp.Symbol(key)): words(said) for key, said in claim.letters.items()}
    members = [latex(sp.Symbol(f"{letter}_{index}")) for index in "ijk"]  # of a family of numbers, by any of them
    return next((own[key] for key in (latex(sp.Symbol(letter)), *members) if key in own), USUAL.get(letter, ""))


def impossible(claim: Claim, values: Mapping[str, str], free: Domain | None = None) -> Iterator[str]:
    """Every value outside of what its letter means, or of what a hypothesis says of it; ``free`` is what the dropped one says."""
    at = scalars(values)
    left = {str(atom) for atom in (free or Domain()).ranges}
    for name, value in at.items():
        said = said_of(claim, name)
        if name not in left and not all(holds(value) for begins, holds in MEANT if re.match(begins, said)):
            yield f"{name} = {value}: {said}"
    ranges = {str(atom): box for atom, box in claim.domain().ranges.items() if str(atom) not in left}
    own = {name: said.within for name, said in claim.letters.items() if isinstance(said, Letter) and name not in left}
    meant = {name: box for name, box in own.items() if isinstance(box, Interval)}
    for name, box in (*ranges.items(), *meant.items()):
        here = replace(box, low=_at_vectors(box.low, values), high=_at_vectors(box.high, values))
        yield from (f"{n} = {at[n]}: outside of {box}" for n in at if n.partition("(")[0] == name and not _within(at[n], here, at))
    if {"eta", "lambda"} <= at.keys() and not {"lambda", *left} & ranges.keys() and "lambda" not in left and at["eta"] * at["lambda"] >= 1:
        yield f"eta lambda = {at['eta'] * at['lambda']}"
    yield from _sums(claim, at)
    yield from _coordinates(own, values, {str(v) for pair in (free or Domain()).orthogonal for v in pair})


def _at_vectors(end: sp.Expr, values: Mapping[str, str]) -> sp.Expr:
    """With the norms of the vectors that are there; a letter where there is none, so that nothing is said."""
    return end.replace(Norm, lambda v: sp.sqrt(sum(x**2 for x in sp.sympify(values[str(v)]))) if str(v) in values else sp.Symbol(str(v)))


def _within(value: sp.Expr, box: Interval, at: Mapping[str, sp.Expr]) -> bool:
    low, high = (end.xreplace({s: at[s.name] for s in end.free_symbols if s.name in at}) for end in box.ends)
    if low.free_symbols | high.free_symbols:
        return True  # nothing is said of this point
    return bool((low < value or (low == value and not box.low_open)) and (value < high or (value == high and not box.high_open)))


def _sums(claim: Claim, at: Mapping[str, sp.Expr]) -> Iterator[str]:
    """Probabilities of several items add up to 1 at most."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for name in at:
        if re.match(MEANT[0][0], said := said_of(claim, name)):
            kinds.setdefault((re.sub(r"\d", "", said), re.split(r"[_(]", name)[0]), []).append(name)
    for (said, _), names in kinds.items():
        if len(names) > 1 and sum(at[name] for name in names) > 1:
            yield f"{' + '.join(names)} = {sum(at[name] for name in names)}: {said}"


def _coordinates(own: Mapping[str, Any], values: Mapping[str, str], oblique: Set[str]) -> Iterator[str]:
    """A vector of ones or signs has no other coordinates, one that is turned those of the other, and a dimension is their number."""
    vectors = {name: value for name, value in values.items() if value.startswith("(")}
    for name, is_what in own.items():
        if is_what is Coordinates.ONES and set(sp.sympify(vectors.get(name, "(1, 1)"))) != {1}:
            yield f"{name} = {vectors[name]}: not the vector of ones"
        if is_what is Coordinates.SIGNS and not set(sp.sympify(vectors.get(name, "(1, -1)"))) <= {1, -1}:
            yield f"{name} = {vectors[name]}: not a vector of signs"
        pair = isinstance(is_what, Turned) and {name, is_what.of} <= vectors.keys() - oblique
        if pair and not _is_turned(vectors[name], vectors[is_what.of]):
            yield f"{name} = {vectors[name]}: not {is_what.of} = {vectors[is_what.of]} turned"
        if is_what is Coordinates.NUMBER and name in values and any(len(sp.sympify(v)) != int(values[name]) for v in vectors.values()):
            yield f"{name} = {values[name]}: not the number of coordinates"


def _is_turned(one: str, other: str) -> bool:
    a, b = sp.sympify(one), sp.sympify(other)
    half = len(a) // 2
    return len(a) == len(b) == 2 * half and all(a[k] == -b[k + half] and a[k + half] == b[k] for k in range(half))


@every_claim
def test_what_refutes_a_law_without_a_hypothesis_is_possible_otherwise(claim: Claim) -> None:
    found = {
        w.hypothesis: bad
        for h, w in zip(claim.hypotheses, law_checks.proof(claim.id).witnesses, strict=True)
        if (bad := list(impossible(claim, w.verdict.values, dropped(claim, h))))
    }
    assert found == {}


def dropped(claim: Claim, hypothesis: Hypothesis) -> Domain:
    """What is not to be asked of a point without a hypothesis: its own content, and what its witness says of the setting itself."""
    setting = hypothesis.witness(claim.formulas).domain.ranges if hypothesis.witness else {}
    return replace(hypothesis.content, ranges={**setting, **hypothesis.content.ranges})


@every_claim
def test_what_refutes_a_broken_variant_is_possible(claim: Claim) -> None:
    assert {c.words: bad for c in law_checks.caught(claim.id) if (bad := list(impossible(claim, c.values)))} == {}


@pytest.mark.parametrize(
    ("label", "values", "seen"),
    [
        ("D1", {"pi_1": "5/2"}, "pi_1"), ("D1", {"s": "7/4"}, "s"), ("D1", {"pi_1": "3/4", "pi_2": "1/2"}, r"pi_1 \+ pi_2 = 5/4"),
        ("C2", {"B": "11/4"}, "B"), ("C8b", {"p_j": "7/3"}, "p_j"), ("C8a", {"p": "1", "p(1)": "1/2"}, "p"), ("C4", {"S": "3/2"}, "S"),
        ("B2", {"eta": "2", "lambda": "1"}, "eta lambda"), ("B6", {"p": "7/2"}, "outside"), ("B11b", {"beta": "1"}, "momentum"),
        ("B12d", {"a(2)": "-10"}, "correlation"), ("C3", {"d": "5/2"}, "dimension"),
        ("B12h", {"s": "(7, 6)"}, "s = .*not a vector of signs"), ("A7d", {"v": "(1, 2, 2)", "w": "(2, -1, 0)"}, "w = .*turned"),
        ("A7d", {"v": "(1, 2)", "w": "(2, -1)"}, "w = .*turned"), ("A8b", {"epsilon": "1", "u": "(1, 1)"}, "epsilon = 1: outside"),
        ("C11", {"b": "10", "c_+": "0", "c_-": "0"}, "b = 10: outside"),
        ("C11", {"m": "1/3", "c_+": "0", "c_-": "0", "tau": "1"}, "m = 1/3: outside"),
        ("C0a", {"m": "1/3", "X_*": "1"}, "m = 1/3: outside"),
        ("C6", {"kappa": "15/16", "q": "11/16"}, "kappa = 15/16: outside"), ("C3", {"s": "-1/2", "t": "-1/4"}, "s = -1/2: outside"),
        ("C4", {"q_1": "1/2", "q_2": "1/4", "q_3": "1/8"}, "q_3 = 1/8: outside"), ("D2", {"b": "10"}, "b = 10: outside"),
        ("C8a", {"c_i": "1", "c_j": "1/2", "c_ij": "-1/2"}, "c_i = 1: outside"),
        ("A9b", {"o": "(8, -3)"}, "o = .*not the vector"), ("A9b", {"d": "3", "u": "(8, 4)"}, "d = 3: not the number"),
    ],
)  # fmt: skip
def test_what_is_impossible_would_be_seen(label: str, values: dict[str, str], seen: str) -> None:
    assert any(re.match(seen, bad) or seen in bad for bad in impossible(catalogue()[label], values))


def test_what_the_dropped_hypothesis_bounds_may_leave_its_bound() -> None:
    claim = catalogue()["B6"]
    dropped = next(h for h in claim.hypotheses if h.id == "decay-in-range")
    assert list(impossible(claim, {"p": "7/2", "eta": "1", "lambda": "3"}, dropped.content)) == []
