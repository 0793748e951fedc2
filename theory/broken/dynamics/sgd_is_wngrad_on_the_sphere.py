"""Broken variants of B11a: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.sgd_is_wngrad_on_the_sphere import NEXT, B
from theory.notation import G, eta, r

BROKEN: Variants = {
    "the accumulator is the norm": {"accumulator": r / eta},
    "the accumulator is for the squared rate": {"accumulator": r**2 / eta**2},
    "the accumulator doubles its growth": {"next_accumulator": B + 2 * G / B},
    "the accumulator is AdaGrad's": {"next_accumulator": sp.sqrt(B**2 + G)},
    "the rate is that after the step": {"rate": 1 / NEXT},
    "the rate is the root": {"rate": 1 / sp.sqrt(B)},
    "normalising is forgotten": {"cos_rotation": sp.S.One},
    "the cosine is squared": {"cos_rotation": B / NEXT},
    "the sphere's rate is the old one": {"sphere_rate": 1 / B},
    "the sphere's rate is WNGrad's": {"sphere_rate": 1 / NEXT},
}

SHOWN: Shown = {
    "accumulator": "b",
    "next_accumulator": "b'",
    "rate": r"\text{factor of } \tilde g_k",
    "sphere_rate": r"\text{rate along the sphere}",
}
