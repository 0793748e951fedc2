"""InfoNCE of inner products: -log softmax_0 of <u, v_j> / temperature. It depends on the length of u."""

from __future__ import annotations

from numerics.losses.definition import Loss
from numerics.losses.similarity import DOT
from numerics.losses.softmax import lane_slopes, slope_tangents, slopes, value

LOSS = Loss("dot_product_infonce", DOT, 1, value, slopes, lane_slopes, slope_tangents)
