"""The picture of groups: every name has room, however many there are."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from derivations.case_study import figures
from derivations.case_study.within import HELD, InGroup


@pytest.mark.parametrize("groups", [1, 5, 24, 200])
def test_names_of_groups_do_not_touch_and_are_of_a_size_to_be_read(groups: int) -> None:
    rows = tuple(InGroup(f"group {i}", 100, covariate, {"trained": 0.1, "untrained": 0.0}) for covariate in HELD for i in range(groups))
    results: Any = SimpleNamespace(texts=[SimpleNamespace(name=name, groups=rows) for name in ("lemmas", "glosses")])
    figure = figures._groups(results)
    figure.draw_without_rendering()
    names = [label for label in figure.axes[0].get_yticklabels() if label.get_text()]
    boxes = sorted((label.get_window_extent() for label in names), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))
    assert all(label.get_fontsize() >= 8 for label in names)
    assert len(names) == (groups if groups <= 24 else -(-groups // figures.labels_apart(groups, figures._TALLEST)))
    assert not any(label.get_text() for axes in figure.axes[1:] for label in axes.get_yticklabels())  # of the same groups


def test_where_names_need_more_than_there_is_every_so_manieth_is_left() -> None:
    assert [figures.labels_apart(rows, 45 * figures._LINE) for rows in (1, 45, 46, 90, 91)] == [1, 1, 2, 2, 3]
