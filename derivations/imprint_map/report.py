"""The map of the imprint as text and as plain values: what norms will mean, and on what that rests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derivations.imprint_map.signs import SIGNS
from derivations.imprint_map.text import Estimate, ImprintOnText, Row
from derivations.latex.printer import formula_latex
from derivations.terminal.plain_math import plain_math, plain_prose
from derivations.terminal.tables import line
from theory.catalogue import catalogue
from theory.imprint_elsewhere import INVARIANT_ONLY, NAMESAKES, SHARED, Known, known, see
from theory.imprint_map import ADAM_DIM, BETA, FORGET, SIGNS_AGREE, THRESHOLD, N, P, Regime, regimes
from theory.imprint_signs import Sign, conditions, rests_on, signs
from theory.laws.dynamics.accumulated_steps_grow_logarithmically import B as ACCUMULATED
from theory.laws.dynamics.accumulated_steps_grow_logarithmically import N as ACCUMULATOR
from theory.laws.dynamics.projected_steps_still_grow import BETA as PROJECTED_BETA
from theory.laws.dynamics.projected_steps_still_grow import H, S
from theory.notation import G, eta, k, lam, r0, z0

SYMBOLS = {
    P: "p: probability of a visit per step", N: "n: visits", k: "k: steps", G: "G: gradient energy", eta: "η: learning rate",
    lam: "λ: weight decay", ADAM_DIM: "d: dimension", FORGET: "h = 1 - β₂", BETA: "β: momentum", r0: "r₀: norm at the start",
    z0: "z₀ = r⁴ at the start", THRESHOLD: "C: clipping threshold",
    SIGNS_AGREE: "T: how the signs of steps agree, summed over lags; without the energy",
    ACCUMULATED: "b: accumulator at the start", ACCUMULATOR: "b': accumulator now", H: "H: |P m|² r², which stands for G",
    S: "S: |P s|², squared length of a step", PROJECTED_BETA: "β: momentum",
}  # fmt: skip
_KEY = (
    "visits^      exponent of the norm (without decay: of its growth) in the number of visits",
    "specificity  rank correlation of norm and contextual specificity at equal frequency",
    "map          what the map predicts; ± half of a 95 % bootstrap interval over words; hit: within it;",
    "             near: outside, but within 1/8 of the prediction, and nearer to it than to each of",
    "             0, 1/4 and 1/2 that is not the prediction",
)
BEYOND = {
    "shared": "In a shared encoder norms move at first order in the learning rate, and the sign depends on how items share"
    " weights: no exponent and no sign follows from the optimiser alone.",
    "loss": "This loss is not scale-invariant: its gradient has a radial part, and none of these laws applies.",
}


def regime_document(r: Regime, loss: str | None = None) -> dict[str, Any]:
    """One entry as plain values; exponents as fractions in words, formulas as LaTeX; signs and claims are those under the loss."""
    rare, frequent = r.frequency
    said = signs(r, loss)
    return {
        "optimizer": r.optimizer,
        "decay": r.decay,
        "rows": r.rows or "all",
        "norm_power": r.power,
        "norm_latex": formula_latex(r.formula),
        "frequency_exponent": {"rare": str(rare), "frequent": str(frequent), "at": str(r.exponent_in_frequency)},
        "energy_exponent": str(r.energy),
        "specificity": SIGNS[said.specificity.value],
        "specificity_basis": said.specificity.basis,
        "uncertainty": SIGNS[said.uncertainty.value],
        "relaxation_steps": None if r.relaxation is None else str(r.relaxation),
        "conditions": list(conditions(r, loss)),
        "claims": list(rests_on(r, loss)),
    }


def titles(labels: Iterable[str]) -> list[dict[str, str]]:
    """Claims to look up, as plain values."""
    return [{"label": label, "title": catalogue()[label].title} for label in labels]


def known_document(optimizer: str | None) -> list[dict[str, Any]]:
    """What claims know of an optimiser that the map does not have, for a row that every step visits."""
    return [{"claim": x.label, "left_latex": x.left, "relation": x.relation, "right_latex": formula_latex(x.formula),
             "energy_exponent": None if x.energy is None else str(x.energy)} for x in known(optimizer or "")]  # fmt: skip


def pointers(beyond: str, optimizer: str | None, decay: str | None) -> tuple[str, ...]:
    """Labels of the claims that say why there is no entry, or speak of the optimiser."""
    return {"shared": SHARED, "loss": INVARIANT_ONLY}.get(beyond) or see(optimizer, decay)


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


def show_map(out: Console, entries: Iterable[Regime], loss: str | None = None) -> None:
    """One row an optimiser and decay, with the signs under a loss."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    names = ("optimiser", "decay", "frequency", "energy", "specific rows", "ambiguous rows", "by")
    for i, name in enumerate(names):
        table.add_column(name, overflow="fold", no_wrap=i < 4, min_width=len("no effect") if i in (4, 5) else None)
    claims = list[str]()
    basis = ""
    for r in entries:
        said = signs(r, loss)
        claims += [label for label in said.claims if label not in claims]
        basis = basis or said.specificity.basis
        cells = (r.optimizer, r.decay, _short(r), f"G^{r.energy}" if r.energy else "none", SIGNS[said.specificity.value],
                 SIGNS[said.uncertainty.value], " ".join(r.claims))  # fmt: skip
        table.add_row(*map(Text, cells))
    out.print(table)
    for words in ("norm r ~ p^a G^b; p: probability that a step visits the row, G: its gradient energy. Lookup rows, equal frequency.",
                  "Two exponents: of rows rarer than 1 - β₂, of others. Hot, cold: of rows clipped at every visit, at none."):  # fmt: skip
        line(out, (words, "dim"))
    line(out, (f"signs by {' '.join(claims)}" if claims else f"no claim gives signs under {loss or 'this loss'} where the norm feels"
               " the energy", "dim"))  # fmt: skip
    if basis:
        line(out, (f"specific rows, shorter: {basis}", "dim"))
    line(out, ("In full: normlaw imprint --optimizer NAME --decay KIND", "dim"))


