"""What the pictures of an audit show: two values as two boxes, legends off the data, reliability drawn where its points are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from derivations.audit import figures
from numerics.association import Association, Estimate, associate


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


@pytest.mark.parametrize("columns", [2, 5, 200])
def test_titles_and_legends_of_many_long_names_stay_in_the_picture(columns):
    rng = np.random.default_rng(0)
    names = [f"a_rather_long_name_of_a_covariate_{i}" for i in range(columns)]
    audit: Any = SimpleNamespace(columns={name: rng.standard_normal(900) for name in names}, norms=np.exp(rng.standard_normal(900)), seed=0)
    known = Estimate(0.1, 0.0, 0.2, rows=900)
    bins = [SimpleNamespace(confidence=0.5, right=0.5, low=0.4, high=0.6)]
    curves: Any = SimpleNamespace(reliability=[SimpleNamespace(bins=bins, method=", ".join(names))])
    found = Association(names[0], known, known, tuple(names[1:]), 0, False)
    for figure in (figures._covariate(audit, found), figures._reliability(curves)):
        figure.draw_without_rendering()
        whole = figure.bbox
        for artist in (*figure.legends, *(part for axes in figure.axes for part in (axes.title, axes._left_title, axes.xaxis.label))):
            box = artist.get_window_extent()
            assert whole.x0 - 1 <= box.x0
            assert box.x1 <= whole.x1 + 1


def test_names_are_told_as_far_as_there_is_room():
    assert figures.fitting(["a", "b", "c"], 20) == "a, b, c"
    assert figures.fitting(["alpha", "beta", "gamma"], 16) == "alpha and 2 more"
    assert figures.fitting(["a_name_that_is_long", "b"], 18) == "a_na... and 1 more"
