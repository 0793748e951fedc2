"""Student's tails for sums over clusters that do not weigh alike: how far the variance taken from so few of them is to be trusted.

A statistic is a sum z_1 of p_g over clusters. Its variance is taken from sums over clusters u_g, what leaving a cluster out changes, or
the linear part of that, in which each cluster has pulled the fit towards itself: u = o - L z, with o_g the cluster's own part, z sums
over clusters of what the fit is made of (the statistic, and the mean), and L what these take away from each. Under a working model of
independent clusters the u have covariances that follow from how the data lie,

    W = diag(var o) - c L' - L c' + L S L',   c_g = cov(o_g, z), S = cov(z),

and sum u^2 has the mean tr W and the variance 2 tr W^2, and more or less by the fourth cumulants of the clusters (Bell and McCaffrey
2002; Imbens and Kolesar, "Robust standard errors in small samples", 2016; Hansen, "Jackknife standard errors for clustered
regression", 2024). Student's t then has 2 (tr W)^2 / variance degrees of freedom (Satterthwaite 1946), and the variance is too small by
tr W / var z_1. Of a covariate that differs in k of many clusters it is one of k numbers, whatever the number of the rest (Carter,
Schnepel and Steigerwald, "Asymptotic behavior of a t-test robust to cluster heterogeneity", 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tails:
    """``freedom``: Student's degrees of freedom; ``share``: of the variance that an estimate of it finds on average, 1 at most."""

    freedom: float
    share: float

    def wider(self, other: Tails) -> Tails:
        """The less favourable of either."""
        return Tails(min(self.freedom, other.freedom), min(self.share, other.share))


@dataclass(frozen=True)
class Working:
    """G clusters and d sums z, the first of which is the statistic: see the module. ``gains`` multiply each u; ``clusters`` have rows."""

    own: Floats  # (G,) variances of o
    shared: Floats  # (G, d) covariances of o with z
    pulls: Floats  # (G, d)
    sums: Floats  # (d, d) covariances of z
    gains: Floats  # (G,)
    clusters: int

    def tails(self, fourth: Floats, shock: Floats) -> Tails:
        """``fourth`` (G,): the fourth cumulant of each cluster's shock, of variance 1, which moves z by ``shock`` (G, d). O(G d^2).

        Of variances with the factor G / (G - 1), as in `numerics.resampling.bootstrap`. G - d degrees of freedom at most.
        """
        d = self.pulls.shape[1]
        own = self.gains**2 * self.own
        u = self.gains[:, None] * np.hstack([self.pulls, self.shared])
        middle = np.zeros((2 * d, 2 * d))
        middle[:d, :d], middle[:d, d:], middle[d:, :d] = self.sums, -np.eye(d), -np.eye(d)
        low_rank = np.einsum("ga,ab,gb->g", u, middle, u)
        crossed = middle @ (u.T @ u)
        mean = float(np.sum(own + low_rank))
        spread = 2 * float(np.sum(own**2 + 2 * own * low_rank) + np.sum(crossed * crossed.T))
        pulls = self.gains[:, None] * self.pulls
        through = np.einsum("gd,de,ge->g", shock, pulls.T @ pulls, shock)
        direct = self.gains * np.sqrt(self.own)
        squares = direct**2 - 2 * direct * np.einsum("gd,gd->g", pulls, shock) + through
        spread += float(fourth @ squares**2)
        most = max(self.clusters - float(d), 1.0)
        freedom = most if spread * most <= 2 * mean**2 else 2 * mean**2 / spread
        found = mean * self.clusters / max(self.clusters - 1, 1) / float(self.sums[0, 0])
        return Tails(float(freedom), float(np.clip(found, 2.0**-52, 1.0)))
