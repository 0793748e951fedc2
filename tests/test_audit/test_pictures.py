"""What the pictures of an audit show: two values as two boxes, legends off the data, reliability drawn where its points are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from derivations.audit import figures
from numerics.association import associate


def covariate(column: Any, norms: Any) -> Figure:
    found = associate(norms, {"it": column, "other": np.arange(len(norms)) % 7 + 1.0}, resamples=199)[0]
    columns = {"it": column, "other": np.arange(len(norms)) % 7 + 1.0}
    audit: Any = SimpleNamespace(columns=columns, norms=norms, seed=0)
    return figures._covariate(audit, found)


@pytest.mark.parametrize("rows", [300, 3000])
def test_a_covariate_of_two_values_is_two_boxes_and_no_line_between_them(rows):
    rng = np.random.default_rng(0)
    column = (rng.random(rows) < 0.3).astype(float)
    axes = covariate(column, np.exp(0.2 * column + 0.1 * rng.standard_normal(rows))).axes[0]
    boxes = [box.get_path().vertices for box in axes.patches]
    assert len(boxes) == 2
    assert all(np.ptp(line.get_xdata()) < 0.9 for line in axes.lines)
    assert [label.get_text().split("\n")[0] for label in axes.get_xticklabels()] == ["0", "1"]
    assert "rows" in axes.get_xticklabels()[0].get_text()


def test_legends_lie_off_the_axes():
    rng = np.random.default_rng(0)
    column = np.exp(rng.standard_normal(3000))
    figure = covariate(column, column**0.2 * np.exp(0.1 * rng.standard_normal(3000)))
    figure.draw_without_rendering()
    legend = figure.legends[0].get_window_extent()
    assert all(axes.get_legend() is None and not legend.overlaps(axes.get_window_extent()) for axes in figure.axes)


@pytest.mark.parametrize("greatest", [0.05, 0.4, 1.0])
def test_reliability_is_drawn_from_0_to_just_beyond_its_points_on_equal_axes(greatest):
    bins = [SimpleNamespace(confidence=greatest * k / 4, right=greatest * k / 5, low=0.0, high=greatest * k / 4) for k in range(1, 5)]
    curves: Any = SimpleNamespace(reliability=[SimpleNamespace(bins=bins, method="one")])
    axes = figures._reliability(curves).axes[0]
    low, high = axes.get_xlim()
    assert (low, high) == axes.get_ylim()
    assert low == 0
    assert greatest < high < 1.2 * greatest
    assert axes.get_aspect() == 1
