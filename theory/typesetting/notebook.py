r"""Claims, proofs and verdicts as a notebook shows them: Markdown with formulas, and LaTeX for a PDF made of it.

Nothing is proved to show something: a `Claim` has no verdict, a `Proof` has those that the kernel gave.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from theory.claims import Claim, Hypothesis, Proof, Step, WitnessVerdict
from theory.kernel import Goal, Verdict
from theory.standing import refusal
from theory.statements.prover import Result
from theory.typesetting.cases import Cases, by_case
from theory.typesetting.goals import formula_latex, goal_lines

_MATH = re.compile(r"(\$[^$]*\$)")
_MARKUP = re.compile(r"([*_<>|`\[\]#])")
_TEXT = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$", "^": r"\wedge ", "~": r"\sim "}
_LETTERS = {"\\": r"\backslash "}


def markdown(record: object) -> str:
    """What a notebook shows. Raises `TypeError` for what is no record."""
    return _of(record)[0](record)


def latex(record: object) -> str:
    """The same in LaTeX, formulas only, for a notebook made into a PDF."""
    return _of(record)[1](record)


def _of(record: object) -> tuple[Callable[[Any], str], Callable[[Any], str]]:
    for kind, both in _SETS.items():
        if isinstance(record, kind):
            return both
    raise TypeError(f"no record: {type(record).__name__}")


def claim_markdown(claim: Claim) -> str:
    """Title, hypotheses and statement; and that nothing is decided by showing them."""
    return f"{_claimed(claim)}\n\n*So it is claimed; `prove` asks the kernel whether it is so.*"


def _claimed(claim: Claim) -> str:
    return "\n\n".join([_title(claim), "Suppose", _hypotheses(claim), "Then", *_stated(claim), *_remark(claim)])


def claim_latex(claim: Claim) -> str:
    """The statement, as one display; and, as in Markdown, that nothing is decided by showing it."""
    return display([*_rows(claim), r"\text{So it is claimed; }\mathtt{prove}\text{ asks the kernel whether it is so.}"])


def statement_latex(claim: Claim) -> str:
    """The statement alone, as one display, for a page that says itself what the kernel said of it."""
    return display(_rows(claim))


def _rows(claim: Claim) -> list[str]:
    rows = []
    for case, (first, *rest) in _statement(claim):
        rows += [rf"\text{{{_text(case)}: }}\quad {first}" if case else first, *rest]
    return rows


def proof_markdown(proof: Proof) -> str:
    """The verdict, the claim, and every step with its formula and what the kernel said of it; then the need of each hypothesis.

    What does not stand says so first, and has no hypotheses that were shown to be needed: it fails, or is open, with all of them.
    """
    rows = [*_warning(proof), _claimed(proof.claim), f"**{proof.outcome}**, step by step:"]
    for number, (step, verdict) in enumerate(proof.steps, 1):
        rows.append(f"{number}. {words(step.words)} {verdict_markdown(verdict)}")
        rows += _displays(_lines(step.goal))
    needed = ["Without each hypothesis:", "\n".join(f"- {_without(w)}" for w in proof.witnesses)]
    return "\n\n".join(rows + needed * proof.stands)


def _warning(proof: Proof) -> list[str]:
    """What a reader has to know before the statement."""
    if proof.stands:
        return []
    return [f"**{proof.outcome.upper()}. {refusal(proof.outcome)} It is no law; what was put to the kernel is:**"]


def proof_latex(proof: Proof) -> str:
    """Every step's formulas, one below the other, each with its verdict."""
    rows = [] if proof.stands else [rf"\text{{{proof.outcome.upper()}: no law}}"]
    for step, verdict in proof.steps:
        said = rf"\text{{[{_text(_said(verdict))}]}}"
        lines = _lines(step.goal) or (rf"\text{{{_text(step.words)}}}",)
        rows += [*lines[:-1], rf"{lines[-1]} \qquad {said}"]
    return display(rows)


def verdict_markdown(verdict: Verdict) -> str:
    """Status and method; of a refutation the point too."""
    at = "".join(f", `{name} = {value}`" for name, value in sorted(verdict.values.items()))
    detail = f" ({words(verdict.detail)})" if verdict.detail and not verdict.proved else ""
    return f"**{words(_said(verdict))}**{detail}{at}"


def verdict_latex(verdict: Verdict) -> str:
    """Likewise, as text in a formula."""
    at = ", ".join(f"{name} = {value}" for name, value in sorted(verdict.values.items()))
    return rf"$\text{{{_text(_said(verdict) + (f', at {at}' if at else ''))}}}$"


