"""``normlaw list``: what is claimed, under which hypotheses, from where, and what follows from what."""

from __future__ import annotations

import json
import sys
import textwrap
from argparse import Namespace
from typing import Any

from rich.console import Console

from derivations.terminal.derivation import cited
from derivations.terminal.plain_math import plain_prose
from derivations.terminal.tables import STYLES, console, line
from theory.catalogue import Catalogue, catalogue
from theory.claims import Claim


def run(options: Namespace) -> int:
    """Print the catalogue; always 0."""
    claims = catalogue()
    if options.json:
        sys.stdout.write(json.dumps({"claims": [listed(c) for c in claims]}, indent=2) + "\n")
    elif options.graph or options.dot:
        print(claims.graph() if options.graph else claims.dot())
    else:
        out = console(no_color=getattr(options, "no_color", False))
        for chapter in claims.chapters():
            _show_chapter(out, chapter, claims)
    return 0


def listed(claim: Claim) -> dict[str, Any]:
    """What the catalogue says of a claim without proving it."""
    return {
        "id": claim.id,
        "label": claim.label,
        "chapter": claim.chapter,
        "title": claim.title,
        "hypotheses": [{"id": h.id, "words": h.words} for h in claim.hypotheses],
        "derived_from": list(claim.derived_from),
        "provenance": claim.provenance.value,
        "references": [{"key": r.key, "words": r.words, "where": r.where} for r in claim.references],
        "evidence": claim.evidence,
        "remark": claim.remark,
        "numeric_only": claim.numeric_only,
    }


def _show_chapter(out: Console, chapter: str, claims: Catalogue) -> None:
    line(out, (chapter, "bold underline"))
    for claim in claims:
        if claim.chapter == chapter:
            line(out, (f"{claim.label:<5}", "bold"), (claim.id, "cyan"))
            _indented(out, plain_prose(claim.title))
            _indented(out, "under " + ", ".join(h.id for h in claim.hypotheses), "dim")
            _indented(out, _origin(claim), "dim")
            if claim.numeric_only:
                _indented(out, "NUMERIC-ONLY: measured, not proved", STYLES["numeric-only"])
    out.print()


def _origin(claim: Claim) -> str:
    """Provenance and sources."""
    sources = "; ".join(map(cited, claim.references))
    return claim.provenance.value + (f"; see {sources}" if sources else "")


def _indented(out: Console, text: str, style: str = "") -> None:
    width = max(40, min(out.width, 110)) - 5
    for part in textwrap.wrap(text, width, break_on_hyphens=False):
        line(out, "     ", (part, style))
