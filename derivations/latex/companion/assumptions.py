"""Which law needs which hypothesis, and the setting in which it fails without it: one table, most needed first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.latex.companion.tables import law, long_table, ragged
from derivations.latex.dropped import dropped
from derivations.latex.words import words_latex
from theory.claims import Hypothesis, Proof, WitnessVerdict

_ABOUT = r"""Hypotheses by name, those that most laws need first; the last column says in which setting the kernel refuted the
statement when only that hypothesis was dropped. The values found stand under each law."""
Need = tuple[Proof, Hypothesis, WitnessVerdict]


def table(proofs: Sequence[Proof]) -> str:
    """The section."""
    rows = [row for name, needs in _by_name(proofs) for row in _rows(name, needs)]
    columns = f"@{{}}{ragged(22)}{ragged(59)}{ragged(66)}@{{}}"
    head = ("Laws", "Hypothesis", "Without it the statement fails for")
    listed = long_table(columns, head, rows, between=8, below=2)
    return "\n".join([r"\section{Which law needs which hypothesis}", r"\label{sec:assumptions}", _ABOUT, listed])


def _by_name(proofs: Sequence[Proof]) -> list[tuple[str, list[Need]]]:
    found: dict[str, list[Need]] = {}
    for proof in proofs:
        for hypothesis, witness in zip(proof.claim.hypotheses, proof.witnesses, strict=True):
            found.setdefault(hypothesis.id, []).append((proof, hypothesis, witness))
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _said(name: str) -> str:
    """A hypothesis' name as words."""
    words = name.replace("-", " ").replace("infonce", "InfoNCE").replace("mises fisher", "Mises-Fisher").replace("normalized", "normalised")
    return words[:1].upper() + words[1:]


def _rows(name: str, needs: Sequence[Need]) -> Iterator[str]:
    number = f" ({len(needs)} laws)" * (len(needs) > 1)
    yield rf"\addlinespace[4pt]\multicolumn{{3}}{{@{{}}l}}{{\textit{{{_said(name)}}}{number}}} \\*"
    alike: dict[tuple[str, str], list[str]] = {}
    for proof, hypothesis, witness in needs:
        fails = _setting(hypothesis, witness) if witness.bites else r"\textbf{no counterexample found}"
        alike.setdefault((words_latex(hypothesis.words.rstrip(".")), fails), []).append(law(proof.claim.id))
    for (supposed, fails), laws in alike.items():
        yield f"{', '.join(laws)} & {supposed} & {fails}"


def _setting(hypothesis: Hypothesis, witness: WitnessVerdict) -> str:
    """The witness in words; of a hypothesis that was only left out, what does not hold where the statement failed."""
    left_out = dropped(hypothesis, witness.verdict) if hypothesis.witness is None else ""
    return left_out or words_latex(witness.words.rstrip("."))
