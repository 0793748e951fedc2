"""The map of the imprint as a table: what norms will mean, by optimiser and decay, and on what that rests."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from derivations.imprint_map.signs import SIGNS
from derivations.latex.companion.tables import law, long_table, ragged, room
from derivations.latex.printer import formula_latex
from derivations.latex.words import plain_latex, words_latex
from theory.catalogue import catalogue
from theory.imprint_map import ADAM_DIM, BETA, FORGET, SIGNS_AGREE, THRESHOLD, N, P, Regime, regimes
from theory.imprint_signs import rests_on, signs
from theory.notation import G, eta, lam, r0, z0

_NAMES = {
    "sgd": "SGD", "heavy_ball": "heavy ball", "nesterov": "Nesterov", "normalized_sgd": "normalised SGD", "clipped_sgd": "clipped SGD",
    "adam": "Adam", "adamw": "AdamW", "sparse_adam": "sparse Adam", "rmsprop": "RMSProp", "sign_sgd": "signSGD", "lion": "Lion",
    "riemannian_sgd": "Riemannian SGD",
}  # fmt: skip
LETTERS: dict[sp.Symbol, str] = {
    P: "probability that a step visits the row",
    N: "number of visits to the row (elsewhere of candidates): $n = pk$ of $k$ steps",
    G: "gradient energy on the unit sphere",
    eta: "learning rate",
    lam: "weight decay",
    r0: "norm at the start",
    z0: "its fourth power",
    BETA: "momentum of heavy ball and Nesterov",
    THRESHOLD: "length at which a gradient is clipped",
    ADAM_DIM: "dimension of the embedding",
    FORGET: r"what the second moment forgets in a step, $1 - \beta_2$",
    SIGNS_AGREE: r"how long Lion's steps agree: $\sum_{j \ge 1} (1 - \eta\lambda)^{j-1} a_j$, where $a_j$ is the correlation of a"
                 " coordinate's signs $j$ visits apart (Law B12d)",
}  # fmt: skip
_ABOUT = r"""For a lookup row that a step visits with probability $p$, after $n$ visits, at gradient energy $G$ on the unit sphere:
where its norm settles or how it grows, and the exponents of the norm in frequency and in energy; two exponents are those of rows
visited less than once in the memory $1/(1-\beta_2)$ of the second moment, and of others. \emph{Specific} and \emph{ambiguous} rows are
compared with others at equal frequency, under a loss for which a law gives a sign. Every formula is put together from those of the
laws named. Of each row it is supposed that the loss is scale-invariant, that $G$ is constant, and what is numbered in its last column;
the list of these conditions stands below the table."""


_ONE_ROW = 16  # characters of a list of conditions that is not broken


def table() -> str:
    """The section; nothing is proved for it."""
    conditions = list(dict.fromkeys(words for r in regimes() for words in r.conditions))
    rows = [_row(r, [conditions.index(words) + 1 for words in r.conditions]) for r in regimes()]
    columns = f"@{{}}{ragged(22)}p{{10mm}}p{{41mm}}{ragged(11)}p{{10mm}}{ragged(23)}{ragged(24)}@{{}}"
    exponents = (rf"$\dfrac{{d\ln r}}{{d\ln {of}}}$" for of in "pG")
    head = ("Optimiser", "Decay", "Norm", *exponents, "Specific, ambiguous", "Laws; conditions")
    listed = [rf"\item[({i})] {words_latex(words)}" for i, words in enumerate(conditions, 1)]
    return "\n".join([
        r"\section{The map of the imprint}", r"\label{sec:imprint}", _ABOUT, room(50),
        long_table(columns, head, rows, below=2),
        r"\begingroup\small\begin{itemize}\setlength{\itemsep}{0pt}", *listed, r"\end{itemize}\endgroup", letters(), _signs(),
    ])  # fmt: skip


def letters() -> str:
    """What each letter of the table is; beside it the letters of the conditions say what they are themselves."""
    return "Letters: " + "; ".join(f"${formula_latex(letter)}$, {words_latex(meaning)}" for letter, meaning in LETTERS.items()) + "."


def _row(r: Regime, conditions: Iterable[int]) -> str:
    said = signs(r)
    by = ", ".join(law(catalogue()[label].id) for label in r.claims)
    numbers = f"({', '.join(map(str, sorted(conditions)))})"
    numbers = rf"\mbox{{{numbers}}}" if len(numbers) < _ONE_ROW else numbers
    name = _NAMES.get(r.optimizer, plain_latex(r.optimizer.replace("_", " "))) + (f" ({r.rows})" if r.rows else "")
    norm = rf"\normlawfit{{r^{r.power} = {formula_latex(r.formula)}}}"
    frequency = ", ".join(f"${_exponent(e)}$" for e in dict.fromkeys(r.frequency))
    both = f"{SIGNS[said.specificity.value]}, {SIGNS[said.uncertainty.value]}"
    both = SIGNS[said.specificity.value] if said.specificity.value == said.uncertainty.value else both
    return r"\addlinespace[3pt]" + " & ".join((name, r.decay, norm, frequency, f"${_exponent(r.energy)}$", both, f"{by}; {numbers}"))


def _exponent(value: sp.Expr) -> str:
    return formula_latex(value).replace(r"\frac", r"\tfrac")


def _signs() -> str:
    """What the signs of specific and ambiguous rows rest on, said once."""
    said = next(s for r in regimes() if (s := signs(r)).specificity.value)
    parts = []
    for name, sign in (("Specific", said.specificity), ("Ambiguous", said.uncertainty)):
        by = ", ".join(law(catalogue()[label].id) for label in sign.claims)
        basis = f", {words_latex(sign.basis)}" if sign.basis else ""
        supposed = "; ".join(words.removeprefix(f"{name.lower()} rows: ") for words in sign.conditions)
        parts.append(f"{name} rows: Laws {by}{basis}. They suppose: {words_latex(supposed)}.")
    return "\n\n".join(parts)


def needed() -> set[str]:
    """Labels of the claims that the map names."""
    return {label for r in regimes() for label in rests_on(r)}
