"""A claim's own measurement at a setting of the sweep: rules whose laws rest on limits that their evidence bounds.

The evidence decides how many replicates and steps it takes, and its interval misses once in 1e9 comparisons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from derivations.evidence import evidence_for
from derivations.evidence.dynamics.lion_equilibrium_by_arcsines import Signs
from derivations.evidence.dynamics.rmsprop_starts_fast_and_is_blind import Scaled
from derivations.evidence.dynamics.stochastic_rounding_lengthens_equilibria import Rounded
from derivations.evidence.imprint.frequency_exponents_of_adam import between
from derivations.evidence.noise import Noise
from derivations.evidence.visited_adam import Row, rung
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import Comparison, Law, Ledger, outside
from derivations.sweep.laws.evidence import worst_of
from theory.catalogue import catalogue

Range = tuple[float, float]
NOISE = ("dimension", "step_size", "energy")


@dataclass(frozen=True)
class Place:
    """``make`` builds the evidence's setting; outside ``ranges`` its own bounds were not derived."""

    label: str
    words: str
    axes: tuple[str, ...]
    ranges: dict[str, Range]
    make: Callable[[Setting, int], Any]


def _noise(s: Setting, seed: int, **own: Any) -> dict[str, Any]:
    return {"dimension": s["dimension"], "momentum": s.get("momentum", 0.0), "step_size": s["step_size"], "energy": s["energy"],
            "product": s.get("eta_lambda", 0.0), "seed": seed, **own}  # fmt: skip


def _signs(s: Setting, seed: int) -> Signs:
    return Signs(s["momentum"], s["second_momentum"], s["eta_lambda"], s["energy"], s["step_size"], s["dimension"], seed)


def _rounded(s: Setting, seed: int) -> Rounded:
    return Rounded(s["precision"].removesuffix("-stochastic"), s["eta_lambda"], s["energy"], s["dimension"], seed)


# Ranges are those in which the evidence derives what it leaves out: runs long enough for the decay and for the memory of v,
# coordinates that are near enough to Gaussian, decays that storage does not drown.
PLACES = (
    Place("B12b", "Adam grows by its dimension", (*NOISE, "momentum"), {"dimension": (2, 512), "momentum": (0, 0.95)},
          lambda s, seed: Noise(**_noise(s, seed))),
    Place("B12c", "AdamW at equilibrium", (*NOISE, "momentum", "eta_lambda"),
          {"dimension": (2, 512), "momentum": (0, 0.95), "eta_lambda": (0.02, 0.3)}, lambda s, seed: Noise(**_noise(s, seed))),
    Place("B12d", "Lion at equilibrium", (*NOISE, "momentum", "second_momentum", "eta_lambda"),
          {"dimension": (32, 512), "momentum": (0.5, 0.95), "second_momentum": (0.9, 0.98), "eta_lambda": (0.02, 0.1)}, _signs),
    Place("B12h", "signSGD at equilibrium", (*NOISE, "eta_lambda"), {"dimension": (2, 512), "eta_lambda": (0.02, 0.5)},
          lambda s, seed: Noise(**_noise(s, seed))),
    Place("B12i", "RMSProp from the start and at equilibrium", (*NOISE, "second_momentum", "eta_lambda"),
          {"dimension": (2, 512), "second_momentum": (0.96, 0.99), "eta_lambda": (0.02, 0.3)},
          lambda s, seed: Scaled(**_noise(s, seed), beta=s["second_momentum"])),
    Place("B13c", "SGD with stochastic rounding at equilibrium", ("dimension", "energy", "eta_lambda", "precision"),
          {"dimension": (12, 64), "eta_lambda": (4e-4, 4e-3)}, _rounded),
)  # fmt: skip


def _reads(place: Place, _: Setting) -> tuple[str, ...]:
    return ("law", *place.axes, "repeat")


def _excuse(place: Place, s: Setting) -> str:
    for axis, (low, high) in place.ranges.items():
        if not low <= s[axis] <= high:
            return f"{place.label}'s evidence derives its bounds for {axis} from {low:g} to {high:g}"
    if place.label == "B13c" and s["precision"] not in ("bfloat16-stochastic", "float16-stochastic"):
        return "B13c is about stochastic rounding to bfloat16 or float16"
    return ""


def _compare(place: Place, ledger: Ledger, cell: Cell) -> Comparison:
    setting = place.make(cell.setting, cell.seed)
    return worst_of(evidence_for(catalogue()[place.label]).check(ledger[place.label], [setting]), all_count=False, relative=True)


def _adam_excuse(s: Setting) -> str:
    low, high = (0.5, 0.9) if s["lazy"] else (0.025, 0.03)
    if s["optimizer"] != "adam" or s["decay"] == "coupled":
        return "C5b is about Adam, with decoupled decay or none"
    if not low <= round(1 - s["second_momentum"], 9) <= high:
        return f"C5b's evidence derives its bounds for 1 - beta_2 from {low:g} to {high:g}"
    least = 0.05 if s["lazy"] else 1e-3
    return "" if s["visits"] >= least else f"runs are made long enough for visits from {least:g}"


def _adam(ledger: Ledger, cell: Cell) -> Comparison:
    """C5b and B12g: between its ends, by frequency."""
    s = cell.setting
    kind = "lazy" if s["lazy"] else "dense"
    row = Row(kind, s["decay"] != "none", 1 - s["second_momentum"], s["step_size"], s["energy"], cell.seed)
    at = rung(row, s["visits"])
    found = worst_of((between(ledger["C5b"], [(row, at)], "squared norm"),), relative=True)
    return found if at.left_out + at.forgotten < 1 else outside("C5b leaves out more than all of it here: directions move too fast")


LAWS = (
    *(Law(f"placed:{p.label}", f"{p.label}: {p.words}", (p.label,), partial(_reads, p), partial(_excuse, p), partial(_compare, p))
      for p in PLACES),
    Law("placed:C5b", "C5b: Adam and AdamW without momentum, in two dimensions, by frequency; dense or lazy", ("C5b",),
        lambda _: ("law", "optimizer", "decay", "lazy", "second_momentum", "step_size", "energy", "visits", "repeat"), _adam_excuse, _adam),
)  # fmt: skip
