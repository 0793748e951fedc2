"""LaTeX of a whole claim, with the verdicts that the run gave: what ``normlaw export ID`` prints, and nothing is proved anew.

Only if the law says what it said in the run, to the letter: verdicts of one formula must not be printed beside another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.latex.export import fragments
from derivations.latex.macros import NOTATION
from derivations.latex.printer import goal_latex
from derivations.ledger.document import kernel_document, step_document
from derivations.ledger.examination import proof_record
from theory.claims import Claim, Hypothesis, Proof, Step, Witness, WitnessVerdict
from theory.kernel import Goal, Status, Verdict
from theory.substance import formulas

Record = Mapping[str, Any]


def fragment(claim: Claim | None, record: Record) -> str:
    """The text that goes after the macros; empty where the catalogue's claim is not the one that the run was about."""
    try:
        proof = None if claim is None else _proof(claim, record)
    except Exception:  # a formula that SymPy stumbles over: the run says so, and there is nothing to typeset
        return ""
    return "" if proof is None else fragments((proof,), "latex").removeprefix(NOTATION)


def _proof(claim: Claim, record: Record) -> Proof | None:
    """The claim with the verdicts of the run, if it has the same steps and hypotheses, of the same formulas."""
    steps = claim.written
    same = len(steps) == len(record["steps"])
    same &= [h.id for h in claim.hypotheses] == [h["id"] for h in record["hypotheses"]]
    if not same or any(h["symbolic"] is None for h in record["hypotheses"]):
        return None
    witnesses = tuple(_witness(claim, h, r["symbolic"], steps) for h, r in zip(claim.hypotheses, record["hypotheses"], strict=True))
    proof = Proof(claim, tuple((s, _verdict(r)) for s, r in zip(steps, record["steps"], strict=True)), witnesses, 0.0)
    return proof if _said(proof) == _written(record) else None


def _said(proof: Proof) -> Any:
    """What a run would keep of the steps and of the kernel's witnesses."""
    kept = proof_record(proof)
    witnesses = [kernel_document(kept.witnesses[h.id]) for h in proof.claim.hypotheses]
    return json.loads(json.dumps([[step_document(step) for step in kept.steps], witnesses]))


def _written(record: Record) -> Any:
    return [record["steps"], [h["symbolic"] for h in record["hypotheses"]]]


def _witness(claim: Claim, hypothesis: Hypothesis, record: Record, steps: Sequence[Step]) -> WitnessVerdict:
    witness: Witness | None = None if hypothesis.witness is None else hypothesis.witness(claim.formulas)
    goals: list[Goal] = [s.goal for s in steps if s.concludes] if witness is None else [witness.goal]
    goals += [part for goal in goals for part in formulas(goal)]
    goal = next((goal for goal in goals if goal_latex(goal) == record["latex"]), None)  # what was refuted
    other = None if witness is None else witness.instead
    instead = (other, _verdict(record["instead"])) if other is not None and record["instead"] else None
    return WitnessVerdict(hypothesis.id, record["words"], _verdict(record), goal, instead)


def _verdict(record: Record) -> Verdict:
    return Verdict(Status(record["verdict"]), record["method"], record["detail"], dict(record["values"]), tuple(record["conditions"]))
