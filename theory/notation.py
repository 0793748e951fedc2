"""Symbols, once, with the names and LaTeX of the notation table."""

from __future__ import annotations

import sympy as sp

from theory.vectors import Family, direction

eta = sp.Symbol("eta", positive=True)  # learning rate
lam = sp.Symbol("lambda", real=True)  # weight decay; its range is a hypothesis
tau = sp.Symbol("tau", positive=True)  # temperature
r = sp.Symbol("r", positive=True)  # embedding norm
r0 = sp.Symbol("r_0", positive=True)
z = sp.Symbol("z", positive=True)  # r**4
z0 = sp.Symbol("z_0", positive=True)
G = sp.Symbol("G", positive=True)  # gradient energy on the unit sphere, r**2 |g|**2
a = sp.Symbol("a", nonnegative=True)  # drive, eta**2 G
c = sp.Symbol("c", positive=True)  # a scale factor
t = sp.Symbol("t", positive=True)  # time
k = sp.Symbol("k", positive=True)  # number of steps
n = sp.Symbol("n", integer=True, positive=True)  # number of candidates

u = direction("u")
v = direction("v")
w = direction("w")
positive_candidate = direction("v_+")
candidates = Family("v", n)  # v_1 ... v_n
