"""Broken variants of B8a: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, r

BROKEN: Variants = {
    "the shadow lags a step too little": {"lag": eta / (1 - BETA)},
    "the shadow is ahead": {"lag": -eta * BETA / (1 - BETA)},
    "the lag is that of a dampened momentum": {"lag": eta * BETA},
    "the step is that of a dampened momentum": {"step": eta},
    "the step has the wrong sign": {"step": -eta / (1 - BETA)},
    "the overlap is forgotten": {"term": G / r**2},
    "the overlap counts once": {"term": G / r**2 + BETA * OVERLAP},
    "the overlap has the wrong sign": {"term": G / r**2 - 2 * BETA * OVERLAP},
    "the overlap is Nesterov's": {"term": G / r**2 + 2 * BETA**2 * OVERLAP},
    "the energy is that on the unit sphere": {"term": G + 2 * BETA * OVERLAP},
}

SHOWN: Shown = {
    "lag": r"\text{lag of the shadow}",
    "step": r"\text{factor of } g_k \text{ in } w_k - w_{k+1}",
    "term": r"\text{a step's summand in } \lVert w_K\rVert^2",
}