def _short(r: Regime) -> str:
    powers = [f"p^{e}" if e else "none" for e in dict.fromkeys(r.frequency)]
    return f"{f'{r.rows}: ' if r.rows else ''}{', '.join(powers)}"


def _power(name: str, r: Regime) -> str:
    rare, frequent = r.frequency
    if rare == frequent:
        return f"{name}^{rare}" if rare else "none"
    return f"{name}^{rare} if rare, {f'{name}^{frequent}' if frequent else 'none'} if not"


def _sign(sign: Sign) -> str:
    return f"{SIGNS[sign.value]}{f' ({sign.basis})' if sign.basis else ''}"


def show_regime(out: Console, r: Regime, loss: str | None = None) -> None:
    """One entry in full: formula, exponents, signs, conditions, time, claims."""
    said = signs(r, loss)
    line(out, (f"{r.optimizer}, {r.decay if r.decay != 'none' else 'no'} decay{f', {r.rows} rows' if r.rows else ''}", "bold"))
    line(out, f"  norm          r^{r.power} = {plain_math(formula_latex(r.formula))}")
    line(out, f"  where         {_where(r)}")
    line(out, f"  frequency     {_power('r ~ p', r)}")
    line(out, f"  energy        {f'r ~ G^{r.energy}' if r.energy else 'none'}")
    line(out, f"  specificity   specific rows: {_sign(said.specificity)}, at equal frequency")
    line(out, f"  uncertainty   rows with ambiguous labels, drawn anew at every visit: {_sign(said.uncertainty)}")
    still = "stays as it is" if r.formula == r0**2 else "grows for ever"
    when = still if r.relaxation is None else f"{plain_math(formula_latex(r.relaxation))} steps"
    line(out, f"  time          {when}")
    for words in conditions(r, loss):
        line(out, f"  if            {plain_prose(words)}")
    for label in rests_on(r, loss):
        line(out, f"  {label:<13} {plain_prose(catalogue()[label].title)}")


def _where(of: Regime | Known) -> str:
    return ", ".join(words for s, words in SYMBOLS.items() if s in of.formula.free_symbols)


def show_beyond(out: Console, why: str) -> None:
    """Where the map ends, and the claims that say so."""
    line(out, (BEYOND[why], "yellow"))
    _show_titles(out, pointers(why, None, None))


def show_nothing(out: Console, optimizer: str | None, decay: str | None) -> None:
    """That the map has no such entry, what the ledger knows nevertheless, and where it speaks of the optimiser."""
    with_decay = f" with {decay if decay != 'none' else 'no'} decay" if decay else ""
    line(out, (f"no claim says how frequency acts on norms under {optimizer}{with_decay}", "yellow"))
    if words := NAMESAKES.get((optimizer, decay)):
        line(out, f"  {words}")
    elsewhere = [r.decay for r in regimes() if r.optimizer == optimizer]
    if elsewhere:
        line(out, f"  the map has it with decay = {', '.join(dict.fromkeys(elsewhere))}")
    for x in known(optimizer or ""):
        power = f"r ~ {'H' if x.formula.has(H) else 'G'}^{x.energy}" if x.energy else "none"
        energy = "" if x.energy is None else f"; energy: {power}"
        relation = {"<=": "≤"}.get(x.relation, x.relation)
        line(out, f"  visited at every step: {plain_math(x.left)} {relation} {plain_math(formula_latex(x.formula))}{energy}"
                  f" ({x.label}; {_where(x)})")  # fmt: skip
    _show_titles(out, see(optimizer, decay))


def _show_titles(out: Console, labels: Iterable[str]) -> None:
    for label in labels:
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
    line(out, "gradients persist, both tables move (C11), and the start counts. The Adam trainings have β₁ = 0.9,")
    line(out, "and what is predicted for dense Adam is proved for β₁ = 0 only (C5b).")


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
