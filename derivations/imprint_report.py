"""The map of the imprint as text and as plain values: what norms will mean, and on what that rests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derivations.imprint_text import Estimate, ImprintOnText, Row
from derivations.latex.printer import formula_latex
from derivations.plain_math import plain_math, plain_prose
from derivations.terminal import line
from theory.catalogue import catalogue
from theory.imprint_map import ADAM_DIM, BETA, ELSEWHERE, FORGET, N, P, Regime, regimes
from theory.notation import G, eta, k, lam, r0, z0

NO_CLAIM = "no claim"
SIGNS = {-1: "shorter", 0: "no effect", 1: "longer"}
SYMBOLS = {
    P: "p: probability of a visit per step", N: "n: visits", k: "k: steps", G: "G: gradient energy", eta: "η: learning rate",
    lam: "λ: weight decay", ADAM_DIM: "d: dimension", FORGET: "h = 1 - β₂", BETA: "β: momentum", r0: "r₀: norm at the start",
    z0: "z₀ = r⁴ at the start",
}  # fmt: skip
SHARED = ("C8a", "C8b", "C8c", "C9", "C12")
_KEY = (
    "visits^      exponent of the norm (without decay: of its growth) in the number of visits",
    "specificity  rank correlation of norm and contextual specificity at equal frequency",
    "map          what the map predicts; ± half of a 95 % bootstrap interval over words; hit: within it;",
    "             near: outside, but nearer to the prediction than to the next of 0, 1/4 and 1/2",
)
BEYOND = {
    "shared": "In a shared encoder norms move at first order in the learning rate, and the sign depends on how items share"
    " weights: no exponent and no sign follows from the optimiser alone.",
    "loss": "This loss is not scale-invariant: its gradient has a radial part, and none of these laws applies.",
}


def regime_document(r: Regime, signs: bool = True) -> dict[str, Any]:
    """One entry as plain values; exponents as fractions in words, formulas as LaTeX; ``signs``: whether a claim gives any."""
    rare, frequent = r.frequency
    return {
        "optimizer": r.optimizer,
        "decay": r.decay,
        "norm_power": r.power,
        "norm_latex": formula_latex(r.formula),
        "frequency_exponent": {"rare": str(rare), "frequent": str(frequent), "at": str(r.exponent_in_frequency)},
        "energy_exponent": str(r.energy),
        "specificity": SIGNS[r.specificity] if signs else NO_CLAIM,
        "uncertainty": SIGNS[r.uncertainty] if signs else NO_CLAIM,
        "relaxation_steps": None if r.relaxation is None else str(r.relaxation),
        "conditions": list(r.all_conditions),
        "claims": list(r.rests_on),
    }


def text_document(found: ImprintOnText) -> dict[str, Any]:
    """Measurements on real text, each beside what the map predicts."""
    rows = [
        {
            "training": row.training,
            "table": row.table,
            "words": row.words,
            "exponent": _interval(row.exponent),
            "predicted_exponent": row.predicted_exponent,
            "exponent_verdict": row.exponent_verdict,
            "specificity": _interval(row.specificity),
            "predicted_specificity": SIGNS[row.predicted_specificity],
            "specificity_verdict": row.specificity_verdict,
        }
        for row in found.rows
    ]
    return {"corpus": found.corpus, "tokens": found.tokens, "words": found.distinct, "seed": found.seed, "rows": rows}


def _interval(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def show_map(out: Console, entries: Iterable[Regime], signs: bool) -> None:
    """One row an optimiser and decay; ``signs``: whether a claim gives any under this loss."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    names = ("optimiser", "decay", "frequency", "energy", "specific rows", "ambiguous rows", "by")
    for i, name in enumerate(names):
        table.add_column(name, overflow="fold", no_wrap=i < 2)
    for r in entries:
        cells = (r.optimizer, r.decay, _power("p", r), f"G^{r.energy}" if r.energy else "none", *_signs(r, signs),
                 " ".join(r.claims))  # fmt: skip
        table.add_row(*map(Text, cells))
    out.print(table)
    for words in ("norm r ~ p^a G^b; p: probability that a step visits the row, G: its gradient energy; rare: p far below 1 - β₂.",
                  "Lookup rows, equal frequency; signs by C2 to C4. In full: normlaw imprint --optimizer NAME --decay KIND"):  # fmt: skip
        line(out, (words, "dim"))


