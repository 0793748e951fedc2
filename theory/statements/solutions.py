"""What conditions say of atoms and directions, as replacements in a goal that is written out already.

A condition holds at a place: what is put in is a value there, so nothing may be put in before it is differentiated.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from theory.kernel import substitute
from theory.language.sums import power
from theory.vectors import Cosine, Direction, Norm, Vector, inner, squared_norm, unit


@dataclass(frozen=True)
class Value:
    """An atom, a scalar or a norm or a cosine, has a value in which it does not occur."""

    atom: sp.Expr
    value: sp.Expr

    def put(self, e: sp.Expr) -> sp.Expr:
        """The expression with the value in place of the atom."""
        return substitute(e, {self.atom: self.value})

    def put_vector(self, v: Vector) -> Vector:
        """The same in every coefficient."""
        return v.map(self.put)


@dataclass(frozen=True)
class Replaced:
    """A direction is a vector of length 1, ``toward``, made of others; ``length``: that of the vector, where it is known."""

    of: Direction
    toward: Vector
    length: sp.Expr | None = None

    @classmethod
    def whole(cls, of: Direction, vector: Vector) -> Replaced:
        """The named vector is this vector, which is not 0, because it is not."""
        length = sp.sqrt(squared_norm(vector))
        return cls(of, (1 / length) * vector, length)

    def put(self, e: sp.Expr) -> sp.Expr:
        """The expression without the direction: norms and cosines with it are what they are for the other vector."""
        if isinstance(e, Norm) and e.args[0] == self.of:
            return e if self.length is None else self.length
        if isinstance(e, Cosine) and self.of in e.args:
            other = next(d for d in e.args if d != self.of)
            return inner(self.toward, unit(other))
        if not e.args or not e.has(self.of):
            return e
        if isinstance(e, sp.Sum):  # the vector has no free indices that could be captured
            return sp.Sum(self.put(e.function), *e.limits)
        args = [self.put(arg) for arg in e.args]
        return power(*args) if e.is_Pow and not isinstance(e, sp.exp) else e.func(*args)

    def put_vector(self, v: Vector) -> Vector:
        """The vector without the direction."""
        changed = v.map(self.put)
        terms = dict(changed.terms)
        factor = terms.pop(self.of, sp.S.Zero)
        rest = Vector(terms, changed.families)
        return rest + factor * self.toward if factor != 0 else rest


Solution = Value | Replaced
