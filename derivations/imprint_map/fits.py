"""The exponents of C5 and C5b fitted to simulations of one seed: every optimiser, decay and side of Adam's crossover a row.

The runs are those of the evidence of both laws. What stands behind an exponent is an interval that misses in 1e-9 of cases,
with what the law's limit leaves out at these settings; an exponent in the energy under Adam is of the same draws, and exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derivations.evidence.formulas import value
from derivations.evidence.imprint import frequency_exponents as c5
from derivations.evidence.imprint import frequency_exponents_of_adam as c5b
from derivations.evidence.visited_adam import Row, rung
from derivations.terminal.tables import line
from theory.catalogue import catalogue

_NAMES = {"sgd": "sgd", "normalized": "normalized_sgd", "growth": "none"}
_KEY = (
    "law: what is claimed; ± what may lie between the fit and the claimed limit: statistics (wrong once in 1e9), what the limit leaves out",
    "rare, across, frequent: below 1 - β₂, from 32 times below to 32 times above it, above it; ±0 in G^: same draws, same norms",
)


@dataclass(frozen=True)
class Fit:
    """An exponent of the norm in frequency over a ladder from ``low`` to ``high``, and one in the energy; each with its claim."""

    optimizer: str
    decay: str
    side: str  # of Adam's crossover: rare, across, frequent; or all
    low: float
    high: float
    alpha: float
    alpha_within: float
    alpha_claimed: float
    gamma: float
    gamma_within: float
    gamma_claimed: float
    claim: str

    @property
    def agrees(self) -> bool:
        """Whether both are where they are claimed to be."""
        return abs(self.alpha - self.alpha_claimed) <= self.alpha_within and abs(self.gamma - self.gamma_claimed) <= self.gamma_within


def run(seed: int = 0) -> tuple[Fit, ...]:
    """All rows of the table of exponents; heavy ball has no ladders of its own."""
    one, other = np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])
    return (*_c5(c5.draw(one, "quick")), *_c5b(c5b.draw(other, "quick")))


def _c5(tables: Sequence[c5.Table]) -> Iterator[Fit]:
    formulas = catalogue()["C5"].formulas
    for v in (v for table in tables for v in table):
        _, ((alpha, alpha_claimed, loose), (gamma, gamma_claimed, other)), _ = c5.ladders(formulas, v)
        ends = (min(c5.FREQUENCIES), max(c5.FREQUENCIES))
        name, decay = _NAMES[v.kind], _NAMES.get(v.decay, v.decay)
        yield Fit(name, decay, "all", *ends, alpha, loose, alpha_claimed, gamma, other, gamma_claimed, "C5")


def _c5b(tables: Sequence[tuple[Row, ...]]) -> Iterator[Fit]:
    formulas = catalogue()["C5b"].formulas
    for row in (row for table in tables for row in table):
        gamma, claimed = c5b.in_energy(row), float(value(formulas["gamma"], {}))
        rungs = [rung(row, p) for p in c5b.frequencies(formulas, row)]
        for name, ladder in c5b.ladders(row, rungs).items():
            alpha, half, left = c5b.fitted(row, ladder, name == "across")
            ends = (min(at.probability for at in ladder), max(at.probability for at in ladder))
            yield Fit(*_adam(row), name if name in c5b.LADDERS else "all", *ends, alpha, half + left,
                      float(value(formulas[f"{name}_alpha"], {})), gamma, 0.0, claimed, "C5b")  # fmt: skip


def _adam(row: Row) -> tuple[str, str]:
    if row.kind == "lazy":
        return "sparse_adam", "lazy" if row.decays else "none"
    return ("adamw", "dense") if row.decays else ("adam", "none")


def document(fits: Sequence[Fit]) -> list[dict[str, Any]]:
    """Plain values."""
    return [{**asdict(f), "agrees": f.agrees} for f in fits]


def show(out: Console, fits: Sequence[Fit]) -> None:
    """The table, and how many rows agree."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for name in ("optimiser", "decay", "side", "p", "r ~ p^", "law", "r ~ G^", "law"):
        table.add_column(name, no_wrap=True)
    for f in fits:
        alpha, gamma = (str(Fraction(e)) for e in (f.alpha_claimed, f.gamma_claimed))
        cells = (f.optimizer, f.decay, f.side, f"{_rung(f.low)}..{_rung(f.high)}", _told(f.alpha, f.alpha_within), alpha,
                 _told(f.gamma, f.gamma_within))  # fmt: skip
        table.add_row(*map(Text, (*cells, gamma)), style="" if f.agrees else "bold yellow")
    out.print(table)
    for words in _KEY:
        line(out, (words, "dim"))
    for f in fits:
        if not f.agrees:
            line(out, (f"beyond its interval: {f.optimizer}, {f.decay if f.decay != 'none' else 'no'} decay, {f.side}", "bold yellow"))
    line(out, f"{sum(f.agrees for f in fits)} of {len(fits)} rows agree with C5 and C5b; proofs and bounds: normlaw verify C5 C5b")


def _rung(p: float) -> str:
    return f"{p:.1g}" if p >= 0.05 else f"{p:.0e}".replace("e-0", "e-")


def _told(found: float, within: float) -> str:
    return f"{round(found, 3) + 0.0:.3f}±{f'{within:.3f}'.removeprefix('0') if within else '0'}"
