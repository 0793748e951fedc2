"""What is claimed, case by case: the heads of all answers, which every flipped decision of the module breaks."""

from __future__ import annotations

import math
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from derivations.audit import answers
from derivations.audit.confront import AGREES, PARTS, SILENT, UNDECIDED
from numerics.association import Association, Estimate
from numerics.association.groups import SignCounts
from numerics.norm_signal import ShortGroup, Untrained
from tests.mutation.mutants import Mutant, mutants

NAN = math.nan
UP, DOWN, ACROSS = (0.2, 0.1, 0.3), (-0.2, -0.3, -0.1), (0.1, -0.1, 0.3)
FROM_ZERO, TO_ZERO = (0.1, 0.0, 0.2), (-0.1, -0.2, 0.0)  # 0 is an end: not left out
ADVICE = [  # fitted exponent, gain over the cosine, over inner products
    (0.5, UP, ACROSS, "not wholly: a power of the norm ranks better than none"), (1.0, UP, ACROSS, "no: inner products rank better"),
    (0.5, DOWN, UP, "yes: the cosine ranks better than the power of the norm that was fitted"),
    (0.5, ACROSS, UP, "yes: inner products rank worse, and no gain over the cosine was found"),
    (0.0, ACROSS, UP, "yes: inner products rank worse:"), (0.5, FROM_ZERO, UP, "yes: inner products rank worse, and"),
    (0.5, TO_ZERO, UP, "yes: inner products rank worse, and"), (0.5, ACROSS, DOWN, "no: inner products rank better"),
    (0.5, ACROSS, ACROSS, "no difference found"), (0.5, ACROSS, FROM_ZERO, "no difference found"),
    (0.5, ACROSS, TO_ZERO, "no difference found"), (0.5, DOWN, DOWN, "yes: the cosine ranks better than"),
]  # fmt: skip


def texts(many: int) -> dict[str, str]:
    return {f"t{i}": "text" for i in range(many)}


def association(name: str, value: float, p: float, **other: Any) -> Association:
    estimate = Estimate(value, value - 0.05, value + 0.05, p, p, reason=other.pop("reason", ""))
    raw = Estimate(other.pop("raw", value))
    return Association(name, raw, estimate, other.pop("controls", ()), 0, other.pop("signs_differ", False), **other)


def audit(**other: Any) -> Any:
    """At a level of which one minus it is exact."""
    signal = SimpleNamespace(
        kind=other.pop("kind", "signal"), verdict=other.pop("verdict", "signal"), variation=0.25, variation_low=0.125, variation_high=0.5,
        floors={"a": 0.001, "b": 0.02}, untrained=other.pop("untrained", ()),
        short_group=other.pop("short", None), outliers=SimpleNamespace(low=other.pop("low", 0)), decided_by_one=other.pop("one", False),
        robust_variation=0.3,
    )  # fmt: skip
    made = {"signal": signal, "level": 0.75, "roles": object(), "associations": (), "outside": "", "confrontations": (),
            "training": SimpleNamespace(encoder="lookup"), "expectations": (SimpleNamespace(why="nothing was said"),),
            "retrieval": None, "unused": {}, "norms": np.array([1.0, 1.5, 3.0, 9.0])}  # fmt: skip
    return SimpleNamespace(**{**made, **other})


def met(*verdicts: str) -> tuple[Any, ...]:
    return tuple(SimpleNamespace(column=f"c{i}", verdict=verdict) for i, verdict in enumerate(verdicts))


def retrieval(useful: bool | None = None, overlap: float = 0.75, **other: Any) -> Any:
    said = "norms help beyond the controls: rest" if useful else "no effect found: rest"
    found = None if useful is None else SimpleNamespace(useful=useful, words=lambda _: said)
    made = {"usefulness": found, "why_not": "too few", "lengths": ("tokens",), "controls": ("cosine", "tokens"), "exponent": None,
            "lists": SimpleNamespace(overlap=overlap, same_best=0.5, k=10), "by_product": SimpleNamespace(fraction=0.01, share=0.4),
            "by_cosine": SimpleNamespace(share=0.05), "unused": {}}  # fmt: skip
    return SimpleNamespace(**{**made, **other})


def exponent(fitted: float, cosine: Any, product: Any, at_edge: bool = False) -> Any:
    made = SimpleNamespace(fitted=fitted, low=0.0, high=1.0, at_edge=at_edge, over_cosine=cosine, over_inner_product=product, k=10)
    return audit(retrieval=retrieval(exponent=made))


