"""Runs to make reports of: one of invented claims, one of them broken; and one of all claims with nothing decided."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from derivations.evidence import NumericWitness
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_most, equal
from derivations.latex.decided import definitions
from derivations.latex.printer import goal_latex
from derivations.ledger.document import SCHEMA_VERSION
from derivations.ledger.points import ClaimPoints
from derivations.ledger.read import POINTS_VERSION
from tests.test_derivations.invented import X, invented, measured
from theory.catalogue import catalogue
from theory.claims import Claim, Provenance, Reference
from theory.kernel import Goal

HOSTILE = "Nothing <script>window.stolen = 1</script> & \"more\" than $x^2 < y$"


def invented_pairs(*, broken: bool) -> tuple[tuple[Claim, Any], ...]:
    """Three claims in two chapters, the last derived from the first; if ``broken``, that one is refuted and measured wrong."""
    first = invented("it-holds", title=HOSTILE, remark="as long as $x > 0$", references=(Reference("noether1918", "Noether", "sec. 1"),))
    second = invented("elsewhere-too", chapter="other", provenance=Provenance.RECONSTRUCTED, title="Adam is another")
    third = invented("it-follows", derived_from=("it-holds",), title="Cosines follow")
    wrong = third.replaced(square=X**2 + 2 * X + 2) if broken else third
    return (first, _evidence()), (second, _evidence()), (wrong, _evidence(off=3.0 if broken else 0.0))


def _evidence(off: float = 0.0) -> Any:
    predicted = np.geomspace(1e-3, 1e3, 40)
    labels = [f"i={i} seed=7" for i in range(40)]
    ratio = 1 + 1e-3 * np.sin(np.arange(40)) + off
    pair = measurement("norms along the run", equal(predicted * ratio, predicted), 2e-3 * predicted, labels)
    plain = measurement("vectors", np.full(40, 1e-9), 1e-8, labels)
    side = measurement("share that is below", at_most(np.array([0.5, 1.0 + off]), 1.0), 1e-6, ["a", "b"])
    return measured(pair, plain, side, positive=lambda _f, _s: _witness(off))


def _witness(off: float) -> NumericWitness:
    ones, labels = np.ones(5), [f"case {i}" for i in range(5)]
    kept = measurement("a sum", equal(ones + off, ones), 1e-6, labels)
    dropped = measurement("a sum", equal(ones + np.arange(1, 6), ones), 1e-6, labels)
    return NumericWitness("$x < 0$, all else equal", kept, dropped)


def undecided_run(folder: Path) -> Path:
    """A ledger of the whole catalogue with every formula in it, as if all were proved and measured; nothing is."""
    claims = [_claim(c) for c in catalogue()]
    ledger = {
        "schema_version": SCHEMA_VERSION, "claims": claims, "real_input": None, "seed": 0, "effort": "quick", "versions": {"normlaw": "0"},
        "summary": summary(claims),
    }  # fmt: skip
    points = {c["id"]: ClaimPoints((None,), {h["id"]: (None, None) for h in c["hypotheses"]}).document() for c in claims}
    (folder / "ledger.json").write_text(json.dumps(ledger))
    (folder / "points.json").write_text(json.dumps({"schema_version": POINTS_VERSION, "seed": 0, "effort": "quick", "claims": points}))
    return folder


def summary(claims: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a ledger says of these claims together."""
    proofs = Counter(c["proof"] for c in claims)
    evidence = Counter(c["evidence"]["verdict"] for c in claims)
    witnesses = Counter(h["witness"] for c in claims for h in c["hypotheses"])
    short = [{"who": c["id"], "why": why} for c in claims for why in c["falls_short"]]
    return {"passes": not short, "claims": len(claims), "proof": dict(proofs), "evidence": dict(evidence), "witnesses": dict(witnesses),
            "falls_short": short}  # fmt: skip


def no_points(path: Path) -> None:
    """Of the law's comparisons: they would be those of other figures than the ledger's."""
    document = json.loads(path.read_text())
    for claim in document["claims"].values():
        claim["measurements"] = [None] * len(claim["measurements"])
    path.write_text(json.dumps(document))


def measured_anew(document: dict[str, Any], observed: Any, bound: float) -> None:
    """The ledger of a run in which every comparison came out so; its verdicts are those of these figures."""
    verdict = "holds" if float(observed) <= bound else "fails"
    for claim in document["claims"]:
        for m in claim["evidence"]["measurements"]:
            m |= {"observed": observed, "bound": bound, "verdict": verdict}
        claim["evidence"] |= {"observed": observed, "bound": bound, "verdict": verdict}
        stands = claim["proof"] == "proved" and verdict == "holds"
        claim["falls_short"] = [] if stands else claim["falls_short"] or [f"evidence {verdict}"]
    document["summary"] = summary(document["claims"])


def _claim(c: Claim) -> dict[str, Any]:
    hypotheses = [
        {"id": h.id, "words": h.words, "witness": "bites", "symbolic": _kernel(c, i), "numeric": _simulated()}
        for i, h in enumerate(c.hypotheses)
    ]
    steps = [_goal(s.goal) | {"words": s.words, "concludes": s.concludes, "free": s.free} for s in c.steps(c.formulas)]
    compared, stated = _compared(0.0), r" ;\quad ".join(s["latex"] for s in steps if s["concludes"])
    evidence = {"note": "", "measurements": [compared], **{k: compared[k] for k in ("verdict", "observed", "bound", "settings")}}
    return {
        "id": c.id, "label": c.label, "chapter": c.chapter, "title": c.title, "statement_latex": stated, "proof": "proved", "steps": steps,
        "evidence": evidence, "hypotheses": hypotheses, "derived_from": list(c.derived_from), "provenance": c.provenance.value,
        "falls_short": [], "seconds": 0.0,
    }  # fmt: skip


def _compared(observed: float) -> dict[str, Any]:
    verdict = "fails" if observed else "holds"
    return {"what": "nothing", "verdict": verdict, "observed": observed, "bound": 0.0, "settings": 1, "setting": ""}


def _simulated() -> dict[str, Any]:
    return {"words": "", "bites": True, "kept": _compared(0.0), "dropped": _compared(1.0), "note": ""}


def _kernel(c: Claim, i: int) -> Mapping[str, Any]:
    make, refuted = c.hypotheses[i].witness, {"verdict": "refuted", "bites": True, "instead": None}
    if make is None:
        return {"latex": "", "decided": [], "method": "none", "detail": "", "values": {}, "conditions": [], "words": "", **refuted}
    witness = make(c.formulas)
    instead = None if witness.instead is None else _goal(witness.instead)
    return _goal(witness.goal) | refuted | {"words": witness.words, "instead": instead}


def _goal(goal: Goal) -> dict[str, Any]:
    decided = [d.document() for d in definitions(goal)]
    verdict = {"verdict": "proved", "method": "none", "detail": "", "values": {}, "conditions": []}
    return {"latex": goal_latex(goal), "decided": decided, **verdict}
