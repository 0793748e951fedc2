"""Every formula in the paper is compared with the record, letter by letter and sign by sign."""

from __future__ import annotations

import re
from typing import Any

import pytest

from derivations.latex.fragment import proof_latex
from derivations.latex.naming import unfolded
from derivations.latex.record import claim_record
from tests import law_checks
from tests.test_derivations import paper
from theory.catalogue import catalogue
from theory.claims import Claim, Proof

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
Read = tuple[list[str], list[str], list[tuple[str, str, str]]]


def read_back(fragment: str) -> Read:
    """Formulas of the statement, formulas of the proof, and definitions, with the parts of long ones put back."""
    bodies = paper.parts(fragment)
    statement, _, rest = fragment.split(r"\end{hypotheses}", 1)[1].partition(r"\end{law}")
    proof = rest.split(r"\lawnote{", 1)[0]
    both = ([paper.bare(unfolded(line, bodies)) for line in paper.displays(part)] for part in (statement, proof))
    stated, proved = both
    return stated, proved, [(paper.bare(n), s, paper.bare(unfolded(e, bodies))) for n, s, e in paper.definitions(statement + proof)]


def of_record(proof: Proof) -> Read:
    """The same from claims.json: a conclusion once in the statement; what names stand for with the steps of the proof."""
    steps = claim_record(proof)["steps"]
    lines = [[paper.bare(line) for line in step["latex"].split(r",\qquad ") if line] for step in steps]
    stated = [line for step, some in zip(steps, lines, strict=True) if step["concludes"] for line in some]
    concluding = sum(s["concludes"] for s in steps)
    decided = [(paper.bare(d["name"]), d["says"], paper.bare(d["expression"])) for s in steps for d in s["decided"] if not in_sight(d, s)]
    measured = [paper.bare(f["latex"]) for f in claim_record(proof)["formulas"].values()]
    said = list(dict.fromkeys(stated)) if concluding else measured
    return said, [line for some in lines for line in dict.fromkeys(some)], decided


def in_sight(d: dict[str, str], step: dict[str, Any]) -> bool:
    """What a name came out as is not said again if the formula says it: ``name = expression``, whole."""
    said = one_letter(paper.bare(f"{d['name']} = {d['expression']}"))
    lines = (one_letter(paper.bare(line.split(r" \quad (")[0])) for line in step["latex"].split(r",\qquad "))
    return d["says"] == "comes out as" and said in lines


def one_letter(text: str) -> str:
    """Without braces around a single character below or above, and without the space that stands for them behind it."""
    return re.sub(r"([_^])\{(.)\}", r"\1\2", text).replace(" ", "")


def one_line(lines: list[str]) -> str:
    """A conclusion may stand below what it follows from."""
    return " ".join(lines).replace("\\ ", "").replace(" ", "")


def differences(fragment: str, record: Read) -> list[tuple[object, object]]:
    """What the paper prints and the record does not say."""
    (stated, proved, decided), (said, shown, known) = read_back(fragment), record
    lines: list[tuple[object, object]] = [(one_line(stated), one_line(said)), (one_line(proved), one_line(shown))]
    return [pair for pair in [*lines, *zip(decided, known, strict=False), (len(decided), len(known))] if pair[0] != pair[1]]


@every_claim
def test_every_formula_of_a_law_in_the_paper_is_that_of_the_record(claim: Claim) -> None:
    proof = law_checks.proof(claim.id)
    assert differences(proof_latex(proof), of_record(proof)) == []


@pytest.mark.parametrize("claim_id", ["epsilon-leaves-a-radial-gradient", "ambiguous-labels-heat", "hessian-scales-inversely-squared"])
def test_one_changed_sign_anywhere_in_a_long_formula_is_seen(claim_id: str) -> None:
    proof = law_checks.proof(claim_id)
    fragment, record = proof_latex(proof), of_record(proof)
    start, end = fragment.index(r"\end{hypotheses}"), fragment.index(r"\lawnote{")
    formulas = re.sub(r"(?m)^\\item .*$", lambda words: " " * len(words[0]), fragment[:end])  # a step's words are no formula of it
    signs = [at.start() + 1 for at in re.finditer(r" [+-] |\(-|\{-", formulas) if at.start() > start]
    assert len(signs) > 20
    for at in signs[:: len(signs) // 12]:
        other = {"+": "-", "-": "+"}[fragment[at]]
        assert differences(fragment[:at] + other + fragment[at + 1 :], record) != [], fragment[at - 60 : at + 60]


def test_another_exponent_fraction_or_factor_would_be_seen() -> None:
    others = (r"\frac{a}{b}", r"\frac{b}{a}", r"a b^{-1}", r"a b^{+1}", r"\frac{1}{b} a", "a b")
    assert len({paper.bare(paper.joined(text)) for text in others}) == len(others)
    rows = "\\begin{aligned}\n& a \\\\\n& \\qquad - \\biggl(b \\\\\n& \\qquad + c\\biggr)\n\\end{aligned}"
    assert paper.bare(paper.joined(rows)) == paper.bare(r"a - \left(b + c\right)")
    assert paper.bare(paper.joined(rows)) != paper.bare(r"a + \left(b + c\right)")