def _power(name: str, r: Regime) -> str:
    rare, frequent = r.frequency
    if rare == frequent:
        return f"{name}^{rare}" if rare else "none"
    return f"{name}^{rare} if rare, {f'{name}^{frequent}' if frequent else 'none'} if not"


def _signs(r: Regime, given: bool) -> tuple[str, str]:
    return (SIGNS[r.specificity], SIGNS[r.uncertainty]) if given else (NO_CLAIM, NO_CLAIM)


def show_regime(out: Console, r: Regime, signs: bool) -> None:
    """One entry in full: formula, exponents, signs, conditions, time, claims."""
    line(out, (f"{r.optimizer}, {r.decay if r.decay != 'none' else 'no'} decay", "bold"))
    line(out, f"  norm          r^{r.power} = {plain_math(formula_latex(r.formula))}")
    line(out, f"  where         {', '.join(words for s, words in SYMBOLS.items() if s in r.formula.free_symbols)}")
    line(out, f"  frequency     {_power('r ~ p', r)}")
    line(out, f"  energy        {f'r ~ G^{r.energy}' if r.energy else 'none'}")
    specific, ambiguous = _signs(r, signs)
    line(out, f"  specificity   specific rows: {specific}, at equal frequency")
    line(out, f"  uncertainty   rows with ambiguous labels, drawn anew at every visit: {ambiguous}")
    still = "stays as it is" if r.formula == r0**2 else "grows for ever"
    when = still if r.relaxation is None else f"{plain_math(formula_latex(r.relaxation))} steps"
    line(out, f"  time          {when}")
    for words in r.all_conditions:
        line(out, f"  if            {plain_prose(words)}")
    for label in r.rests_on:
        claim = catalogue()[label]
        line(out, f"  {label:<13} {plain_prose(claim.title)}")


def show_beyond(out: Console, why: str, labels: Iterable[str]) -> None:
    """Where the map ends, and the claims that say so."""
    line(out, (BEYOND[why], "yellow"))
    for label in labels:
        line(out, f"  {label:<5} {plain_prose(catalogue()[label].title)}")


def show_nothing(out: Console, words: str, optimizer: str | None) -> None:
    """That the map has no such entry, and where the ledger speaks of the optimiser."""
    line(out, (words, "yellow"))
    for label in ELSEWHERE.get(optimizer or "", ()):
        line(out, f"  {label:<5} {plain_prose(catalogue()[label].title)}")


def show_text(out: Console, found: ImprintOnText) -> None:
    """Measured against predicted, a miss called a miss."""
    line(out, ("real text", "bold"), f"  {found.corpus}: {found.tokens} words, {found.distinct} distinct")
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for i, name in enumerate(("training", "table", "words", "visits^", "map", "specificity", "map")):
        table.add_column(name, justify="left" if i < 2 else "right", no_wrap=True)
    for row in found.rows:
        table.add_row(*_cells(row))
    out.print(table)
    for words in _KEY:
        line(out, (words, "dim"))
    for name, verdicts in (("exponents", [r.exponent_verdict for r in found.rows]), ("signs", [r.specificity_verdict for r in found.rows])):
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in ("hit", "near", "miss") if v in verdicts)
        line(out, f"{name}: {counts}")
    line(out, "The map is for constant energies and one moving row; here energies depend on the word,")
    line(out, "gradients persist, both tables move (C11), and the start counts.")


def _cells(row: Row) -> tuple[Text, ...]:
    def told(e: Estimate) -> str:
        return f"{e.value:.3f}±{(e.high - e.low) / 2:.3f}"

    def judged(predicted: str, verdict: str) -> Text:
        return Text.assemble(f"{predicted} ", (verdict, {"hit": "green", "miss": "bold yellow"}.get(verdict, "")))

    signs = {-1: "-", 0: "0", 1: "+"}
    exponent = judged(f"{row.predicted_exponent:.2f}", row.exponent_verdict)
    return (
        *map(Text, (row.training, row.table, str(row.words), told(row.exponent))), exponent,
        Text(told(row.specificity)), judged(signs[row.predicted_specificity], row.specificity_verdict),
    )  # fmt: skip


def chosen(optimizer: str | None, decay: str | None) -> tuple[Regime, ...]:
    """The entries asked for; may be none."""
    return tuple(r for r in regimes() if optimizer in (None, r.optimizer) and decay in (None, r.decay))
