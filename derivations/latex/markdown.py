"""One claim as Markdown with ``$...$`` formulas, and the index of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derivations.latex.content import content_latex
from derivations.latex.decided import definitions
from derivations.latex.printer import formula_latex, goal_latex, goal_lines
from derivations.latex.symbols import legend
from derivations.latex.words import words_markdown
from theory.claims import Claim, Hypothesis, Proof, Reference, Step, WitnessVerdict
from theory.kernel import Status, Verdict
from theory.standing import what_it_rests_on, with_what_it_rests_on
from theory.typesetting.cases import above


def claim_markdown(proof: Proof) -> str:
    """The whole claim: hypotheses, statement, steps, counterexamples, provenance."""
    claim = proof.claim
    concluded = [step for step, _ in proof.steps if step.concludes]
    measured = [f"$${formula_latex(f)}$$" for f in claim.formulas.values()]
    parts = [
        f"# {claim.label}. {'' if proof.stands else f'{proof.outcome.upper()}: '}{words_markdown(claim.title)}",
        f"`{claim.id}`: **{proof.outcome}**, {claim.provenance.value if proof.stands else 'no source is known to say this'}.",
        *([f"**It {rests}: until that is mended, this is not established.**"] if (rests := _rests(proof)) else []),
        "## Hypotheses",
        _numbered(map(_hypothesis, claim.hypotheses)),
        "## Statement" if proof.stands else f"## What was put to the kernel, and is {proof.outcome}",
        *(["The statement is measured, not proved:", *measured] if proof.outcome == "numeric-only" else []),
        *_statement(concluded),
        *([f"Symbols: {', '.join(map(words_markdown, symbols))}."] if (symbols := legend(claim)) else []),
        "## Proof" if proof.stands else f"## Derivation, {proof.outcome}",
        *(_step(i, step, verdict) for i, (step, verdict) in enumerate(proof.steps, 1)),
        *(_needed(proof) if proof.stands else []),
        *_notes(claim, proof.stands),
    ]
    return "\n\n".join(parts) + "\n"


def _rests(proof: Proof, folder: str = "") -> str:
    return what_it_rests_on([f"[{lemma.label}]({folder}{lemma.id}.md)" for lemma in proof.fallen])


def outcome_markdown(proof: Proof, folder: str = "") -> str:
    """``proved``; in bold what is not, or rests on what does not stand, with links to pages in the folder."""
    rests = _rests(proof, folder)
    said = with_what_it_rests_on(proof.outcome, rests)
    return said if proof.outcome == Status.PROVED.value and not rests else f"**{said}**"


def _needed(proof: Proof) -> list[str]:
    rows = (f"{words_markdown(w.words)}: *{_found(w.verdict)}*{_instead(w)}" for w in proof.witnesses)
    return ["## Without each hypothesis", _numbered(rows)]


def _instead(witness: WitnessVerdict) -> str:
    return f"; there instead ${goal_latex(witness.instead[0])}$" if witness.bites and witness.instead else ""


def index_markdown(proofs: Iterable[Proof]) -> str:
    """A table of the claims with links to their files."""
    rows = [
        f"| [{p.claim.label}]({p.claim.id}.md) | {words_markdown(p.claim.title)} | {outcome_markdown(p)}"
        f" | {p.claim.provenance.value} |"
        for p in proofs
    ]
    head = ["# Laws", "", "| law | statement | verdict | provenance |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows]) + "\n"


def _hypothesis(hypothesis: Hypothesis) -> str:
    formal = ",\\ ".join(content_latex(hypothesis.content))
    return words_markdown(hypothesis.words) + (f" (decided for ${formal}$)" if formal else "")


def _numbered(rows: Iterable[str]) -> str:
    return "\n".join(f"{i}. {row}" for i, row in enumerate(rows, 1))


def _statement(concluded: Sequence[Step]) -> list[str]:
    """Every conclusion, a case above the first that is about it."""
    rows, before = list[str](), ""
    for step in concluded:
        said = above(step.case, before)
        rows += [f"*{words_markdown(said)}:*"] * bool(said) + [_displays(step)]
        before = step.case
    return rows


def _displays(step: Step) -> str:
    where = [f"where ${d.name}$ {d.says} ${d.expression}$" for d in definitions(step.goal)]
    return "\n\n".join([*(f"$${line}$$" for line in goal_lines(step.goal)), *where])


def _step(number: int, step: Step, verdict: Verdict) -> str:
    decided = verdict.method if verdict.proved else f"{verdict.status.value}: {verdict.detail}"
    row = f"{number}. {words_markdown(step.words)} *[{words_markdown(decided)}]*"
    return row if step.goal is None else f"{row}\n\n{_displays(step)}"


def _found(verdict: Verdict) -> str:
    at = ", ".join(f"{name} = {value}" for name, value in sorted(verdict.values.items()))
    return words_markdown(f"{verdict.status.value}, {verdict.detail}" + (f", at {at}" if at else ""))


def _notes(claim: Claim, stands: bool) -> list[str]:
    lemmas = ", ".join(f"[{name}]({name}.md)" for name in claim.derived_from)
    notes = [f"Uses {lemmas}."] if lemmas else []
    notes += [f"Measured by {words_markdown(claim.evidence.rstrip('.'))}."]
    notes += [words_markdown(claim.remark)] if claim.remark else []
    sources = "; ".join(map(_reference, claim.references))
    return [*notes, f"References: {sources}."] if sources and stands else notes


def _reference(reference: Reference) -> str:
    return words_markdown(reference.words.rstrip(".") + (f", {reference.where}" if reference.where else ""))
