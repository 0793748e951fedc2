"""A7b. InfoNCE (temperature fixed or learned), NT-Xent, symmetric CLIP and SupCon: slopes in all cosines of an item, and their total."""

from __future__ import annotations

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import Equal
from theory.letters import FIRST, Letter
from theory.losses import infonce, nt_xent
from theory.losses.answers import PUSHED_AND_PULLED, by_inner_products, formulas_of, slope_in_cosine, slopes_of, steps_of
from theory.losses.in_use import SOFTMAX

FORMULAS = formulas_of(SOFTMAX)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Loss by loss."""
    return tuple(step for loss in SOFTMAX for step in steps_of(formulas, loss))


def _inner_products(formulas: Formulas) -> Witness:
    goal = slopes_of(formulas, infonce.LOSS, by_inner_products(infonce.LOSS.value))
    return Witness("InfoNCE with inner products for logits: its slopes grow with both norms", goal)


def _one_side(formulas: Formulas) -> Witness:
    """An item that is an anchor only, as with a queue of old keys: InfoNCE, in place of NT-Xent."""
    value = nt_xent.WEIGHT * infonce.LOSS.value
    slope = slope_in_cosine(value, nt_xent.LOSS.slopes["positive"])
    instead = Equal(slope, nt_xent.WEIGHT * formulas["infonce_positive"], r"\partial L/\partial\cos(u, v_+)")
    words = "the other rows leave the item out, as a queue of old keys does"
    return Witness(words, slopes_of(formulas, nt_xent.LOSS, value), instead=instead)


CLAIM = Claim(
    id="slopes-of-softmax-losses",
    chapter="geometry",
    label="A7b",
    title="Slopes of the softmax losses: InfoNCE, NT-Xent, symmetric CLIP, SupCon",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("cosine-logits", "the logits are cosines, times a scale that no norm enters", witness=_inner_products),
        Hypothesis("in-batch", "in NT-Xent, CLIP and SupCon each item is a candidate in the rows of all the others",
                   witness=_one_side),
    ),
    letters={**PUSHED_AND_PULLED, "k": Letter("any of the indices $j$", FIRST), "n": "number of negatives $v_j$"},
    steps=steps,
    evidence="gradients of whole batches in every vector against the slopes, lengths against their totals, learned scalars",
    provenance=Provenance.DERIVED,
    references=(
        Reference("chen2020", "Chen et al., A simple framework for contrastive learning of visual representations"),
        Reference("radford2021", "Radford et al., Learning transferable visual models from natural language supervision"),
        Reference("khosla2020", "Khosla et al., Supervised contrastive learning", "eq. 2"),
    ),
    derived_from=("loss-of-cosines-has-tangential-gradient", "slopes-bound-the-gradient"),
)  # fmt: skip
