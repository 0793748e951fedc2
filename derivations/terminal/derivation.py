"""A derivation on a terminal: statement, hypotheses, and each step with the method that decided it."""

from __future__ import annotations

import re
import textwrap

from rich.console import Console

from derivations.latex.content import content_latex
from derivations.latex.printed import printed_latex
from derivations.latex.symbols import legend
from derivations.ledger.proofs import PASSING_PROOFS, ProofRecord, StepRecord
from derivations.terminal.plain_math import plain_math, plain_prose
from derivations.terminal.tables import line, verdict
from theory.claims import Claim, Reference
from theory.typesetting.cases import above

_WIDEST = 110
_KEPT = "\N{NO-BREAK SPACE}"
_NONZERO = re.compile(r"([-+*/^() \w]+) must not be 0")
_SHORT = re.compile(r"\([^()]{,30}\)")


def show_derivation(out: Console, claim: Claim, proof: ProofRecord, *, full: bool = False, rests: str = "") -> None:
    """The whole claim, as ``normlaw show`` prints it; ``full``: no expression is shortened; ``rests`` on lemmas that do not stand."""
    line(out, (f"{claim.label}  {claim.id}", "bold"), "  ", verdict(proof.status))
    if rests:
        _wrapped(out, f"It {rests}: until that is mended, it is not established.", 4, "bold red")
    _wrapped(out, plain_prose(claim.title), 4)
    stands = proof.status in PASSING_PROOFS
    _wrapped(out, f"chapter {claim.chapter}; {claim.provenance.value if stands else 'no source says this'}", 4, "dim")
    if not stands:
        _wrapped(out, f"It is {proof.status}: no law.", 4, "bold red")
    if claim.remark:
        _wrapped(out, plain_prose(claim.remark), 4)
    _statement(out, proof, full, "statement" if stands else f"what was put to the kernel, and is {proof.status}")
    _heading(out, "hypotheses")
    for hypothesis in claim.hypotheses:
        line(out, "  ", (hypothesis.id, "cyan"))
        _wrapped(out, plain_prose(hypothesis.words), 4)
        if formal := content_latex(hypothesis.content):
            _wrapped(out, f"decided for {', '.join(map(plain_math, formal))}", 6, "dim")
        if (witness := proof.witnesses.get(hypothesis.id)) is not None:
            said = f"refuted ({at(witness.step)})" if witness.bites else witness.shortfall()
            if witness.bites and witness.instead is not None:
                said += f"; there instead {_math(witness.instead.latex)}"
            _wrapped(
                out,
                f"without it: {plain_prose(witness.words)}: {said}",
                4,
                "dim" if witness.bites else "yellow",
            )
    if symbols := legend(claim):
        _wrapped(out, "symbols: " + ", ".join(map(plain_prose, symbols)), 2, "dim")
    _heading(out, "steps")
    for number, step in enumerate(proof.steps, 1):
        show_step(out, number, step, full)
    if proof.note:
        _wrapped(out, proof.note, 4, "yellow")
    _show_sources(out, claim, stands)


def _statement(out: Console, proof: ProofRecord, full: bool, title: str) -> None:
    _heading(out, title)
    before = ""
    for step in proof.steps:
        if step.concludes:
            if said := above(step.case, before):
                _wrapped(out, f"{plain_prose(said)}:", 4)
            _formula(out, step, 4, full)
            before = step.case
    if proof.status == "numeric-only":
        _wrapped(out, f"MEASURED, NOT PROVED: {plain_math(proof.statement_latex)}", 4, "bold yellow")


def paragraph(out: Console, words: str) -> None:
    """Prose with formulas, on lines that can be read, and an empty line."""
    _wrapped(out, plain_prose(" ".join(words.split())), 0)
    line(out)


def show_step(out: Console, number: int, step: StepRecord, full: bool = False) -> None:
    """Prose, formula, verdict and method of one step."""
    _wrapped(out, plain_prose(step.words), 4, lead=f"{number:>2}. ")
    _formula(out, step, 8, full)
    why = step.method + (f": {_found(step.detail)}" if step.detail else "") if step.settled else step.reason()
    first, *rest = _folded(out, f"{step.verdict}  {why}", 4, after=8)
    style = "dim" if step.settled else ""
    line(out, "    ", verdict(step.verdict), (first.strip().removeprefix(step.verdict), style))
    for more in rest:
        line(out, (more, style))


def _found(detail: str) -> str:
    """What the kernel says, a limit that it found, or what it would divide by, as a formula."""
    if zero := _NONZERO.fullmatch(detail):
        return f"{_math(printed_latex(zero[1]))} must not be 0"
    words, limit, value = detail.partition("the limit is ")
    return f"{words}{limit}{_math(printed_latex(value)) if limit else ''}"


def at(step: StepRecord) -> str:
    """Where a statement is refuted, in words; no equation is broken over lines."""
    point = ", ".join(f"{plain_math(printed_latex(name))}{_KEPT}={_KEPT}{value}" for name, value in step.values.items())
    detail = _found(step.detail)
    return f"{detail}, at {point}" if point and detail else point or detail or step.method


def _show_sources(out: Console, claim: Claim, stands: bool) -> None:
    if claim.derived_from:
        _heading(out, "derived from")
        for name in claim.derived_from:
            line(out, "    ", name)
    _heading(out, "evidence")
    _wrapped(out, plain_prose(claim.evidence), 4)
    if claim.references and stands:
        _heading(out, "references")
        for reference in claim.references:
            _wrapped(out, cited(reference), 4)


def cited(reference: Reference) -> str:
    """A reference in words."""
    return f"[{reference.key}] {reference.words}" + (f", {reference.where}" if reference.where else "")


def _heading(out: Console, word: str) -> None:
    line(out)
    line(out, (word, "bold"))


def _formula(out: Console, step: StepRecord, indent: int, full: bool) -> None:
    """The formula, and what its typed names stand for."""
    for part in step.latex.split(r",\qquad "):
        _wrapped(out, _math(part), indent)
    for d in step.decided:
        _wrapped(out, f"where {_math(d.name)} {d.says} {_math(d.expression if full else d.shortened)}", indent + 2, "dim")


def _wrapped(out: Console, text: str, indent: int, style: str = "", lead: str = "") -> None:
    for part in _folded(out, text, indent, lead=lead):
        line(out, (part, style))


def _folded(out: Console, text: str, indent: int, *, lead: str = "", after: int | None = None) -> list[str]:
    """Lines no wider than the terminal, those after the first indented by ``after``."""
    width = max(40, min(out.width, _WIDEST))
    first = lead.rjust(indent) if lead else " " * indent
    options = {"break_on_hyphens": False, "break_long_words": False}
    found = textwrap.wrap(text, width, initial_indent=first, subsequent_indent=" " * (indent if after is None else after), **options)  # type: ignore[arg-type]
    return [part.replace(_KEPT, " ") for part in found]


def _math(latex: str) -> str:
    """A formula that is wrapped before its signs, and inside of long brackets only."""
    text = re.sub(r" ([-+=<>≤≥→⇒]) ", rf" \1{_KEPT}", plain_math(latex))
    return _SHORT.sub(lambda bracket: bracket[0].replace(" ", _KEPT), text)
