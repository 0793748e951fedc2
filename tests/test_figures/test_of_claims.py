"""Pictures of evidence and witnesses from points: what fails is seen and said, however odd the numbers are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derivations.figures import evidence, witness
from derivations.figures.of_claims import pictures
from derivations.figures.render import encoded
from derivations.figures.style import LIGHT
from derivations.ledger.points import ClaimPoints, Points

NAN, INF = float("nan"), float("inf")
HOLDS = Points("squared norm", r"\lVert u\rVert^2", "equal", (1.0, 2.0, 400.0), (1.0, 2.0, 400.0), (0.0, 1e-16, 1e-15), (1e-15,) * 3,
               ("a", "b", "c"), 3)  # fmt: skip
FAILS = replace(HOLDS, deviations=(0.5, NAN, 1e-16), observed=(1.5, NAN, 400.0))
ODD = [
    HOLDS,
    FAILS,
    replace(HOLDS, observed=None, predicted=None),
    replace(HOLDS, side="at least"),
    replace(HOLDS, side="at most", bounds=(INF, 0.0, 1e300)),
    replace(HOLDS, quantity=r"\undefined{"),
    replace(HOLDS, observed=(INF, NAN, -INF)),
    replace(HOLDS, observed=(0.0, 0.0, 0.0), predicted=(0.0, 0.0, 0.0)),
    replace(HOLDS, settings=1000),
]


@pytest.mark.parametrize("points", ODD, ids=range(len(ODD)))
def test_any_points_are_drawn_the_same_each_time(points: Points) -> None:
    claim = ClaimPoints((points, None), {"small-steps": (HOLDS, points), "none": (None, HOLDS)})
    files = [[(name, encoded(figure, "svg")) for name, figure in pictures("a-claim", claim)] for _ in range(2)]
    assert files[0] == files[1]
    assert [name for name, _ in files[0]] == ["a-claim-evidence-1", "a-claim-witness-small-steps"]


def test_titles_say_what_fails_and_how_many_there_were() -> None:
    assert evidence.titles(HOLDS)[-1] == "All 3 settings stay within their bound"
    assert evidence.titles(FAILS)[-1] == "2 of 3 settings leave their bound"
    assert evidence.titles(replace(HOLDS, settings=1000))[-1] == "All 3 drawn, of 1000, stay within their bound"
    assert witness.title("h", HOLDS, FAILS) == "h: without it 2 of 3 settings leave the bound"
    assert witness.title("h", HOLDS, HOLDS) == "h: nothing fails without it"
    assert witness.title("h", FAILS, FAILS) == "h: the law fails with it, too"


def test_shares_of_a_bound_end_where_the_axis_does_and_no_number_is_the_most() -> None:
    found = evidence.shares(replace(HOLDS, deviations=(0.0, NAN, 2.0), bounds=(0.0, 1.0, 1.0)))
    assert list(found) == [evidence.LEAST, evidence.MOST, 2.0]
    assert list(evidence.shares(replace(HOLDS, deviations=(1.0, INF, -1.0), bounds=(0.0, INF, 1.0)))) == [
        evidence.MOST, evidence.MOST, evidence.LEAST,
    ]  # fmt: skip


def test_what_leaves_its_bound_is_crossed_in_the_colour_of_what_is_broken() -> None:
    for points, crosses in ((HOLDS, 0), (FAILS, 2)):
        (_, figure), *_ = pictures("c", ClaimPoints((points,), {}))
        lines = [line for line in figure.axes[-1].lines if line.get_marker() == "X"]
        assert sum(len(np.atleast_1d(line.get_xdata())) for line in lines) == crosses
        assert {line.get_color() for line in lines} == {LIGHT.broken}


@pytest.mark.parametrize(
    ("predicted", "bound", "least", "most"),
    [((1e-6, 1e-3, 1.0, 1e4), 1e-9, 3, 9), ((0.2, 0.9, 7.0), 0.01, 2, 9), ((-0.129178,), 1e-11, 1, 5), ((0.0, 0.0), 1e-14, 1, 5),
     ((14.66,), 0.6, 2, 5)],
)  # fmt: skip
def test_ticks_are_few_and_short_and_a_point_within_its_bound_is_on_its_band(
    predicted: tuple[float, ...], bound: float, least: int, most: int
) -> None:
    """A single prediction, an axis of one decade, and a range that is short beside its values are the hard ones."""
    size = len(predicted)
    observed = tuple(p + 0.3 * bound for p in predicted)
    deviations, labels = (0.3 * bound,) * size, tuple(map(str, range(size)))
    points = Points("x", "", "equal", observed, predicted, deviations, (bound,) * size, labels, size)
    ((_, figure),) = pictures("a-claim", ClaimPoints((points,), {}))
    figure.canvas.draw()
    axes = figure.axes[0]
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        shown = [label.get_text() for at, label in zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True) if low <= at <= high]
        assert least <= len(shown) <= most
        assert max(len(text.replace("mathdefault", "")) for text in shown) <= 18
        assert "e" not in axis.get_offset_text().get_text().replace("\\times", "").replace("mathdefault", "")
    (band,) = (part for part in axes.collections if part.get_facecolor().size)
    (low, high) = band.get_datalim(axes.transData).intervaly
    seen = [float(y) for line in axes.lines if line.get_marker() == "o" for y in line.get_ydata()]
    assert len(seen) == size
    assert all(low <= y <= high for y in seen)
