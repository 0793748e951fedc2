"""B8d measured: heavy ball under white gradients with either decay, long after its start."""

from __future__ import annotations

from functools import partial

from derivations.evidence import Evidence
from derivations.evidence.equilibria import check, drawn, witness

EVIDENCE = Evidence(partial(drawn, "heavy_ball"), check, {
    "scale-invariant": witness("gradients with a radial part", "heavy_ball", alignment=0.5),
    "update-rule": witness("Nesterov's steps turn the embedding more", "heavy_ball", "turn of a step", rule="nesterov"),
    "white": witness("gradients of persistence 0.5", "heavy_ball", persistence=0.5),
    "constant-energy": witness("an energy twice as large", "heavy_ball", told=0.5),
    "decay-in-range": witness("eta lambda = 2.5: the embedding overshoots and grows", "heavy_ball", product=2.5, forget=4),
})  # fmt: skip