LONG, SHORT = association("count", 0.2, 0.25), association("depth", -0.4, 0.01)  # one at the very level
BARELY, UNKNOWN = association("x", 0.3, 0.2500001), association("flat", NAN, NAN, reason="it is constant")
HELD = association("x", 0.3, 0.9, controls=("y",))
NOT_HELD = association("x", NAN, NAN, controls=("y",), reason="why")
BEYOND, WITHIN = (association("z", 0.3, 0.01, difference=Estimate(0.2, low, 0.4)) for low in (0.1, -0.1))
TURNED = association("t", -0.3, 0.9, raw=0.5, signs_differ=True)
ALIKE = [association(a, NAN, NAN, raw=0.5, reason="why", determined_by=(b,)) for a, b in (("f", "g"), ("g", "f"))]
COPY = [association("f", NAN, NAN, raw=0.5, reason="why", determined_by=("g",)), association("g", 0.3, 0.9, raw=-1.0)]
NEARLY = [COPY[0], association("g", 0.3, 0.9, raw=1 - 1.5 * 2.0**-40)]
FREE, CONFOUNDED = (SimpleNamespace(confounders=names) for names in ((), ("g",)))
FIVE = "t0 (text), t1 (text), t2 (text), t3 (text), t4 (text)"
ONE_ORDER = "f and g put the rows into the same order, so that beside the one nothing is left of the other; leave out all but one (f or g)"
GIVEN = ", or hold confounders alone equal (--given confounders)"
GROUP = Untrained(7, 0.5, 1.5, "normal", 1.0, small=True, everything=False)
FEW, OTHER = (ShortGroup(7, 0.5, 1.5, looks, "normal", 1.0, 0.5, 2.0) for looks in ("too few", "other"))
WHICH = r" (rows 0, 1; --out lists them in untrained_rows.csv)"
SIGNAL, WHAT, WHY, CONFIDENCE, NORMALISE, UNTRAINED = range(6)
CASES: list[tuple[int, Any, str]] = [
    (SIGNAL, audit(verdict="signal; two levels"),
     "yes: norms vary by 25 % of their mean (12.5 to 50); rounding alone makes 2 % at most; two levels$"),
    (SIGNAL, audit(kind="none", verdict="none: constant"), "none: constant$"),
    (WHAT, audit(roles=None, associations=(LONG,)), "not asked"), (WHAT, audit(), "the covariates have no column of numbers$"),
    (WHAT, audit(kind="none", verdict="none: constant", associations=(LONG,)), "nothing to speak of: constant$"),
    (WHAT, audit(associations=(LONG, SHORT)),
     "shorter with depth (rho -0.400, -0.450 to -0.350); longer with count (rho +0.200, +0.150 to +0.250)$"),
    (WHAT, audit(associations=(BARELY,)), "no association found with any covariate$"),
    (WHAT, audit(associations=(BARELY, UNKNOWN)), "no association found with x; of flat it cannot be said: it is constant$"),
    (WHAT, audit(associations=(UNKNOWN,)), "of flat it cannot be said: it is constant$"),
    (WHAT, audit(associations=(HELD,)), "no association found with any covariate; each given the other columns$"),
    (WHAT, audit(associations=(LONG, HELD)), "longer with count (rho +0.200, +0.150 to +0.250); each given the other columns$"),
    (WHAT, audit(associations=(BARELY, NOT_HELD)), "no association found with x; of x it cannot be said: why$"),
    (WHAT, audit(associations=(BEYOND,)), "longer with z (rho +0.300, +0.250 to +0.350)$"),
    (WHAT, audit(associations=(WITHIN,)),
     "longer with z (rho +0.300, +0.250 to +0.350). NOT BEYOND THE CONTROL, whose norms do the same: z$"),
    (WHAT, audit(associations=(TURNED,)),
     "no association found with any covariate. SIGNS DIFFER without and with the other columns held"
     " equal: t raw +0.500, controlled -0.300$"),
    (WHAT, audit(roles=FREE, associations=ALIKE), f"of f, g it cannot be said: {ONE_ORDER}{GIVEN}$"),
    (WHAT, audit(roles=CONFOUNDED, associations=ALIKE), f"of f, g it cannot be said: {ONE_ORDER}$"),
    (WHAT, audit(roles=FREE, associations=COPY), "no association found with g; of f it cannot be said: the norms have the order of g,"
     " beside which nothing is left of them; leave out g$"),
    (WHAT, audit(roles=FREE, associations=(COPY[0], association("g", 0.3, 0.9, raw=1 - 2.0**-40))), "no association found with g; of f it"
     " cannot be said: the norms have the order of g"),
    *((WHAT, audit(unused={**texts(many), "n": "constant"}), f"the covariates have no column of numbers. Not used: {words}$")
      for many, words in ((1, "t0 (text)"), (5, FIVE), (6, f"{FIVE} and 1 more"), (7, f"{FIVE} and 2 more"))),
    (WHAT, audit(roles=FREE, associations=NEARLY), f"no association found with g; of f it cannot be said: {ONE_ORDER}{GIVEN}$"),
    (WHY, audit(kind="none"), "nothing to compare: there is no signal$"),
    (WHY, audit(outside="it is pooled", confrontations=met(PARTS)),
     "no law about rows of a table applies: it is pooled; AGAINST the prediction: c0$"),
    (WHY, audit(training=SimpleNamespace(encoder=None), confrontations=met(AGREES)), "not asked: nothing was said; as predicted: c0$"),
    (WHY, audit(), "nothing to compare: no column is said to be a frequency"),
    (WHY, audit(confrontations=met(SILENT)), "theory makes no prediction for these columns"),
    (WHY, audit(confrontations=met(PARTS, AGREES, UNDECIDED, SILENT)),
     "as predicted: c1; AGAINST the prediction: c0; not decided: c2$"),
    (CONFIDENCE, audit(), "not asked"), (CONFIDENCE, audit(retrieval=retrieval()), "cannot be said: too few$"),
    (CONFIDENCE, audit(retrieval=retrieval(True)), "norms help beyond cosine, tokens: rest$"),
    (CONFIDENCE, audit(retrieval=retrieval(False)), "no effect found beyond cosine, tokens: rest$"),
    (CONFIDENCE, audit(retrieval=retrieval(True, lengths=())), "NOT CLAIMED: no length of the documents"),
    (CONFIDENCE, audit(retrieval=retrieval(True, controls=("cosine",))), "NOT CLAIMED: no length of the documents"),
    (CONFIDENCE, audit(retrieval=retrieval(False, lengths=())), "no effect found beyond cosine, tokens: rest$"),
    (NORMALISE, audit(), "not asked"), (NORMALISE, audit(kind="none"), "it makes no difference: there is no signal$"),
    (NORMALISE, audit(retrieval=retrieval(overlap=1.0)), "cannot be said: too few; norms move no document into a list or out of it$"),
    (NORMALISE, audit(retrieval=retrieval()), "cannot be said: too few; inner products put another document first than cosines for 50 %"
     " of the queries, and fill 25 % of the places in lists of 10 with other documents; the 1 % of the documents with the greatest norms"
     " take 40 % of the places (5 % by the cosine)$"),
    *((NORMALISE, exponent(b, cosine, product), words) for b, cosine, product, words in ADVICE),
    (NORMALISE, exponent(2.0, UP, ACROSS, at_edge=True), "not wholly: a power of the norm ranks better than none: cos(q, d) |d|^b is best"
     " at b = 2 (0 to 1), an end of what was tried; on the other half of the queries it gains nDCG@10 of"
     " +0.2000 (+0.1000 to +0.3000) over the cosine and +0.1000 (-0.1000 to +0.3000) over inner products$"),
    (UNTRAINED, audit(), "none found$"), (UNTRAINED, audit(kind="none"), "norms do not tell: they carry no signal$"),
    (UNTRAINED, audit(untrained=(GROUP,)), f"7 rows with norms 0.5 to 1.5 are as long as random normal entries would make them{WHICH}$"),
    (UNTRAINED, audit(untrained=(GROUP,), short=FEW), "7 rows with norms 0.5 to 1.5 are as long as random"),
    (UNTRAINED, audit(short=FEW), "7 short rows with norms 0.5 to 1.5 are apart from all others: too few to tell whether they are random"
     f" (their spread is 0.5 to 2 times that of random normal entries){WHICH}$"),
    (UNTRAINED, audit(short=OTHER), "7 short rows with norms 0.5 to 1.5 are apart from all others, but not random: their spread is 0.5 to 2"
     f" times that of random normal entries{WHICH}$"),
    (UNTRAINED, audit(low=3), "cannot be said: 3 rows far shorter than the rest, too few to tell"),
    (SIGNAL, audit(one=True), "yes: norms vary by 30 % of their median (robust); how much of their mean cannot be said: a single row"),
]  # fmt: skip
AGAINST = [(0.5, True, True), (0.0, False, True), (1.0, True, False)]  # an exponent is not held against itself


