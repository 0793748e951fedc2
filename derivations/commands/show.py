"""``normlaw show``: one claim, with its derivation decided now."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence

from derivations.command_line.input_checks import claim_named
from derivations.commands.list import listed
from derivations.latex.content import assumptions, content_latex
from derivations.latex.resting import rested
from derivations.ledger.document import finite, step_document
from derivations.ledger.examination import proof_of
from derivations.ledger.proofs import ProofRecord
from derivations.terminal.derivation import show_derivation
from derivations.terminal.tables import console
from theory.catalogue import catalogue
from theory.claims import Claim, Proof
from theory.standing import what_it_rests_on


def run(options: Namespace) -> int:
    """Print a claim; 0 whatever the verdict, for it is shown, not judged here."""
    claim = claim_named(catalogue(), options.id)
    if options.latex:
        from derivations.latex.fragment import claim_latex

        print(claim_latex(claim))
    elif options.json:
        sys.stdout.write(shown_json(claim, proof_of(claim), _fallen(claim)))
    else:
        out = console(no_color=getattr(options, "no_color", False))
        rests = what_it_rests_on([lemma.label for lemma in _fallen(claim)])
        show_derivation(out, claim, proof_of(claim), full=options.full, rests=rests)
    return 0


def _fallen(claim: Claim) -> tuple[Claim, ...]:
    """The lemmas behind a claim that do not stand."""
    (alone,) = rested([Proof(claim, (), (), 0.0)])
    return alone.fallen


def shown_json(claim: Claim, proof: ProofRecord, fallen: Sequence[Claim] = ()) -> str:
    """Everything `normlaw show` prints, as one JSON document."""
    document = listed(claim) | {"fallen_lemmas": [lemma.id for lemma in fallen]}
    for hypothesis, stated in zip(document["hypotheses"], claim.hypotheses, strict=True):
        hypothesis["content"] = list(content_latex(stated.content))
        witness = proof.witnesses.get(hypothesis["id"])
        hypothesis["witness"] = witness and {
            "words": witness.words,
            "bites": witness.bites,
            **step_document(witness.step),
        }
    document |= {
        "statement_latex": proof.statement_latex,
        "symbols": list(assumptions(claim)),
        "proof": proof.status,
        "steps": [step_document(step) for step in proof.steps],
        "seconds": round(proof.seconds, 3),
    }
    return json.dumps(finite(document), indent=2, allow_nan=False) + "\n"
