"""A typed name and the expression it stands for; long expressions shortened for the eye, never for a machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from derivations.latex.breaking import ELLIPSIS, pieces

LONGEST = 400  # characters of LaTeX; what is longer is shortened on a terminal, never on paper, in the report or in JSON
_DIGITS = 12


@dataclass(frozen=True)
class Definition:
    """``name`` stands for ``expression``, both LaTeX, or what else it ``says``."""

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
        if len(self.expression) <= LONGEST:
            return self.expression
        begun = ""
        for term in pieces(self.expression):
            if len(begun) + len(term) > LONGEST:
                break
            begun += term
        rest = rf"{ELLIPSIS}\ (\text{{{len(self.expression)} characters, sha256 {self.digest}}})"
        return begun.rstrip() + rest

    def document(self) -> dict[str, str]:
        """As plain values, whole."""
        return {"name": self.name, "says": self.says, "expression": self.expression, "digest": self.digest}
