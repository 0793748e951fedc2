r"""Figures: what ``normlaw figures --out DIR/figures --format pdf`` made beside the document, each with a caption; or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from derivations.latex.words import plain_latex

FOLDER = "figures"
_CAPTIONS = {
    "quartic_growth": "Quartic growth: simulated norms against the law, over six decades of steps.",
    "drift_heat_decay": "Drift, heat and decay: the equilibrium as a surface, with simulated points.",
    "frequency_exponents": "The exponent of the norm in frequency, by optimiser, with the crossover of dense Adam.",
    "heavy_tails": "Rare rows have heavy tails.",
    "specificity": "Specific rows are short: norm against the concentration of a row's contexts.",
    "shared_budget": "A shared encoder redistributes its budget of norm between items.",
}


def found(out: Path) -> tuple[str, ...]:
    """Names of the PDF files under ``out/figures``, the story's in its order, then the others by name."""
    names = {path.stem for path in (out / FOLDER).glob("*.pdf")}
    told = [name for name in _CAPTIONS if name in names]
    return (*told, *sorted(names - set(told)))


def section(names: Sequence[str]) -> str:
    """The section; empty without figures."""
    if not names:
        return ""
    return "\n".join([r"\section{Figures}", r"\label{sec:figures}", *map(_figure, names), r"\clearpage"])


def _figure(name: str) -> str:
    caption = _CAPTIONS.get(name, plain_latex(name.replace("_", " ").replace("-", " ").capitalize() + "."))
    picture = rf"\includegraphics[width=\linewidth,height=0.42\textheight,keepaspectratio]{{{FOLDER}/{name}.pdf}}"
    return "\n".join([r"\begin{figure}[htbp]\centering", picture, rf"\caption{{{caption}}}", r"\end{figure}"])
