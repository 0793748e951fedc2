"""Broken variants of B12b: what every check must catch."""

from __future__ import annotations

from theory.broken import Letters, Shown, Variants
from theory.laws.dynamics.adam_norm_grows_by_dimension import BETA, DIM, KEEP, MET, A, B, C, E
from theory.notation import eta

BROKEN: Variants = {
    "the new gradient enters whole": {"next_momentum": BETA**2 * C + (1 - BETA) * E},
    "momentum decays once": {"next_momentum": BETA * C + (1 - BETA) ** 2 * E},
    "the overlap has the wrong sign": {"next_overlap": KEEP * BETA * B + eta * MET},
    "the overlap does not decay": {"next_overlap": BETA * B - eta * MET},
    "steps stay orthogonal": {"next_squared_norm": KEEP**2 * A + eta**2 * MET},
    "no decay": {"next_squared_norm": A - 2 * eta * KEEP * BETA * B + eta**2 * MET},
    "noise of energy 1": {"noise": DIM / DIM},
    "heat without the lag": {"heat": DIM * (1 - BETA)},
    "heat as of the whole": {"heat": DIM},
    "drift is all": {"drift": eta * DIM * BETA},
    "no drift": {"drift": 0 * eta * DIM * BETA},
    "growth is the heat's": {"growth": eta**2 * DIM * (1 - BETA) / (1 + BETA)},
    "growth of heavy ball": {"growth": eta**2 * DIM / (1 - BETA) ** 2},
    "growth of first order": {"growth": eta * DIM},
}

SHOWN: Shown = {
    "growth": r"\mathbb E\lVert u'\rVert^2 - \mathbb E\lVert u\rVert^2",
}

LETTERS: Letters = {
    "A": r"$\mathbb E\lVert u\rVert^2$",
    "B": r"$\mathbb E\langle u, m\rangle$",
    "C": r"$\mathbb E\lVert m\rVert^2$",
    "C'": r"$\mathbb E\lVert m'\rVert^2$",
    "E": r"$\mathbb E\lVert x\rVert^2$",
    "q": r"$1 - \eta\lambda$",
}
