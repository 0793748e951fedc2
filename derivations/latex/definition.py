"""A typed name and the expression it stands for; long expressions shortened for the eye, never for a machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from derivations.latex.layout import ELLIPSIS, pieces, width

LONGEST = 400  # characters of LaTeX; what is longer is shortened on a terminal and on paper, never in JSON
_WIDEST = 90.0  # average letters without a place to break: what fits a line in the smallest type
_DIGITS = 12


@dataclass(frozen=True)
class Definition:
    """``name`` stands for ``expression``, both LaTeX; a vector's name ``says`` that it has these coefficients."""

    name: str
    expression: str
    says: str = "stands for"

    @property
    def digest(self) -> str:
        """The first digits of the SHA-256 of the whole expression."""
        return hashlib.sha256(self.expression.encode()).hexdigest()[:_DIGITS]

    @property
    def shortened(self) -> str:
        """The expression if it is short; otherwise its first terms, an ellipsis, and length and digest of the whole."""
        terms, begun = pieces(self.expression), ""
        if len(self.expression) <= LONGEST and max(map(width, terms)) <= _WIDEST:
            return self.expression
        for term in terms:
            if len(begun) + len(term) > LONGEST or width(term) > _WIDEST:
                break
            begun += term
        rest = rf"{ELLIPSIS}\ (\text{{{len(self.expression)} characters, sha256 {self.digest}}})"
        return begun.rstrip() + rest

    def document(self) -> dict[str, str]:
        """As plain values, whole."""
        return {"name": self.name, "says": self.says, "expression": self.expression, "digest": self.digest}
