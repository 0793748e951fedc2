"""What the companion says in front: how much is proved, measured, known from elsewhere and open, counted from the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.latex.companion.tables import law, long_table, ragged, unnumbered
from derivations.latex.words import plain_latex, words_latex
from derivations.ledger.currency import changed
from theory.claims import Proof, Provenance
from theory.standing import what_it_rests_on

Ledger = Mapping[str, Any]
_MEANS = r"""A law is \emph{proved} when an exact kernel decided every step of its derivation under the hypotheses that stand in its
statement; the method that decided a step stands behind it in brackets, and what it means below the notation. Trusted are computer algebra
(parsing, differentiation, automatic rewriting), exact arithmetic, and the kernel itself: no proof assistant has checked them. For every
hypothesis the kernel is given a setting in which only that hypothesis fails; the values at which it refuted the statement there stand
under each law. A law \emph{holds} in simulation when simulators, which know definitions and no law, stay within a bound derived from
arithmetic or from a stated error rate. Hypotheses such as constant gradient energy or white noise are idealisations: what is proved under
them is not proved of a training that breaks them."""
_ORDER = "The laws stand in an order in which each uses those before it only; their labels are permanent names."
_NO_LEDGER = r"""This document was written without a ledger of measurements, so it reports proofs only; \texttt{normlaw verify}
measures, and \texttt{normlaw export -{}-ledger} puts its ledger into this document."""
_BEYOND = """What stays open are signs and exponents for encoders that share parameters between items, beyond the cases stated, and the
loss landscape, which enters by its gradient energy only."""
_ORIGINS = {
    Provenance.DERIVED: "derived here",
    Provenance.RECONSTRUCTED: "known from the literature and derived anew",
    Provenance.CITED: "cited",
}


def abstract(proofs: Sequence[Proof], ledger: Ledger | None) -> str:
    """The abstract: counts and what they mean."""
    fallen, rest = _fallen(proofs, ledger), [_proved(proofs), _origins(proofs), _measured(ledger, len(proofs))]
    said = [*([fallen] if fallen else []), *rest, _BEYOND]
    return "\n".join([r"\begin{abstract}", r"\noindent", *said, r"\end{abstract}", r"\section*{What the verdicts mean}", _MEANS])


def _proved(proofs: Sequence[Proof]) -> str:
    proved = sum(p.outcome == "proved" and not p.fallen for p in proofs)
    witnesses = [w for p in proofs for w in p.witnesses]
    bites = sum(w.bites for p in proofs for w in p.witnesses if p.stands)
    return (
        "Contrastive losses compare embeddings by their cosines, so the length of an embedding is left to the optimiser. "
        f"This document states {_laws(len(proofs))} of that length. {_of(proved, len(proofs))} proved by an exact kernel, step by step; "
        f"{_needed(bites, len(witnesses))}."
    )


def _needed(some: int, all_: int) -> str:
    shown = "shown to be needed by a setting in which the statement is refuted without"
    if some == all_ > 1:
        return f"each of the {all_} hypotheses is {shown} it"
    return f"of {all_} hypotheses, {some} {f'is {shown} it' if some == 1 else f'are {shown} them'}"


def _origins(proofs: Sequence[Proof]) -> str:
    counts = Counter(p.claim.provenance for p in proofs)
    told = [f"{counts[origin]} {'is' if counts[origin] == 1 else 'are'} {words}" for origin, words in _ORIGINS.items() if counts[origin]]
    return f"Of the laws, {' and '.join([', '.join(told[:-1]), told[-1]] if len(told) > 1 else told)}."


def _measured(ledger: Ledger | None, laws: int) -> str:
    if ledger is None:
        return _NO_LEDGER
    summary, settings = ledger["summary"], sum(c["evidence"]["settings"] for c in ledger["claims"])
    evidence = ", ".join(f"{count} {plain_latex(name)}" for name, count in summary["evidence"].items() if count)
    where = f"In simulation ({settings} settings, seed {ledger['seed']}, effort {plain_latex(str(ledger['effort']))})"
    if summary["evidence"].get("holds") == summary["claims"]:
        rest = laws - summary["claims"]
        part = rf" that were measured hold; \textbf{{{_laws(rest)} {'was' if rest == 1 else 'were'} not}}." if rest > 0 else " hold."
        return f"{where} all {_laws(summary['claims'])}{part}" if summary["claims"] > 1 or rest > 0 else f"{where} it holds."
    return rf"{where} the verdicts of the {_laws(summary['claims'])} that were measured are: \textbf{{{evidence}}}."


def _fallen(proofs: Sequence[Proof], ledger: Ledger | None) -> str:
    """What does not stand, rests on such, is not shown to be needed or falls short in the ledger; empty if there is nothing like it."""
    short = [f"{law(p.claim.id)} ({plain_latex(p.outcome)})" for p in proofs if p.outcome != "proved"]
    idle = [f"{law(p.claim.id)} (H{i})" for p in proofs for i, w in enumerate(p.witnesses, 1) if p.stands and not w.bites]
    said = rf"\textbf{{Not proved: Law {', '.join(short)}.}}" if short else ""
    resting = [law(p.claim.id) for p in proofs if p.fallen and p.stands]
    said += rf" \textbf{{Resting on what does not stand: Law {', '.join(resting)}.}}" if resting else ""
    said += rf" \textbf{{Not shown to be needed: {', '.join(idle)}.}}" if idle else ""
    if ledger and (missing := ledger["summary"]["falls_short"]):
        said += rf" \textbf{{In the ledger {len(missing)} {'entry falls' if len(missing) == 1 else 'entries fall'} short; see there.}}"
    if ledger and changed(ledger) & {p.claim.id for p in proofs}:
        said += r" \textbf{Some of the laws, or what measures them, have changed since the ledger was written; see there.}"
    return said.strip()


def overview(proofs: Sequence[Proof]) -> str:
    """All laws with verdict and provenance."""
    differ = any(p.fallen or p.outcome != "proved" for p in proofs)  # otherwise it is said once
    rows = [" & ".join(_row(p, differ)) for p in proofs]
    columns = f"@{{}}p{{9mm}}{ragged(92)}p{{19mm}}lr@{{}}" if differ else f"@{{}}p{{9mm}}{ragged(114)}lr@{{}}"
    head = ("Law", "Statement", *(["Verdict"] if differ else []), "Provenance", "Page")
    said = _ORDER if differ else f"{_ORDER} All of them are proved."
    return "\n".join([unnumbered("The laws"), said, long_table(columns, head, rows)])


def _row(proof: Proof, with_verdict: bool) -> tuple[str, ...]:
    verdict = (_verdict(proof),) if with_verdict else ()
    statement = f"{words_latex(proof.claim.title)}{_resting(proof)}"
    return law(proof.claim.id), statement, *verdict, proof.claim.provenance.value, rf"\pageref{{claim:{proof.claim.id}}}"


def _verdict(proof: Proof) -> str:
    return proof.outcome if proof.outcome == "proved" else rf"\textbf{{{proof.outcome}}}"


def _resting(proof: Proof) -> str:
    """Beside the title, where there is room for many; empty if nothing behind the law has fallen."""
    rests = what_it_rests_on([law(lemma.id) for lemma in proof.fallen])
    return rf". \textbf{{{rests[0].upper()}{rests[1:]}.}}" if rests else ""


def _laws(number: int) -> str:
    return f"{number} law" if number == 1 else f"{number} laws"


def _of(some: int, all_: int) -> str:
    return ("All are" if all_ > 1 else "It is") if some == all_ else f"{some} of them {'is' if some == 1 else 'are'}"
