"""Losses, one a file, each answering the same questions about itself.

What is in a record is data, not yet proved: the laws A7 and A8 prove the answers from the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from theory.vectors import Calculus, Cosine, Direction, Family


@dataclass(frozen=True)
class Argument:
    """A vector that the loss is a function of: what it is called, its direction, and the calculus that moves it."""

    words: str
    at: Direction
    calculus: Calculus


@dataclass(frozen=True)
class Slope:
    """``dL/dc = weight (push - pull)`` for the cosine of ``u`` with ``partner``, neither of the two negative.

    ``partner`` is one vector, or the generic member of ``family``; then both are functions of the family's index.
    """

    partner: Direction
    push: sp.Expr
    pull: sp.Expr
    family: Family | None = None

    def over_all(self, body: sp.Expr) -> sp.Expr:
        """The sum of ``body`` over the partners that this slope is about."""
        return body if self.family is None else self.family.total(body)


@dataclass(frozen=True)
class Loss:
    """``value`` as a function of norms and cosines, and the calculus in which it is differentiated by ``u``.

    ``arguments`` are all vectors that move, ``slopes`` the derivatives in the cosines of ``u`` by the role of its
    partner, without the ``weight`` that all of them share; ``total``, the sum of all pushes and pulls times that weight,
    bounds ``|u| |grad_u L|``. ``parameters`` are the derivatives in learned scalars. ``smooth_where`` says where a
    gradient exists, if not everywhere; ``letters`` what the letters of its value are, beside the notation table's.
    """

    name: str
    title: str
    value: sp.Expr
    calculus: Calculus
    scale_invariant: bool
    arguments: tuple[Argument, ...] = ()
    slopes: Mapping[str, Slope] = field(default_factory=dict)
    weight: sp.Expr = sp.S.One
    total: sp.Expr | None = None
    parameters: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    smooth_where: str = r"u \ne 0"
    letters: str = ""


def roles(u: Direction, alone: Mapping[str, Direction], families: Mapping[str, Family]) -> tuple[Argument, ...]:
    """The arguments of a loss of the cosines of ``u`` with single vectors and with the members of families."""
    anchor = Argument("the embedding", u, Calculus(u, tuple(alone.values()), tuple(families.values())))
    singles = [Argument(words, v, Calculus(v, (u,))) for words, v in alone.items()]
    k = sp.Symbol("k", integer=True, positive=True)
    members = [Argument(words, f.member(k), Calculus(f.member(k), (u,))) for words, f in families.items()]
    return (anchor, *singles, *members)


def cosine_with(u: Direction, family: Family) -> Cosine:
    """The cosine of ``u`` with the generic member of a family."""
    return Cosine(u, family.member(family.index))
