"""InfoNCE: -log softmax_0 of cos(u, v_j) / temperature (van den Oord, Li, Vinyals, arXiv:1807.03748)."""

from __future__ import annotations

from numerics.losses.definition import Loss
from numerics.losses.similarity import COSINE
from numerics.losses.softmax import lane_slopes, slope_tangents, slopes, value

LOSS = Loss("infonce", COSINE, 1, value, slopes, lane_slopes, slope_tangents)
