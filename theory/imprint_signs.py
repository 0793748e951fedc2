"""What the loss decides: whether specific and ambiguous rows are longer or shorter, on what that rests, and what it supposes.

The norm tells them only if it feels the gradient energy. Where it does not, there is no effect under any loss, and no
claim about heat is needed; where it does, the claims are about two losses, and no other has a sign here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from theory.imprint_map import Regime

NOTHING, EXPONENTS, LINEAR, SOFTMAX = "nothing", "exponents", "linear", "softmax"
COMPUTED = "computed by C3a's quadrature, not proved"
PROVED_LINEAR = "proved for a loss linear in the cosine (C3); for InfoNCE computed by C3a's quadrature, not proved"
_ABOUT_THE_ROW = "specific rows: positives are von Mises-Fisher about the row's direction"
_UNIFORM = "specific rows: negatives are independent and uniform"
_STILL = "candidates stand still (where both tables learn, concentration may warm a word first: C11b)"
_ANEW = "ambiguous rows: labels are drawn anew at every visit, and the softmax over class prototypes matches them"


@dataclass(frozen=True)
class Sign:
    """``value`` is -1 for shorter, 1 for longer, 0 for no effect, None where no claim says; ``basis``: what it falls short in."""

    value: int | None
    basis: str = ""
    claims: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signs:
    """Of specific rows and of ambiguous ones, at equal frequency."""

    specificity: Sign
    uncertainty: Sign

    @property
    def claims(self) -> tuple[str, ...]:
        """Of both, each once."""
        return tuple(dict.fromkeys((*self.specificity.claims, *self.uncertainty.claims)))

    @property
    def conditions(self) -> tuple[str, ...]:
        """Of both, each once."""
        return tuple(dict.fromkeys((*self.specificity.conditions, *self.uncertainty.conditions)))


def losses() -> Mapping[str, str]:
    """Names of the losses that the ledger knows, and what it says under each.

    ``nothing`` where a loss sees a length; ``exponents`` where it is scale-invariant, but no claim gives a sign;
    ``linear`` for cosine regression, which is linear in the cosine, ``softmax`` for InfoNCE.
    """
    from theory.losses import dot_product_infonce
    from theory.losses.in_use import IN_USE

    known = {loss.name: EXPONENTS if loss.scale_invariant else NOTHING for loss in (*IN_USE, dot_product_infonce.LOSS)}
    return {**known, "infonce": SOFTMAX, "cosine_regression": LINEAR, "sgns": NOTHING}


def signs(regime: Regime, loss: str | None = None) -> Signs:
    """Under a loss that is scale-invariant; without a name, of all for which a claim says something."""
    if not regime.energy > 0:
        return Signs(Sign(0), Sign(0))
    kind = None if loss is None else losses()[loss]
    ambiguous = Sign(1, "", ("C4", "C11", "C11b"), (_ANEW, _STILL))
    if kind is None:
        both = "specific rows: the loss is linear in the cosine, or InfoNCE with independent, uniform negatives"
        return Signs(Sign(-1, PROVED_LINEAR, ("C2", "C3", "C3a"), (_ABOUT_THE_ROW, both)), ambiguous)
    if kind == SOFTMAX:
        return Signs(Sign(-1, COMPUTED, ("C2", "C3a"), (_ABOUT_THE_ROW, _UNIFORM)), ambiguous)
    if kind == LINEAR:
        return Signs(Sign(-1, "", ("C2", "C3"), (_ABOUT_THE_ROW,)), Sign(None))
    return Signs(Sign(None), Sign(None))


def rests_on(regime: Regime, loss: str | None = None) -> tuple[str, ...]:
    """Labels of the claims, those of the signs included."""
    return (*regime.claims, *signs(regime, loss).claims)


def conditions(regime: Regime, loss: str | None = None) -> tuple[str, ...]:
    """Those of the norm, and those of the signs where there are any."""
    return (*regime.conditions, *signs(regime, loss).conditions)
