"""Which law needs which hypothesis, and the setting in which it fails without it: one table, most needed first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.latex.companion.tables import law, long_table, ragged, room
from derivations.latex.dropped import dropped
from derivations.latex.words import words_latex
from theory.claims import Hypothesis, Proof, WitnessVerdict

_ABOUT = r"""Hypotheses that several laws need, by name, those of most laws first; then those of one law each. The last column says in
which setting the kernel refuted the statement when only that hypothesis was dropped. The values found stand under each law."""
_ALONE = "Needed by one law each"
Need = tuple[Proof, Hypothesis, WitnessVerdict]


def table(proofs: Sequence[Proof]) -> str:
    """The section."""
    named = _by_name(proofs)
    alone = [need for _, needs in named if len(needs) == 1 for need in needs]
    place = {id(proof): i for i, proof in enumerate(proofs)}
    alone.sort(key=lambda need: place[id(need[0])])  # as the laws stand, each one's hypotheses together
    groups = [*((f"{_said(name)} ({len(needs)} laws)", needs) for name, needs in named if len(needs) > 1), (_ALONE, alone)]
    rows = [row for title, needs in groups if needs for row in _rows(title, needs)]
    columns = f"@{{}}{ragged(22)}{ragged(59)}{ragged(66)}@{{}}"
    head = ("Laws", "Hypothesis", "Without it the statement fails for")
    listed = long_table(columns, head, rows, between=8, below=2)
    return "\n".join([room(40), r"\section{Which law needs which hypothesis}", r"\label{sec:assumptions}", _ABOUT, listed])


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


def _rows(title: str, needs: Sequence[Need]) -> Iterator[str]:
    yield rf"\addlinespace[4pt]\multicolumn{{3}}{{@{{}}l}}{{\textit{{{title}}}}} \\*"
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
