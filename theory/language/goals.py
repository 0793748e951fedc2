"""The statements the kernel can be asked about, as data; `theory.kernel.decide` answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from theory.language.certificates import Certificate
from theory.language.domain import Interval
from theory.language.gram import Vector


@dataclass(frozen=True)
class Equal:
    """``left = right``, both sides defined. ``name`` is how the left side is written."""

    left: sp.Expr
    right: sp.Expr
    name: str = ""


@dataclass(frozen=True)
class Same:
    """Two vectors are equal."""

    left: Vector
    right: Vector
    name: str = ""
    shown: str = ""


@dataclass(frozen=True)
class AtLeast:
    """``left >= right`` (``>`` if strict), by sign of coefficients or by the certificate given."""

    left: sp.Expr
    right: sp.Expr
    by: Certificate | None = None
    strict: bool = False
    name: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Tends:
    """``expr -> value`` as ``variable -> oo`` (or ``-> 0+`` with ``at_zero``)."""

    expr: sp.Expr
    variable: sp.Symbol
    value: sp.Expr
    at_zero: bool = False
    name: str = ""


@dataclass(frozen=True)
class Expands:
    """``expr = sum coefficients[i] variable**i + O(variable**len)``, by its derivatives at 0."""

    expr: sp.Expr
    variable: sp.Symbol
    coefficients: tuple[sp.Expr, ...]
    name: str = ""


@dataclass(frozen=True)
class Solves:
    """``solution`` solves ``d state/d time = rate`` with ``state(0) = initial`` (rate locally Lipschitz)."""

    solution: sp.Expr
    state: sp.Symbol
    time: sp.Symbol
    rate: sp.Expr
    initial: sp.Expr
    name: str = ""


@dataclass(frozen=True)
class ByInduction:
    """``slack >= 0`` (``= 0`` if exact) at every step of a recursion.

    Base: at ``initial`` (with ``starts_equal``, slack exactly 0 there).
    Step: after ``update``, assuming it before; ``solved`` writes one state variable
    through the slack itself, called ``assumed``, so that the induction hypothesis is ``assumed >= 0``.
    """

    slack: sp.Expr
    initial: Mapping[sp.Symbol, sp.Expr]
    update: Mapping[sp.Symbol, sp.Expr]
    solved: tuple[sp.Symbol, sp.Expr]
    assumed: sp.Symbol
    by: Certificate | None = None
    exact: bool = False
    starts_equal: bool = False
    name: str = ""
    shown: str = ""


@dataclass(frozen=True)
class All:
    """Every one of several goals."""

    goals: tuple[Goal, ...]
    name: str = field(default="")


@dataclass(frozen=True)
class Within:
    """A goal on another part of space: for these variables ``ranges`` take the place of the domain's."""

    goal: Goal
    ranges: Mapping[sp.Expr, Interval]
    name: str = ""


Goal = Equal | Same | AtLeast | Tends | Expands | Solves | ByInduction | All | Within