def wrong(module: ModuleType) -> list[object]:
    """Cases that a module answers otherwise; a ``$`` ends an answer."""
    found = [(case, module.answers(case[1])[case[0]][1] + "$") for case in CASES]
    missed: list[object] = [(case[2], said) for case, said in found if not said.startswith(case[2])]
    for fitted, cosine, product in AGAINST:
        said = module.answers(exponent(fitted, UP, UP))[NORMALISE][1]
        missed += [] if ("over the cosine" in said, "over inner products" in said) == (cosine, product) else [said]
    shown = [module.shown_signs(association("x", value, 0.1, controlled_by_group=SignCounts(5, 2, 4, 0.0, 1.0))) for value in (0.3, -0.3)]
    missed += [] if shown == ["5 of 7", "2 of 7"] and module.shown_signs(LONG) == "" else shown
    return missed


def test_every_case_has_its_answer() -> None:
    assert wrong(answers) == []


@pytest.mark.parametrize("mutant", list(mutants("derivations.audit.answers")), ids=str)
def test_a_flipped_answer_is_caught(mutant: Mutant) -> None:
    try:
        missed = wrong(mutant.load())
    except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return  # one that fails loudly is caught as well
    assert missed


def test_the_questions_are_those_of_the_page() -> None:
    assert len(answers.answers(audit())) == UNTRAINED + 1
