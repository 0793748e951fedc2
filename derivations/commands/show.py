"""``normlaw show``: one claim, with its derivation decided now."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from derivations.command_line.input_checks import claim_named
from derivations.commands.list import listed
from derivations.latex.content import assumptions, content_latex
from derivations.ledger.document import finite, step_document
from derivations.ledger.examination import proof_of
from derivations.ledger.proofs import ProofRecord
from derivations.terminal.derivation import show_derivation
from derivations.terminal.tables import console
from theory.catalogue import catalogue
from theory.claims import Claim


def run(options: Namespace) -> int:
    """Print a claim; 0 whatever the verdict, for it is shown, not judged here."""
    claim = claim_named(catalogue(), options.id)
    if options.latex:
        from derivations.latex.fragment import claim_latex

        print(claim_latex(claim))
    elif options.json:
        sys.stdout.write(shown_json(claim, proof_of(claim)))
    else:
        out = console(no_color=getattr(options, "no_color", False))
        show_derivation(out, claim, proof_of(claim), full=options.full)
    return 0


def shown_json(claim: Claim, proof: ProofRecord) -> str:
    """Everything `normlaw show` prints, as one JSON document."""
    document = listed(claim)
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
