"""The ledger as a table: what was measured, how far from what was predicted, and the bound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from derivations.latex.companion.tables import law, long_table, ragged
from derivations.latex.words import plain_latex, words_latex
from derivations.ledger.currency import changed

_NONE = r"""No ledger of measurements was given, so nothing in this document is measured; laws are proved, that is all. Run
\texttt{normlaw verify} and then \texttt{normlaw export -{}-ledger normlaw-out}."""
_ABOUT = r"""For each law the measurement nearest to its bound: the largest deviation of simulation from law, and the bound that arithmetic
or a stated error rate allows there. \emph{Witnesses} counts the hypotheses without which both kernel and simulation see the law fail."""


_NAMES = {
    "infonce": "InfoNCE", "nt_xent": "NT-Xent", "clip": "CLIP", "supcon": "SupCon", "cosface": "CosFace", "arcface": "ArcFace",
    "siglip": "SigLIP", "relu": "ReLU", "relu_squared": "squared ReLU", "adagrad": "AdaGrad", "wngrad": "WNGrad",
}  # fmt: skip
_NAME = re.compile(rf"\b(?!grad_)(?:{'|'.join(_NAMES)}|[a-z]+(?:_[a-z]+)+)\b")  # a gradient's index is no name
_FORMULAS = {
    "grad L(c u) against factor * grad L(u)": r"$\nabla L(cu)$ against $\nabla L(u)$ times the factor",
    "u'H u": r"$u^\top H u$",
}


def table(ledger: Mapping[str, Any] | None, known: Mapping[str, str]) -> str:
    """The section; ``known`` are the laws of this document, from id to label."""
    head = [r"\section{The ledger}", r"\label{sec:ledger}"]
    if ledger is None:
        return "\n".join([*head, _NONE])
    names = ("Law", "Proof", "Evidence", "What was compared", "Observed", "Bound", "Settings", "Witnesses")
    columns = f"@{{}}p{{9mm}}p{{11mm}}p{{14mm}}{ragged(32)}@{{\\hspace{{4mm}}}}r@{{\\hspace{{4mm}}}}rrr@{{}}"
    rows = [_row(claim, known) for claim in ledger["claims"]]
    versions = ", ".join(f"{plain_latex(str(n))} {plain_latex(str(v))}" for n, v in ledger["versions"].items())
    made = f"Seed {ledger['seed']}, effort {plain_latex(str(ledger['effort']))}; versions: {versions}."
    said = [_short(ledger), *currency(ledger, known), _ABOUT]
    return "\n".join([*head, *said, long_table(columns, names, rows, below=2), rf"\noindent{{\small {made}}}"])


def currency(ledger: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """Laws of this document that the run says nothing of, and those that have changed since; nothing if there are none."""
    there, old = {c["id"] for c in ledger["claims"]}, changed(ledger)
    kinds = (
        ("Not measured in this run", [name for name in known if name not in there]),
        ("Of other sources in this run than those of this document, so that its verdicts need not be theirs",
         [name for name in known if name in old]),
    )
    return [rf"\textbf{{{said}: Law {', '.join(map(law, names))}.}}" for said, names in kinds if names]


def _row(claim: Mapping[str, Any], known: Mapping[str, str]) -> str:
    evidence = claim["evidence"]
    decisive = next((m for m in evidence["measurements"] if m and _is_decisive(m, evidence)), None)
    bites = sum(h["witness"] == "bites" for h in claim["hypotheses"])
    label = law(claim["id"]) if claim["id"] in known else plain_latex(claim["label"])
    return " & ".join((
        label, _stressed(claim["proof"], "proved"), _stressed(evidence["verdict"], "holds"),
        words_latex(readable(decisive["what"])) if decisive else "", *_pair(evidence["observed"], evidence["bound"]),
        str(evidence["settings"]), f"{bites}/{len(claim['hypotheses'])}",
    ))  # fmt: skip


def _is_decisive(measurement: Mapping[str, Any], evidence: Mapping[str, Any]) -> bool:
    return all(measurement[name] == evidence[name] for name in ("observed", "bound"))


def readable(what: str) -> str:
    """What was compared, the registry's names of losses and rules as one writes them."""
    for plain, formula in _FORMULAS.items():
        what = what.replace(plain, formula)
    return _NAME.sub(lambda found: _NAMES.get(found[0], found[0].replace("_", " ")), what)


def _pair(observed: Any, bound: Any) -> tuple[str, str]:
    """What was observed and its bound, with so many digits that one sees on which side it is."""
    for digits in (3, 4, 5, 6, 9):
        pair = _number(observed, digits), _number(bound, digits)
        if pair[0] != pair[1] or observed == bound:
            break
    return pair


def _number(value: Any, digits: int = 3) -> str:
    """A figure of the record; what JSON could not write as a number is its name."""
    if value is None:
        return ""
    text = f"{float(value):.{digits}g}"
    mantissa, e, exponent = text.partition("e")
    return rf"${mantissa} \cdot 10^{{{int(exponent)}}}$" if e else rf"${text}$".replace("inf", r"\infty").replace("nan", r"\text{nan}")


def _stressed(verdict: str, usual: str) -> str:
    return plain_latex(verdict) if verdict == usual else rf"\textbf{{{plain_latex(verdict)}}}"


def _short(ledger: Mapping[str, Any]) -> str:
    """What falls short, first and in bold; or that nothing does."""
    found = ledger["summary"]["falls_short"]
    if not found:
        return "In the run that is reported here everything holds." + "\n"
    items = [rf"\item \textbf{{{plain_latex(s['who'])}}}: {words_latex(s['why'])}" for s in found]
    return "\n".join([r"\textbf{This run falls short:}", r"\begin{itemize}", *items, r"\end{itemize}"])
