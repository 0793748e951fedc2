"""A7d. SigLIP, AnglE, cosine regression, alignment and uniformity: slopes in all cosines of an item, and their total."""

from __future__ import annotations

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import perpendicular
from theory.kernel import Equal, Goal
from theory.letters import FIRST, Letter, Turned
from theory.losses import angle, siglip
from theory.losses.answers import PUSHED_AND_PULLED, by_inner_products, formulas_of, slopes_of, steps_of
from theory.losses.in_use import PAIR
from theory.notation import positive_candidate, u, v, w
from theory.vectors import Cosine, cosine, unit, vector

FORMULAS = {**formulas_of(PAIR), "angle_similarity": Cosine(u, v) + Cosine(u, w)}  # w is i v


def similarity(formulas: Formulas) -> Goal:
    """AnglE's similarity, with ``i v`` for ``w``, against a single cosine with the turned vector."""
    turned = unit(v) + unit(w)
    return Equal(angle.ROOT * cosine(vector(u), turned), formulas["angle_similarity"], r"\sqrt{2} \cos(u, q)")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """AnglE's one cosine; then loss by loss."""
    return (
        Step("AnglE: a vector and $i$ times it are orthogonal and of one length, so that real and imaginary part of the"
             " normalised quotient, summed, are $\\sqrt 2$ times one cosine.", similarity(formulas), concludes=True,
             case=r"AnglE's similarity of a pair, where $w = iv$, and $q = \hat v + \hat w$, along $v$ turned by half a right angle"),
        *(step for loss in PAIR for step in steps_of(formulas, loss)),
    )  # fmt: skip


def _inner_products(formulas: Formulas) -> Witness:
    goal = slopes_of(formulas, siglip.LOSS, by_inner_products(siglip.LOSS.value))
    return Witness("SigLIP with inner products for logits: its slopes grow with both norms", goal)


def _oblique(formulas: Formulas) -> Witness:
    """Pairs of coordinates that are no complex plane: the second part taken with a vector aslant to the first."""
    return Witness("a second direction that is not orthogonal to the first", similarity(formulas))


def _negative_similarity(formulas: Formulas) -> Witness:
    """The positive's cosine negative: its similarity is ``-sqrt(2) c``, and the slope changes its sign."""
    c = Cosine(u, positive_candidate)
    goal = slopes_of(formulas, angle.LOSS, angle.LOSS.value.subs(c, -c))
    return Witness("AnglE where the turned partner is on the other side of a right angle", goal)


CLAIM = Claim(
    id="slopes-of-pair-losses",
    chapter="geometry",
    label="A7d",
    title="Slopes of the losses of pairs: SigLIP, AnglE, cosine regression, alignment, uniformity",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("cosine-logits", "the logits are cosines, times a scale that no norm enters", witness=_inner_products),
        Hypothesis("complex-planes", r"AnglE: $iv \perp v$, halves of an embedding being real and imaginary parts",
                   perpendicular(v, w), _oblique),
        Hypothesis("similarities-positive", "AnglE: all cosines are positive (elsewhere $-q$ takes the place of $q$; at 0 there is no"
                   " gradient)", witness=_negative_similarity),
    ),
    letters={
        **PUSHED_AND_PULLED, "k": Letter("any of the indices $j$", FIRST),
        "n": "number of the $v_j$; under alignment, of pairs", "w": Letter("$iv$", Turned("v")),
    },
    steps=steps,
    evidence="gradients of whole batches in every vector against the slopes, lengths against their totals, learned scalars",
    provenance=Provenance.DERIVED,
    references=(
        Reference("zhai2023", "Zhai et al., Sigmoid loss for language image pre-training"),
        Reference("li2023", "Li, Li, AnglE-optimized text embeddings"),
        Reference("wang2020", "Wang, Isola, Understanding contrastive representation learning through alignment and uniformity"),
    ),
    derived_from=("loss-of-cosines-has-tangential-gradient", "slopes-bound-the-gradient"),
)  # fmt: skip
