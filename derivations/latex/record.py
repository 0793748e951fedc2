"""Claims as data, for JSON: every field of the record and what the kernel said of it."""

from __future__ import annotations

from typing import Any

from derivations.latex.content import content_latex
from derivations.latex.decided import definitions
from derivations.latex.printer import formula_latex, goal_latex
from theory.claims import Proof, Step, WitnessVerdict
from theory.kernel import Goal, Verdict

SCHEMA = "normlaw-claims/1"


def document(proofs: tuple[Proof, ...]) -> dict[str, Any]:
    """All claims in one object."""
    return {"schema": SCHEMA, "claims": [claim_record(proof) for proof in proofs]}


def claim_record(proof: Proof) -> dict[str, Any]:
    """One claim with its proof. Run times are left out: equal claims give equal bytes."""
    claim = proof.claim
    return {
        "id": claim.id,
        "label": claim.label,
        "chapter": claim.chapter,
        "title": claim.title,
        "status": proof.outcome,
        "numeric_only": claim.numeric_only,
        "formulas": {k: {"text": _text(f), "latex": formula_latex(f)} for k, f in claim.formulas.items()},
        "hypotheses": [
            {"id": h.id, "words": h.words, "content": list(content_latex(h.content)), "witness": _witness(w)}
            for h, w in zip(claim.hypotheses, proof.witnesses, strict=True)
        ],
        "steps": [_step(step, verdict) for step, verdict in proof.steps],
        "derived_from": list(claim.derived_from),
        "fallen_lemmas": [lemma.id for lemma in proof.fallen],
        "evidence": claim.evidence,
        "provenance": claim.provenance.value,
        "references": [{"key": r.key, "words": r.words, "where": r.where} for r in claim.references],
        "remark": claim.remark,
    }


def _text(formula: Any) -> str:
    return formula_latex(formula) if hasattr(formula, "latex") else str(formula)


def _step(step: Step, verdict: Verdict) -> dict[str, Any]:
    return {"words": step.words, **_goal(step.goal), "concludes": step.concludes, "case": step.case, **_verdict(verdict)}


def _witness(witness: WitnessVerdict) -> dict[str, Any]:
    instead = witness.instead and {**_goal(witness.instead[0]), **_verdict(witness.instead[1])}
    return {"words": witness.words, **_goal(witness.goal), "bites": witness.bites, **_verdict(witness.verdict), "instead": instead}


def _goal(goal: Goal | None) -> dict[str, Any]:
    """How it is written, and what stands behind the names in it, whole."""
    if goal is None:
        return {"latex": "", "decided": []}
    return {"latex": goal_latex(goal), "decided": [d.document() for d in definitions(goal)]}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "method": verdict.method,
        "detail": verdict.detail,
        "values": dict(sorted(verdict.values.items())),
        "conditions": list(verdict.conditions),
    }
