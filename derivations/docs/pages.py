"""Pages made of the records: one a claim, one a chapter, and the index of all."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from derivations.latex.export import FORMATS, Extras
from derivations.latex.markdown import outcome_markdown
from derivations.lecture import Recorded, recorded
from derivations.ledger.currency import changed
from derivations.ledger.read import read_document
from derivations.terminal.plain_math import plain_math
from theory.catalogue import catalogue
from theory.claims import Proof
from theory.typesetting.notebook import statement_latex, words

Verdicts = Mapping[str, Mapping[str, Any]]  # claim id -> what the ledger says of it
CHAPTERS = {
    "geometry": "Geometry of scale invariance",
    "dynamics": "Dynamics of the norm",
    "imprint": "The semantic imprint",
    "calibration": "Calibration",
}


def ledger_verdicts(folder: Path | None) -> Verdicts:
    """What `normlaw verify` wrote into ``folder``, by claim, and whether it is ``changed`` since; nothing without one. Raises `UsageError`
    for what is no ledger."""
    if folder is None:
        return {}
    document = read_document(folder)
    old = changed(document)
    return {claim["id"]: {**claim, "changed": claim["id"] in old} for claim in document["claims"]}


def claim_pages(proofs: Sequence[Proof], verdicts: Verdicts) -> dict[str, str]:
    """One page a claim, by its path: what the export says of it, what was measured, how to have it again, what uses it."""
    texts = FORMATS["markdown"](tuple(proofs), Extras())
    ids = {proof.claim.id for proof in proofs}
    pages = {}
    for proof in proofs:
        claim = proof.claim
        users = [c for c in catalogue() if claim.id in c.derived_from and c.id in ids]
        heading, _, rest = _heading_in_words(texts[f"{claim.id}.md"]).rstrip().partition("\n")
        parts = [heading, _short(verdicts.get(claim.id)), rest, _measured(verdicts.get(claim.id))]
        parts += ["Used by " + ", ".join(f"[{c.label}]({c.id}.md)" for c in users) + "."] if users else []
        parts.append(_again(claim.id, claim.label, claim.chapter))
        pages[f"claims/{claim.id}.md"] = "\n\n".join(filter(None, parts)) + "\n"
    return pages


def _heading_in_words(page: str) -> str:
    """The page with its heading's formulas in plain signs: titles of windows, search results and links set no formula."""
    heading, _, rest = page.partition("\n")
    return re.sub(r"\$([^$]*)\$", lambda formula: plain_math(formula[1]), heading) + f"\n{rest}"


def falls_short(proofs: Sequence[Proof], verdicts: Verdicts, folder: str = "claims/") -> str:
    """What a reader has to know before anything else: laws that do not stand, or fell short in the run; empty if all is well.

    ``folder`` is where the pages of the laws lie, as seen from the page that says it.
    """
    known = {p.claim.id: p.claim for p in proofs}
    rows = [f"- [{p.claim.label}]({folder}{p.claim.id}.md): {outcome_markdown(p, folder)}" for p in proofs if p.fallen or not p.stands]
    rows += [f"- [{known[id].label}]({folder}{id}.md): falls short in the run whose measurements are shown"
             for id, record in verdicts.items() if id in known and record["falls_short"]]  # fmt: skip
    return f":::{{danger}}\nNot everything here holds.\n\n{chr(10).join(rows)}\n:::" if rows else ""


def _short(record: Mapping[str, Any] | None) -> str:
    """Why the law fell short in the run, before what is stated."""
    if record is None or not record["falls_short"]:
        return ""
    rows = "\n".join(f"- {words(why)}" for why in record["falls_short"])
    return f":::{{danger}}\nFalls short in the run whose measurements are shown.\n\n{rows}\n:::"


def _measured(record: Mapping[str, Any] | None) -> str:
    if record is None:
        return ""
    rows = [f"| {words(m['what'])} | {m['verdict']} | {m['settings']} |" for m in record["evidence"]["measurements"]]
    head = f"## Measured\n\nEvidence **{record['evidence']['verdict']}**, in the run whose ledger this page was made of."
    head += " **The law, or what measures it, has changed since.**" if record.get("changed") else ""
    return "\n".join([head, "", "| what | verdict | settings |", "| --- | --- | --- |", *rows])


def _again(name: str, label: str, chapter: str) -> str:
    folders = ("theory/laws", "derivations/evidence", "theory/broken")
    law, evidence, broken = (f"{folder}/{chapter}/{name.replace('-', '_')}.py" for folder in folders)
    return (
        f"## Have it again\n\n```\nnormlaw show {label}\nnormlaw verify {label}\n```\n\n"
        f"The law is in `{law}`, its measurement in `{evidence}`, and its broken variants in `{broken}`."
    )


def chapter_pages(proofs: Sequence[Proof], verdicts: Verdicts = MappingProxyType({})) -> dict[str, str]:
    """The lecture notes of every chapter, with statement and verdict of each law, and a link to its page; first what falls short in it."""
    known = {proof.claim.id: proof for proof in proofs}
    pages = {}
    for chapter in catalogue().chapters():
        sections = recorded(importlib.import_module(f"derivations.{chapter}").SECTIONS)
        title = f"# {CHAPTERS.get(chapter, chapter.capitalize())}"
        run = f"`python -m derivations.{chapter}` derives all of this page anew, step by step."
        short = falls_short([p for p in proofs if p.claim.chapter == chapter], verdicts, "../claims/")
        parts = [title, short, run, *(_section(s, known) for s in sections)]
        pages[f"chapters/{chapter}.md"] = "\n\n".join(filter(None, parts)) + "\n"
    return pages


def _section(section: Recorded, known: Mapping[str, Proof]) -> str:
    parts = [f"## {section.title}"]
    for kind, what in section.entries:
        proof = None if kind == "say" else known.get(catalogue()[what].id)
        if kind == "say":
            parts.append(what)
        elif proof is not None:
            parts.append(_law(proof))
    return "\n\n".join(parts)


def _law(proof: Proof) -> str:
    """A box: the title links to the page, and the statement is the kernel's."""
    claim = proof.claim
    lines = statement_latex(claim)
    title = f"[{claim.label}. {words(claim.title)}](../claims/{claim.id}.md)"
    outcome = f"**{outcome_markdown(proof, '../claims/').strip('*')}**, {len(proof.steps)} steps"
    stands = proof.stands and not proof.fallen
    said = [lines, outcome] if stands else [f"{outcome}: this is {'not established' if proof.stands else 'no law'}", lines]
    body = "\n\n".join(said)
    return f":::{{admonition}} {title}\n:class: {'law' if stands else 'danger'}\n\n{body}\n:::"


def index_page(proofs: Sequence[Proof]) -> str:
    """All claims in a table, by chapter."""
    parts = ["# All laws"]
    for chapter in dict.fromkeys(proof.claim.chapter for proof in proofs):
        rows = [
            f"| [{p.claim.label}]({p.claim.id}.md) | {words(p.claim.title)} | {outcome_markdown(p)} | {p.claim.provenance.value} |"
            for p in proofs if p.claim.chapter == chapter
        ]  # fmt: skip
        parts.append("\n".join([f"## {CHAPTERS.get(chapter, chapter)}", "", "| law | statement | verdict | provenance |",
                                "| --- | --- | --- | --- |", *rows]))  # fmt: skip
    names = "\n".join(f"{p.claim.label} {p.claim.id.replace('-', ' ')} <{p.claim.id}>" for p in proofs)
    return "\n\n".join([*parts, f"```{{toctree}}\n:hidden:\n\n{names}\n```"]) + "\n"
