"""Skip-gram with negative sampling in expectation (Mikolov et al. 2013): word rows (W, d), context rows (C, d), one logit a pair.

``L = sum_wc -P_wc log sigma(x_wc) - k p_w nu_c log sigma(-x_wc)``, P the joint distribution, p its words' margin, nu the noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from numerics import validation
from numerics.validation import Floats


@dataclass(frozen=True)
class PairSlopes:
    """The objective at some tables."""

    value: float
    logits: Floats  # (W, C)
    logit_slopes: Floats  # (W, C) dL/dx
    words: Floats  # (W, d) gradient
    contexts: Floats  # (C, d) gradient


@dataclass(frozen=True)
class SkipGram:
    """``joint`` (W, C) above 0, ``negatives`` k above 0, ``noise`` (C,) above 0 (None: the joint's margin)."""

    joint: Floats
    negatives: float
    noise: Floats | None = None

    def slopes(self, words: ArrayLike, contexts: ArrayLike) -> PairSlopes:
        """Value and gradients for inner products as logits."""
        joint = validation.table("joint", self.joint, (None, None), least=0.0)
        k = validation.number("negatives", self.negatives, above=0.0)
        u = validation.table("words", words, (len(joint), None))
        v = validation.table("contexts", contexts, (joint.shape[1], u.shape[1]))
        noise = joint.sum(axis=0) if self.noise is None else validation.table("noise", self.noise, (joint.shape[1],), least=0.0)
        drawn = k * joint.sum(axis=1)[:, None] * noise
        x = u @ v.T
        value = float(np.sum(joint * np.logaddexp(0, -x) + drawn * np.logaddexp(0, x)))
        slopes = drawn * expit(x) - joint * expit(-x)
        return PairSlopes(value, x, slopes, slopes @ v, slopes.T @ u)

    def fitted(self, contexts: ArrayLike, steps: int = 40) -> Floats:
        """Word rows (W, d) after Newton steps from 0, the contexts (C, d) of rank d standing still.

        The objective is convex in the words. How near to its minimum they got is for the caller to see.
        """
        v = validation.table("contexts", contexts, (self.joint.shape[1], None))
        drawn = self.negatives * self.joint.sum(axis=1)[:, None] * (self.joint.sum(axis=0) if self.noise is None else self.noise)
        u = np.zeros((len(self.joint), v.shape[1]))
        for _ in range(validation.integer("steps", steps, 1)):
            at = self.slopes(u, v)
            curvature = (self.joint + drawn) * expit(at.logits) * expit(-at.logits)
            hessian = np.einsum("wc,ca,cb->wab", curvature, v, v)
            u = u - np.linalg.solve(hessian, at.words[..., None])[..., 0]
        return u