def result_markdown(result: Result) -> str:
    """A statement of one's own: verdict, statement, and where it fails or is defined."""
    by = f" by {words(result.method)}" if result.verdict == "proved" else ""
    rows = [f"**{result.verdict}**{by}", display([result.statement_latex])]
    if result.counterexample is not None:
        found = result.counterexample
        at = [f"`{name} = ({', '.join(v)})`" for name, v in found.vectors.items()]
        rows.append("It fails at " + ", ".join([*at, *(f"`{name} = {value}`" for name, value in found.scalars.items())]) + ".")
    rows += [f"Wherever it is defined: {words('; '.join(result.conditions))}."] if result.conditions else []
    return "\n\n".join([*rows, *([words(result.note)] if result.note else [])])


def result_latex(result: Result) -> str:
    """The statement with its verdict."""
    return display([rf"{result.statement_latex} \qquad \text{{[{_text(result.verdict)}]}}"])


def display(lines: Iterable[str]) -> str:
    """Formulas below each other between double dollar signs."""
    rows = list(lines)
    body = rows[0] if len(rows) == 1 else r"\begin{gathered}" + r" \\[4pt] ".join(rows) + r"\end{gathered}"
    return f"$${body}$$"


def words(text: str) -> str:
    """The records' words as Markdown: formulas kept, what would be markup escaped."""
    return "".join(part if i % 2 else _MARKUP.sub(r"\\\1", part) for i, part in enumerate(_MATH.split(text)))


def _title(claim: Claim) -> str:
    return f"**{claim.label}. {words(claim.title)}** (`{claim.id}`, {claim.provenance.value})"


def _hypotheses(claim: Claim) -> str:
    return "\n".join(f"- {_hypothesis(h)}" for h in claim.hypotheses)


def _hypothesis(hypothesis: Hypothesis) -> str:
    return f"{words(hypothesis.words.rstrip('.'))}."


def _remark(claim: Claim) -> list[str]:
    return [f"*{words(claim.remark)}*"] if claim.remark else []


def conclusions(claim: Claim) -> tuple[Step, ...]:
    """The steps that state a claim, to be shown: none where they cannot be written, which `theory.claims.prove` calls undecided."""
    try:
        return tuple(step for step in claim.written if step.concludes)
    except Exception:  # a formula that SymPy stumbles over
        return ()


def _statement(claim: Claim) -> Cases:
    """The lines of the conclusions by their cases; of a claim that is only measured, its formulas; otherwise that there is none."""
    concluded = by_case((step.case, _lines(step.goal)) for step in conclusions(claim))
    measured = tuple(formula_latex(f) for f in claim.formulas.values()) if claim.numeric_only else ()
    return concluded or (("", measured or (r"\text{no conclusion is written, or none could be}",)),)


def _stated(claim: Claim) -> Iterator[str]:
    for case, lines in _statement(claim):
        yield from [f"*{words(case)}:*"] * bool(case)
        yield from _displays(lines)


def _lines(goal: Goal | None) -> tuple[str, ...]:
    return () if goal is None else goal_lines(goal)


def _displays(lines: Iterable[str]) -> Iterator[str]:
    return (f"$${line}$$" for line in lines)


def _said(verdict: Verdict) -> str:
    if verdict.conditions:
        return f"{verdict.status.value} on condition: {', '.join(verdict.conditions)}"
    return f"{verdict.status.value} by {verdict.method}" if verdict.method != "none" else verdict.status.value


def _without(witness: WitnessVerdict) -> str:
    needed = "needed" if witness.bites else "**not shown to be needed**"
    return f"`{witness.hypothesis}`: {words(witness.words)}: {needed}; {verdict_markdown(witness.verdict)}"


def _text(plain: str) -> str:
    r"""Plain words for ``\text``; formulas in them are kept."""
    return "".join(part if i % 2 else _escaped(part) for i, part in enumerate(_MATH.split(plain)))


def _escaped(part: str) -> str:
    signs = {**_TEXT, **_LETTERS}
    return "".join(f"${signs[c]}$" if c in "\\^~" else signs.get(c, c) for c in part)


_SETS: Mapping[type, tuple[Callable[[Any], str], Callable[[Any], str]]] = {
    Claim: (claim_markdown, claim_latex),
    Proof: (proof_markdown, proof_latex),
    Verdict: (verdict_markdown, verdict_latex),
    Result: (result_markdown, result_latex),
}
