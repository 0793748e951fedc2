r"""Figures: those of the story, which are drawn for the paper, and what else lies in ``DIR/figures``, each with a caption."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from derivations.figures.names import FIGURES, LAWS
from derivations.latex.companion.tables import law
from derivations.latex.words import plain_latex, words_latex
from theory.catalogue import catalogue

FOLDER = "figures"
CAPTIONS = {
    "quartic-growth": "Quartic growth. Without decay the fourth power of a norm grows in proportion to its steps: three starts are"
    " forgotten over six decades, and what the fourth power has above its leading term stays between two proven bounds. $r_k$: norm after"
    " $k$ steps of learning rate $\\eta$ at gradient energy $G$.",
    "drift-heat-decay": "Drift, heat and decay. Where the three balance, a norm rests: the surface is the law, the markers are simulated"
    " rows. $D$: drift, $H$: heat, $\\lambda$: weight decay; the dashes are for $V_*^2 = 3$.",
    "frequency-exponents": "Frequency. How the norm of a row at rest rises with its frequency, by optimiser, and where dense Adam stops"
    " counting the visits; $1 - \\beta_2$ is what its second moment forgets in a step.",
    "heavy-tails": "Heavy tails. The norms of rare rows that decay at every step have power tails. $p$: probability that a step visits"
    " the row; $q = \\eta\\lambda$: share of its length that a step's decay takes.",
    "specificity": "Specificity. Rows with concentrated contexts are short; with negatives, concentration warms a row before it cools"
    " it. $d$: dimension, $\\tau$: temperature; $a$: probability that the positive is one of the word's own contexts,"
    " given the candidates; $R$: odds by which the word prefers those, $N$: number of negatives; a word is a row.",
    "shared-budget": "A shared encoder. Items hand length to each other, while the weights keep theirs. $r_i$: norm of the embedding of"
    " item $i$; $W$: weights of the encoder.",
}
_ABOUT = r"""Lines are the formulas of the laws, markers what simulations gave that know no law, bands and bars what is proved or
allowed, dashes a broken variant, which the markers leave."""
_OF_CLAIM = re.compile(r"(?P<claim>[a-z0-9-]+?)-(?:evidence-(?P<number>\d+)|witness-(?P<hypothesis>[a-z0-9-]+))")
Tell = Callable[[float, str], None]


def draw(out: Path, seed: int, tell: Tell = lambda _fraction, _words: None) -> None:
    """Simulate and draw the figures of the story, as PDF, but for those in ``out/figures`` that were drawn from the same sources."""
    from derivations.figures import render
    from derivations.figures.verdict import fallen

    missing = [name for name in FIGURES if not render.is_of_these_sources(name, out / FOLDER / f"{name}.pdf")]
    for i, name in enumerate(missing):
        tell(i / len(missing), f"drawing {name}")
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
        render.written(name, render.story(name).data(seed, "quick"), out / FOLDER, "pdf", without=fallen(name))


def found(out: Path) -> tuple[str, ...]:
    """Names of the PDF files under ``out/figures``, the story's in its order, then the others by name."""
    names = {path.stem for path in (out / FOLDER).glob("*.pdf")}
    told = [name for name in FIGURES if name in names]
    return (*told, *sorted(names - set(told)))


def section(names: Sequence[str]) -> str:
    """The section; empty without figures."""
    if not names:
        return ""
    return "\n".join([r"\clearpage\section{Figures}", r"\label{sec:figures}", _ABOUT, *map(_figure, names), r"\clearpage"])


def caption(name: str) -> str:
    """What a figure shows: said for those of the story, read off the name for those of a claim's evidence."""
    if name in CAPTIONS:
        known = {claim.label: claim.id for claim in catalogue()}
        named = " and ".join(rf"\lawref{{{known[label]}}}{{{label}}}" for label in LAWS[name])
        return rf"{words_latex(CAPTIONS[name])} Law{'s' * (len(LAWS[name]) > 1)}~{named}."
    ids = {claim.id for claim in catalogue()}
    of = _OF_CLAIM.fullmatch(name)
    if of is None or of["claim"] not in ids:
        return plain_latex(name.replace("_", " ").replace("-", " ").capitalize() + ".")
    if of["number"]:
        return rf"Law~{law(of['claim'])}: what was observed against what the law predicts, comparison {of['number']}."
    return rf"Law~{law(of['claim'])}: with and without the hypothesis {plain_latex(of['hypothesis'].replace('-', ' '))}."


def _figure(name: str) -> str:
    picture = rf"\includegraphics[width=\linewidth,height=0.33\textheight,keepaspectratio]{{{FOLDER}/{name}.pdf}}"
    return "\n".join([r"\begin{figure}[!htbp]\centering", picture, rf"\caption{{{caption(name)}}}", r"\end{figure}"])
